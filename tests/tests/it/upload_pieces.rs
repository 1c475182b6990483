//! Curators send files in pieces over a line that breaks: nothing is lost, nothing is half published, and what is
//! hostile is named in their language.
use std::io::Write;
use std::path::Path;

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::process::{Process, Recipe};
use crate::harness::signal::ask_until;
use crate::pages_site::{cookie, hidden};

/// A curator's browser at a real server.
struct Bench {
    _dir: TempDir,
    process: Process,
    client: Client,
    cookie: String,
    csrf: String,
}

async fn member(data: &Path, email: &str, role: &str) {
    let data = data.display().to_string();
    let words = ["staff", "add", "--email", email, "--role", role, "--data", &data];
    let said = Recipe::command(&words).run("a good long password\n").await.success();
    assert!(!said.contains("a good long password"), "{said}");
}

impl Bench {
    async fn open() -> Bench {
        Bench::with(|recipe| recipe).await
    }

    async fn with(change: impl FnOnce(Recipe) -> Recipe) -> Bench {
        let dir = TempDir::new().expect("a temporary folder");
        let data = dir.path().join("data");
        member(&data, "li@example.com", "curator").await;
        member(&data, "chen@example.com", "agent").await;
        let process = change(Recipe::serve(&data)).start_ready().await;
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
        let mut bench = Bench {
            _dir: dir,
            process,
            client: client.expect("an HTTP client"),
            cookie: String::new(),
            csrf: String::new(),
        };
        bench.enters("li@example.com").await;
        bench
    }

    async fn enters(&mut self, email: &str) {
        let form = [("email", email), ("password", "a good long password"), ("next", "")];
        let url = format!("{}/console/login", self.process.url());
        let answer = self.client.post(url).form(&form).send().await.expect("an answer");
        self.cookie = cookie(&answer, "staff").expect("a cookie");
        self.csrf = hidden(&self.page("/console/files").await, "csrf");
    }

    async fn page(&self, path: &str) -> String {
        self.asks(Method::GET, path, &[], Vec::new()).await.text().await.expect("a page")
    }

    async fn asks(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.process.url()));
        request = request.header("cookie", &self.cookie).header("x-csrf", &self.csrf);
        request = request.header("accept", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(body).send().await.expect("an answer")
    }

    async fn begins(&self, name: &str, size: usize) -> Response {
        let about = json!({"name": name, "size": size}).to_string();
        self.asks(Method::POST, "/console/uploads", &[("content-type", "application/json")], about.into())
            .await
    }

    /// The path of a new upload.
    async fn begun(&self, name: &str, size: usize) -> String {
        let answer = self.begins(name, size).await;
        assert_eq!(answer.status().as_u16(), 201);
        assert_eq!(offset(&answer), 0);
        answer.headers()["location"].to_str().expect("text").to_owned()
    }

    async fn sends(&self, path: &str, from: usize, bytes: &[u8]) -> Response {
        self.asks(Method::PATCH, path, &[("upload-offset", &from.to_string())], bytes.to_vec()).await
    }

    /// How it ended.
    async fn outcome(&self, path: &str) -> Value {
        let ask = || async {
            let told: Value = self.asks(Method::GET, path, &[], Vec::new()).await.json().await.expect("JSON");
            matches!(told["state"].as_str(), Some("done" | "refused")).then_some(told)
        };
        ask_until(ask, || "the upload is looked over".into()).await
    }

    /// Sends a whole file and gives how it ended.
    async fn takes(&self, name: &str, bytes: &[u8]) -> Value {
        let path = self.begun(name, bytes.len()).await;
        assert_eq!(self.sends(&path, 0, bytes).await.status().as_u16(), 204, "{name}");
        self.outcome(&path).await
    }

    /// A PATCH whose line is cut after these bytes, with more announced.
    async fn is_cut(&self, path: &str, from: usize, announced: usize, bytes: &[u8]) {
        let address = self.process.url().replace("http://", "");
        let mut line = tokio::net::TcpStream::connect(&address).await.expect("a connection");
        let head = format!(
            "PATCH {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\nX-Csrf: {}\r\nUpload-Offset: {from}\r\n\
             Content-Length: {announced}\r\n\r\n",
            self.cookie, self.csrf
        );
        line.write_all(head.as_bytes()).await.expect("sent");
        line.write_all(bytes).await.expect("sent");
        line.shutdown().await.expect("cut");
        // Whatever it says, or nothing.
        let mut said = Vec::new();
        let _ = line.read_to_end(&mut said).await;
    }
}

fn offset(answer: &Response) -> usize {
    answer.headers()["upload-offset"].to_str().expect("text").parse().expect("a number")
}

