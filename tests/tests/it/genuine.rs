//! Every way The Update Framework names to pass a wrong file for a right one, tried on the real command: each
//! ends with its own exit code and words.
use std::path::{Path, PathBuf};

use firstline_core::Clock;
use firstline_kb::genuine::{Keyring, Lifetimes, Role, Seen, rotate, sign_folder};
use tempfile::TempDir;

use crate::desk::MONDAY;
use crate::harness::process::{Finished, Recipe};

/// A vendor's desk: keys offline, a folder with two files, and a customer with the first root.
struct Vendor {
    dir: TempDir,
    clock: Clock,
}

impl Vendor {
    fn new() -> Vendor {
        Vendor::with(Clock::manual(MONDAY))
    }

    /// Somebody with other keys.
    fn stranger() -> Vendor {
        let clock = Clock::manual(MONDAY);
        // The clock's sequence gives keys, too: far enough along that none is the vendor's.
        (0..100).for_each(|_| drop(clock.secret()));
        Vendor::with(clock)
    }

    fn with(clock: Clock) -> Vendor {
        let vendor = Vendor { dir: TempDir::new().expect("a temporary folder"), clock };
        vendor.ring().make(&vendor.clock, 3, 2).expect("keys");
        std::fs::create_dir_all(vendor.folder().join("invoice")).expect("a folder");
        vendor.puts("invoice/3.2.2.zip", "patch 3.2.2");
        vendor.puts("说明.txt", "read me");
        vendor.signs();
        std::fs::copy(vendor.keys().join("1.root.json"), vendor.root()).expect("the root is handed over");
        vendor
    }

    fn keys(&self) -> PathBuf {
        self.dir.path().join("keys")
    }

    fn ring(&self) -> Keyring {
        Keyring::at(&self.keys())
    }

    fn folder(&self) -> PathBuf {
        self.dir.path().join("files")
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("trusted.json")
    }

    fn meta(&self, name: &str) -> PathBuf {
        self.folder().join("metadata").join(name)
    }

    fn puts(&self, name: &str, text: &str) {
        std::fs::write(self.folder().join(name), text).expect("a file");
    }

    fn signs(&self) {
        sign_folder(&self.folder(), &self.ring(), self.clock.now(), Lifetimes::default()).expect("signed");
    }

    /// `catalogue verify` as a customer runs it, this many days after Monday.
    async fn verified_after(&self, days: i64, more: &[&str]) -> Finished {
        let at = MONDAY.plus_seconds(days * 24 * 3600).to_string();
        let (folder, root) = (self.folder().display().to_string(), self.root().display().to_string());
        let mut words = vec!["catalogue", "verify", &folder, "--root", &root, "--at", &at];
        words.extend(more);
        Recipe::command(&words).run("").await
    }

    async fn refused(&self, days: i64, more: &[&str], code: i32, words: &str) {
        let done = self.verified_after(days, more).await;
        assert_eq!(done.status.code(), Some(code), "{words}: {}{}", done.stdout, done.stderr);
        assert!(done.stderr.contains(words), "{words}: {}", done.stderr);
    }
}

fn swap(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).expect("a text");
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replacen(from, to, 1)).expect("a text");
}

