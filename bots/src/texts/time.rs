//! Instants and lengths of time in people's words.
use firstline_core::Time;
use firstline_core::plan::{Length, Unit};
use jiff::Zoned;
use jiff::tz::TimeZone;

use super::{Lang, t, tt};

/// The zone in which a reader is told times: China's for Chinese; UTC, and named so, otherwise.
fn zone(lang: Lang) -> TimeZone {
    match lang {
        Lang::Zh => TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC),
        Lang::En => TimeZone::UTC,
    }
}

/// `今天 09:40`, `明天 09:40` or `11月25日（周三）09:40`; in English with `UTC`.
pub fn when(time: Time, now: Time, lang: impl Into<Lang>) -> String {
    let lang = lang.into();
    let at = time.timestamp().to_zoned(zone(lang));
    let today = now.timestamp().to_zoned(zone(lang));
    words(&at, day_key(&at, &today), lang)
}

fn words(at: &Zoned, key: &str, lang: Lang) -> String {
    let clock = format!("{:02}:{:02}", at.hour(), at.minute());
    let args = [
        ("clock", clock.into()),
        ("day", at.day().to_string().into()),
        ("month", month(at, lang).into()),
        ("weekday", tt(lang, &format!("weekday-{}", at.weekday().to_monday_one_offset())).into()),
        ("year", at.year().to_string().into()),
    ];
    t(lang, key, &args)
}

/// A date for certain, also for tomorrow: `10月8日（周四）08:00`.
pub fn date(time: Time, now: Time, lang: impl Into<Lang>) -> String {
    let lang = lang.into();
    let (at, today) = (time.timestamp().to_zoned(zone(lang)), now.timestamp().to_zoned(zone(lang)));
    let key = if at.year() == today.year() { "when-date" } else { "when-year" };
    words(&at, key, lang)
}

fn day_key(at: &Zoned, today: &Zoned) -> &'static str {
    let tomorrow = today.date().tomorrow().unwrap_or(today.date());
    if at.date() == today.date() {
        "when-today"
    } else if at.date() == tomorrow {
        "when-tomorrow"
    } else if at.year() == today.year() {
        "when-date"
    } else {
        "when-year"
    }
}

fn month(at: &Zoned, lang: Lang) -> String {
    match lang {
        Lang::Zh => at.month().to_string(),
        Lang::En => at.strftime("%b").to_string(),
    }
}

/// A promised length: `10 分钟`, `2 hours`, `3 天`.
pub fn span(seconds: i64, lang: impl Into<Lang>) -> String {
    let lang = lang.into();
    let (key, count) = match seconds {
        s if s >= 86_400 && s % 86_400 == 0 => ("span-days", s / 86_400),
        s if s >= 3600 && s % 3600 == 0 => ("span-hours", s / 3600),
        s => ("span-minutes", (s + 59) / 60),
    };
    t(lang, key, &[("count", count.into())])
}

/// A promised length as its plan means it: `3 个工作日`, `1 month`.
pub fn length(length: Length, lang: impl Into<Lang>) -> String {
    // 60 minutes are said as an hour, 24 hours as they are: a day may be longer.
    let (count, unit) = match length.unit {
        Unit::Minutes if length.count % 60 == 0 => (length.count / 60, Unit::Hours),
        unit => (length.count, unit),
    };
    t(lang, &format!("length-{}", unit.as_str()), &[("count", count.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23 is a Monday; 01:30 UTC is 9:30 in China.
    const MONDAY: Time = Time(1_795_397_400_000);

    #[test]
    fn says_the_day_only_when_it_is_not_today() {
        let hours = |h: i64| MONDAY.plus_seconds(h * 3600);
        assert_eq!(when(hours(2), MONDAY, "zh-CN"), "今天 11:30");
        assert_eq!(when(hours(24), MONDAY, "zh-CN"), "明天（周二）09:30");
        assert_eq!(when(hours(72), MONDAY, "zh-CN"), "11月26日（周四）09:30");
        assert_eq!(when(hours(24 * 60), MONDAY, "zh-CN"), "2027年1月22日（周五）09:30");
        assert_eq!(when(hours(2), MONDAY, "en"), "03:30 UTC today");
        assert_eq!(when(hours(72), MONDAY, "en"), "Thursday, Nov 26 at 01:30 UTC");
        // 16:30 UTC is already tomorrow in China.
        assert_eq!(when(hours(15), MONDAY, "zh-CN"), "明天（周二）00:30");
    }

    #[test]
    fn says_lengths_in_the_largest_whole_unit() {
        assert_eq!((span(600, "zh-CN"), span(600, "en")), ("10 分钟".into(), "10 minutes".into()));
        assert_eq!((span(7200, "zh-CN"), span(7200, "en")), ("2 小时".into(), "2 hours".into()));
        assert_eq!((span(3 * 86_400, "zh-CN"), span(86_400, "en")), ("3 天".into(), "1 day".into()));
    }
}
