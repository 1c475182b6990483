//! What an event means. The order of the questions is the order of precedence: a wish for a person
//! outranks every other reading of a text, a reply to a ticket's message belongs to that ticket, a
//! question that was asked is answered, and only then is a message a new question.
use firstline_core::Time;
use firstline_core::files::FileOffer;
use firstline_core::ticket::{Number, Status};
use firstline_kb::{Question, language, version};
use serde_json::Value;

use super::command::{Command, command, payload};
use super::dialogue::{Dialogue, Mode};
use super::words::{self, Talk, Wish};
use super::{Ask, Context, Wants, answer, upgrade};
use crate::action::Action;
use crate::event::{Envelope, Event};
use crate::texts::Lang;

/// Nobody is limited below this many messages in the window.
const FLOOD_MESSAGES: usize = 20;
pub const FLOOD_WINDOW_MILLIS: i64 = 10_000;
const HITS: usize = 6;

#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    Command(Command),
    /// A person is asked for.
    Person(Wish),
    /// Says what the wish for a person is about.
    PersonSubject,
    /// Belongs to a ticket: a reply to its message, or announced by a button.
    FollowUp,
    /// An answer within the guided report.
    ReportWords,
    /// Files without words.
    Files,
    /// A late part of an album.
    Sibling,
    /// A verdict on the open answer, typed.
    Verdict {
        solved: bool,
    },
    Talk(Talk),
    /// Words of disaster: a report begins at once.
    Disaster,
    Question,
    /// "Which patch do I need?", or the version we asked for.
    Upgrade,
    /// Too many messages: stored, not answered.
    Limited,
    /// Nothing readable in it.
    Empty,
    Press(Action),
    /// A button nobody understands any more.
    StalePress,
    Edited,
    Left,
    Returned,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub lang: Lang,
    pub intent: Intent,
    pub wants: Wants,
}

/// Reads an event: what it means, in which language to answer, what must be looked up.
pub fn read(dialogue: &Dialogue, envelope: &Envelope, ctx: &Context) -> Reading {
    let intent = intent(dialogue, envelope, ctx);
    let lang = language_of(dialogue, envelope, ctx, &intent);
    let wants = wants(dialogue, envelope, ctx, &intent, lang);
    Reading { lang, intent, wants }
}

pub fn ack_of(envelope: &Envelope) -> Option<String> {
    match &envelope.event {
        Event::Message { ack, .. } | Event::Pressed { ack, .. } => ack.clone(),
        _ => None,
    }
}

/// The dialogue as this event finds it, for `read` and `respond` alike: a message after a long silence
/// begins a new episode, a button of a report that was put aside takes it up again.
pub fn recall(stored: &Value, envelope: &Envelope, ctx: &Context) -> Dialogue {
    let mut dialogue = Dialogue::load(stored);
    match &envelope.event {
        Event::Message { .. } => dialogue.begin_episode(ctx.now, ctx.received_at),
        Event::Pressed { action, .. } if of_parked(&dialogue, action) => dialogue.take_up(),
        _ => {}
    }
    dialogue
}

fn of_parked(dialogue: &Dialogue, action: &str) -> bool {
    let Ok(action) = action.parse::<Action>() else { return false };
    let token = match &action {
        Action::Choose { report, .. }
        | Action::Edit { report, .. }
        | Action::Confirm { report }
        | Action::Cancel { report }
        | Action::Search { report } => Some(report),
        Action::Report { about } | Action::Person { about } => about.as_ref(),
        _ => None,
    };
    token.is_some() && dialogue.parked.as_ref().map(|r| &r.token) == token
}

/// Keeps the times that the flood guard and the end of an episode need.
pub fn note_arrival(dialogue: &mut Dialogue, envelope: &Envelope, ctx: &Context) {
    if matches!(envelope.event, Event::Message { .. } | Event::Pressed { .. }) {
        dialogue.active = Some(ctx.received_at);
    }
    if matches!(envelope.event, Event::Message { .. }) {
        let from = ctx.received_at.millis() - FLOOD_WINDOW_MILLIS;
        dialogue.arrivals.retain(|at| *at > from);
        dialogue.arrivals.push(ctx.received_at.millis());
    }
}

