//! The severity schemes of the plans, what each still has to ask, and promises of special periods.
use firstline_core::Time;
use firstline_core::calendar::HolidaySets;
use firstline_core::clocks;
use firstline_core::plan::{Milestone, Plan, Plans};
use firstline_core::severity::{Effect, FaultClass, Question, Scheme, Scope, Situation};
use firstline_core::ticket::{Kind, Mode};

fn scheme(name: &str) -> Scheme {
    Scheme::built_in(name).expect("the scheme ships")
}

fn level(scheme: &Scheme, effect: Effect, scope: Scope, workaround: bool) -> u8 {
    let s = Situation { scope: Some(scope), effect: Some(effect), workaround: Some(workaround) };
    scheme.assess(s).level
}

#[test]
fn the_shipped_schemes_are_without_fault() {
    for name in Scheme::built_in_names() {
        scheme(name).check().unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}

#[test]
fn p1_05_a_slow_but_running_system_is_a_fault_with_a_level() {
    let p1 = Plans::built_in().get("P1").expect("P1 ships");
    assert_eq!(level(&p1.severity, Effect::Degraded, Scope::Many, false), 2);
    assert_eq!(level(&p1.severity, Effect::Degraded, Scope::Single, false), 3);
}

#[test]
fn p6_09_four_levels_with_their_ways_of_handling() {
    let p6 = scheme("P6-09");
    assert_eq!(level(&p6, Effect::Stopped, Scope::Most, false), 1);
    assert_eq!(level(&p6, Effect::Degraded, Scope::Many, false), 2);
    assert_eq!(level(&p6, Effect::Stopped, Scope::Most, true), 2, "business goes on some other way");
    assert_eq!(level(&p6, Effect::Partial, Scope::Most, false), 3);
    assert_eq!(level(&p6, Effect::Stopped, Scope::Single, false), 3);
    let handling = |n: u8| p6.level(n).expect("the level").handling.clone();
    assert_eq!((handling(1), handling(2)), (vec![Mode::OnSite], vec![Mode::OnSite]));
    assert_eq!(handling(3), [Mode::Phone, Mode::Remote, Mode::OnSite]);
    assert_eq!(handling(4), [Mode::Phone, Mode::Remote]);
}

#[test]
fn p9_05_the_effect_alone_decides_and_nothing_else_is_asked() {
    let p9 = scheme("P9-05");
    let levels = [Effect::Stopped, Effect::AtRisk, Effect::Degraded, Effect::Partial, Effect::Inconvenient]
        .map(|effect| level(&p9, effect, Scope::Single, true));
    assert_eq!(levels, [1, 2, 3, 3, 4]);
    assert_eq!(p9.open_questions(Situation::default()), [Question::Effect]);
    let known = Situation { effect: Some(Effect::AtRisk), ..Situation::default() };
    assert!(p9.open_questions(known).is_empty());
}

#[test]
fn p6_35_only_what_may_still_change_the_level_is_asked() {
    let p6 = scheme("P6-35");
    assert_eq!(
        p6.open_questions(Situation::default()),
        [Question::Scope, Question::Effect, Question::Workaround]
    );
    let partial = Situation { effect: Some(Effect::Partial), ..Situation::default() };
    assert_eq!(p6.open_questions(partial), [Question::Workaround], "whom it hits makes no difference");
    let around = Situation { effect: Some(Effect::Stopped), workaround: Some(true), ..Situation::default() };
    assert!(p6.open_questions(around).is_empty());
}

#[test]
fn p6_29_a_customer_may_have_three_levels_and_times_of_its_own() {
    let p6 = scheme("P6-29");
    assert_eq!(p6.level_numbers(), [1, 2, 3]);
    assert_eq!(level(&p6, Effect::Stopped, Scope::Most, true), 1);
    assert_eq!(level(&p6, Effect::Degraded, Scope::Single, false), 3);
    let text = "id = \"C\"\nversion = 1\ntime_zone = \"Asia/Shanghai\"\nseverity = \"P6-29\"\n[title]\nzh-CN = \"甲\"\nen = \"C\"\n\
        [[targets]]\nmilestone = \"resolve\"\nseverity = 1\nwithin = \"1h\"\n[[targets]]\nmilestone = \"resolve\"\nseverity = 2\nwithin = \"1d\"\n";
    let faults = Plan::parse("c.toml", text, &HolidaySets::built_in()).unwrap_err().to_string();
    assert!(faults.contains("severity 3 has no target"), "{faults}");
    let whole = format!("{text}[[targets]]\nmilestone = \"resolve\"\nwithin = \"1w\"\n");
    assert_eq!(Plan::parse("c.toml", &whole, &HolidaySets::built_in()).expect("a plan").levels(), [1, 2, 3]);
}

#[test]
fn p6_27_each_class_of_fault_has_its_course() {
    let p6 = Plans::built_in().get("P6").expect("P6 ships");
    let course = |class| p6.course(class, 2).expect("a course").clone();
    assert_eq!(course(FaultClass::Misuse).handling, [Mode::Phone]);
    assert!(course(FaultClass::SeriousError).to_all_users && !course(FaultClass::GeneralError).to_all_users);
    assert!(course(FaultClass::Disaster).words.contains_key("en"));
}

#[test]
fn p6_33_a_special_period_promises_more() {
    let base = Plans::built_in().get("P7").expect("P7 ships").source.to_string();
    let text = format!(
        "{base}\n[[special_periods]]\nfrom = \"2026-12-25\"\nto = \"2027-01-05\"\npeople = [\"li@example.com\"]\nname = {{ zh-CN = \"年末\", en = \"year end\" }}\n\
         [[special_periods.targets]]\nmilestone = \"resolve\"\nkinds = [\"fault\"]\nwithin = \"4h\"\n"
    );
    let plan = Plan::parse("p7.toml", &text, &HolidaySets::built_in()).expect("a plan");
    let due = |opened: &str| {
        let at = Time::from_timestamp(opened.parse().expect("a time"));
        let clocks = clocks::at_opening(&plan, Kind::Fault, 2, at);
        let resolve = clocks.iter().find(|c| c.milestone == Milestone::Resolve).expect("a clock");
        resolve.due_at.since(at) / 3_600_000
    };
    assert_eq!((due("2026-12-24T23:59:00+08:00"), due("2026-12-25T00:00:00+08:00")), (24, 4));
    assert_eq!((due("2027-01-05T23:59:00+08:00"), due("2027-01-06T00:00:00+08:00")), (4, 24));
    let ready = plan.special_period(Time::from_timestamp("2026-12-31T00:00:00Z".parse().expect("a time")));
    assert_eq!(ready.expect("the period").people, ["li@example.com"]);
}