fn bytes(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|n| (n as u8).wrapping_mul(31).wrapping_add(seed)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p6_12_a_file_cut_off_twice_and_the_server_restarted_arrives_whole_and_is_published_by_hand() {
    let mut bench = Bench::open().await;
    let whole = bytes(700_000, 3);
    let path = bench.begun("升级 3.2.2.bin", whole.len()).await;
    bench.is_cut(&path, 0, whole.len(), &whole[..200_000]).await;
    let asked = bench.asks(Method::HEAD, &path, &[], Vec::new()).await;
    let at = offset(&asked);
    assert!(at > 0 && at <= 200_000, "what came before the cut is safe: {at}");
    assert_eq!(asked.headers()["upload-length"], "700000");
    // Bytes for another place are refused, with the right one.
    let wrong = bench.sends(&path, at + 1, &whole[at + 1..]).await;
    assert_eq!((wrong.status().as_u16(), offset(&wrong)), (409, at));
    let more = bench.sends(&path, at, &whole[at..400_000]).await;
    assert_eq!((more.status().as_u16(), offset(&more)), (204, 400_000));
    bench.process.kill9().await;
    bench.process = bench.process.recipe().clone().start_ready().await;
    let asked = bench.asks(Method::HEAD, &path, &[], Vec::new()).await;
    assert_eq!(offset(&asked), 400_000, "also after the process died");
    assert!(
        bench.page("/console/files").await.contains("升级 3.2.2.bin"),
        "what is under way is on the page"
    );
    assert_eq!(bench.sends(&path, 400_000, &whole[400_000..]).await.status().as_u16(), 204);
    let told = bench.outcome(&path).await;
    assert_eq!(told["state"], "done", "{told}");
    let (id, sha256) =
        (told["file"]["id"].as_str().expect("an id"), told["file"]["sha256"].as_str().expect("a hash"));
    let link = format!("{}/downloads/{sha256}/%E5%8D%87%E7%BA%A7%203.2.2.bin", bench.process.url());
    let stranger = Client::builder().no_proxy().build().expect("an HTTP client");
    assert_eq!(
        stranger.get(&link).send().await.expect("an answer").status().as_u16(),
        404,
        "a draft is for staff"
    );
    // The same piece once more, and the whole once more, change nothing.
    assert_eq!(bench.sends(&path, 400_000, &whole[400_000..]).await.status().as_u16(), 409);
    let again = bench.takes("升级 3.2.2.bin", &whole).await;
    assert_eq!(again["file"]["id"], id, "the same bytes under the same name are the same file");
    let form = format!("csrf={}&do=publish", bench.csrf).into_bytes();
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let moved = bench.asks(Method::POST, &format!("/console/files/{id}/move"), &kind, form).await;
    assert_eq!(moved.status().as_u16(), 303);
    let got = stranger.get(&link).send().await.expect("an answer");
    assert_eq!(got.bytes().await.expect("bytes"), whole);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_lengths_two_of_one_name_and_strangers_get_clear_answers() {
    let mut bench = Bench::open().await;
    for (name, size) in [("empty.bin", 0), ("../x.bin", 5), ("a%2fb", 5), ("a\r\nb", 5), ("", 5), ("CON", 5)]
    {
        let answer = bench.begins(name, size).await;
        assert_eq!(answer.status().as_u16(), 422, "{name:?}");
        let why = answer.text().await.expect("a problem");
        assert!(why.contains("name") || why.contains("empty"), "{why}");
    }
    assert_eq!(bench.begins(&"长".repeat(85), 5).await.status().as_u16(), 201, "255 bytes are a name");
    assert_eq!(bench.begins(&"长".repeat(86), 5).await.status().as_u16(), 422);
    assert_eq!(bench.begins("huge.iso", 1 << 50).await.status().as_u16(), 422);
    // More than was announced: it is another file, so none of it counts.
    let path = bench.begun("short.bin", 10).await;
    assert_eq!(bench.sends(&path, 0, &bytes(25, 1)).await.status().as_u16(), 422);
    assert_eq!(offset(&bench.asks(Method::HEAD, &path, &[], Vec::new()).await), 0);
    // Less than was announced: still open, nothing hosted.
    let path = bench.begun("long.bin", 100).await;
    assert_eq!(bench.sends(&path, 0, &bytes(60, 1)).await.status().as_u16(), 204);
    let told: Value = bench.asks(Method::GET, &path, &[], Vec::new()).await.json().await.expect("JSON");
    assert_eq!((told["state"].as_str(), told["received"].as_i64()), (Some("sending"), Some(60)));
    // Two of one name at once know nothing of each other.
    let (first, second) = (bytes(5000, 1), bytes(5000, 2));
    let (one, two) = (bench.begun("both.bin", 5000).await, bench.begun("both.bin", 5000).await);
    assert_ne!(one, two);
    for (from, to) in [(0, 2000), (2000, 5000)] {
        let (a, b) = tokio::join!(
            bench.sends(&one, from, &first[from..to]),
            bench.sends(&two, from, &second[from..to])
        );
        assert_eq!((a.status().as_u16(), b.status().as_u16()), (204, 204));
    }
    let (a, b) = (bench.outcome(&one).await, bench.outcome(&two).await);
    assert_eq!((&a["state"], &b["state"]), (&json!("done"), &json!("done")));
    assert_ne!(a["file"]["sha256"], b["file"]["sha256"]);
    // Two senders of one upload: together they give the file once.
    let path = bench.begun("raced.bin", 5000).await;
    let (a, b) = tokio::join!(bench.sends(&path, 0, &first), bench.sends(&path, 0, &first));
    let mut both = [a.status().as_u16(), b.status().as_u16()];
    both.sort_unstable();
    assert!(both == [204, 409] || both == [204, 204], "{both:?}");
    let at = offset(&bench.asks(Method::HEAD, &path, &[], Vec::new()).await);
    if at < 5000 {
        bench.sends(&path, at, &first[at..]).await;
    }
    assert_eq!(bench.outcome(&path).await["file"]["size"], 5000);
    // Given up: gone.
    let path = bench.begun("gone.bin", 10).await;
    assert_eq!(bench.asks(Method::DELETE, &path, &[], Vec::new()).await.status().as_u16(), 204);
    assert_eq!(bench.asks(Method::HEAD, &path, &[], Vec::new()).await.status().as_u16(), 404);
    let path = bench.begun("mine.bin", 10).await;
    let token = std::mem::replace(&mut bench.csrf, "wrong".into());
    assert_eq!(bench.begins("a.bin", 5).await.status().as_u16(), 403);
    assert_eq!(bench.sends(&path, 0, b"x").await.status().as_u16(), 403);
    bench.csrf = token;
    bench.enters("chen@example.com").await;
    assert_eq!(bench.begins("a.bin", 5).await.status().as_u16(), 403, "an agent publishes nothing");
    assert_eq!(bench.asks(Method::HEAD, &path, &[], Vec::new()).await.status().as_u16(), 404, "nor sees it");
}

fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
    // One stored entry by hand: the library's writer would refuse a hostile name.
    let crc = {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        crc.sum()
    };
    let (len, name_len) = (content.len() as u32, name.len() as u16);
    let mut common = Vec::new();
    common.extend_from_slice(&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
    for number in [crc, len, len] {
        common.extend_from_slice(&number.to_le_bytes());
    }
    common.extend_from_slice(&name_len.to_le_bytes());
    common.extend_from_slice(&[0, 0]);
    let mut out = [b"PK\x03\x04".as_slice(), &common, name.as_bytes(), content].concat();
    let list = out.len() as u32;
    out.extend_from_slice(b"PK\x01\x02\x14\x00");
    out.extend_from_slice(&common);
    out.extend_from_slice(&[0; 14]);
    out.extend_from_slice(name.as_bytes());
    let list_len = out.len() as u32 - list;
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend_from_slice(&list_len.to_le_bytes());
    out.extend_from_slice(&list.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_would_harm_customers_is_not_taken_and_the_curator_reads_why() {
    let bench = Bench::open().await;
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0u8; 1 << 20];
    for _ in 0..100 {
        bomb.write_all(&zeros).expect("written");
    }
    let bomb = bomb.finish().expect("a bomb");
    let hostile: [(&str, Vec<u8>, &str); 5] = [
        ("bomb.gz", bomb, "解压后体积过大"),
        ("slip.zip", zipped("../../etc/cron.d/x", b"x"), "解压到目录之外"),
        ("setup.zip", b"MZ this is a program".to_vec(), "内容与文件名不符"),
        ("both.pdf", [b"%PDF-1.4 ".as_slice(), &zipped("a.txt", b"a")].concat(), "同时是两种东西"),
        ("torn.tgz", b"\x1f\x8b\x08\0\0\0\0\0\0\xff torn".to_vec(), "已损坏"),
    ];
    for (name, bytes, words) in hostile {
        let told = bench.takes(name, &bytes).await;
        assert_eq!(told["state"], "refused", "{name}: {told}");
        assert!(told["problem"].as_str().is_some_and(|p| p.contains(words)), "{name}: {told}");
    }
    assert_eq!(bench.takes("fine.zip", &zipped("a.txt", b"a")).await["state"], "done");
    let page = bench.page("/console/files").await;
    assert!(page.contains("slip.zip") && page.contains("../../etc/cron.d/x"), "refusals stay on the page");
    let signature = bench.takes("nothing.zip.minisig", b"untrusted comment: x\nRUQ\n").await;
    assert!(signature["problem"].as_str().is_some_and(|p| p.contains("没有它所签名的文件")), "{signature}");
    let signature = bench.takes("fine.zip.minisig", b"untrusted comment: x\nRUQ\n").await;
    assert!(signature["problem"].as_str().is_some_and(|p| p.contains("签名不符")), "{signature}");
}