fn intent(dialogue: &Dialogue, envelope: &Envelope, ctx: &Context) -> Intent {
    match &envelope.event {
        Event::Message { text, files, album, .. } => message(dialogue, ctx, text, files, album.as_deref()),
        Event::Edited { .. } => Intent::Edited,
        Event::Pressed { action, .. } => action.parse().map_or(Intent::StalePress, Intent::Press),
        Event::Left => Intent::Left,
        Event::Returned => Intent::Returned,
    }
}

fn message(
    dialogue: &Dialogue,
    ctx: &Context,
    text: &str,
    files: &[FileOffer],
    album: Option<&str>,
) -> Intent {
    let wordless = text.trim().is_empty();
    if wordless && album.is_some() && album == dialogue.album.as_ref().map(|a| a.id.as_str()) {
        return Intent::Sibling;
    }
    if is_flood(dialogue, ctx) {
        return Intent::Limited;
    }
    if let Some(command) = command(text) {
        return Intent::Command(command);
    }
    if let Some(wish) = words::wish_for_person(text) {
        return Intent::Person(wish);
    }
    if ctx.replied.is_some() {
        return Intent::FollowUp;
    }
    match &dialogue.mode {
        Mode::Reporting(_) if !wordless || !files.is_empty() => return Intent::ReportWords,
        Mode::Person { .. } if !wordless || !files.is_empty() => return Intent::PersonSubject,
        Mode::Appending { .. } if !wordless || !files.is_empty() => return Intent::FollowUp,
        Mode::Contesting { .. } if !wordless => return Intent::FollowUp,
        _ => {}
    }
    match (wordless, files.is_empty()) {
        (true, true) => Intent::Empty,
        (true, false) => Intent::Files,
        (false, _) => idle_text(dialogue, text),
    }
}

fn idle_text(dialogue: &Dialogue, text: &str) -> Intent {
    match (words::small_talk(text), dialogue.open_answer().is_some_and(|g| g.current.is_some())) {
        (Some(Talk::Solved), true) => return Intent::Verdict { solved: true },
        (Some(Talk::Broken), true) => return Intent::Verdict { solved: false },
        (Some(talk), _) => return Intent::Talk(talk),
        (None, _) => {}
    }
    if words::disaster(text).is_some() {
        return Intent::Disaster;
    }
    if text.trim().to_ascii_lowercase().starts_with("fl") && text.parse::<Number>().is_ok() {
        return Intent::Command(Command::Status(text.trim().to_string()));
    }
    if words::wants_upgrade(text) || tells_version(dialogue, text) {
        return Intent::Upgrade;
    }
    Intent::Question
}

/// A short message with a version in it, after we asked for one.
fn tells_version(dialogue: &Dialogue, text: &str) -> bool {
    let asked = dialogue.upgrade.as_ref().is_some_and(|open| open.wants_version);
    asked && text.chars().count() <= 40 && !version::mentions(text).is_empty()
}

fn is_flood(dialogue: &Dialogue, ctx: &Context) -> bool {
    let from = ctx.received_at.millis() - FLOOD_WINDOW_MILLIS;
    dialogue.arrivals.iter().filter(|at| **at > from).count() >= FLOOD_MESSAGES
}

/// The user's choice, else the script of the message, else what was spoken last, else the client's hint.
fn language_of(dialogue: &Dialogue, envelope: &Envelope, ctx: &Context, intent: &Intent) -> Lang {
    if let Intent::Press(Action::Lang { tag }) = intent {
        return Lang::from(*tag);
    }
    if let Intent::Command(Command::Lang(tag)) = intent
        && let Some(lang) = Lang::known(tag)
    {
        return lang;
    }
    let hint = envelope.lang_hint.as_deref().map(Lang::from);
    ctx.chosen
        .or_else(|| script_of(dialogue, envelope, ctx, intent))
        .or(ctx.spoken)
        .or(hint)
        .unwrap_or_default()
}

