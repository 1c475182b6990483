//! A line that breaks again and again while the file is replaced: what arrives is one version, never a mix.
use firstline_core::secret::sha256_hex;
use firstline_kb::published::{FileAccess, path};

use super::host;
use super::raw::ask;
use crate::api_server::served;

const ROUNDS: u64 = 40;
const SIZE: usize = 20_000;

/// A version of the file: every byte says which one it is.
fn version(n: u8) -> Vec<u8> {
    vec![n; SIZE]
}

served! {
async fn what_arrives_after_many_cuts_is_one_published_version(s: TestServer) {
    let first = host(s, "setup.exe", &version(1), FileAccess::Everyone).await;
    let second = host(s, "setup.exe", &version(2), FileAccess::Everyone).await;
    let mut dice = 7u64;
    let mut roll = move |below: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % below
    };
    for round in 0..ROUNDS {
        let (mut have, mut tag) = (Vec::new(), String::new());
        while have.len() < SIZE {
            // The address a page gives out changes under the client's feet.
            let now = if roll(3) == 0 { &second } else { &first };
            let range = format!("bytes={}-", have.len());
            let mut headers = vec![];
            if !have.is_empty() {
                headers = vec![("Range", range.as_str()), ("If-Range", tag.as_str())];
            }
            let answer = ask(s, "GET", &path(now), &headers).await;
            if answer.status == 200 {
                have.clear();
            } else {
                assert_eq!(answer.status, 206, "round {round}");
            }
            tag = answer.header("etag").expect("a tag").to_owned();
            let cut = (1 + roll(SIZE as u64 / 2)) as usize;
            have.extend_from_slice(&answer.body[..cut.min(answer.body.len())]);
        }
        let hash = sha256_hex(&have);
        assert!(hash == first.sha256 || hash == second.sha256, "round {round}: spliced");
        assert_eq!(tag, format!("\"{hash}\""), "round {round}");
    }
}
}
