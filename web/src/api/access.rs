//! Who calls: programs with a token, or anybody where that is allowed.
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use firstline_core::staff::{self, ApiToken};
use firstline_core::ticket::Actor;

use super::problem::Problem;
use crate::App;
use crate::serve::limits;

/// A program with a valid token.
pub struct Caller(pub ApiToken);

impl Caller {
    pub fn actor(&self) -> Actor {
        Actor::Token(self.0.id.clone())
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Caller, Problem> {
        match token(parts)? {
            Some(secret) => known(app, secret).await,
            None => Err(Problem::unauthorized(
                "send a token as Authorization: Bearer; firstline token create makes one",
            )),
        }
    }
}

/// Anybody; `admit` decides. A wrong token is refused even where none is needed.
pub struct Visitor {
    caller: Option<Caller>,
    address: Option<std::net::IpAddr>,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visitor, Problem> {
        let caller = match token(parts)? {
            Some(secret) => Some(known(app, secret).await?),
            None => None,
        };
        Ok(Visitor { caller, address: limits::client(parts, app.config.trust_proxy) })
    }
}

impl Visitor {
    /// A program with a token.
    pub fn is_known(&self) -> bool {
        self.caller.is_some()
    }

    /// Lets a program in, and everybody else when the endpoint is public, as often as the limit allows.
    pub fn admit(&self, app: &App, public: bool) -> Result<(), Problem> {
        match (&self.caller, public) {
            (Some(_), _) => Ok(()),
            (None, false) => Err(Problem::unauthorized("this installation asks for a token here")),
            (None, true) => app.limits.check(self.address).map_err(Problem::too_many),
        }
    }
}

fn token(parts: &Parts) -> Result<Option<&str>, Problem> {
    let Some(value) = parts.headers.get(AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") && !secret.trim().is_empty() => {
            Ok(Some(secret.trim()))
        }
        _ => Err(Problem::unauthorized("the Authorization header is not of the form: Bearer TOKEN")),
    }
}

async fn known(app: &App, secret: &str) -> Result<Caller, Problem> {
    let found = staff::token_of(&app.desk.db, secret).await?;
    found.map(Caller).ok_or_else(|| Problem::unauthorized("this token is not known or was revoked"))
}
