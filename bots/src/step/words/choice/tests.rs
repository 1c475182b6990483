//! What typed answers stand for, and what they must not be taken for.
use super::*;

#[test]
fn typed_words_stand_for_buttons() {
    assert_eq!(scope_of("大家都用不了"), Some(Scope::Most));
    assert_eq!(scope_of("好像就我不行"), Some(Scope::Single));
    assert_eq!(scope_of("a few of us"), Some(Scope::Many));
    assert_eq!(scope_of("它是蓝色的"), None);
    assert_eq!(effect_of("慢得要命"), Some(Effect::Degraded));
    assert_eq!(effect_of("完全用不了"), Some(Effect::Stopped));
    assert_eq!(effect_of("only one function fails"), Some(Effect::Partial));
    assert_eq!(effect_of("it might stop any time"), Some(Effect::AtRisk));
    assert_eq!(workaround_of("没有办法"), Some(false));
    assert_eq!(workaround_of("有，可以手写"), Some(true));
    assert_eq!(workaround_of("no"), Some(false));
    assert_eq!(workaround_of("蓝色"), None);
    assert_eq!(nth_of("2", 3), Some(1));
    assert_eq!(nth_of("4", 3), None);
}

#[test]
fn more_than_one_is_not_one() {
    for (text, scope) in [
        ("不只是我一个人，大家都这样", Some(Scope::Most)),
        ("不止我一个人", Some(Scope::Many)),
        ("not just me, everyone", Some(Scope::Most)),
        ("It's not only me", Some(Scope::Many)),
        ("就我们几个", Some(Scope::Many)),
        ("只有我们部门", Some(Scope::Many)),
        ("只有我，其他人都正常", Some(Scope::Single)),
        ("Just me, everyone else is fine", Some(Scope::Single)),
        ("just me, it does not print at all", Some(Scope::Single)),
        ("all of us", Some(Scope::Most)),
        ("tell me what to do", None),
    ] {
        assert_eq!(scope_of(text), scope, "{text}");
    }
}

#[test]
fn a_short_word_inside_a_sentence_is_no_yes() {
    for (text, way) in [
        ("不可能", Some(false)),
        ("只能停工等", Some(false)),
        ("没办法", Some(false)),
        ("we can't", Some(false)),
        ("这个功能必须用", None),
        ("正在进行", None),
        ("有人说过", None),
        ("能", Some(true)),
        ("行", Some(true)),
        ("是的", Some(true)),
        ("能手写顶着", Some(true)),
        ("有个老办法", Some(true)),
        ("可以先手写", Some(true)),
        ("yes, by hand", Some(true)),
    ] {
        assert_eq!(workaround_of(text), way, "{text}");
    }
}

#[test]
fn reads_versions() {
    for (text, version) in
        [("v3.2.1", "3.2.1"), ("版本是 3.2", "3.2"), ("Invoice 3.2.1-beta", "3.2.1-beta"), ("5", "5")]
    {
        assert_eq!(version_in(text).as_deref(), Some(version), "{text}");
    }
    assert_eq!(version_in("最新版"), None);
}
