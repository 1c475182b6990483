//! Hosted files in the store: the same bytes are one file, published bytes stay, withdrawn is withdrawn.
use firstline_core::files::Stored;
use firstline_core::people;
use firstline_kb::Question;
use firstline_kb::manual::{self, ManualKind, NewManual};
use firstline_kb::published::{self, Asker, Download, FileAccess, FileState, Link, NewFile};

use crate::desk::{TestDesk, on_both};

fn new(name: &str, access: FileAccess, state: FileState) -> NewFile {
    NewFile { name: name.into(), access, state, by: "cli".into() }
}

async fn stored(t: &TestDesk, bytes: &'static [u8]) -> Stored {
    t.desk.files.take(&t.clock, bytes, 1 << 20).await.expect("stored bytes")
}

on_both! {
async fn the_same_bytes_under_the_same_name_are_one_file(t: TestDesk) {
    let bytes = stored(&t, b"patch").await;
    let as_draft = new("发票 3.2.2.zip", FileAccess::Everyone, FileState::Draft);
    let first = published::add(&t.desk.db, &t.clock, &bytes, &as_draft).await.expect("a file");
    let again = published::add(&t.desk.db, &t.clock, &bytes, &as_draft).await.expect("the same file");
    assert_eq!(first, again);
    let renamed = new("other.zip", FileAccess::Everyone, FileState::Draft);
    let other = published::add(&t.desk.db, &t.clock, &bytes, &renamed).await.expect("another name");
    assert_ne!(other.id, first.id);
    for key in [&first.id, &first.sha256, &first.sha256.to_uppercase()] {
        let found = published::by_address(&t.desk.db, key, "发票 3.2.2.zip").await.expect("an answer");
        assert_eq!(found.as_ref(), Some(&first), "{key}");
    }
    assert_eq!(published::by_address(&t.desk.db, &first.id, "other.zip").await.expect("an answer"), None);
    assert_eq!(published::list(&t.desk.db, Some(FileState::Draft), 10).await.expect("files").len(), 2);
    assert!(published::list(&t.desk.db, Some(FileState::Published), 10).await.expect("files").is_empty());
}
}

on_both! {
async fn a_withdrawn_file_keeps_its_first_reason_and_does_not_come_back(t: TestDesk) {
    let bytes = stored(&t, b"patch").await;
    let what = new("p.zip", FileAccess::Everyone, FileState::Draft);
    let file = published::add(&t.desk.db, &t.clock, &bytes, &what).await.expect("a file");
    published::publish(&t.desk.db, &t.clock, &file.id).await.expect("published");
    published::publish(&t.desk.db, &t.clock, &file.id).await.expect("still published");
    assert!(published::withdraw(&t.desk.db, &t.clock, &file.id, "  ").await.is_err());
    published::withdraw(&t.desk.db, &t.clock, &file.id, "breaks printing").await.expect("withdrawn");
    published::withdraw(&t.desk.db, &t.clock, &file.id, "other words").await.expect("no change");
    let now = published::by_id(&t.desk.db, &file.id).await.expect("an answer").expect("its row");
    assert_eq!((now.state, now.reason.as_deref()), (FileState::Withdrawn, Some("breaks printing")));
    assert!(published::publish(&t.desk.db, &t.clock, &file.id).await.is_err());
    let back = published::add(&t.desk.db, &t.clock, &bytes, &what).await.expect_err("it was withdrawn");
    assert!(back.to_string().contains("breaks printing"), "{back}");
    assert!(published::publish(&t.desk.db, &t.clock, "nobody").await.is_err());
}
}

on_both! {
async fn p6_12_a_file_is_for_everyone_for_the_signed_in_or_for_chosen_customers(t: TestDesk) {
    let mut tx = t.desk.db.begin().await.expect("a transaction");
    let wei = people::of_email(&mut tx, &t.clock, "wei@hospital.example", "Wei").await.expect("a person");
    let li = people::of_email(&mut tx, &t.clock, "li@school.example", "Li").await.expect("a person");
    tx.commit().await.expect("a commit");
    let (wei, li) = (Asker::Person(wei), Asker::Person(li));
    let bytes = stored(&t, b"patch").await;
    let cases = [
        (FileAccess::Everyone, None, [true, true, true]),
        (FileAccess::SignedIn, None, [false, true, true]),
        (FileAccess::Chosen, None, [false, false, false]),
        (FileAccess::Chosen, Some("@Hospital.example"), [false, true, false]),
        (FileAccess::Chosen, Some("li@school.example"), [false, false, true]),
    ];
    for (n, (access, given, allowed)) in cases.into_iter().enumerate() {
        let what = new(&format!("{n}.zip"), access, FileState::Published);
        let file = published::add(&t.desk.db, &t.clock, &bytes, &what).await.expect("a file");
        if let Some(who) = given {
            let mut tx = t.desk.db.begin().await.expect("a transaction");
            published::grant(&mut tx, &file.id, who).await.expect("granted");
            published::grant(&mut tx, &file.id, who).await.expect("granted once");
            tx.commit().await.expect("a commit");
        }
        for (asker, expected) in [Asker::Anybody, wei.clone(), li.clone()].iter().zip(allowed) {
            let may = published::may_have(&t.desk.db, &file, asker).await.expect("an answer");
            assert_eq!(may, expected, "{access} {given:?} {asker:?}");
        }
        let staff = Asker::Staff("s".into());
        assert!(published::may_have(&t.desk.db, &file, &staff).await.expect("an answer"));
    }
}
}

