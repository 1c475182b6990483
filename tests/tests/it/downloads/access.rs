//! Who may have which file, what everybody else is told, and what is counted.
use firstline_core::staff::{self, Role};
use firstline_kb::published::{self, FileAccess, FileState, Link, NewFile, path};

use super::raw::ask;
use super::{host, hundred};
use crate::api_server::served;
use crate::harness::signal::ask_until;

served! {
async fn p6_12_a_patch_is_there_for_whoever_can_sign_in(s: TestServer) {
    let desk = &s.running.app.desk;
    let file = host(s, "p.zip", &hundred(), FileAccess::SignedIn).await;
    let stranger = ask(s, "GET", &path(&file), &[("Accept-Language", "en")]).await;
    assert_eq!(stranger.status, 403);
    assert!(String::from_utf8_lossy(&stranger.body).contains("for our customers"));
    // A customer opens the link of a ticket; from then on the browser is known.
    let number = s.opens("Cannot print").await;
    let ticket = desk.ticket(number.parse().expect("a number")).await.expect("a ticket").ticket;
    let page = ask(s, "GET", &format!("/t/{number}?key={}", desk.links.ticket_key(&ticket.id)), &[]).await;
    let cookie = page.header("set-cookie").expect("a cookie").split(';').next().expect("a value").to_owned();
    let got = ask(s, "GET", &path(&file), &[("Cookie", &cookie)]).await;
    assert_eq!(got.header("cache-control"), Some("private, no-cache"));
    assert_eq!((got.status, got.body), (200, hundred()));
    let forged = cookie.replace('.', ".1");
    assert_eq!(ask(s, "GET", &path(&file), &[("Cookie", &forged)]).await.status, 403);
    // Another file is for chosen customers, and this one is not chosen until staff say so.
    let chosen = host(s, "c.zip", &hundred(), FileAccess::Chosen).await;
    assert_eq!(ask(s, "GET", &path(&chosen), &[("Cookie", &cookie)]).await.status, 403);
    let mut tx = desk.db.begin().await.expect("a transaction");
    published::grant(&mut tx, &chosen.id, "li.wei@example.com").await.expect("granted");
    tx.commit().await.expect("a commit");
    assert_eq!(ask(s, "GET", &path(&chosen), &[("Cookie", &cookie)]).await.status, 200);
}
}

served! {
async fn an_expiring_link_opens_one_file_for_its_time(s: TestServer) {
    let desk = &s.running.app.desk;
    let file = host(s, "a.zip", &hundred(), FileAccess::Chosen).await;
    let other = host(s, "b.zip", &hundred(), FileAccess::Chosen).await;
    let link = Link::until(desk.clock.now().plus_seconds(60), "").path(&desk.links, &file);
    assert_eq!(ask(s, "GET", &link, &[("Range", "bytes=0-9")]).await.status, 206);
    assert_eq!(ask(s, "GET", &link.replace("a.zip", "b.zip"), &[]).await.status, 403);
    assert_eq!(ask(s, "GET", &path(&other), &[]).await.status, 403);
    assert_eq!(ask(s, "GET", &link.replace("until=1", "until=2"), &[]).await.status, 403);
    assert_eq!(ask(s, "GET", &format!("{}?until=x&key=y", path(&file)), &[]).await.status, 403);
    s.clock.advance_millis(60_000);
    let late = ask(s, "GET", &link, &[("Accept-Language", "zh-CN")]).await;
    assert_eq!(late.status, 403);
    assert!(String::from_utf8_lossy(&late.body).contains("该链接已失效"));
}
}

served! {
async fn a_withdrawn_file_is_gone_and_says_why(s: TestServer) {
    let desk = &s.running.app.desk;
    let file = host(s, "a.zip", &hundred(), FileAccess::Everyone).await;
    assert_eq!(ask(s, "GET", &path(&file), &[]).await.status, 200);
    published::withdraw(&desk.db, &desk.clock, &file.id, "breaks <printing>").await.expect("withdrawn");
    let gone = ask(s, "GET", &path(&file), &[("Range", "bytes=5-")]).await;
    assert_eq!(gone.status, 410);
    assert!(String::from_utf8_lossy(&gone.body).contains("breaks &#60;printing&#62;"));
    assert_eq!(ask(s, "HEAD", &path(&file), &[]).await.status, 410);
    assert_eq!(ask(s, "GET", &path(&file), &[("If-None-Match", &format!("\"{}\"", file.sha256))]).await.status, 410);
}
}

served! {
async fn a_draft_is_there_for_staff_only(s: TestServer) {
    let desk = &s.running.app.desk;
    let stored = desk.files.take(&desk.clock, hundred().as_slice(), 1000).await.expect("stored bytes");
    let new = NewFile { name: "d.zip".into(), access: FileAccess::Everyone, state: FileState::Draft, by: "cli".into() };
    let file = published::add(&desk.db, &desk.clock, &stored, &new).await.expect("a draft");
    assert_eq!(ask(s, "GET", &path(&file), &[]).await.status, 404);
    let member = staff::add(&desk.db, &desk.clock, "c@example.com", "C", Role::Curator, "a good long password").await.expect("staff");
    let session = staff::open_session(&desk.db, &desk.clock, &member.id).await.expect("a session");
    assert_eq!(ask(s, "GET", &path(&file), &[("Cookie", &format!("staff={session}"))]).await.status, 200);
    published::publish(&desk.db, &desk.clock, &file.id).await.expect("published");
    assert_eq!(ask(s, "GET", &path(&file), &[]).await.status, 200);
}
}

served! {
async fn addresses_that_are_paths_lead_nowhere(s: TestServer) {
    let file = host(s, "a.zip", &hundred(), FileAccess::Everyone).await;
    let hash = &file.sha256;
    for address in [
        format!("/downloads/{hash}/../../etc/passwd"), format!("/downloads/{hash}/..%2f..%2fetc%2fpasswd"),
        format!("/downloads/{hash}/%2e%2e/a.zip"), format!("/downloads/{hash}/%252e%252e%252fa.zip"),
        format!("/downloads/{hash}/..%5ca.zip"), format!("/downloads/{hash}/%c0%ae%c0%ae%c0%afa.zip"),
        format!("/downloads/{hash}/b.zip"), format!("/downloads/{hash}/A.zip"), format!("/downloads/{hash}/a.zip%0d%0aX:%201"),
        format!("/downloads/{hash}/"), format!("/downloads/{}/a.zip", "0".repeat(64)), "/downloads/x/a.zip".into(),
        format!("/downloads/..%2f{hash}/a.zip"), format!("/downloads/{hash}/{}", "a".repeat(5000)),
    ] {
        let answer = ask(s, "GET", &address, &[]).await;
        assert_eq!(answer.status, 404, "{address}");
    }
}
}

served! {
async fn downloads_are_counted_when_their_last_byte_left(s: TestServer) {
    let desk = &s.running.app.desk;
    let file = host(s, "a.bin", &hundred(), FileAccess::Everyone).await;
    ask(s, "GET", &path(&file), &[]).await;
    ask(s, "HEAD", &path(&file), &[]).await;
    ask(s, "GET", &path(&file), &[("Range", "bytes=0-49")]).await;
    ask(s, "GET", &path(&file), &[("Range", "bytes=50-")]).await;
    let counted = || async {
        let counts = published::counts(&desk.db, &file.id).await.expect("counts");
        ((counts.started, counts.resumed, counts.completed) == (2, 1, 2)).then_some(())
    };
    ask_until(counted, || "two begun, one resumed, two completed".into()).await;
}
}