/// The language the words are written in, where they decide it: "ok" or a version typed into a running
/// Chinese report does not make it English.
fn script_of(dialogue: &Dialogue, envelope: &Envelope, ctx: &Context, intent: &Intent) -> Option<Lang> {
    let Event::Message { text, .. } = &envelope.event else { return None };
    let words = match intent {
        Intent::Command(Command::Search(rest) | Command::Report(rest) | Command::Human(rest))
            if text.trim_start().starts_with('/') =>
        {
            rest.as_str()
        }
        Intent::Command(_) if text.trim_start().starts_with('/') => "",
        _ => text,
    };
    let guess = language::guess(words).map(Lang::from)?;
    let running = !matches!(dialogue.mode, Mode::Idle) && ctx.spoken.is_some();
    let short = words.split_whitespace().count() < 3;
    (guess == Lang::Zh || !(running && short)).then_some(guess)
}

fn wants(dialogue: &Dialogue, envelope: &Envelope, ctx: &Context, intent: &Intent, lang: Lang) -> Wants {
    let text = match &envelope.event {
        Event::Message { text, .. } => text.as_str(),
        _ => "",
    };
    let mut wants = Wants::default();
    match intent {
        Intent::Command(command) => of_command(&mut wants, command, dialogue, ctx, lang),
        Intent::Person(_) | Intent::PersonSubject => for_packet(&mut wants, dialogue, ctx),
        Intent::Files | Intent::Question | Intent::Upgrade | Intent::Talk(_) | Intent::Empty => {
            wants.tickets = true
        }
        Intent::Disaster => begins_report(&mut wants),
        Intent::Verdict { solved: false } => {
            if let Some(given) = dialogue.open_answer() {
                after_broken(&mut wants, given);
            }
        }
        Intent::FollowUp => {
            if let (None, Mode::Appending { number } | Mode::Contesting { number }) =
                (&ctx.replied, &dialogue.mode)
            {
                wants.ticket = Some(*number);
            }
        }
        Intent::ReportWords => wants_of_card(&mut wants, dialogue, ctx),
        Intent::Press(action) => of_press(&mut wants, action, dialogue, ctx, lang),
        _ => {}
    }
    if matches!(intent, Intent::Question | Intent::Upgrade) {
        wants.answer = Some(question(text, None, lang));
    }
    if *intent == Intent::Upgrade {
        wants.advice = Some(upgrade::asked(text, dialogue.upgrade.as_ref()));
    }
    if !ctx.private {
        keep_private(&mut wants);
    }
    wants
}

/// Where others read along nothing of the person's tickets is known, so nothing of them can be shown or changed.
fn keep_private(wants: &mut Wants) {
    wants.tickets = false;
    wants.ticket = None;
    wants.transcript = None;
    wants.files_of.clear();
}

/// A question to the kb. A remembered product does not narrow it: people also ask about others.
pub fn question(text: &str, product: Option<String>, lang: Lang) -> Question {
    Question {
        text: text.to_string(),
        lang: Some(lang.tag().into()),
        product,
        version: None,
        kind: None,
        limit: HITS,
    }
}

fn of_command(wants: &mut Wants, command: &Command, dialogue: &Dialogue, ctx: &Context, lang: Lang) {
    match command {
        Command::Start(link) => of_link(wants, link, dialogue, ctx),
        Command::Lang(_) => wants.frequent = true,
        Command::Search(words) if !words.is_empty() => {
            wants.answer = Some(question(words, None, lang));
            wants.tickets = true;
        }
        Command::Report(_) => begins_report(wants),
        Command::Tickets => wants.tickets = true,
        Command::Status(number) => {
            wants.tickets = true;
            wants.ticket = number.parse().ok();
        }
        Command::Human(_) => for_packet(wants, dialogue, ctx),
        _ => {}
    }
}

