//! The fields of the index.
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

/// Counts up with every change of the fields or of how text is read; another number means a new index.
pub(crate) const VERSION: u32 = 5;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub id: Field,
    pub kind: Field,
    /// `document::Facts`, read for every suggestion: one column, because every further one is another look-up.
    pub facts: Field,
    /// The same in numbers, read for every candidate of a search (`index/brief.rs`).
    pub own: Field,
    pub translates: Field,
    pub lang_no: Field,
    pub kind_no: Field,
    pub product_no: Field,
    pub code_nos: Field,
    pub ask_tokens: Field,
    pub versions: Field,
    /// Title, symptoms, tags, product and body together.
    pub words: Field,
    pub grams: Field,
    pub title_words: Field,
    /// Besides pairs of characters also pairs of neighbouring Latin words.
    pub title_grams: Field,
    /// Codes the article is about.
    pub codes: Field,
    /// Codes its body mentions.
    pub body_codes: Field,
    /// Latin words as written, for mending typing errors; Chinese words behind their sound (`search/sound.rs`).
    pub spell: Field,
    /// What it is suggested by while somebody types (`suggest.rs`).
    pub suggest: Field,
    /// `document::Card` as JSON.
    pub card: Field,
    /// The beginning of the body as plain text, for snippets.
    pub text: Field,
    /// Of solved tickets, for staff: no other field of theirs is filled (`cases/find.rs`).
    pub case_words: Field,
    pub case_grams: Field,
    pub case_card: Field,
}

/// The name of the column of facts.
pub(crate) const FACTS: &str = "facts";

pub(crate) fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    // Tokens arrive ready, separated by spaces.
    let tokens = |option, norms| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(option)
            .set_fieldnorms(norms);
        TextOptions::default().set_indexing_options(indexing)
    };
    let text = tokens(IndexRecordOption::WithFreqs, true);
    let fields = Fields {
        id: schema.add_text_field("id", STRING),
        kind: schema.add_text_field("kind", STRING),
        facts: schema.add_text_field(FACTS, TextOptions::default().set_fast("raw")),
        own: schema.add_u64_field("own", FAST),
        translates: schema.add_u64_field("translates", FAST),
        lang_no: schema.add_u64_field("lang_no", FAST),
        kind_no: schema.add_u64_field("kind_no", FAST),
        product_no: schema.add_u64_field("product_no", FAST),
        code_nos: schema.add_u64_field("code_nos", FAST),
        ask_tokens: schema.add_u64_field("ask_tokens", FAST),
        versions: schema.add_text_field("versions", TextOptions::default().set_fast("raw")),
        words: schema.add_text_field("words", text.clone()),
        grams: schema.add_text_field("grams", text.clone()),
        title_words: schema.add_text_field("title_words", text.clone()),
        title_grams: schema.add_text_field("title_grams", text.clone()),
        codes: schema.add_text_field("codes", text.clone()),
        body_codes: schema.add_text_field("body_codes", text.clone()),
        spell: schema.add_text_field("spell", tokens(IndexRecordOption::Basic, false)),
        suggest: schema.add_text_field("suggest", tokens(IndexRecordOption::Basic, false)),
        card: schema.add_text_field("card", STORED),
        text: schema.add_text_field("text", STORED),
        case_words: schema.add_text_field("case_words", text.clone()),
        case_grams: schema.add_text_field("case_grams", text),
        case_card: schema.add_text_field("case_card", STORED),
    };
    (schema.build(), fields)
}
