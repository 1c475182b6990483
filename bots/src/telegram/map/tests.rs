//! Tests of the mapping, on updates as the server writes them.
use serde_json::{Value, json};

use super::*;

const ME: Me<'_> = Me { id: "200", username: Some("our_bot") };

fn user() -> Value {
    json!({ "id": 5_000_000_001_i64, "is_bot": false, "first_name": "Li", "last_name": "Na", "language_code": "zh-hans" })
}

fn private(mut fields: Value) -> Value {
    fields["message_id"] = json!(7);
    fields["date"] = json!(1_790_000_000);
    fields["from"] = user();
    fields["chat"] = json!({ "id": 5_000_000_001_i64, "type": "private", "first_name": "Li" });
    json!({ "update_id": 42, "message": fields })
}

fn group(text: &str) -> Value {
    let mut update = private(json!({ "text": text }));
    update["message"]["chat"] = json!({ "id": -1_001_234_567_890_i64, "type": "supergroup", "title": "Ops" });
    update
}

fn envelope(raw: &Value) -> Envelope {
    let incoming = update(raw, &ME).incoming.expect("an event");
    assert_eq!(incoming.aside, None);
    serde_json::from_value(incoming.event).expect("an envelope")
}

fn text_of(raw: &Value) -> Option<String> {
    let incoming = update(raw, &ME).incoming?;
    match serde_json::from_value::<Envelope>(incoming.event).ok()?.event {
        Event::Message { text, .. } => Some(text),
        _ => None,
    }
}

#[test]
fn a_private_message() {
    let raw = private(json!({ "text": "开票报错 E-1042" }));
    let taken = update(&raw, &ME);
    let incoming = taken.incoming.unwrap();
    assert_eq!((incoming.external_id.as_str(), taken.update_id), ("42", Some(42)));
    assert_eq!((incoming.address.chat.as_str(), incoming.address.bot.as_str()), ("5000000001", "200"));
    let envelope = envelope(&raw);
    assert_eq!((envelope.name.as_str(), envelope.private), ("Li Na", true));
    assert_eq!(envelope.lang_hint.as_deref(), Some("zh-hans"));
    assert_eq!(envelope.sent_at, Some(Time(1_790_000_000_000)));
    assert!(
        matches!(envelope.event, Event::Message { id, text, .. } if id == "7" && text == "开票报错 E-1042")
    );
}

#[test]
fn files_and_albums() {
    let size = |id: &str, side: u32| json!({ "file_id": id, "file_unique_id": id, "file_size": side, "width": side, "height": side });
    let raw = private(
        json!({ "photo": [size("s", 90), size("l", 1280), size("m", 320)], "caption": "看图", "media_group_id": "g1" }),
    );
    let Event::Message { text, files, album, .. } = envelope(&raw).event else { panic!("a message") };
    assert_eq!((text.as_str(), album.as_deref()), ("看图", Some("g1")));
    assert_eq!(files[0].source, json!({ "file_id": "l" }));
    let raw = private(
        json!({ "document": { "file_id": "d", "file_unique_id": "d", "file_name": "a.log", "mime_type": "text/plain", "file_size": 12 } }),
    );
    let Event::Message { files, .. } = envelope(&raw).event else { panic!("a message") };
    assert_eq!((files[0].name.as_str(), files[0].mime.as_str(), files[0].size), ("a.log", "text/plain", 12));
}

