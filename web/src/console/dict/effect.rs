//! What a change of the dictionary would do to the saved questions, and whether that stops it until it was seen.
use firstline_core::{Error, Result};
use firstline_kb::dictionary::preview::Change;
use firstline_kb::eval::{Effect, Share, Stand};

use crate::App;
use crate::pages::Page;

/// What the button asked for.
pub enum Wish {
    /// Only to see what it would do.
    Preview,
    Save,
    /// To save although questions get worse, which was shown before.
    SaveAllTheSame,
}

impl Wish {
    pub fn of(action: &str) -> Wish {
        match action {
            "preview" => Wish::Preview,
            "insist" => Wish::SaveAllTheSame,
            _ => Wish::Save,
        }
    }
}

/// The effect, when it is to be shown before anything is saved.
pub async fn shown_first(app: &App, wish: &Wish, change: Change<'_>) -> Result<Option<Effect>> {
    if matches!(wish, Wish::SaveAllTheSame) {
        return Ok(None);
    }
    let effect = match app.library.preview(change).await {
        Ok(effect) => effect,
        // While there is no index nothing is answered, and so nothing can get worse.
        Err(Error::Unavailable(_)) if matches!(wish, Wish::Save) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(effect).filter(|e| matches!(wish, Wish::Preview) || !e.worse().is_empty()))
}

/// How the effect is written on a page.
pub struct Shown {
    pub effect: Effect,
    /// It stands in the way of saving.
    pub stops: bool,
}

impl Shown {
    pub fn of(effect: Effect, wish: &Wish) -> Shown {
        Shown { stops: matches!(wish, Wish::Save), effect }
    }

    pub fn percent(&self, share: &Share) -> String {
        format!("{:.0} %", share.value * 100.0)
    }

    pub fn stand(&self, p: &Page, stand: &Stand) -> String {
        let place = stand.place.map_or_else(|| "–".to_owned(), |n| n.to_string());
        format!("{place} · {}", p.word("kb-answered", stand.called.as_str()))
    }
}
