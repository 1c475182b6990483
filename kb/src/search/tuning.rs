//! Every number that decides about ranking and confidence, in one place. Measured on the corpora named in
//! the tests; change one only with the figures before and after.

/// Candidates the index gives to re-ranking.
pub(crate) const CANDIDATES: usize = 100;

/// Weight of a token in the text as a whole and, additionally, in the title.
pub(crate) const TEXT_WORD: f32 = 1.0;
pub(crate) const TEXT_GRAM: f32 = 0.8;
pub(crate) const TITLE_WORD: f32 = 0.8;
pub(crate) const TITLE_GRAM: f32 = 0.35;
pub(crate) const TITLE_PAIR: f32 = 0.3;
/// The share of its length the average text is taken for. With `k1` 1.2 and `b` 0.75 of the index this
/// makes a BM25 with `k1` 2.55 and `b` 0.88.
pub(crate) const LENGTH: f64 = 0.4;
/// What a token said twice counts more: the power of how often.
pub(crate) const REPEATED: f32 = 0.5;
/// Rare tokens count a little more than BM25 gives them: a further power of the idf.
pub(crate) const RARE: f32 = 0.15;
/// A Latin word has no character pairs beside it, so it counts for both.
pub(crate) const LATIN: f32 = 1.6;
/// A single character next to its pairs.
pub(crate) const SINGLE: f32 = 0.25;

/// Codes in the article's head and in its body, besides the words they are made of.
pub(crate) const CODE_HEAD: f32 = 2.0;
pub(crate) const CODE_BODY: f32 = 1.0;
/// A bare number says less than a code.
pub(crate) const NUMBER: f32 = 0.3;
/// A code that so many articles are about singles out none of them.
pub(crate) const RARE_CODE: u64 = 10;
/// What a code no article has takes from the confidence in what its other words find, like an idf.
pub(crate) const UNKNOWN_CODE: f32 = 6.0;

/// The parts of a score: what the index says, and likeness to the title or a symptom.
pub(crate) const PART_INDEX: f32 = 0.65;
pub(crate) const PART_LIKE: f32 = 0.35;
/// A good article reaches about this share of what the index could give at most.
pub(crate) const GOOD_SHARE: f32 = 0.625;
/// Half-likeness is a coincidence of common words more often than half an answer.
pub(crate) const LIKE_POWER: f32 = 2.0;
/// An article about the very code that was named begins here; the rest decides between several.
pub(crate) const SAME_CODE: f32 = 0.5;

/// Factors on the score of an article that is less likely to serve.
pub(crate) const OTHER_LANGUAGE: f32 = 0.6;
pub(crate) const OTHER_PRODUCT: f32 = 0.4;
pub(crate) const OTHER_VERSION: f32 = 0.3;
/// The bare entry of a code stands behind the article that says what to do, when more than the code was asked.
pub(crate) const BARE_ENTRY: f32 = 0.8;

/// From here on one article is the answer.
pub(crate) const DIRECT: f32 = 0.5;
/// So far must the second be behind, as a share of the first, for the first to be the answer.
pub(crate) const CLEAR_LEAD: f32 = 0.8;
/// A weaker one is the answer too when it stands alone: nothing else reaches this share of it.
pub(crate) const DIRECT_ALONE: f32 = 0.38;
pub(crate) const ALONE: f32 = 0.45;
/// Below this nothing is offered.
pub(crate) const CHOICE: f32 = 0.27;
/// A choice is not worse than this share of the best.
pub(crate) const NEAR: f32 = 0.6;
/// Choices shown at most.
pub(crate) const CHOICES: usize = 4;
