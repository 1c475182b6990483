//! Real corpora, imported and asked real questions. The floors stand a little under what was measured; the
//! figures are printed, so that a change of ranking shows what it did.
use firstline_core::Clock;
use firstline_kb::eval::{Calls, Case, Figures, Shelf, ask as ask_all, cases, patches};
use firstline_kb::import::import;
use firstline_kb::{Answer, Library};

use crate::desk::TestDesk;
use crate::harness::shared_data;
use crate::kb_contract::{library, question};

async fn import_corpus(name: &str) -> Option<(TestDesk, Library)> {
    let path = shared_data::file(&format!("retrieval/{name}.corpus.jsonl.gz"))?;
    let t = TestDesk::sqlite().await;
    let library = library(&t).await;
    let report = import(&library, &path, &mut |_| {}).await.expect("the corpus imports");
    assert!(report.bad.is_empty() && report.new > 1000, "{:?}", report.bad.first());
    library.refresh().await.expect("the index follows");
    Some((t, library))
}

/// As somebody asks of whom nothing is known: the figures compare with other engines.
fn by_words(cases: Vec<Case>) -> Vec<Case> {
    cases.into_iter().map(|case| Case { product: None, version: None, ..case }).collect()
}

async fn ask(library: &Library, set: &str) -> (Figures, Calls) {
    let path = shared_data::file(&format!("retrieval/{set}.dev.jsonl")).expect("queries beside the corpus");
    let cases = by_words(cases(&path).expect("questions"));
    let asked = ask_all(library, &cases, &mut |_| {}).await.expect("the questions are asked");
    let figures = Figures::of(asked.iter());
    let calls = Calls::of(&asked);
    println!("{set}: {figures}; called direct {}, right {}", calls.direct, calls.direct_right);
    (figures, calls)
}

/// Gives how the answers were called.
async fn reaches(library: &Library, set: &str, hit1: f64, recall5: f64) -> Calls {
    let (figures, calls) = ask(library, set).await;
    assert!(calls.bands.iter().all(|band| band.from >= 0.0 && band.to <= 1.01), "scores lie between 0 and 1");
    assert!(
        figures.hit1.value >= hit1 && figures.recall5.value >= recall5,
        "{set}: {figures}, floor {hit1} and {recall5}"
    );
    calls
}

/// Shares of questions from elsewhere that get a direct answer, or any.
async fn strangers(library: &Library, set: &str) -> (f64, f64) {
    let path = shared_data::file(&format!("retrieval/{set}.dev.jsonl")).expect("queries");
    let cases = cases(&path).expect("questions");
    let (mut direct, mut any) = (0.0, 0.0);
    for case in &cases {
        let (answer, _) = library.answer(&question(&case.query)).await.expect("an answer");
        direct += f64::from(u8::from(matches!(answer, Answer::Direct { .. })));
        any += f64::from(u8::from(answer != Answer::Nothing));
    }
    (direct / cases.len() as f64, any / cases.len() as f64)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chinese_self_help_articles() {
    let Some((_t, library)) = import_corpus("zh_alchemy").await else { return };
    let calls = reaches(&library, "zh_alchemy", 0.8, 0.93).await;
    assert!(
        calls.direct_right.value >= 0.92 && calls.direct >= 110,
        "what is called direct is right: {calls:?}"
    );
    let (direct, any) = strangers(&library, "zh_code").await;
    println!("zh_code asked of zh_alchemy: {direct:.3} direct, {any:.3} any");
    assert!(direct <= 0.01 && any <= 0.03, "a question outside the knowledge base gets nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chinese_error_codes() {
    let Some((_t, library)) = import_corpus("zh_code").await else { return };
    let calls = reaches(&library, "zh_code", 0.98, 0.99).await;
    assert!(
        calls.direct_right.value >= 0.97 && calls.direct >= 190,
        "what is called direct is right: {calls:?}"
    );
    let (direct, any) = strangers(&library, "zh_alchemy").await;
    println!("zh_alchemy asked of zh_code: {direct:.3} direct, {any:.3} any");
    assert!(direct <= 0.01 && any <= 0.03, "a question outside the knowledge base gets nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn english_support_articles() {
    let Some((_t, library)) = import_corpus("en_ms").await else { return };
    reaches(&library, "en_ms_desc", 0.86, 0.95).await;
    reaches(&library, "en_ms_code", 0.96, 0.99).await;
    reaches(&library, "en_ms_typo", 0.98, 0.99).await;
    reaches(&library, "en_ms_version", 0.85, 0.99).await;
    let (direct, any) = strangers(&library, "en_ooo").await;
    println!("en_ooo asked of en_ms: {direct:.3} direct, {any:.3} any");
    assert!(direct <= 0.03 && any <= 0.32, "a question outside the knowledge base gets nothing, mostly");
}

/// The symptoms are taken out of the articles, so that the question's own words are not in them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn english_symptoms() {
    let Some(corpus) = shared_data::file("retrieval/en_ms.corpus.jsonl.gz") else { return };
    let patch = shared_data::file("retrieval/en_ms_nosymptom.patch.jsonl.gz").expect("the patch beside it");
    let patches = patches(&patch).expect("patches");
    let (shelf, report) =
        Shelf::fill(&corpus, &patches, Clock::system(), &mut |_| {}).await.expect("the corpus imports");
    assert!(report.bad.is_empty(), "{:?}", report.bad.first());
    reaches(&shelf.library, "en_ms_symptom", 0.75, 0.84).await;
    shelf.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn english_bug_reports() {
    let Some((_t, library)) = import_corpus("en_ooo").await else { return };
    reaches(&library, "en_ooo", 0.355, 0.56).await;
}
