//! Manuals: their text read by a process of its own, found by search page by page, shown in the page; media that
//! play with seeking; the pages where all of it is found.
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::process::{Finished, Process, Recipe};
use crate::harness::signal::ask_until;

async fn run(data: &Path, words: &[&str]) -> Finished {
    let data = data.display().to_string();
    Recipe::command(words).arg("--data").arg(&data).run("").await
}

async fn get(process: &Process, path: &str) -> reqwest::Response {
    let client = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let url = format!("{}{path}", process.url());
    client.get(url).header("accept-language", "en").send().await.expect("an answer")
}

/// The value of a printed line such as `id:     x`.
fn said(text: &str, name: &str) -> String {
    let line = text.lines().find_map(|l| l.strip_prefix(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("{name}: {text}")).trim().to_owned()
}

/// A PDF with a line of text on each page.
fn pdf(pages: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        String::new(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut kids = String::new();
    for text in pages {
        let stream = format!("BT /F1 12 Tf 72 720 Td ({text}) Tj ET");
        objects.push(format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()));
        let content = objects.len();
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        ));
        kids.push_str(&format!("{} 0 R ", objects.len()));
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len());
    let (mut out, mut places) = (String::from("%PDF-1.4\n"), Vec::new());
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let table = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    out.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    out.into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p5_13_a_manual_is_found_by_the_words_of_a_page_and_the_answer_leads_there() {
    let dir = TempDir::new().expect("a temporary folder");
    let data = dir.path().join("data");
    let file = dir.path().join("guide.pdf");
    let pages =
        ["Installing the client", "Connecting the zebrafish scanner over USB", "Backing up the ledger"];
    std::fs::write(&file, pdf(&pages)).expect("a PDF");
    let path = file.display().to_string();
    let add = [
        "catalogue",
        "manual",
        "add",
        &path,
        "--kind",
        "operation",
        "--product",
        "Stock",
        "--version",
        "2.5",
        "--lang",
        "en",
        "--title",
        "Stock guide",
    ];
    let added = run(&data, &add).await.success();
    assert_eq!(said(&added, "pages"), "3");
    let id = said(&added, "id");
    assert_eq!(said(&run(&data, &add).await.success(), "id"), id, "adding it again changes nothing");
    let process = Recipe::serve(&data).start_ready().await;
    let found: Value =
        get(&process, "/api/v1/search?q=zebrafish+scanner&lang=en").await.json().await.expect("JSON");
    assert_eq!(found["hits"][0]["title"], "Stock guide · page 2", "{found}");
    let url = found["hits"][0]["url"].as_str().expect("a link");
    let path = url
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()))
        .expect("a path");
    let shown = get(&process, &path).await;
    assert_eq!(shown.url().query(), Some("page=2"));
    assert_eq!(shown.url().path(), format!("/manuals/{id}"));
    let page = shown.text().await.expect("a page");
    assert!(
        page.contains("zebrafish scanner") && page.contains("2 / 3") && !page.contains("ledger"),
        "{page}"
    );
    for (asked, here) in [("", "1 / 3"), ("?page=99", "3 / 3"), ("?page=-1", "1 / 3"), ("?page=x", "1 / 3")] {
        let page = get(&process, &format!("/manuals/{id}{asked}")).await.text().await.expect("a page");
        assert!(page.contains(here), "{asked}");
    }
    assert_eq!(get(&process, "/manuals/nothing").await.status().as_u16(), 404);
    run(&data, &["catalogue", "manual", "withdraw", &id, "--reason", "The wiring is wrong."]).await.success();
    let gone = get(&process, &path).await;
    assert_eq!(gone.status().as_u16(), 410);
    assert!(gone.text().await.expect("a page").contains("The wiring is wrong."));
    let asked = || async {
        let url = "/api/v1/search?q=zebrafish+scanner&lang=en";
        let found: Value = get(&process, url).await.json().await.expect("JSON");
        found["hits"].as_array().is_some_and(Vec::is_empty).then_some(())
    };
    ask_until(asked, || "a withdrawn manual's pages leave the search".into()).await;
    let again = run(&data, &add).await.failure();
    assert!(again.contains("withdrawn"), "{again}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p6_16_the_library_holds_every_kind_of_document_and_broken_ones_are_named() {
    let dir = TempDir::new().expect("a temporary folder");
    let data = dir.path().join("data");
    let kinds = [
        "management",
        "business",
        "technical",
        "system_description",
        "requirements",
        "design",
        "maintenance",
        "user_guide",
    ];
    for (n, kind) in kinds.iter().enumerate() {
        let (name, text) = match n % 3 {
            0 => (format!("{kind}.md"), format!("# {kind}\n\nText of {kind}.")),
            1 => (
                format!("{kind}.html"),
                format!("<h1>{kind}</h1><script>alert(1)</script><p>Text of {kind}.</p>"),
            ),
            _ => (format!("{kind}.txt"), format!("Text of {kind}.")),
        };
        let file = dir.path().join(name);
        std::fs::write(&file, text).expect("a document");
        let path = file.display().to_string();
        let added = run(
            &data,
            &["catalogue", "manual", "add", &path, "--kind", kind, "--product", "Stock", "--lang", "en"],
        )
        .await;
        assert_eq!(said(&added.success(), "pages"), "1", "{kind}");
    }
    for (name, bytes) in [
        ("broken.pdf", &b"%PDF-1.4 and then nothing"[..]),
        ("empty.pdf", b""),
        ("broken.docx", b"PK\x03\x04 no zip"),
        ("dots.docx", b"\0\0\0"),
    ] {
        let file = dir.path().join(name);
        std::fs::write(&file, bytes).expect("a document");
        let path = file.display().to_string();
        let refused =
            run(&data, &["catalogue", "manual", "add", &path, "--kind", "design", "--product", "Stock"])
                .await;
        assert!(refused.failure().contains("could not be read"), "{name}");
    }
    let listed = run(&data, &["catalogue", "manual", "list"]).await.success();
    assert_eq!(listed.lines().count(), kinds.len(), "nothing half added: {listed}");
    let process = Recipe::serve(&data).start_ready().await;
    let page = get(&process, "/downloads").await.text().await.expect("a page");
    for words in [
        "Management document",
        "Business document",
        "Technical document",
        "System description",
        "Maintenance manual",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p6_13_p7_07_a_recording_plays_in_the_page_and_can_be_wound() {
    let dir = TempDir::new().expect("a temporary folder");
    let data = dir.path().join("data");
    let file = dir.path().join("第一课.mp4");
    std::fs::write(&file, vec![1u8; 4096]).expect("a recording");
    let path = file.display().to_string();
    let added =
        run(&data, &["catalogue", "manual", "add", &path, "--kind", "recording", "--product", "Stock"])
            .await
            .success();
    let process = Recipe::serve(&data).start_ready().await;
    let answer = get(&process, &format!("/manuals/{}", said(&added, "id"))).await;
    assert!(answer.headers()["content-security-policy"].to_str().expect("text").contains("media-src 'self'"));
    let page = answer.text().await.expect("a page");
    assert!(page.contains("<video") && page.contains("controls"), "{page}");
    let source = page.split("src=\"/downloads/").nth(1).and_then(|s| s.split('"').next()).expect("a source");
    let client = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let part = client
        .get(format!("{}/downloads/{source}", process.url()))
        .header("range", "bytes=4000-")
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (part.status().as_u16(), part.headers()["content-type"].to_str().expect("text")),
        (206, "video/mp4")
    );
    assert_eq!(part.bytes().await.expect("bytes").len(), 96);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p6_20_p8_03_updates_are_on_the_download_page_for_everybody_with_hash_and_size() {
    let dir = TempDir::new().expect("a temporary folder");
    let data = dir.path().join("data");
    let file = dir.path().join("update 3.2.2.zip");
    std::fs::write(&file, vec![7u8; 3000]).expect("an update");
    let path = file.display().to_string();
    let added = run(&data, &["catalogue", "file", "add", &path]).await.success();
    let (id, hash) = (said(&added, "id"), said(&added, "sha256"));
    assert!(said(&added, "url").ends_with(&format!("/downloads/{hash}/update%203.2.2.zip")), "{added}");
    run(&data, &["catalogue", "file", "add", &path, "--name", "for customers.zip", "--access", "signed_in"])
        .await
        .success();
    for name in ["../x", "a\\b", "%2e%2e%2fx", "CON", "a\r\nb"] {
        let refused = run(&data, &["catalogue", "file", "add", &path, "--name", name]).await.failure();
        assert!(refused.contains("name"), "{refused}");
    }
    let process = Recipe::serve(&data).start_ready().await;
    let page = get(&process, "/downloads").await.text().await.expect("a page");
    assert!(
        page.contains("update 3.2.2.zip")
            && page.contains(&hash)
            && page.contains("2 KB")
            && page.contains("sha256sum"),
        "{page}"
    );
    assert!(!page.contains("for customers.zip"), "a stranger is not told what customers get");
    let got = get(&process, &format!("/downloads/{hash}/update%203.2.2.zip")).await;
    assert_eq!(got.bytes().await.expect("bytes").len(), 3000);
    run(&data, &["catalogue", "file", "withdraw", &id, "--reason", "breaks printing"]).await.success();
    let gone = get(&process, &format!("/downloads/{id}/update%203.2.2.zip")).await;
    assert_eq!(gone.status().as_u16(), 410);
    assert!(gone.text().await.expect("a page").contains("breaks printing"));
}
