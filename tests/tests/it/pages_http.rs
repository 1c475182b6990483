//! Pages without a browser: what the server promises whatever runs on the other side.
use reqwest::header;

use crate::pages_site::{AGENT, PASSWORD, Site, cookie, hidden, location, with_cookie};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_speak_the_readers_language_and_allow_nothing_inline() {
    let site = Site::open().await;
    for (asks, lang, heading) in
        [("zh-CN,zh;q=0.9", "zh-CN", "遇到什么问题"), ("en-US", "en", "What is going wrong")]
    {
        let answer = site.get("/").header(header::ACCEPT_LANGUAGE, asks).send().await.expect("an answer");
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        let page = answer.text().await.expect("a page");
        assert!(page.contains(&format!("<html lang=\"{lang}\"")) && page.contains(heading), "{asks}");
        assert!(
            !page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="),
            "inline code"
        );
    }
    let chosen =
        site.get("/?lang=en").header(header::ACCEPT_LANGUAGE, "zh-CN").send().await.expect("an answer");
    assert_eq!(cookie(&chosen, "lang").as_deref(), Some("lang=en"));
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn assets_are_kept_for_ever_under_the_hash_of_their_content() {
    let site = Site::open().await;
    let page = site.page(site.get("/")).await;
    let path = page
        .split("href=\"")
        .find(|p| p.starts_with("/assets/") && p.contains("app.css"))
        .expect("a stylesheet");
    let path = path.split('"').next().expect("a path");
    let first = site.get(path).send().await.expect("an answer");
    assert!(first.headers()[header::CACHE_CONTROL].to_str().expect("text").contains("immutable"));
    let etag = first.headers()[header::ETAG].clone();
    let again = site.get(path).header(header::IF_NONE_MATCH, etag).send().await.expect("an answer");
    assert_eq!(again.status().as_u16(), 304);
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn search_finds_highlights_and_says_honestly_when_there_is_nothing() {
    let site = Site::open().await;
    let found = site.page(site.get("/search?q=E-1042&lang=zh-CN")).await;
    assert!(found.contains("<mark>") && found.contains("/kb/"), "{found}");
    let nothing = site.page(site.get("/search?q=zxqvwk+plombir&lang=en")).await;
    assert!(nothing.contains("No good match found") && nothing.contains("/chat?q="), "{nothing}");
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_is_taken_and_still_broken_leads_to_people() {
    let site = Site::open().await;
    let found = site.page(site.get("/search?q=E-1042&lang=en")).await;
    let path = found
        .split("href=\"")
        .find(|p| p.starts_with("/kb/"))
        .and_then(|p| p.split('"').next())
        .expect("a hit");
    let article = site.page(site.get(path)).await;
    let (search, revision) = (hidden(&article, "search"), hidden(&article, "revision"));
    let id = path.trim_start_matches("/kb/").split('?').next().expect("an id");
    let form = [("search", search.as_str()), ("revision", revision.as_str()), ("verdict", "still_broken")];
    let said = site.post(&format!("/kb/{id}/verdict"), &form).send().await.expect("an answer");
    assert_eq!(said.status().as_u16(), 303);
    let after = site.page(site.get(location(&said).split('#').next().expect("a path"))).await;
    assert!(after.contains("/chat?q="), "{after}");
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_key_and_an_unknown_number_look_the_same() {
    let site = Site::open().await;
    let number = site.server.opens("开票时报错 E-1042").await;
    let right = site.link(&number).await;
    assert!(site.page(site.get(&right)).await.contains(&number));
    let mut seen = Vec::new();
    for path in
        [format!("/t/{number}?key=0123"), "/t/FL-999999?key=0123".into(), "/t/nonsense?key=0123".into()]
    {
        let answer = site.get(&path).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 404, "{path}");
        // The page names itself in its language switch; nothing else may differ.
        let own = path.split('?').next().expect("a path").to_owned();
        seen.push(answer.text().await.expect("a page").replace(&own, ""));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_is_closed_to_strangers_and_to_other_sites() {
    let site = Site::open().await;
    let number = site.server.opens("Cannot print").await;
    let path = format!("/console/tickets/{number}");
    let stranger = site.get(&path).send().await.expect("an answer");
    assert_eq!(location(&stranger), format!("/console/login?next=%2Fconsole%2Ftickets%2F{number}"));
    assert_eq!(site.get("/console/events").send().await.expect("an answer").status().as_u16(), 403);

    let session = site.session().await;
    let page = site.page(with_cookie(site.get(&path), &session)).await;
    let csrf = hidden(&page, "csrf");
    let change = |token: &str| {
        with_cookie(site.post(&format!("{path}/status"), &[("csrf", token), ("status", "open")]), &session)
    };
    assert_eq!(change("wrong").send().await.expect("an answer").status().as_u16(), 403);
    let foreign =
        change(&csrf).header(header::ORIGIN, "https://evil.example").send().await.expect("an answer");
    assert_eq!(foreign.status().as_u16(), 403);
    assert_eq!(change(&csrf).send().await.expect("an answer").status().as_u16(), 303);
    assert!(site.page(with_cookie(site.get(&path), &session)).await.contains("status-open"));

    let out = with_cookie(site.post("/console/logout", &[("csrf", &csrf)]), &session)
        .send()
        .await
        .expect("an answer");
    assert_eq!(location(&out), "/console/login");
    assert_eq!(
        with_cookie(site.get(&path), &session).send().await.expect("an answer").status().as_u16(),
        303
    );
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_passwords_is_stopped_for_a_quarter_of_an_hour() {
    let site = Site::open().await;
    let attempt = async |password: &str| {
        let form = [("email", AGENT), ("password", password)];
        site.post("/console/login", &form).send().await.expect("an answer").status().as_u16()
    };
    for _ in 0..10 {
        assert_eq!(attempt("wrong").await, 401);
    }
    assert_eq!(attempt(PASSWORD).await, 429);
    site.server.clock.advance_millis(15 * 60 * 1000);
    assert_eq!(attempt(PASSWORD).await, 303);
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_writes_on_the_ticket_page_once_however_often_the_form_is_sent() {
    let site = Site::open().await;
    let number = site.server.opens("Cannot print").await;
    let link = site.link(&number).await;
    let page = site.page(site.get(&link)).await;
    let path = link.replace("?key", "/reply?key");
    for _ in 0..2 {
        let form = reqwest::multipart::Form::new()
            .text("id", hidden(&page, "id"))
            .text("text", "It is the second printer.")
            .part(
                "file",
                reqwest::multipart::Part::bytes(b"paper jam".to_vec()).file_name("../../printer log.txt"),
            );
        let sent = site.client.post(site.url(&path)).multipart(form).send().await.expect("an answer");
        assert_eq!(sent.status().as_u16(), 303);
    }
    let after = site.page(site.get(&link)).await;
    assert_eq!(after.matches("It is the second printer.").count(), 1);
    let file = after
        .split("href=\"")
        .find(|p| p.starts_with("/files/"))
        .and_then(|p| p.split('"').next())
        .expect("a file");
    let file = file.replace("&#38;", "&").replace("&amp;", "&");
    let got = site.get(&file).send().await.expect("an answer");
    assert!(got.headers()[header::CONTENT_DISPOSITION].to_str().expect("text").starts_with("attachment"));
    assert_eq!(got.text().await.expect("the file"), "paper jam");
    let forged = file.replace("key=", "key=0");
    assert_eq!(site.get(&forged).send().await.expect("an answer").status().as_u16(), 404);
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_chat_works_without_scripts() {
    let site = Site::open().await;
    let opened = site.get("/chat?lang=zh-CN").send().await.expect("an answer");
    let visitor = cookie(&opened, "chat").expect("a visitor's cookie");
    let page = opened.text().await.expect("a page");
    let form = || {
        let form = reqwest::multipart::Form::new();
        form.text("id", hidden(&page, "id")).text("text", "开票时报错 E-1042，连不上服务器")
    };
    for _ in 0..2 {
        let sent = with_cookie(site.client.post(site.url("/chat/send")).multipart(form()), &visitor);
        assert_eq!(sent.send().await.expect("an answer").status().as_u16(), 303);
    }
    let after = site.page(with_cookie(site.get("/chat?lang=zh-CN"), &visitor)).await;
    assert_eq!(after.matches("say say-customer").count(), 1, "{after}");
    assert!(after.contains("8443") && after.contains("name=\"action\""), "{after}");
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_paths_are_told_kindly_to_people_and_plainly_to_programs() {
    let site = Site::open().await;
    let page = site.get("/nowhere?lang=en").send().await.expect("an answer");
    assert_eq!(page.status().as_u16(), 404);
    assert!(page.text().await.expect("a page").contains("There is nothing here"));
    let program = site.get("/api/v1/nowhere").send().await.expect("an answer");
    assert_eq!(program.headers()[header::CONTENT_TYPE], "application/problem+json");
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_made_all_at_once_are_counted_before_they_are_heard() {
    let site = Site::open().await;
    let mut burst = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let guess = site.post("/console/login", &[("email", AGENT), ("password", "wrong")]).send();
        burst.spawn(async { guess.await.expect("an answer").status().as_u16() });
    }
    let answers = burst.join_all().await;
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 10, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 20, "{answers:?}");
    let long = "x".repeat(20_000);
    let answer = site.post("/console/login", &[("email", AGENT), ("password", &long)]).send().await;
    assert_eq!(answer.expect("an answer").status().as_u16(), 413);
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_without_words_and_other_words_from_an_old_page_stay_in_the_chat() {
    let site = Site::open().await;
    let opened = site.get("/chat?lang=en").send().await.expect("an answer");
    let visitor = cookie(&opened, "chat").expect("a visitor's cookie");
    let id = hidden(&opened.text().await.expect("a page"), "id");
    let send = async |form: reqwest::multipart::Form| {
        let request = with_cookie(site.client.post(site.url("/chat/send")).multipart(form), &visitor);
        request.send().await.expect("an answer").status().as_u16()
    };
    let form = |id: &str, text: &str| {
        reqwest::multipart::Form::new().text("id", id.to_owned()).text("text", text.to_owned())
    };
    let photo = reqwest::multipart::Part::bytes(b"not really a picture".to_vec()).file_name("screen.png");
    let photo = photo.mime_str("image/png").expect("a type");
    assert_eq!(send(form(&id, "").part("file", photo)).await, 303);
    assert_eq!(send(form(&id, "The printer is on fire")).await, 303);
    assert_eq!(send(form("short", "never stored")).await, 400);
    let page = site.page(with_cookie(site.get("/chat?lang=en"), &visitor)).await;
    assert_eq!(page.matches("say say-customer").count(), 2, "{page}");
    assert!(page.contains("file-image") && page.contains("screen.png"), "{page}");
    assert!(!page.contains("<p></p>"), "an empty bubble: {page}");
    site.server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_address_of_a_form_and_a_form_nobody_can_read_are_told_kindly() {
    let site = Site::open().await;
    for (request, status, words) in [
        (site.get("/chat/send?lang=en"), 405, "There is nothing here"),
        (site.post("/chat/press?lang=en", &[("no", "action")]), 422, "We could not read that"),
        (site.get("/kb/%FF?lang=en"), 400, "We could not read that"),
    ] {
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{}", answer.url());
        assert!(answer.text().await.expect("a page").contains(words), "{status}");
    }
    site.server.running.stop().await;
}
