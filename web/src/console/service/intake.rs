//! `/console/new`: logging a case that came by phone, letter, fax or e-mail (P3-07). Three fields are
//! enough; the rest can follow on the ticket's page.
use askama::Template;
use axum::extract::State;
use firstline_core::Error;
use firstline_core::desk::NewRequest;
use firstline_core::desk::service::{NewCase, SOURCES};
use firstline_core::severity::{Effect, Scope, Situation};
use firstline_core::ticket::Kind;

use super::choices::{Choice, choices};
use super::fields::{Fields, problem};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

#[derive(Template)]
#[template(path = "console/service/intake.html")]
struct IntakePage {
    p: Page,
    seat: Seat,
    sources: Vec<Choice>,
    kinds: Vec<Choice>,
    scopes: Vec<Choice>,
    effects: Vec<Choice>,
    workaround: String,
    /// What was typed, by field.
    typed: Typed,
    problem: String,
}

#[derive(Default)]
struct Typed {
    name: String,
    email: String,
    phone: String,
    title: String,
    text: String,
    product: String,
    version: String,
}

pub async fn show(Console { seat, page }: Console) -> PageResult {
    Ok(html(&draw(page, seat, None, String::new())))
}

fn draw(p: Page, seat: Seat, form: Option<&Fields>, problem: String) -> IntakePage {
    let get = |name: &str| form.map(|f| f.get(name)).unwrap_or_default();
    let pick =
        |name: &str, default: &str| Some(get(name)).filter(|v| !v.is_empty()).unwrap_or(default.into());
    let all = |values: Vec<&'static str>, chosen: String, prefix: &str| {
        choices(values, &[chosen.as_str()], |v| p.word(prefix, v))
    };
    IntakePage {
        sources: all(SOURCES.to_vec(), pick("source", "phone"), "channel"),
        kinds: all(Kind::ALL.iter().map(|k| k.as_str()).collect(), pick("kind", "fault"), "ticket-kind"),
        scopes: all(Scope::ALL.iter().map(|s| s.as_str()).collect(), get("scope"), "answer"),
        effects: all(Effect::ALL.iter().map(|e| e.as_str()).collect(), get("effect"), "answer"),
        workaround: get("workaround"),
        typed: Typed {
            name: get("customer_name"),
            email: get("customer_email"),
            phone: get("phone"),
            title: get("title"),
            text: get("text"),
            product: get("product"),
            version: get("version"),
        },
        p,
        seat,
        problem,
    }
}

pub async fn open(State(app): State<App>, form: Fields) -> PageResult {
    let result = match case(&form) {
        Ok(case) => app.desk.take_case(&form.seat.actor(), &case).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(opened) => Ok(to(&format!("/console/tickets/{}?done=logged", opened.ticket.number))),
        Err(error) => {
            let problem = problem(&form.page, error)?;
            Ok(html(&draw(form.page.clone(), form.seat.clone(), Some(&form), problem)))
        }
    }
}

fn case(form: &Fields) -> Result<NewCase, Error> {
    let workaround = form.some("workaround").map(|w| w == "yes");
    let scope: Option<Scope> = form.some("scope").map(|s| s.parse()).transpose()?;
    let effect: Option<Effect> = form.some("effect").map(|e| e.parse()).transpose()?;
    Ok(NewCase {
        source: form.get("source"),
        request: NewRequest {
            title: form.get("title"),
            text: form.get("text"),
            kind: form.get("kind").parse()?,
            product: form.some("product"),
            version: form.some("version"),
            situation: Situation { scope, effect, workaround },
            customer_name: form.get("customer_name"),
            customer_email: form.get("customer_email"),
        },
        phone: form.some("phone"),
    })
}