on_both! {
async fn downloads_are_counted_by_kind_and_takers_are_persons(t: TestDesk) {
    let bytes = stored(&t, b"patch").await;
    let what = new("p.zip", FileAccess::Everyone, FileState::Published);
    let file = published::add(&t.desk.db, &t.clock, &bytes, &what).await.expect("a file");
    let mut tx = t.desk.db.begin().await.expect("a transaction");
    for (who, resumed, completed) in [("person:a", false, false), ("person:a", true, true), ("anybody", false, true)] {
        let d = Download { file_id: file.id.clone(), who: who.into(), resumed, completed, times: 1, sent: 5, at: t.clock.now() };
        published::record(&mut tx, &t.clock, &d).await.expect("a row");
    }
    tx.commit().await.expect("a commit");
    let counts = published::counts(&t.desk.db, &file.id).await.expect("counts");
    assert_eq!((counts.started, counts.resumed, counts.completed), (2, 1, 2));
    assert_eq!(published::takers(&t.desk.db, &file.id).await.expect("takers"), ["a"]);
}
}

on_both! {
async fn an_expiring_link_is_for_one_file_one_person_and_its_time(t: TestDesk) {
    let bytes = stored(&t, b"patch").await;
    let file = published::add(&t.desk.db, &t.clock, &bytes, &new("a.zip", FileAccess::Chosen, FileState::Published)).await.expect("a file");
    let other = published::add(&t.desk.db, &t.clock, &bytes, &new("b.zip", FileAccess::Chosen, FileState::Published)).await.expect("a file");
    let (links, now) = (&t.desk.links, t.clock.now());
    let link = Link::until(now.plus_seconds(60), "wei");
    let path = link.path(links, &file);
    let key = path.rsplit("key=").next().expect("a key");
    assert!(path.starts_with(&format!("/downloads/{}/a.zip?until=", file.sha256)), "{path}");
    assert!(link.holds(links, &file, key, now));
    assert!(!link.holds(links, &other, key, now));
    assert!(!link.holds(links, &file, key, now.plus_seconds(60)));
    assert!(!Link { who: "li".into(), ..link.clone() }.holds(links, &file, key, now));
    assert!(!Link { expires: link.expires + 1, ..link }.holds(links, &file, key, now));
}
}

on_both! {
async fn a_manual_is_in_the_search_only_while_everybody_may_have_it(t: TestDesk) {
    let (db, clock) = (&t.desk.db, &t.clock);
    let library = firstline_kb::Library::open(db.clone(), clock.clone(), &t.dir.path().join("index")).await.expect("a library");
    let bytes = stored(&t, b"manual").await;
    let file = published::add(db, clock, &bytes, &new("guide.txt", FileAccess::Everyone, FileState::Draft)).await.expect("a file");
    let about = NewManual {
        kind: ManualKind::Operation,
        title: "Guide".into(),
        product: "Stock".into(),
        version: String::new(),
        lang: "en".into(),
    };
    let pages: Vec<String> = (1..=12).map(|n| if n == 3 { String::new() } else { format!("Words of page {n}") }).collect();
    let manual = manual::add(&library, &file, &about, &pages).await.expect("a manual");
    let found = async || {
        let mut found = Vec::new();
        for n in 1..=12 {
            if library.article(&format!("manual:{}:{n}", manual.id)).await.expect("an answer").is_some() {
                found.push(n);
            }
        }
        found
    };
    let all: Vec<i32> = (1..=12).filter(|n| *n != 3).collect();
    assert_eq!(found().await, Vec::<i32>::new(), "a draft is not searched");
    for _ in 0..2 {
        published::publish(db, clock, &file.id).await.expect("published");
        assert_eq!(found().await, all, "published it is");
    }
    published::set_access(db, clock, &file.id, FileAccess::Chosen).await.expect("for some");
    assert_eq!(found().await, Vec::<i32>::new(), "for some customers it is not");
    published::set_access(db, clock, &file.id, FileAccess::Everyone).await.expect("for all");
    assert_eq!(found().await, all, "for everybody it is again");
    library.refresh().await.expect("an index");
    published::withdraw(db, clock, &file.id, "wrong wiring").await.expect("withdrawn");
    assert_eq!(found().await, Vec::<i32>::new(), "withdrawn it is gone");
    library.refresh().await.expect("an index");
    let question = Question {
        text: "words of page 7".into(),
        lang: Some("en".into()),
        product: None,
        version: None,
        kind: None,
        limit: 5,
    };
    assert!(library.search(&question).await.expect("an answer").hits.is_empty());
}
}
