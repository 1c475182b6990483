//! Times and spans as people read them, in the reader's language and zone.
use firstline_core::Time;
use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::texts::Lang;

/// Where readers are until their browser says so (the cookie `tz`).
pub fn default_zone(lang: Lang) -> TimeZone {
    match lang {
        Lang::ZhCn => TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC),
        Lang::En => TimeZone::UTC,
    }
}

/// `今天 14:05`, `昨天 14:05`, `11月20日 14:05`, `2025年11月20日 14:05`.
pub fn moment(lang: Lang, zone: &TimeZone, at: Time, now: Time) -> String {
    let then = at.timestamp().to_zoned(zone.clone());
    let today = now.timestamp().to_zoned(zone.clone());
    let time = then.strftime("%H:%M");
    match days_before(&then, &today) {
        Some(0) => format!("{} {time}", lang.text("time-today")),
        Some(1) => format!("{} {time}", lang.text("time-yesterday")),
        Some(-1) => format!("{} {time}", lang.text("time-tomorrow")),
        _ => format!("{} {time}", date_of(lang, &then, then.year() != today.year())),
    }
}

/// `11月20日` or `20 Nov 2026`.
pub fn date(lang: Lang, zone: &TimeZone, at: Time) -> String {
    date_of(lang, &at.timestamp().to_zoned(zone.clone()), true)
}

fn date_of(lang: Lang, then: &Zoned, with_year: bool) -> String {
    let format = match (lang, with_year) {
        (Lang::ZhCn, true) => "%Y年%-m月%-d日",
        (Lang::ZhCn, false) => "%-m月%-d日",
        (Lang::En, true) => "%-d %b %Y",
        (Lang::En, false) => "%-d %b",
    };
    then.strftime(format).to_string()
}

fn days_before(then: &Zoned, today: &Zoned) -> Option<i32> {
    then.date().until(today.date()).ok().map(|span| span.get_days())
}

/// A length of time by its two largest units: `3 天 4 小时`, `2 h 10 min`.
pub fn span(lang: Lang, millis: i64) -> String {
    let minutes = millis.abs() / 60_000;
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, 0) => lang.text("span-moment"),
        (0, 0, m) => part(lang, "span-minutes", m),
        (0, h, 0) => part(lang, "span-hours", h),
        (0, h, m) => format!("{} {}", part(lang, "span-hours", h), part(lang, "span-minutes", m)),
        (d, 0, _) => part(lang, "span-days", d),
        (d, h, _) => format!("{} {}", part(lang, "span-days", d), part(lang, "span-hours", h)),
    }
}

fn part(lang: Lang, key: &str, n: i64) -> String {
    lang.text_with(key, &[("n", n.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_795_334_400_000); // 2026-11-22T08:00:00Z

    #[test]
    fn near_days_have_names() {
        let zone = default_zone(Lang::ZhCn);
        assert_eq!(moment(Lang::ZhCn, &zone, NOW, NOW), "今天 16:00");
        assert_eq!(moment(Lang::ZhCn, &zone, NOW.plus_seconds(-86_400), NOW), "昨天 16:00");
        assert_eq!(moment(Lang::En, &TimeZone::UTC, NOW.plus_seconds(86_400), NOW), "tomorrow 08:00");
        assert_eq!(moment(Lang::ZhCn, &zone, NOW.plus_seconds(-10 * 86_400), NOW), "11月12日 16:00");
        assert_eq!(
            moment(Lang::En, &TimeZone::UTC, NOW.plus_seconds(-400 * 86_400), NOW),
            "18 Oct 2025 08:00"
        );
    }

    #[test]
    fn spans_keep_two_units() {
        assert_eq!(span(Lang::En, 14 * 60_000), "14 min");
        assert_eq!(span(Lang::En, 130 * 60_000), "2 h 10 min");
        assert_eq!(span(Lang::ZhCn, -(3 * 1440 + 4 * 60 + 9) * 60_000), "3 天 4 小时");
        assert_eq!(span(Lang::ZhCn, 59_000), "不到 1 分钟");
    }
}
