//! What staff do about service on a ticket: one form each, told apart by its button.
use axum::extract::{Path, State};
use firstline_core::desk::service::{Authorisation, NewWork};
use firstline_core::ticket::Number;
use firstline_core::{Error, Result};

use super::fields::{Fields, problem};
use crate::App;
use crate::console::ticket::page::{draw, number};
use crate::pages::error::PageResult;
use crate::pages::to;

pub async fn act(State(app): State<App>, Path(text): Path<String>, form: Fields) -> PageResult {
    let number = number(&text)?;
    match carry_out(&app, number, &form).await {
        Ok(()) => Ok(to(&format!("/console/tickets/{number}?done=saved"))),
        Err(error) => {
            let problem = problem(&form.page, error)?;
            draw(&app, form.page, form.seat, number, &problem, "").await
        }
    }
}

async fn carry_out(app: &App, number: Number, form: &Fields) -> Result<()> {
    let (desk, actor) = (&app.desk, form.seat.actor());
    match form.get("do").as_str() {
        "cause" => {
            let cause = form.some("cause").map(|c| c.parse()).transpose()?;
            desk.set_cause(number, &actor, cause).await.map(drop)
        }
        "exclusion" => desk.set_exclusion(number, &actor, form.some("exclusion").as_deref()).await.map(drop),
        "link" => desk.link_reporter(number, &actor, &form.get("contact")).await.map(drop),
        "place" => {
            desk.place_under(number, &actor, None, form.some("installation").as_deref()).await.map(drop)
        }
        "route" => desk.reroute(number, &actor).await.map(drop),
        "reassign" => desk.reassign_after_complaint(number, &actor, &form.get("reason")).await.map(drop),
        "handling" => {
            let (agreed, note) = (form.some("agreed_by"), form.some("note"));
            let to = form.get("handling").parse()?;
            desk.handle_by(number, &actor, to, agreed.as_deref(), note.as_deref()).await.map(drop)
        }
        "remote" => {
            let authorised = Authorisation { by: form.get("authorised_by"), at: desk.clock.now() };
            desk.log_remote(number, &actor, &authorised, &form.get("note")).await.map(drop)
        }
        "work" => desk.log_work(number, &actor, &work(form)?).await.map(drop),
        "quote" => {
            let days = form.number("days")?.unwrap_or(0);
            let terms = (days, form.cents("price")?, form.get("currency"));
            let terms = (terms.0, terms.1, terms.2.as_str());
            desk.offer_quote(number, &actor, terms, &form.get("note")).await.map(drop)
        }
        other => Err(Error::invalid("do", format!("{other:?} is nothing that can be done here"))),
    }
}

fn work(form: &Fields) -> Result<NewWork> {
    Ok(NewWork {
        on: form.get("on"),
        kind: form.get("kind"),
        minutes: form.number("minutes")?.unwrap_or(0),
        note: form.get("note"),
        travel_cents: form.cents("travel")?,
        lodging_cents: form.cents("lodging")?,
    })
}
