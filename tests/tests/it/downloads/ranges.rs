//! Whole files, ranges, and what is said about them.
use firstline_kb::published::{FileAccess, path};

use super::raw::ask;
use super::{host, hundred};
use crate::api_server::served;

served! {
async fn a_whole_file_tells_all_about_itself_and_head_says_the_same(s: TestServer) {
    let file = host(s, "发票 补丁.zip", &hundred(), FileAccess::Everyone).await;
    let whole = ask(s, "GET", &path(&file), &[]).await;
    assert_eq!((whole.status, whole.body.as_slice()), (200, hundred().as_slice()));
    let tag = format!("\"{}\"", file.sha256);
    for (name, value) in [
        ("content-length", "100"),
        ("content-type", "application/zip"),
        ("etag", tag.as_str()),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "public, no-cache"),
        ("content-disposition", "attachment; filename=\"__ __.zip\"; filename*=UTF-8''%E5%8F%91%E7%A5%A8%20%E8%A1%A5%E4%B8%81.zip"),
    ] {
        assert_eq!(whole.header(name), Some(value), "{name}");
    }
    assert!(whole.header("last-modified").is_some_and(|date| date.ends_with(" GMT")));
    assert!(whole.header("repr-digest").is_some_and(|d| d.starts_with("sha-256=:") && d.ends_with(':')));
    assert_eq!(whole.header("content-encoding"), None);
    for headers in [&[][..], &[("Range", "bytes=0-4")], &[("Range", "bytes=200-")], &[("Accept-Encoding", "gzip")]] {
        let head = ask(s, "HEAD", &path(&file), headers).await;
        assert_eq!((head.status, head.body.len()), (200, 0), "{headers:?}");
        assert_eq!(head.lasting_head(), whole.lasting_head(), "{headers:?}");
    }
    // The id is an address, too; a hash in capitals is the same hash.
    for key in [file.id.clone(), file.sha256.to_uppercase()] {
        let same = ask(s, "GET", &path(&file).replace(&file.sha256, &key), &[]).await;
        assert_eq!(same.body, hundred(), "{key}");
    }
}
}

served! {
async fn ranges_give_just_those_bytes(s: TestServer) {
    let file = host(s, "a.bin", &hundred(), FileAccess::Everyone).await;
    for (range, content_range, first, last) in [
        ("bytes=0-0", "bytes 0-0/100", 0, 0),
        ("bytes=10-19", "bytes 10-19/100", 10, 19),
        ("bytes=90-", "bytes 90-99/100", 90, 99),
        ("bytes=-1", "bytes 99-99/100", 99, 99),
        ("bytes=-500", "bytes 0-99/100", 0, 99),
        ("bytes=5-99999999999999999999999", "bytes 5-99/100", 5, 99),
        ("BYTES=1-2", "bytes 1-2/100", 1, 2),
        ("bytes=1-4,3-9,200-300", "bytes 1-9/100", 1, 9),
    ] {
        let part = ask(s, "GET", &path(&file), &[("Range", range)]).await;
        assert_eq!((part.status, part.header("content-range")), (206, Some(content_range)), "{range}");
        assert_eq!(part.body, hundred()[first..=last], "{range}");
        assert_eq!(part.header("content-length"), Some((last - first + 1).to_string().as_str()), "{range}");
    }
    for range in ["items=0-1", "bytes", "bytes=", "bytes=9-1", "bytes=a-b", "bytes=0-1;", "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8"] {
        let whole = ask(s, "GET", &path(&file), &[("Range", range)]).await;
        assert_eq!((whole.status, whole.body.len(), whole.header("content-range")), (200, 100, None), "{range}");
    }
    let twice = ask(s, "GET", &path(&file), &[("Range", "bytes=0-1"), ("Range", "bytes=0-1")]).await;
    assert_eq!(twice.status, 200);
    for range in ["bytes=100-", "bytes=-0", "bytes=99999999999999999999999-", "bytes=100-200,300-"] {
        let none = ask(s, "GET", &path(&file), &[("Range", range)]).await;
        assert_eq!((none.status, none.header("content-range")), (416, Some("bytes */100")), "{range}");
    }
}
}

served! {
async fn several_ranges_come_as_parts_in_the_order_they_were_asked_for(s: TestServer) {
    let file = host(s, "a.bin", &hundred(), FileAccess::Everyone).await;
    let answer = ask(s, "GET", &path(&file), &[("Range", "bytes=50-52,0-1,-1")]).await;
    assert_eq!(answer.status, 206);
    let kind = answer.header("content-type").expect("a type");
    let boundary = kind.strip_prefix("multipart/byteranges; boundary=").expect("a boundary").to_owned();
    assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
    assert_eq!(answer.header("content-range"), None);
    let mut expected = Vec::new();
    for (range, bytes) in [("50-52", &hundred()[50..=52]), ("0-1", &hundred()[0..=1]), ("99-99", &hundred()[99..=99])] {
        let head = format!("\r\n--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes {range}/100\r\n\r\n");
        expected.extend_from_slice(head.as_bytes());
        expected.extend_from_slice(bytes);
    }
    expected.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    assert_eq!(answer.body, expected);
}
}

served! {
async fn an_empty_file_and_a_large_one_arrive_whole(s: TestServer) {
    let empty = host(s, "empty.txt", b"", FileAccess::Everyone).await;
    let whole = ask(s, "GET", &path(&empty), &[]).await;
    assert_eq!((whole.status, whole.header("content-length"), whole.body.len()), (200, Some("0"), 0));
    assert_eq!(ask(s, "GET", &path(&empty), &[("Range", "bytes=0-")]).await.status, 416);
    let bytes: Vec<u8> = (0..3_000_001u32).flat_map(|n| n.to_le_bytes()).take(3_000_001).collect();
    let large = host(s, "large.bin", &bytes, FileAccess::Everyone).await;
    assert!(ask(s, "GET", &path(&large), &[]).await.body == bytes);
    let middle = ask(s, "GET", &path(&large), &[("Range", "bytes=999999-2000000")]).await;
    assert!(middle.body == bytes[999_999..=2_000_000]);
}
}