/// Copies a folder's metadata, to play it back later.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_vendor_signed_is_genuine_and_minisign_agrees() {
    let vendor = Vendor::new();
    let said = vendor.verified_after(1, &[]).await.success();
    assert!(said.contains("genuine  invoice/3.2.2.zip") && said.contains("genuine  说明.txt"), "{said}");
    assert!(vendor.verified_after(1, &["--file", "说明.txt"]).await.success().contains("1 files"));
    let key = std::fs::read_to_string(vendor.keys().join("release.pub")).expect("a public key");
    let key = minisign_verify::PublicKey::decode(&key).expect("a key as minisign has it");
    let signature =
        std::fs::read_to_string(vendor.folder().join("invoice/3.2.2.zip.minisig")).expect("a signature");
    let signature = minisign_verify::Signature::decode(&signature).expect("a signature as minisign has it");
    key.verify(b"patch 3.2.2", &signature, false).expect("the ordinary verifier agrees");
    assert!(key.verify(b"patch 3.2.3", &signature, false).is_err());
    // New releases and new keys are followed without a new root by hand.
    vendor.puts("invoice/3.2.3.zip", "patch 3.2.3");
    for role in [Role::Targets, Role::Root, Role::Timestamp] {
        rotate(&vendor.ring(), &vendor.clock, role).expect("new keys");
    }
    vendor.signs();
    assert!(vendor.verified_after(2, &[]).await.success().contains("3 files"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_a_longer_a_shorter_and_an_unknown_file_are_refused() {
    let vendor = Vendor::new();
    vendor.puts("说明.txt", "read it");
    vendor.refused(1, &[], 14, "wrong file: 说明.txt").await;
    vendor.puts("说明.txt", "read me and all of this");
    vendor.refused(1, &[], 15, "endless data").await;
    vendor.puts("说明.txt", "read");
    vendor.refused(1, &[], 14, "4 bytes instead of 7").await;
    std::fs::remove_file(vendor.folder().join("说明.txt")).expect("removed");
    vendor.refused(1, &[], 20, "说明.txt").await;
    vendor.refused(1, &["--file", "invoice/3.2.1.zip"], 14, "no file of this name").await;
    // Another file of the vendor's own under this name.
    std::fs::copy(vendor.folder().join("invoice/3.2.2.zip"), vendor.folder().join("说明.txt"))
        .expect("a copy");
    vendor.refused(1, &["--file", "说明.txt"], 15, "endless data").await;
    assert!(vendor.verified_after(1, &["--file", "invoice/3.2.2.zip"]).await.status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_set_played_back_is_a_rollback_and_one_kept_too_long_a_freeze() {
    let vendor = Vendor::new();
    let old = vendor.dir.path().join("old");
    copy(&vendor.folder().join("metadata"), &old);
    vendor.signs();
    assert!(vendor.verified_after(1, &[]).await.status.success());
    copy(&old, &vendor.folder().join("metadata"));
    vendor.refused(1, &[], 11, "rollback: timestamp is version 1, but version 2 was seen").await;
    vendor.refused(31, &["--seen", "nowhere.seen"], 12, "freeze").await;
    // The root itself ended.
    vendor.refused(4000, &["--seen", "nowhere.seen"], 18, "expired: root").await;
    let short = Lifetimes { targets: 1, timestamp: 30 };
    sign_folder(&vendor.folder(), &vendor.ring(), vendor.clock.now(), short).expect("signed");
    vendor.refused(2, &["--seen", "nowhere.seen"], 18, "expired: snapshot").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_of_two_times_do_not_go_together() {
    let vendor = Vendor::new();
    let old = vendor.dir.path().join("old");
    copy(&vendor.folder().join("metadata"), &old);
    vendor.signs();
    for name in ["snapshot.json", "targets.json"] {
        let new = std::fs::read(vendor.meta(name)).expect("metadata");
        std::fs::copy(old.join(name), vendor.meta(name)).expect("the old one");
        vendor.refused(1, &[], 13, &format!("mix and match: {name}")).await;
        std::fs::write(vendor.meta(name), new).expect("the new one");
    }
    std::fs::write(vendor.meta("targets.json"), vec![b' '; 1 << 20]).expect("much");
    vendor.refused(1, &[], 15, "endless data: targets.json").await;
    std::fs::remove_file(vendor.meta("targets.json")).expect("removed");
    vendor.refused(1, &[], 20, "targets.json: is missing").await;
    std::fs::write(vendor.meta("timestamp.json"), vec![b' '; 1 << 20]).expect("much");
    vendor.refused(1, &[], 15, "endless data: timestamp.json").await;
    std::fs::write(vendor.meta("timestamp.json"), "{").expect("nonsense");
    vendor.refused(1, &[], 20, "timestamp.json").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signatures_of_others_and_weaker_ones_are_refused() {
    let vendor = Vendor::new();
    let timestamp = std::fs::read(vendor.meta("timestamp.json")).expect("metadata");
    swap(&vendor.meta("timestamp.json"), "\\\"version\\\":1", "\\\"version\\\":9");
    vendor.refused(1, &[], 10, "timestamp.json: not signed by enough").await;
    std::fs::write(vendor.meta("timestamp.json"), &timestamp).expect("metadata");
    swap(&vendor.meta("timestamp.json"), "ed25519", "none");
    vendor.refused(1, &[], 19, "downgraded signature").await;
    std::fs::write(vendor.meta("timestamp.json"), &timestamp).expect("metadata");
    // A whole set by a stranger's keys.
    let other = Vendor::stranger();
    copy(&other.folder().join("metadata"), &vendor.folder().join("metadata"));
    vendor.refused(1, &[], 10, "not signed by enough").await;
    vendor.signs();
    // minisign's old kind, and a signature of another file.
    let minisig = vendor.folder().join("说明.txt.minisig");
    let right = std::fs::read_to_string(&minisig).expect("a signature");
    swap(&minisig, "\nRU", "\nRW");
    vendor.refused(1, &[], 19, "minisign's old kind").await;
    std::fs::copy(vendor.folder().join("invoice/3.2.2.zip.minisig"), &minisig).expect("another's");
    vendor.refused(1, &[], 10, "说明.txt.minisig").await;
    std::fs::write(&minisig, right.replace("size:7", "size:8")).expect("a changed comment");
    vendor.refused(1, &[], 10, "说明.txt.minisig").await;
    std::fs::write(&minisig, "x".repeat(1 << 20)).expect("much");
    vendor.refused(1, &[], 15, "endless data").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_that_the_old_keys_did_not_sign_is_refused() {
    let vendor = Vendor::new();
    let other = Vendor::stranger();
    rotate(&other.ring(), &other.clock, Role::Root).expect("new keys");
    std::fs::copy(other.keys().join("2.root.json"), vendor.meta("2.root.json")).expect("a stranger's root");
    vendor.refused(1, &[], 17, "not signed by the keys before it").await;
    std::fs::copy(vendor.keys().join("1.root.json"), vendor.meta("2.root.json")).expect("the first again");
    vendor.refused(1, &[], 17, "says it is version 1").await;
    rotate(&vendor.ring(), &vendor.clock, Role::Root).expect("new keys");
    vendor.signs();
    assert!(vendor.verified_after(1, &[]).await.status.success());
    // Without the new root the old chain looks whole; what was seen tells.
    std::fs::remove_file(vendor.meta("2.root.json")).expect("removed");
    vendor.refused(1, &[], 11, "rollback: root").await;
    // Two of three keys must sign; with one left in the folder nobody can rotate.
    let root = vendor.ring().root().expect("a root");
    for id in &root.roles[&Role::Root].key_ids[1..] {
        std::fs::remove_file(vendor.keys().join(format!("{id}.key"))).expect("taken away");
    }
    let refused = rotate(&vendor.ring(), &vendor.clock, Role::Targets).expect_err("too few keys");
    assert_eq!(refused.exit_code(), 17, "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_runs_away_is_refused_and_new_keys_bring_it_back() {
    let vendor = Vendor::new();
    assert!(vendor.verified_after(1, &[]).await.status.success());
    let seen_at = vendor.dir.path().join("trusted.json.seen");
    let seen = Seen::load(&seen_at).expect("what was seen");
    assert_eq!((seen.root, seen.timestamp, seen.targets), (1, 1, 1));
    // A thief of the timestamp key signs a huge version.
    let huge = Seen { timestamp: 1, ..seen.clone() };
    assert_eq!(huge.check(Role::Timestamp, 1_000_000).expect_err("too far").exit_code(), 16);
    // A smaller jump got through; the vendor exchanges the key and goes on from where it was.
    Seen { timestamp: 50_000, ..seen }.store(&seen_at).expect("stored");
    vendor.refused(1, &[], 11, "rollback: timestamp").await;
    rotate(&vendor.ring(), &vendor.clock, Role::Timestamp).expect("new keys");
    vendor.signs();
    assert!(vendor.verified_after(1, &[]).await.status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_made_and_used_by_the_command_line_alone() {
    let dir = TempDir::new().expect("a temporary folder");
    let path = |name: &str| dir.path().join(name).display().to_string();
    std::fs::create_dir(dir.path().join("files")).expect("a folder");
    std::fs::write(dir.path().join("files/a.bin"), "a").expect("a file");
    let run = async |words: &[&str]| Recipe::command(words).run("").await;
    run(&["catalogue", "keygen", &path("keys")]).await.success();
    assert_eq!(run(&["catalogue", "keygen", &path("keys")]).await.status.code(), Some(17));
    let signed = run(&["catalogue", "sign", &path("files"), "--keys", &path("keys")]).await.success();
    assert!(signed.contains("a.bin  1 bytes"), "{signed}");
    run(&["catalogue", "rotate", "targets", "--keys", &path("keys")]).await.success();
    run(&["catalogue", "sign", &path("files"), "--keys", &path("keys")]).await.success();
    let root = path("keys/1.root.json");
    run(&["catalogue", "verify", &path("files"), "--root", &root]).await.success();
    #[cfg(unix)]
    for entry in std::fs::read_dir(dir.path().join("keys")).expect("a folder") {
        let entry = entry.expect("an entry");
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&entry.metadata().expect("its mode").permissions());
        assert!(entry.path().extension().is_none_or(|e| e != "key") || mode & 0o077 == 0, "{entry:?}");
    }
    let help = run(&["catalogue", "verify", "--help"]).await.success();
    for code in ["10 not signed", "11 rollback", "12 freeze", "19 downgraded"] {
        assert!(help.replace('\n', " ").contains(code), "{code}: {help}");
    }
}

#[test]
fn the_first_of_a_million_versions_is_judged_without_memory() {
    assert!(Seen::default().check(Role::Timestamp, 100_000).is_ok());
    assert_eq!(Seen::default().check(Role::Timestamp, 100_001).expect_err("too far").exit_code(), 16);
}
