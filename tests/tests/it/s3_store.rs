//! Files in an S3-compatible store: sent there in parts, read back in ranges, and with leave of the operator fetched
//! from it by signed addresses.
use reqwest::{Client, redirect};
use tempfile::TempDir;

use crate::harness::fake_s3::{FakeS3, KEY_ID, SECRET};
use crate::harness::process::Recipe;

fn with_store(recipe: Recipe, s3: &FakeS3, redirect: bool) -> Recipe {
    recipe
        .env("FIRSTLINE_S3_ENDPOINT", &s3.url)
        .env("FIRSTLINE_S3_BUCKET", "vendor")
        .env("FIRSTLINE_S3_REGION", "eu-central-1")
        .env("FIRSTLINE_S3_KEY_ID", KEY_ID)
        .env("FIRSTLINE_S3_SECRET", SECRET)
        .env("FIRSTLINE_S3_REDIRECT", redirect.to_string())
}

fn said(text: &str, name: &str) -> String {
    let line = text.lines().find_map(|l| l.strip_prefix(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("{name}: {text}")).trim().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_lie_in_the_store_and_customers_get_them_from_us_or_from_there() {
    let s3 = FakeS3::start().await;
    let dir = TempDir::new().expect("a temporary folder");
    let data = dir.path().join("data");
    let (small, large) = (vec![7u8; 3000], (0..20_000_000u32).map(|n| (n % 251) as u8).collect::<Vec<u8>>());
    let mut hashes = Vec::new();
    for (name, bytes) in [("补丁.bin", &small), ("large.bin", &large)] {
        let file = dir.path().join(name);
        std::fs::write(&file, bytes).expect("a file");
        let words = ["catalogue", "file", "add", &file.display().to_string()].map(str::to_owned);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let recipe =
            with_store(Recipe::command(&words), &s3, false).arg("--data").arg(data.display().to_string());
        hashes.push(said(&recipe.run("").await.success(), "sha256"));
    }
    assert_eq!(s3.refused(), Vec::<String>::new());
    assert!(s3.objects().iter().any(|o| o.ends_with(&format!("/{}", hashes[1]))), "{:?}", s3.objects());
    let left = std::fs::read_dir(data.join("files/incoming")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing stays behind on this machine");
    let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().expect("a client");
    let process = with_store(Recipe::serve(&data), &s3, false).start_ready().await;
    let url = format!("{}/downloads/{}/large.bin", process.url(), hashes[1]);
    let whole = client.get(&url).send().await.expect("an answer");
    assert_eq!(
        (whole.status().as_u16(), whole.headers()["etag"].clone()),
        (200, format!("\"{}\"", hashes[1]).parse().expect("a tag"))
    );
    assert_eq!(whole.bytes().await.expect("bytes"), large);
    let part = client.get(&url).header("range", "bytes=19999000-").send().await.expect("an answer");
    assert_eq!(
        (part.status().as_u16(), part.bytes().await.expect("bytes").to_vec()),
        (206, large[19_999_000..].to_vec())
    );
    let two = client.get(&url).header("range", "bytes=0-1,-2").send().await.expect("an answer");
    assert_eq!(two.status().as_u16(), 206);
    assert_eq!(s3.by_link("GET"), 0, "nobody was sent there");
    drop(process);
    let process = with_store(Recipe::serve(&data), &s3, true).start_ready().await;
    let url = format!("{}/downloads/{}/%E8%A1%A5%E4%B8%81.bin", process.url(), hashes[0]);
    let sent = client.get(&url).send().await.expect("an answer");
    assert_eq!(
        (sent.status().as_u16(), sent.headers()["cache-control"].to_str().expect("text")),
        (302, "no-store")
    );
    let there = sent.headers()["location"].to_str().expect("text").to_owned();
    let got = client.get(&there).send().await.expect("an answer");
    assert_eq!(got.status().as_u16(), 200);
    let name = got.headers()["content-disposition"].to_str().expect("text").to_owned();
    assert!(name.contains("filename*=UTF-8''%E8%A1%A5%E4%B8%81.bin"), "{name}");
    assert_eq!(got.bytes().await.expect("bytes"), small);
    assert_eq!(s3.by_link("GET"), 1);
    // Another object's address, or another name, does not fit the signature.
    let forged = client.get(there.replace(&hashes[0], &hashes[1])).send().await.expect("an answer");
    assert_eq!(forged.status().as_u16(), 403);
    let fresh = client
        .get(&url)
        .header("if-none-match", format!("\"{}\"", hashes[0]))
        .send()
        .await
        .expect("an answer");
    assert_eq!(fresh.status().as_u16(), 304);
    let head = client.head(&url).send().await.expect("an answer");
    assert_eq!(
        (head.status().as_u16(), head.headers()["content-length"].to_str().expect("text")),
        (200, "3000")
    );
}