#[test]
fn groups_hear_only_what_is_for_us() {
    assert_eq!(text_of(&group("just talk")), None);
    assert_eq!(text_of(&group("/help")).as_deref(), Some("/help"));
    assert_eq!(text_of(&group("/search@our_bot printer")).as_deref(), Some("/search printer"));
    assert_eq!(text_of(&group("/search@other_bot printer")), None);
    assert_eq!(text_of(&group("@Our_Bot, 打印机 E-1042")).as_deref(), Some("打印机 E-1042"));
    assert_eq!(text_of(&group("@our_bot，打印机")).as_deref(), Some("打印机"));
    assert_eq!(text_of(&group("@our_bot： E-1042")).as_deref(), Some("E-1042"));
    assert_eq!(text_of(&group("hey @our_bot help")).as_deref(), Some("hey help"));
    assert_eq!(text_of(&group("@our_bot_2 help")), None);
    let mut reply = group("still broken");
    reply["message"]["reply_to_message"] = json!({
        "message_id": 3, "date": 1, "text": "?", "chat": reply["message"]["chat"],
        "from": { "id": 200, "is_bot": true, "first_name": "Bot" },
    });
    assert_eq!(text_of(&reply).as_deref(), Some("still broken"));
    assert!(!envelope(&reply).private);
}

#[test]
fn buttons_edits_and_membership() {
    let message = json!({ "message_id": 9, "date": 1, "chat": { "id": 5_000_000_001_i64, "type": "private", "first_name": "Li" }, "text": "?" });
    let raw = json!({ "update_id": 1, "callback_query": { "id": "cb", "from": user(), "chat_instance": "1", "data": "ok:1", "message": message } });
    let taken = update(&raw, &ME);
    assert_eq!(taken.callback.as_deref(), Some("cb"));
    assert!(
        matches!(envelope(&raw).event, Event::Pressed { action, message_id, .. } if action == "ok:1" && message_id.as_deref() == Some("9"))
    );
    let mut raw = private(json!({ "text": "better", "edit_date": 2 }));
    raw["edited_message"] = raw["message"].take();
    raw.as_object_mut().unwrap().remove("message");
    assert!(matches!(envelope(&raw).event, Event::Edited { id, text } if id == "7" && text == "better"));
    assert_eq!(envelope(&raw).sent_at, Some(Time(2_000)), "when the words were changed");
    let bot = json!({ "id": 200, "is_bot": true, "first_name": "Bot" });
    let change = |old: Value, new: Value| {
        json!({ "update_id": 2, "my_chat_member": {
            "chat": { "id": 5, "type": "private", "first_name": "Li" }, "from": user(), "date": 1,
            "old_chat_member": old, "new_chat_member": new } })
    };
    let member = json!({ "status": "member", "user": bot });
    let kicked = json!({ "status": "kicked", "user": bot, "until_date": 0 });
    assert_eq!(envelope(&change(member.clone(), kicked.clone())).event, Event::Left);
    assert_eq!(envelope(&change(kicked, member)).event, Event::Returned);
}

#[test]
fn what_teloxide_does_not_know_yet_is_read_all_the_same() {
    let entities = json!([{ "type": "date_time_of_2027", "offset": 0, "length": 2 }]);
    let raw = private(json!({ "text": "E-1042", "entities": entities }));
    assert_eq!(text_of(&raw).as_deref(), Some("E-1042"));
    let raw = private(json!({ "hologram": { "file_id": "x" }, "caption": "look" }));
    assert_eq!(text_of(&raw).as_deref(), Some("look"));
}

#[test]
fn unknown_and_broken_updates_are_put_aside() {
    for raw in [
        json!({ "update_id": 5, "quantum_update": { "a": 1 } }),
        json!({ "update_id": 6, "message": { "text": "no sender" } }),
        private(json!({ "hologram": { "file_id": "x" } })),
        json!({ "no": "id" }),
        json!("not even an object"),
        json!({ "update_id": 7, "message": "\u{0}" }),
    ] {
        let taken = update(&raw, &ME);
        let incoming = taken.incoming.expect("something to keep");
        assert!(incoming.aside.is_some(), "{raw}");
    }
    let twice: Vec<String> =
        (0..2).map(|_| update(&json!({ "no": "id" }), &ME).incoming.unwrap().external_id).collect();
    assert_eq!(twice[0], twice[1], "the same rubbish is stored once");
}
