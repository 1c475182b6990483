//! A form of the console as pairs: fields may come several times, and what is wrong is said on the page.
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use firstline_core::Error;

use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::{Page, PageError};

pub struct Fields {
    pub seat: Seat,
    pub page: Page,
    pairs: Vec<(String, String)>,
}

impl FromRequest<App> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Fields, Response> {
        let (mut parts, body) = request.into_parts();
        let Console { seat, page } = Console::from_request_parts(&mut parts, app).await?;
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| PageError::BadRequest.into_response())?;
        let fields = Fields { seat, page, pairs };
        fields.seat.signed(&fields.get("csrf")).map_err(IntoResponse::into_response)?;
        Ok(fields)
    }
}

impl Fields {
    /// Trimmed; empty where it was not sent.
    pub fn get(&self, name: &str) -> String {
        self.pairs.iter().find(|(k, _)| k == name).map(|(_, v)| v.trim().to_owned()).unwrap_or_default()
    }

    /// Whether the form has this field at all.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(k, _)| k == name)
    }

    /// `None` where it was left empty.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|text| !text.is_empty())
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        let mine = self.pairs.iter().filter(|(k, _)| k == name);
        mine.map(|(_, v)| v.trim().to_owned()).filter(|v| !v.is_empty()).collect()
    }

    /// Names separated by commas, Chinese ones too, or by line ends.
    pub fn list(&self, name: &str) -> Vec<String> {
        let text = self.get(name);
        let parts = text.split([',', '，', '、', '\n']).map(str::trim).filter(|p| !p.is_empty());
        parts.map(str::to_owned).collect()
    }

    /// A whole number; `None` where it was left empty.
    pub fn number(&self, name: &str) -> Result<Option<i64>, Error> {
        match self.some(name) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| Error::invalid(name, "is not a whole number")),
        }
    }

    /// An amount such as `120.50` in cents; 0 where it was left empty.
    pub fn cents(&self, name: &str) -> Result<i64, Error> {
        let wrong = || Error::invalid(name, "is not an amount such as 120.50");
        let Some(text) = self.some(name) else { return Ok(0) };
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |t: &str| t.len() <= 12 && t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
            return Err(wrong());
        }
        let whole: i64 = whole.parse().map_err(|_| wrong())?;
        let part: i64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
        Ok(whole * 100 + part)
    }
}

/// What is said on the page when a form was refused; an error nobody can mend there is passed on.
pub fn problem(p: &Page, error: Error) -> Result<String, PageError> {
    match error {
        Error::Invalid { field, reason } => {
            let label = p.word("field", &field);
            let text = p.t1("problem-field", &label);
            Ok(if p.lang == crate::texts::Lang::En { format!("{text} {reason}.") } else { text })
        }
        Error::Conflict(text) if p.lang == crate::texts::Lang::En => Ok(format!("{text}.")),
        Error::Conflict(_) => Ok(p.t("problem-conflict")),
        Error::Forbidden(_) => Ok(p.t("problem-forbidden")),
        other => Err(other.into()),
    }
}
