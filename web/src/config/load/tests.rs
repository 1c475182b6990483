//! What an operator relies on: precedence, names, and complaints that say where and what.
use super::*;

fn file(text: &str) -> (Flags, PathBuf) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let n = COUNT.fetch_add(1, Ordering::SeqCst);
    let path = std::env::temp_dir().join(format!("firstline-config-{}-{n}.toml", std::process::id()));
    std::fs::write(&path, text).unwrap();
    (Flags { config: Some(path.clone()), ..Flags::default() }, path)
}

fn env(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect()
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let (mut flags, _) = file("listen = \"127.0.0.1:1\"\n[telegram]\ntoken = \"1:a\"\n");
    let from_file = load(&flags, &env(&[])).unwrap().config;
    assert_eq!(
        (from_file.listen.as_str(), from_file.telegram.token.unwrap().expose()),
        ("127.0.0.1:1", "1:a")
    );
    let variables = env(&[("FIRSTLINE_LISTEN", "127.0.0.1:2"), ("FIRSTLINE_TELEGRAM_TOKEN", "")]);
    let from_env = load(&flags, &variables).unwrap().config;
    assert_eq!((from_env.listen.as_str(), from_env.telegram.token.is_some()), ("127.0.0.1:2", true));
    flags.listen = Some("127.0.0.1:3".into());
    assert_eq!(load(&flags, &variables).unwrap().config.listen, "127.0.0.1:3");
}

#[test]
fn a_complaint_about_the_file_names_file_line_and_key() {
    let (flags, path) = file("listen = \"127.0.0.1:1\"\n\n[telegram]\ntokn = \"x\"\n");
    let message = load(&flags, &env(&[])).unwrap_err();
    let place = format!("{}:4: unknown key telegram_tokn; did you mean telegram_token?", path.display());
    assert_eq!(message, place);
    for (text, line, words) in [
        ("search_public = \"maybe\"", 1, "search_public: wrong value; expected true or false"),
        ("\nlisten = 5", 2, "listen: wrong value; expected HOST:PORT"),
        ("rate_limit = [1]", 1, "rate_limit: wrong value; expected requests"),
        ("telegram_mode = \"push\"", 1, "polling or webhook"),
        ("listen = \n", 1, ""),
    ] {
        let (flags, path) = file(text);
        let message = load(&flags, &env(&[])).unwrap_err();
        assert!(message.starts_with(&format!("{}:{line}: ", path.display())), "{text}: {message}");
        assert!(message.contains(words), "{text}: {message}");
    }
}

#[test]
fn unknown_variables_are_named_and_secrets_never_are() {
    let (flags, _) = file("");
    let loaded =
        load(&flags, &env(&[("FIRSTLINE_LISTN", "x"), ("FIRSTLINE_DISCORD_TOKEN", "hush")])).unwrap();
    assert_eq!(loaded.warnings.len(), 1);
    assert!(loaded.warnings[0].contains("FIRSTLINE_LISTN"));
    assert!(!format!("{:?}", loaded.config).contains("hush"));
    let wrong = load(&flags, &env(&[("FIRSTLINE_DATABASE_URL", "mysql://u:hush@h/d")])).unwrap_err();
    assert!(wrong.starts_with("FIRSTLINE_DATABASE_URL: ") && !wrong.contains("hush"), "{wrong}");
}

#[test]
fn a_webhook_needs_its_address_and_its_secret() {
    let (flags, _) =
        file("[telegram]\ntoken = \"1:a\"\nmode = \"webhook\"\nwebhook_url = \"https://a.example/tg\"\n");
    assert!(load(&flags, &env(&[])).unwrap_err().contains("telegram_webhook_secret is missing"));
    assert!(load(&flags, &env(&[("FIRSTLINE_TELEGRAM_WEBHOOK_SECRET", "s")])).is_ok());
    let at_root = env(&[("FIRSTLINE_TELEGRAM_WEBHOOK_URL", "https://a.example/")]);
    assert!(load(&flags, &at_root).unwrap_err().contains("path of its own"));
}

#[test]
fn the_example_documents_every_key_and_is_valid() {
    let text = include_str!("../../../../firstline.example.toml");
    let uncommented: String =
        text.lines().map(|line| line.strip_prefix("#= ").unwrap_or(line)).collect::<Vec<_>>().join("\n");
    let mut config = Config::default();
    file::apply(&mut config, Path::new("firstline.example.toml"), &uncommented).unwrap();
    for key in KEYS {
        assert!(text.contains(&key.env()), "{} is not documented", key.env());
    }
}
