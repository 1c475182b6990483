//! The lines of a clock's account in words.
use firstline_core::clocks::Why;

use crate::texts::Lang;

/// Why a stretch was counted or not.
pub fn why(lang: Lang, why: &Why) -> String {
    let named = |key: &str, name: &str| lang.text_with(key, &[("name", name.into())]);
    match why {
        Why::Elapsed => lang.text("why-elapsed"),
        Why::Agreed => lang.text("why-agreed"),
        Why::Open => lang.text("why-open"),
        Why::OpenMakeUp(name) => named("why-open-make-up", name),
        Why::OpenOwn(name) => named("why-open-own", name),
        Why::Closed => lang.text("why-closed"),
        Why::Weekend => lang.text("why-weekend"),
        Why::Holiday(name) => named("why-holiday", name),
        Why::FreeOwn(name) => named("why-free-own", name),
        Why::DayOfReport => lang.text("why-day-of-report"),
        Why::Paused(status) => lang
            .known(&format!("why-paused-{status}"))
            .unwrap_or_else(|| lang.text_with("why-paused-other", &[("status", status.as_str().into())])),
        Why::Solved => lang.text("why-solved"),
        Why::Earlier => lang.text("why-earlier"),
    }
}
