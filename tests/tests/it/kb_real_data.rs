//! Real corpora, imported and asked real questions. The floors stand a little under what was measured; the
//! figures are printed, so that a change of ranking shows what it did.
use firstline_kb::eval::{Figures, ask as ask_all, cases};
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

async fn ask(library: &Library, set: &str) -> Figures {
    let path = shared_data::file(&format!("retrieval/{set}.dev.jsonl")).expect("queries beside the corpus");
    let cases = cases(&path).expect("questions");
    let asked = ask_all(library, &cases, &mut |_| {}).await.expect("the questions are asked");
    let figures = Figures::of(asked.iter());
    println!("{set}: {figures}");
    figures
}

async fn reaches(library: &Library, set: &str, hit1: f64, recall5: f64) {
    let figures = ask(library, set).await;
    assert!(
        figures.hit1.value >= hit1 && figures.recall5.value >= recall5,
        "{set}: {figures}, floor {hit1} and {recall5}"
    );
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
    reaches(&library, "zh_alchemy", 0.79, 0.93).await;
    let (direct, any) = strangers(&library, "zh_code").await;
    println!("zh_code asked of zh_alchemy: {direct:.3} direct, {any:.3} any");
    assert!(direct <= 0.02 && any <= 0.05, "a question outside the knowledge base gets nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chinese_error_codes() {
    let Some((_t, library)) = import_corpus("zh_code").await else { return };
    reaches(&library, "zh_code", 0.96, 0.99).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn english_support_articles() {
    let Some((_t, library)) = import_corpus("en_ms").await else { return };
    reaches(&library, "en_ms_desc", 0.85, 0.93).await;
    reaches(&library, "en_ms_code", 0.94, 0.98).await;
    reaches(&library, "en_ms_typo", 0.96, 0.98).await;
    reaches(&library, "en_ms_version", 0.7, 0.99).await;
}
