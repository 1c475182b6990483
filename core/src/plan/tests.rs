//! The plans that ship, and what a check says about faulty ones.
use super::*;
use crate::severity::{Effect, Scope, Situation};

fn text() -> &'static str {
    include_str!("../../plans/default.toml")
}

fn faults(text: &str) -> String {
    Plan::parse("p.toml", text, &HolidaySets::built_in()).unwrap_err().to_string()
}

#[test]
fn the_shipped_plans_are_without_fault() {
    for plan in Plans::built_in().all() {
        let checked = check::check(&plan.source, &HolidaySets::built_in());
        assert!(checked.faults.is_empty() && checked.warnings.is_empty(), "{}: {checked:?}", plan.id);
    }
}

#[test]
fn p6_35_default_scheme_gives_the_printed_levels() {
    use Effect::*;
    use Scope::*;
    let plan = Plans::built_in().get(DEFAULT).unwrap();
    let level = |effect, scope, workaround| {
        let s = Situation { scope: Some(scope), effect: Some(effect), workaround: Some(workaround) };
        plan.severity.assess(s).level
    };
    assert_eq!(level(Stopped, Most, false), 1);
    for scope in [Many, Single] {
        assert_eq!(level(Stopped, scope, false), 2);
    }
    for effect in [AtRisk, Degraded] {
        assert_eq!((level(effect, Most, false), level(effect, Many, false)), (2, 2));
        assert_eq!(level(effect, Single, false), 3);
        assert_eq!((level(effect, Most, true), level(effect, Many, true)), (3, 3));
        assert_eq!(level(effect, Single, true), 4);
    }
    for scope in [Most, Many, Single] {
        assert_eq!((level(Partial, scope, false), level(Inconvenient, scope, false)), (3, 3));
        assert_eq!(level(Stopped, scope, true), 3);
        assert_eq!((level(Partial, scope, true), level(Inconvenient, scope, true)), (4, 4));
    }
}

#[test]
fn a_faulty_plan_names_its_file_and_every_key() {
    let text = text().replacen("milestone = \"resolve\"", "milstone = \"resolve\"", 2);
    let message = faults(&text);
    assert!(
        message.contains("p.toml: targets[2]: ") && message.contains("p.toml: targets[3]: "),
        "{message}"
    );
    assert!(message.contains("milstone"), "{message}");
    let unknown = faults(&self::text().replace("service =", "servise ="));
    assert!(unknown.contains("p.toml: servise: "), "{unknown}");
}

#[test]
fn a_check_finds_what_could_not_work() {
    let with = |more: &str| faults(&format!("{}\n{more}", text()));
    let target = "[[targets]]\nmilestone = \"first_response\"\nwithin = \"2h\"\n";
    assert!(with(target).contains("targets[6]: can never be reached"), "{}", with(target));
    let calendar = "[calendars.odd]\nhours = {}\n";
    assert!(with(calendar).contains("calendars.odd.hours: the calendar never opens"));
    let overlap = "[calendars.odd]\nhours = { mon = [\"08:00-12:00\", \"11:00-13:00\"] }\n";
    assert!(with(overlap).contains("calendars.odd.hours.mon: 08:00-12:00 and 11:00-13:00 overlap"));
    let gap = "[calendars.odd]\nhours = { mon = [\"08:00-12:00\"], wed = [\"08:00-12:00\"] }\n";
    assert!(with(gap).contains("calendars.odd.hours.tue: a gap"), "{}", with(gap));
    let free = gap.replace("wed =", "tue = [], wed =");
    let faultless = check::check(&format!("{}\n{free}", text()), &HolidaySets::built_in());
    assert!(faultless.faults.is_empty(), "{:?}", faultless.faults);
    let role = "[[escalation]]\nmilestone = \"resolve\"\nto = [\"role:astronaut\", \"group:moon\"]\n";
    let said = with(role);
    assert!(
        said.contains("nobody has the role \"astronaut\"") && said.contains("group \"moon\" is not"),
        "{said}"
    );
    let level = text().replace("severity = 4", "severity = 3");
    assert!(
        faults(&level).contains("severity 4 has no target for resolve (kind fault)"),
        "{}",
        faults(&level)
    );
    let beyond = check::check(&text().replace("severity = 4", "severity = [4, 5]"), &HolidaySets::built_in());
    assert_eq!((beyond.faults.len(), beyond.warnings[0].key.as_str()), (0, "targets[5].severity"));
    let region = text().replace("severity = 4", "severity = 4\nregions = [\"moon\"]");
    assert!(faults(&region).contains("targets[5].regions: \"moon\" is not among"), "{}", faults(&region));
    let nowhere = text().replace("within = \"10min\"", "within = \"10min\"\ncalendar = \"moon\"");
    assert!(faults(&nowhere).contains("targets[1].calendar: there is no calendar \"moon\""));
    let scheme = text().replace(
        "severity = \"P6-35\"",
        "severity = { name = \"mine\", rules = [{ level = 1, effect = [\"stopped\"] }] }",
    );
    assert!(
        faults(&scheme).contains("severity.rules: no rule for scope most, effect at_risk"),
        "{}",
        faults(&scheme)
    );
}

#[test]
fn one_slip_is_told_once() {
    let sets = HolidaySets::built_in();
    let slips = [
        ("P3", "within = \"72h\"", "withni = \"72h\"", "targets[1]"),
        ("P3", "holidays = \"cn\"", "holidays = \"moon\"", "calendars.hospital.holidays"),
        ("P3", "role:manager", "role:astronaut", "escalation[2].to"),
        (
            "P4",
            "calendar = \"working\"\nwithin = \"1wd\"",
            "calendar = \"moon\"\nwithin = \"1wd\"",
            "targets[6].calendar",
        ),
        ("P3", "tue = [\"08:00-12:00\", \"14:00-18:00\"], ", "", "calendars.hospital.hours.tue"),
    ];
    for (id, right, wrong, key) in slips {
        let text = Plans::built_in().get(id).unwrap().source.replacen(right, wrong, 1);
        let checked = check::check(&text, &sets);
        let keys: Vec<&str> = checked.faults.iter().map(|f| f.key.as_str()).collect();
        assert_eq!((keys, checked.warnings), (vec![key], Vec::new()), "{id}: {wrong}");
    }
    let unsaid = Plans::built_in()
        .get("P3")
        .unwrap()
        .source
        .replace("make_up_days = [\"08:00-12:00\", \"14:00-18:00\"]", "");
    let checked = check::check(&unsaid, &sets);
    assert!(checked.faults.is_empty());
    assert_eq!(checked.warnings[0].key, "calendars.hospital.make_up_days");
}

#[test]
fn a_missing_year_of_holidays_is_a_warning() {
    let sets = HolidaySets::built_in();
    let p3 = Plans::built_in().get("P3").unwrap();
    let at = |text: &str| Time::from_timestamp(text.parse().unwrap());
    let warned = check::missing_holidays(&p3.source, &sets, at("2026-11-22T12:00:00Z"));
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert!(
        warned[0].key == "calendars.hospital.holidays" && warned[0].reason.contains("2027"),
        "{warned:?}"
    );
    assert!(check::missing_holidays(&p3.source, &sets, at("2025-06-01T00:00:00Z")).is_empty());
}
