//! The index is a cache: lost, damaged, foreign or written by another process, searches go on and it comes back.
use std::fs;
use std::path::{Path, PathBuf};

use firstline_core::store::{Db, migrate};
use firstline_kb::{Library, Progress};
use tokio_util::sync::CancellationToken;

use crate::desk::TestDesk;
use crate::kb_contract::{draft, found, library};

async fn filled() -> (TestDesk, Library) {
    let t = TestDesk::sqlite().await;
    let library = library(&t).await;
    let drafts: Vec<_> = (0..40)
        .map(|n| draft(&format!("a{n}"), "zh", &format!("第 {n} 号扫描枪无法连接"), "换一根数据线。"))
        .collect();
    library.upsert_many(&drafts, "x").await.unwrap();
    library.refresh().await.unwrap();
    (t, library)
}

fn files(index: &Path) -> Vec<PathBuf> {
    let generation = fs::read_to_string(index.join("CURRENT")).expect("a generation");
    let entries = fs::read_dir(index.join(generation.trim())).expect("its folder");
    entries.map(|entry| entry.expect("a file").path()).filter(|path| path.is_file()).collect()
}

async fn serves(library: &Library) -> bool {
    found(library, "扫描枪").await.len() == 5
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_folder_is_rebuilt_while_serving() {
    let (t, library) = filled().await;
    fs::remove_dir_all(t.index_dir()).unwrap();
    assert!(serves(&library).await, "the old index is still read");
    library.refresh().await.unwrap();
    assert!(serves(&library).await && t.index_dir().join("CURRENT").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_of_any_file_is_noticed_and_mended() {
    for harm in ["cut short", "overwritten", "removed"] {
        let (t, library) = filled().await;
        let generation = fs::read_to_string(t.index_dir().join("CURRENT")).unwrap();
        for path in files(&t.index_dir()) {
            match harm {
                "cut short" => fs::File::options().write(true).open(&path).unwrap().set_len(3).unwrap(),
                "overwritten" => fs::write(&path, vec![0xa5; 5000]).unwrap(),
                _ => fs::remove_file(&path).unwrap(),
            }
        }
        // A search may fail now, but it fails as an error that says to try again.
        if let Err(e) = library.search(&crate::kb_contract::question("扫描枪")).await {
            assert!(e.is_transient(), "{harm}: {e}");
        }
        library.refresh().await.unwrap();
        assert!(serves(&library).await, "{harm}");
        assert_ne!(fs::read_to_string(t.index_dir().join("CURRENT")).unwrap(), generation, "{harm}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_index_does_not_stop_the_start() {
    let (t, first) = filled().await;
    drop(first);
    for path in files(&t.index_dir()) {
        fs::write(&path, b"not an index").unwrap();
    }
    let library = library(&t).await;
    assert!(!library.ready());
    library.refresh().await.unwrap();
    assert!(serves(&library).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_of_another_database_is_not_taken_for_ones_own() {
    let (t, first) = filled().await;
    drop(first);
    let url = format!("sqlite:{}", t.dir.path().join("other.db").display());
    let db = Db::open(&url).await.unwrap();
    migrate(&db, vec![firstline_kb::migrations()]).await.unwrap();
    let library = Library::open(db, firstline_core::Clock::system(), &t.index_dir()).await.unwrap();
    library.refresh().await.unwrap();
    assert_eq!(found(&library, "扫描枪").await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_reads_what_the_first_one_writes() {
    let (t, serving) = filled().await;
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (serving, stop) = (serving.clone(), stop.clone());
        async move { serving.run(stop).await }
    });
    let importing = library(&t).await;
    importing.upsert(&draft("new", "zh", "路由器重启", "拔电源。"), "x").await.unwrap();
    importing.refresh().await.unwrap();
    assert_eq!(found(&importing, "路由器").await, ["new"]);
    assert_eq!(found(&serving, "路由器").await, ["new"]);
    let mut steps: Vec<Progress> = Vec::new();
    importing.reindex(&mut |p| steps.push(p)).await.unwrap();
    assert!(serves(&importing).await);
    stop.cancel();
    running.await.unwrap();
    // The first one gave the folder up: now the second writes.
    importing.upsert(&draft("newer", "zh", "交换机重启", "拔电源。"), "x").await.unwrap();
    importing.refresh().await.unwrap();
    assert_eq!(found(&importing, "交换机").await.first().map(String::as_str), Some("newer"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reindexing_reports_its_progress() {
    let (_t, library) = filled().await;
    let mut steps: Vec<Progress> = Vec::new();
    library.reindex(&mut |p| steps.push(p)).await.unwrap();
    assert_eq!(steps.last().map(|p| (p.done, p.total)), Some((40, 40)));
    assert!(serves(&library).await);
}
