//! From an intent to what is done, and the commands and small talk that need no more than a few words.
use firstline_core::people::Profile;

use super::command::{self, Command};
use super::dialogue::{Album, CURRENT, Mode, Said};
use super::read::{self, Intent};
use super::say::{self, button, lines, message, paragraph, person_button, report_button};
use super::words::Talk;
use super::{Effect, Step, answer, follow, person, press, report, tickets, upgrade};
use crate::action::Action;
use crate::event::{Envelope, Event};
use crate::message::{Block, Outgoing};
use crate::texts::{Lang, t, tt};

/// Carries out an intent.
pub fn take(step: &mut Step<'_>, envelope: &Envelope, intent: &Intent) {
    match &envelope.event {
        Event::Message { id, text, files, album, .. } => {
            if *intent == Intent::Sibling {
                let first = step.dialogue.album.clone().unwrap_or_default().message;
                return step.effect(Effect::AddFiles { external_id: first, files: files.clone() });
            }
            let text = words_of(step, intent, text);
            step.effect(Effect::Heard {
                text: text.clone(),
                external_id: Some(id.clone()),
                files: files.clone(),
            });
            step.dialogue.album = album.as_ref().map(|a| Album { id: a.clone(), message: id.clone() });
            let said = Said {
                token: step.ctx.token.clone(),
                id: CURRENT.into(),
                external: Some(id.clone()),
                text,
                files: files.len(),
            };
            said_something(step, intent, said);
        }
        Event::Edited { id, text } => {
            step.dialogue.reword(id, text);
            step.effect(Effect::Edit { external_id: id.clone(), text: text.clone() });
        }
        Event::Pressed { .. } => match intent {
            Intent::Press(action) => press::pressed(step, action),
            _ => too_old(step),
        },
        Event::Left => step.effect(Effect::Unreachable),
        // `respond` has noted it.
        Event::Returned => {}
    }
}

/// What somebody said: of a command with words, the words.
fn words_of(step: &Step<'_>, intent: &Intent, text: &str) -> String {
    match intent {
        Intent::Command(Command::Report(words) | Command::Search(words)) if !words.is_empty() => {
            words.clone()
        }
        Intent::Command(Command::Human(words)) if words.is_empty() => tt(step.lang, "button-person"),
        Intent::Command(Command::Human(words)) => words.clone(),
        _ => text.trim().to_string(),
    }
}

fn said_something(step: &mut Step<'_>, intent: &Intent, said: Said) {
    match intent {
        Intent::Limited => return limited(step),
        Intent::Command(command) => return run(step, command, said),
        Intent::Person(wish) => return person::wished(step, *wish, said),
        Intent::PersonSubject => return person::subject(step, said),
        Intent::FollowUp => return follow::follow_up(step, said),
        Intent::ReportWords => return report::words(step, said),
        _ => {}
    }
    step.dialogue.remember_message(said.clone());
    match intent {
        Intent::Files => files_only(step, &said),
        Intent::Verdict { solved } => typed_verdict(step, *solved),
        Intent::Talk(talk) => small_talk(step, *talk),
        Intent::Disaster => report::from_disaster(step, said),
        Intent::Question => {
            let question = said.text.clone();
            answer::answer(step, &question, None, Some(said));
        }
        Intent::Upgrade => upgrade::answer(step, said),
        _ => empty(step),
    }
}

fn run(step: &mut Step<'_>, command: &Command, said: Said) {
    match command {
        Command::Start(payload) => start(step, payload, said),
        Command::Help => help(step),
        Command::Search(words) if words.is_empty() => step.say(message([tt(step.lang, "search-what")])),
        Command::Search(words) => {
            step.dialogue.remember_message(said.clone());
            answer::answer(step, words, None, Some(said));
        }
        Command::Report(words) => report::from_command(step, words, said),
        Command::Tickets => tickets::list(step),
        Command::Status(number) => tickets::status(step, number),
        Command::Human(words) => person::commanded(step, words, said),
        Command::Lang(tag) => match Lang::known(tag) {
            Some(lang) => set_lang(step, lang),
            None => offer_langs(step),
        },
        Command::Cancel => cancel(step),
        Command::Unknown => {
            step.say(message([tt(step.lang, "command-unknown"), tt(step.lang, "help-commands")]));
        }
    }
}

fn start(step: &mut Step<'_>, payload: &str, said: Said) {
    let (place, _) = command::payload(payload);
    match place {
        "report" => report::from_group(step),
        "human" => person::commanded(step, "", said),
        "tickets" => tickets::list(step),
        _ => {
            step.dialogue.mode = Mode::Idle;
            greet(step, "greeting");
        }
    }
}

/// A short greeting with questions to tap (猜你想问).
fn greet(step: &mut Step<'_>, key: &str) {
    let lang = step.lang;
    let mut out = message([tt(lang, key)]);
    for article in step.facts.frequent.iter().take(8) {
        let action = Action::Frequent { article: article.id.clone() };
        out.buttons.push(vec![button(say::clip(&article.title, 60), &action)]);
    }
    if !out.buttons.is_empty() {
        out.blocks.push(paragraph(tt(lang, "greeting-frequent")));
    }
    out.buttons.push(vec![report_button(lang, None), person_button(lang, None)]);
    step.say(out);
}

