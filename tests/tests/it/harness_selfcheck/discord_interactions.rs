//! serenity answers interactions of the fake: in time, once, deferred, with choices.
use std::time::Duration;

use serde_json::json;
use serenity::all::{
    AutocompleteChoice, ButtonStyle, ChannelId, Command, CommandOptionType, CreateActionRow,
    CreateAutocompleteResponse, CreateButton, CreateCommand, CreateCommandOption,
    CreateInteractionResponse as Respond, CreateInteractionResponseFollowup,
    CreateInteractionResponseMessage as Text, CreateMessage, EditInteractionResponse, Interaction,
};
use serenity::http::HttpError;

use super::discord_client::{INTENTS, Running, start};
use crate::harness::fake_discord::{FakeDiscord, Via};

fn code(error: &serenity::Error) -> isize {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(refusal)) => refusal.error.code,
        other => panic!("{other}"),
    }
}

async fn register(client: &Running) {
    let query = CreateCommandOption::new(CommandOptionType::String, "q", "what to look for").required(true);
    let search =
        CreateCommand::new("search").description("Search articles").add_option(query.set_autocomplete(true));
    Command::set_global_commands(&client.http, vec![search]).await.expect("registered");
}

#[tokio::test]
async fn a_command_is_deferred_and_answered_later() {
    let fake = FakeDiscord::start().await;
    let client = start(&fake, INTENTS).await;
    register(&client).await;
    fake.await_command("search").await;
    let li = fake.person("李雷");
    let id = li.slash("search", &[("q", json!("E-1042"))]);
    let Interaction::Command(command) = client.seen.interaction().await else { panic!("not a command") };
    assert_eq!((command.data.name.as_str(), command.locale.as_str()), ("search", "zh-CN"));
    command.create_response(&client.http, Respond::Defer(Text::new())).await.expect("deferred");
    assert_eq!(fake.await_ack(id).await.kind, 5);
    assert!(fake.interaction(id).answered_after().expect("answered") < Duration::from_secs(3));
    let twice = command.create_response(&client.http, Respond::Defer(Text::new())).await.expect_err("twice");
    assert_eq!(code(&twice), 40_060);

    let edit = EditInteractionResponse::new().content("E-1042: 连不上服务器");
    command.edit_response(&client.http, edit).await.expect("fulfilled");
    let follow_up = CreateInteractionResponseFollowup::new().content("还有什么?").ephemeral(true);
    command.create_followup(&client.http, follow_up).await.expect("followed up");
    let (answer, more) = (li.next_sent().await, li.next_sent().await);
    assert_eq!((answer.via, answer.content.as_str()), (Via::Response, "E-1042: 连不上服务器"));
    assert_eq!((more.via, more.ephemeral), (Via::FollowUp, true));
    fake.let_interaction_expire(id);
    let late = command.edit_response(&client.http, EditInteractionResponse::new().content("late")).await;
    assert_eq!(code(&late.expect_err("the token is dead")), 50_027);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_press_changes_its_message() {
    let fake = FakeDiscord::start().await;
    let client = start(&fake, INTENTS).await;
    let li = fake.person("李雷");
    let solved = CreateButton::new("s:1").label("已解决").style(ButtonStyle::Success);
    let message =
        CreateMessage::new().content("好了吗?").components(vec![CreateActionRow::Buttons(vec![solved])]);
    ChannelId::new(li.channel_id()).send_message(&client.http, message).await.expect("sent");
    li.press_when_shown("已解决").await;
    let Interaction::Component(press) = client.seen.interaction().await else { panic!("not a press") };
    assert_eq!(press.data.custom_id, "s:1");
    let update = Text::new().content("太好了").components(Vec::new());
    press.create_response(&client.http, Respond::UpdateMessage(update)).await.expect("updated");
    let now = li.await_text("太好了").await;
    assert_eq!((now.earlier.as_slice(), now.labels().len()), (["好了吗?".to_owned()].as_slice(), 0));
    assert_eq!(fake.unanswered_interactions(), Vec::<u64>::new());
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn after_three_seconds_an_interaction_is_unknown() {
    let fake = FakeDiscord::start().await;
    let client = start(&fake, INTENTS).await;
    register(&client).await;
    fake.answer_within(Duration::ZERO);
    fake.person("李雷").slash("search", &[("q", json!("x"))]);
    let Interaction::Command(command) = client.seen.interaction().await else { panic!("not a command") };
    let late = command.create_response(&client.http, Respond::Defer(Text::new())).await;
    assert_eq!(code(&late.expect_err("too late")), 10_062);
}

#[tokio::test]
async fn completions_while_typing() {
    let fake = FakeDiscord::start().await;
    let client = start(&fake, INTENTS).await;
    register(&client).await;
    let guild = fake.guild("Acme");
    let li = fake.person("李雷").in_channel(fake.channel(guild, "support"));
    let id = li.types_into("search", "q", "E-10");
    let Interaction::Autocomplete(typing) = client.seen.interaction().await else { panic!("not typing") };
    assert_eq!(typing.data.autocomplete().expect("an option in work").value, "E-10");
    let choices = vec![AutocompleteChoice::new("E-1042 连不上服务器", "E-1042")];
    let choices = CreateAutocompleteResponse::new().set_choices(choices);
    typing.create_response(&client.http, Respond::Autocomplete(choices)).await.expect("offered");
    assert_eq!(fake.await_choices(id).await, ["E-1042 连不上服务器"]);
}
