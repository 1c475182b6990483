//! Conditions and `If-Range`, in the order RFC 9110 gives them, and methods that are none of ours.
use firstline_kb::published::{FileAccess, path};

use super::raw::ask;
use super::{host, hundred};
use crate::api_server::served;

served! {
async fn conditions_are_kept_in_their_order(s: TestServer) {
    let file = host(s, "a.bin", &hundred(), FileAccess::Everyone).await;
    let tag = format!("\"{}\"", file.sha256);
    let weak = format!("W/{tag}");
    let modified = ask(s, "HEAD", &path(&file), &[]).await.header("last-modified").expect("a date").to_owned();
    let (old, new) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 01 Jan 2100 00:00:00 GMT");
    for (headers, status) in [
        (vec![("If-None-Match", tag.as_str())], 304),
        (vec![("If-None-Match", weak.as_str())], 304),
        (vec![("If-None-Match", "*")], 304),
        (vec![("If-None-Match", "\"other\"")], 200),
        (vec![("If-None-Match", "\"other\""), ("If-Modified-Since", new)], 200),
        (vec![("If-Modified-Since", modified.as_str())], 304),
        (vec![("If-Modified-Since", old)], 200),
        (vec![("If-Modified-Since", "nonsense")], 200),
        (vec![("If-Match", tag.as_str())], 200),
        (vec![("If-Match", "*")], 200),
        (vec![("If-Match", weak.as_str())], 412),
        (vec![("If-Match", "\"other\"")], 412),
        (vec![("If-Match", tag.as_str()), ("If-Unmodified-Since", old)], 200),
        (vec![("If-Unmodified-Since", old)], 412),
        (vec![("If-Unmodified-Since", new)], 200),
        (vec![("If-Match", "\"other\""), ("If-None-Match", tag.as_str())], 412),
        (vec![("If-None-Match", tag.as_str()), ("Range", "bytes=200-")], 304),
        (vec![("If-Match", "\"other\""), ("Range", "bytes=0-1")], 412),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = ask(s, method, &path(&file), &headers).await;
            assert_eq!(answer.status, status, "{method} {headers:?}");
            if status == 304 {
                assert_eq!((answer.header("etag"), answer.body.len()), (Some(tag.as_str()), 0));
            }
        }
    }
}
}

served! {
async fn a_range_is_honoured_only_for_the_very_same_bytes(s: TestServer) {
    let file = host(s, "a.bin", &hundred(), FileAccess::Everyone).await;
    let tag = format!("\"{}\"", file.sha256);
    let weak = format!("W/{tag}");
    let modified = ask(s, "HEAD", &path(&file), &[]).await.header("last-modified").expect("a date").to_owned();
    for (value, status) in [
        (tag.as_str(), 206),
        (modified.as_str(), 206),
        (weak.as_str(), 200),
        ("\"other\"", 200),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 200),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 200),
        ("garbage", 200),
        ("*", 200),
        ("", 200),
    ] {
        let answer = ask(s, "GET", &path(&file), &[("Range", "bytes=90-"), ("If-Range", value)]).await;
        assert_eq!(answer.status, status, "{value}");
        assert_eq!(answer.body.len(), if status == 206 { 10 } else { 100 }, "{value}");
    }
    let beyond = ask(s, "GET", &path(&file), &[("Range", "bytes=200-"), ("If-Range", "\"other\"")]).await;
    assert_eq!(beyond.status, 200);
    // Without a range there is nothing to condition.
    assert_eq!(ask(s, "GET", &path(&file), &[("If-Range", "\"other\"")]).await.status, 200);
}
}

served! {
async fn other_methods_are_told_which_there_are(s: TestServer) {
    let file = host(s, "a.bin", &hundred(), FileAccess::Everyone).await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
        let answer = ask(s, method, &path(&file), &[("Content-Length", "0")]).await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET,HEAD")), "{method}");
    }
}
}