fn help(step: &mut Step<'_>) {
    let lang = step.lang;
    let mut out = message([tt(lang, "help-intro")]);
    let names = ["search", "report", "tickets", "status", "human", "lang", "cancel"];
    out.blocks.push(lines(names.map(|n| format!("/{n} — {}", tt(lang, &format!("help-{n}")))).to_vec()));
    out.buttons = vec![vec![report_button(lang, None), person_button(lang, None)]];
    step.say(out);
}

pub fn set_lang(step: &mut Step<'_>, lang: Lang) {
    step.lang = lang;
    step.effect(Effect::Remember(Profile { lang: Some(lang.tag().into()), ..Profile::default() }));
    greet(step, "lang-set");
}

fn offer_langs(step: &mut Step<'_>) {
    let mut out = message([tt(step.lang, "lang-which")]);
    out.buttons = vec![vec![
        button("中文", &Action::Lang { tag: Lang::Zh.tag() }),
        button("English", &Action::Lang { tag: Lang::En.tag() }),
    ]];
    step.say(out);
}

/// Keeps nothing half-made, and says so.
pub fn cancel(step: &mut Step<'_>) {
    if step.dialogue.parked_now {
        step.dialogue.take_up();
    }
    let key = match std::mem::take(&mut step.dialogue.mode) {
        Mode::Reporting(report) => {
            step.dialogue.drop_report(&report.token);
            "cancel-report"
        }
        Mode::Person { .. } | Mode::Appending { .. } | Mode::Contesting { .. } => "cancel-other",
        Mode::Idle => "cancel-nothing",
    };
    step.say(message([tt(step.lang, key)]));
}

fn limited(step: &mut Step<'_>) {
    if let Some(ticket) = step.ctx.replied.clone() {
        step.effect(Effect::AddToTicket { number: ticket.number, message_id: CURRENT.into() });
    }
    if !read::said_slow_down_lately(&step.dialogue, step.ctx.received_at) {
        step.dialogue.slowed = Some(step.ctx.received_at);
        step.say(message([tt(step.lang, "slow-down")]));
    }
}

/// Files without words: which ticket, or a new report?
fn files_only(step: &mut Step<'_>, said: &Said) {
    let lang = step.lang;
    let open = step.facts.open();
    let mut out = message([t(lang, "files-where", &[("count", said.files.into())])]);
    for ticket in step.facts.tickets.iter().filter(|t| t.status.is_open()).take(5) {
        let label = format!("{} {}", ticket.number, say::clip(&ticket.title, 30));
        let action = Action::AddTo { message: said.token.clone(), number: ticket.number };
        out.buttons.push(vec![button(label, &action)]);
    }
    if open.is_empty() {
        out.blocks = vec![paragraph(t(lang, "files-what", &[("count", said.files.into())]))];
    }
    out.buttons.push(vec![report_button(lang, Some(&said.token)), person_button(lang, Some(&said.token))]);
    step.say(out);
}

fn typed_verdict(step: &mut Step<'_>, solved: bool) {
    match (step.dialogue.open_answer().map(|g| g.token.clone()), solved) {
        (Some(token), true) => answer::solved(step, &token),
        (Some(token), false) => answer::broken(step, &token),
        (None, true) => small_talk(step, Talk::Solved),
        (None, false) => small_talk(step, Talk::Broken),
    }
}

/// A short kind answer, no search. "It works" without an answer in sight is about a solved ticket.
fn small_talk(step: &mut Step<'_>, talk: Talk) {
    let waiting = read::awaiting_verdict(&step.facts.tickets).cloned();
    match (talk, waiting) {
        (Talk::Solved, Some(ticket)) => return tickets::works(step, &ticket),
        (Talk::Broken, Some(ticket)) => return tickets::still_broken(step, &ticket),
        _ => {}
    }
    let lang = step.lang;
    let key = match talk {
        Talk::Hello => "talk-hello",
        Talk::Thanks => "talk-thanks",
        Talk::Solved => "talk-solved",
        Talk::Broken => "talk-broken",
    };
    let mut out = message([tt(lang, key)]);
    if matches!(talk, Talk::Hello | Talk::Broken) {
        out.buttons = vec![vec![report_button(lang, None), person_button(lang, None)]];
    }
    let token = step.dialogue.heard.last().map(|s| s.token.clone()).unwrap_or_default();
    if talk == Talk::Broken {
        out.buttons.extend(say::add_button(lang, &token, &step.facts.open()).map(|b| vec![b]));
    }
    step.say(out);
}

fn empty(step: &mut Step<'_>) {
    let mut out = message([tt(step.lang, "talk-empty")]);
    out.buttons = vec![vec![report_button(step.lang, None), person_button(step.lang, None)]];
    step.say(out);
}

pub fn too_old(step: &mut Step<'_>) {
    let mut out = message([tt(step.lang, "button-too-old")]);
    out.buttons = vec![vec![report_button(step.lang, None), person_button(step.lang, None)]];
    step.say_aside(out);
}

/// In a group nothing personal is said: the way to a private chat (see `say::with_private_links`).
pub fn to_private(step: &mut Step<'_>, payload: &str) {
    let mut out: Outgoing = message([tt(step.lang, "group-private")]);
    let label = tt(step.lang, "button-private");
    let url = Some(format!("private:{payload}-{}", step.ctx.conversation));
    out.buttons = vec![vec![crate::message::Button { label, action: String::new(), url }]];
    step.say_aside(out);
}

/// The heading of a message about a ticket.
pub fn ticket_heading(number: firstline_core::ticket::Number, title: &str) -> Block {
    Block::Heading(format!("{number} {title}"))
}
