//! Curated wordings of a question (相似问): matched question to question, imported and exported.
use std::fs;

use firstline_kb::import::import;
use firstline_kb::{Answer, Draft, export};

use crate::desk::{TestDesk, on_both};
use crate::kb_contract::{draft, library, question};

on_both! {
    async fn a_curated_wording_finds_its_article(t: TestDesk) {
        let library = library(&t).await;
        for n in 0..30 {
            library.upsert(&draft(&format!("other-{n}"), "zh", &format!("第 {n} 条使用提示"), "定期备份。"), "x").await.unwrap();
        }
        let plain = draft("password", "zh", "忘记登录密码怎么办", "## 解决办法\n1. 联系管理员重置。");
        library.upsert(&plain, "x").await.unwrap();
        library.refresh().await.unwrap();
        let asked = question("口令想不起来了进不去系统");
        assert_eq!(library.answer(&asked).await.unwrap().0, Answer::Nothing);
        let questions = vec!["口令想不起来了，进不去系统".to_string()];
        library.upsert(&Draft { questions, ..plain }, "curator").await.unwrap();
        library.refresh().await.unwrap();
        let (answer, _) = library.answer(&asked).await.unwrap();
        let Answer::Direct { hit, .. } = answer else { panic!("{answer:?}") };
        assert_eq!(hit.external_id, "password");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_go_through_front_matter_and_sheets() {
    let t = TestDesk::sqlite().await;
    let library = library(&t).await;
    let folder = t.dir.path().join("in");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("a.md"),
        "---\nid: a\nlang: zh\ntitle: 忘记密码\nquestions:\n  - 口令忘了\n  - \"登录不上：密码错误\"\n---\n正文\n",
    )
    .unwrap();
    let sheet = t.dir.path().join("b.csv");
    fs::write(&sheet, "问题,答案,相似问\n怎么开票,点开票,如何开票|发票咋开\n").unwrap();
    import(&library, &folder, &mut |_| {}).await.unwrap();
    import(&library, &sheet, &mut |_| {}).await.unwrap();
    let a = library.article("a").await.unwrap().unwrap();
    assert_eq!(a.questions, ["口令忘了", "登录不上：密码错误"]);
    let out = t.dir.path().join("out");
    assert_eq!(export::export(&library, &out).await.unwrap(), 2);
    let back = import(&library, &out, &mut |_| {}).await.unwrap();
    assert_eq!((back.same, back.changed, back.new), (2, 0, 0));
    let all = library.articles(None, 9, None).await.unwrap();
    assert!(all.iter().any(|article| article.questions == ["如何开票", "发票咋开"]));
}