fn of_link(wants: &mut Wants, link: &str, dialogue: &Dialogue, ctx: &Context) {
    let (place, group) = payload(link);
    wants.group = group.map(str::to_string);
    match place {
        "report" => begins_report(wants),
        "human" => for_packet(wants, dialogue, ctx),
        "tickets" => wants.tickets = true,
        _ => wants.frequent = true,
    }
}

fn of_press(wants: &mut Wants, action: &Action, dialogue: &Dialogue, ctx: &Context, lang: Lang) {
    match action {
        Action::Frequent { article } => wants.article = Some(article.clone()),
        Action::Pick { answer, nth } => {
            wants.article = dialogue.given(answer).and_then(|g| g.hits.get(*nth)).map(|h| h.id.clone());
        }
        Action::Product { answer, nth } => {
            if let Some(given) = dialogue.given(answer) {
                wants.answer =
                    given.products.get(*nth).map(|p| question(&given.question, Some(p.clone()), lang));
            }
        }
        Action::Broken { answer } => {
            if let Some(given) = dialogue.given(answer) {
                after_broken(wants, given);
            }
        }
        Action::Search { report } => {
            let mine = dialogue.report().filter(|r| r.token == *report);
            wants.answer = mine.map(|r| question(&r.text, None, lang));
        }
        Action::Report { .. } => begins_report(wants),
        Action::Person { .. } | Action::PersonNow | Action::Confirm { .. } => {
            for_packet(wants, dialogue, ctx)
        }
        Action::Which { .. } | Action::Tickets => wants.tickets = true,
        Action::AddTo { number, .. }
        | Action::Append { number }
        | Action::Status { number }
        | Action::Contest { number }
        | Action::Works { number }
        | Action::StillBroken { number }
        | Action::FixWorks { number }
        | Action::FixBroken { number }
        | Action::Stars { number, .. } => wants.ticket = Some(*number),
        Action::Lang { .. } => wants.frequent = true,
        Action::Upgrade { asked, nth } => {
            let open = dialogue.upgrade.as_ref().filter(|p| p.token == *asked);
            wants.advice = open.and_then(|p| upgrade::chosen(p, *nth));
        }
        Action::Subscribe { product, .. } => wants.product_title = Some(product.clone()),
        _ => {}
    }
}

fn after_broken(wants: &mut Wants, given: &super::dialogue::Given) {
    match answer::next_good(given) {
        Some(next) => wants.article = Some(given.hits[next].id.clone()),
        None => begins_report(wants),
    }
}

fn begins_report(wants: &mut Wants) {
    wants.products = true;
}

/// A ticket may be opened in this turn: its packet needs what was said and which files came.
fn for_packet(wants: &mut Wants, dialogue: &Dialogue, ctx: &Context) {
    wants.transcript = Some(dialogue.since.unwrap_or(ctx.now));
    wants.tickets = true;
    let in_report = dialogue.report().map_or(&[][..], |r| &r.said);
    let with_files = in_report.iter().chain(&dialogue.heard).filter(|s| s.files > 0);
    wants.files_of = with_files.map(|s| s.id.clone()).collect();
}

/// "yes" typed at the card confirms it.
fn wants_of_card(wants: &mut Wants, dialogue: &Dialogue, ctx: &Context) {
    if dialogue.report().is_some_and(|r| r.current == Ask::Confirm) {
        for_packet(wants, dialogue, ctx);
    }
}

/// The person's newest ticket that staff solved and they did not confirm.
pub fn awaiting_verdict(tickets: &[super::TicketRef]) -> Option<&super::TicketRef> {
    tickets.iter().find(|t| t.status == Status::Resolved)
}

/// When the present flood window began to count.
pub fn said_slow_down_lately(dialogue: &Dialogue, now: Time) -> bool {
    dialogue.slowed.is_some_and(|at| now.since(at) < FLOOD_WINDOW_MILLIS)
}
