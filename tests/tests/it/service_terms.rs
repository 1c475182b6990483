//! Each commitment about entitlement, asked of the files that ship.
use firstline_core::entitlement::{
    Agreed, Answer, Basis, Case, Cause, Coverage, Entitlement, Length, Payer, Period, Terms, contract_year,
    entitlement, guess_exclusion, standing, terms_of,
};
use firstline_core::routing::GroupKind;
use firstline_core::ticket::Kind;
use jiff::civil::{Date, date};

const PLANS: [&str; 11] = ["default", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10"];
const P3: &str = include_str!("../../../core/plans/coverage/P3.toml");

const ACCEPTED: Date = date(2026, 1, 31);

fn coverage(plan: &str) -> &'static Coverage {
    terms_of(plan).coverage.as_ref().expect("a plan that ships says what it covers")
}

fn agreed() -> Agreed {
    Agreed { accepted_on: Some(ACCEPTED), ..Agreed::default() }
}

fn case(on: Date, cause: Cause) -> Case<'static> {
    Case { on, cause: Some(cause), kind: Kind::Fault, product: None, exclusion: None }
}

fn ask(plan: &str, case: Case<'_>) -> Entitlement {
    entitlement(Some((coverage(plan), &agreed())), case)
}

const IN: Date = date(2026, 9, 28);
const LATER: Date = date(2031, 9, 28);

#[test]
fn every_shipped_file_is_sound_and_speaks_both_languages() {
    for id in PLANS {
        coverage(id).check().unwrap_or_else(|e| panic!("{id}: {e}"));
    }
    assert_eq!(terms_of("mine"), &Terms::default());
}

#[test]
fn a_faulty_file_is_refused_with_its_key() {
    let text = P3;
    for (from, to, says) in [
        ("warranty = \"12m\"", "waranty = \"12m\"", "waranty"),
        ("warranty = \"12m\"", "warranty = \"a year\"", "12m, 3y or lifetime"),
        ("answer = \"free\"", "answer = \"gratis\"", "gratis"),
        ("id = \"virus\"", "id = \"unstable_os\"", "used twice"),
        (
            "clause.en = \"Trouble caused by a virus is not covered; we advise you on it.\"\n",
            "",
            "coverage.exclusions.virus.clause.en",
        ),
    ] {
        let error = Terms::parse("x.toml", &text.replacen(from, to, 1)).expect_err(to).to_string();
        assert!(error.contains("x.toml") && error.contains(says), "{error}");
    }
    let unreachable =
        format!("{text}\n[[coverage.rules]]\nanswer = \"free\"\nclause.zh-CN = \"x\"\nclause.en = \"x\"\n");
    let error = Terms::parse("x.toml", &unreachable).expect_err("unreachable").to_string();
    assert!(error.contains("can never be reached"), "{error}");
    let gap = text.rsplit_once("[[coverage.rules]]").map(|(head, _)| head).expect("rules");
    let error = Terms::parse("x.toml", gap).expect_err("a gap").to_string();
    assert!(error.contains("no rule for period maintenance"), "{error}");
}

#[test]
fn p2_01_the_service_period_is_warranty_plus_maintenance_from_acceptance() {
    let lengths =
        Agreed { warranty: Some(Length::Months(12)), maintenance: Some(Length::Months(24)), ..agreed() };
    let at = |on| {
        let s = standing(coverage("P2"), &lengths, on);
        (s.period, s.until)
    };
    assert_eq!(at(date(2026, 1, 30)), (Period::Before, Some(date(2026, 1, 30))));
    assert_eq!(at(ACCEPTED), (Period::Warranty, Some(date(2027, 1, 30))));
    assert_eq!(at(date(2027, 1, 30)).0, Period::Warranty, "the last day belongs to it");
    assert_eq!(at(date(2027, 1, 31)), (Period::Maintenance, Some(date(2029, 1, 30))));
    assert_eq!(at(date(2029, 1, 31)), (Period::After, None));
    let leap = Agreed {
        accepted_on: Some(date(2024, 2, 29)),
        warranty: Some(Length::Months(12)),
        ..Agreed::default()
    };
    assert_eq!(standing(coverage("P3"), &leap, date(2025, 2, 27)).period, Period::Warranty);
    assert_eq!(
        standing(coverage("P3"), &leap, date(2025, 2, 28)).period,
        Period::After,
        "29 February, clamped"
    );
    let never = Agreed::default();
    assert_eq!(standing(coverage("P2"), &never, LATER).period, Period::Before, "not accepted yet");
}

#[test]
fn p2_02_quality_is_free_other_causes_pay_parts_later_parts_and_labour() {
    assert_eq!(ask("P2", case(IN, Cause::Equipment)).answer, Answer::Free);
    assert_eq!(ask("P2", case(IN, Cause::Operation)).answer, Answer::Parts);
    for cause in [Cause::Equipment, Cause::Operation, Cause::Network] {
        assert_eq!(ask("P2", case(LATER, cause)).answer, Answer::PartsAndLabour);
    }
    let unknown = ask("P2", Case { cause: None, ..case(IN, Cause::Other) });
    assert_eq!(
        (unknown.answer, unknown.cause_known),
        (Answer::Free, false),
        "a fault of the equipment until known"
    );
    assert!(unknown.clause["zh-CN"].contains("质量"));
}

#[test]
fn p2_08_each_exclusion_is_data_and_said_in_plain_words() {
    let ids: Vec<&str> = coverage("P2").exclusions.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "unsuitable_tools",
            "unsuitable_environment",
            "accident",
            "disaster",
            "misuse",
            "third_party_changes",
            "foreign_product",
        ]
    );
    for id in ids {
        let told = ask("P2", Case { exclusion: Some(id), ..case(IN, Cause::Equipment) });
        assert_eq!((told.answer, &told.basis), (Answer::NotCovered, &Basis::Exclusion { id: id.into() }));
        assert!(told.clause["en"].ends_with('.') && told.clause["zh-CN"].ends_with('。'));
    }
    let waived = Agreed { waived: vec!["disaster".into()], ..agreed() };
    let told = entitlement(
        Some((coverage("P2"), &waived)),
        Case { exclusion: Some("disaster"), ..case(IN, Cause::Equipment) },
    );
    assert_eq!(told.answer, Answer::Free, "this contract waives it");
    assert_eq!(
        guess_exclusion(&coverage("P2").exclusions, "昨晚雷击之后就开不了机").map(|e| e.id.as_str()),
        Some("disaster")
    );
    assert!(guess_exclusion(&coverage("P2").exclusions, "没有进水，就是开不了机").is_none());
}

#[test]
fn p3_01_free_for_twelve_months_from_acceptance() {
    let told = ask("P3", case(date(2027, 1, 30), Cause::Software));
    assert_eq!((told.answer, told.until), (Answer::Free, Some(date(2027, 1, 30))));
    assert_eq!(ask("P3", case(date(2027, 1, 31), Cause::Software)).answer, Answer::ByContract);
}

#[test]
fn p3_02_software_defects_are_covered() {
    assert_eq!(ask("P3", case(IN, Cause::Software)).answer, Answer::Free);
}

#[test]
fn p3_03_data_are_repaired_after_an_operators_mistake() {
    let told = ask("P3", case(IN, Cause::Operation));
    assert_eq!(told.answer, Answer::Free);
    assert!(told.clause["en"].contains("operator"));
}

#[test]
fn p3_05_unstable_system_virus_and_wrong_use_get_advice_only() {
    for (words, id) in
        [("电脑中毒了", "virus"), ("电脑总是蓝屏", "unstable_os"), ("没按流程关机", "against_procedure")]
    {
        let found = guess_exclusion(&coverage("P3").exclusions, words).expect(words);
        assert_eq!(found.id, id);
        let told = ask("P3", Case { exclusion: Some(id), ..case(IN, Cause::Software) });
        assert_eq!((told.answer, told.advice), (Answer::NotCovered, true), "{words}");
    }
    let environment = ask("P3", case(IN, Cause::OperatingSystem));
    assert_eq!(
        (environment.answer, environment.advice),
        (Answer::NotCovered, true),
        "a part of the environment"
    );
}

#[test]
fn p3_06_individual_changes_are_settled_case_by_case() {
    let told = ask("P3", Case { kind: Kind::ChangeRequest, ..case(IN, Cause::Software) });
    assert_eq!(told.answer, Answer::ByContract);
}

#[test]
fn p3_10_travel_and_lodging_are_paid_by_the_customer() {
    assert_eq!(ask("P3", case(IN, Cause::Software)).travel, Some(Payer::Customer));
    assert_eq!(ask("P7", case(IN, Cause::Software)).travel, None);
}

#[test]
fn p3_13_a_suspended_service_is_said_so_plainly() {
    let late = Agreed { suspended: true, ..agreed() };
    let told = entitlement(Some((coverage("P3"), &late)), case(IN, Cause::Software));
    assert_eq!((told.answer, told.basis), (Answer::Suspended, Basis::Suspended));
    assert!(told.clause["zh-CN"].contains("暂停") && told.clause["en"].contains("suspended"));
}

#[test]
fn p3_15_products_not_bought_from_us_are_not_supported() {
    let bought = Agreed { products: vec!["Invoice".into()], ..agreed() };
    let of = |product| {
        entitlement(
            Some((coverage("P3"), &bought)),
            Case { product: Some(product), ..case(IN, Cause::Software) },
        )
    };
    assert_eq!(of("invoice ").answer, Answer::Free);
    let other = of("SomeOtherHIS");
    assert_eq!(other.basis, Basis::OtherProduct { product: "SomeOtherHIS".into() });
    assert!(
        other.answer == Answer::NotCovered && other.clause["zh-CN"].contains("供应商"),
        "told what can be done"
    );
}

#[test]
fn p5_16_after_the_warranty_by_contract_or_charged_per_case() {
    assert_eq!(ask("P5", case(LATER, Cause::Software)).answer, Answer::ByContract);
    let none = entitlement(None, case(IN, Cause::Software));
    assert_eq!((none.answer, none.basis), (Answer::ByContract, Basis::NoContract));
}

#[test]
fn p6_23_three_years_free_from_final_acceptance() {
    assert_eq!(ask("P6", case(date(2029, 1, 30), Cause::Software)).answer, Answer::Free);
    assert_eq!(ask("P6", case(date(2029, 1, 31), Cause::Software)).answer, Answer::ByContract);
}

#[test]
fn p6_03_the_plan_says_that_the_remote_group_takes_over() {
    assert_eq!(terms_of("P6").routing.after_warranty, Some(GroupKind::Remote));
}

#[test]
fn p7_02_fifty_person_days_of_resident_service_a_year() {
    let quota = coverage("P7").quota_of("resident").expect("a quota");
    assert_eq!((quota.id.as_str(), quota.person_days), ("resident", 50));
    let year = contract_year(Some(ACCEPTED), date(2027, 1, 30)).expect("a year");
    assert_eq!((year.from, year.to), (ACCEPTED, date(2027, 1, 31)));
    let second = contract_year(Some(ACCEPTED), date(2027, 1, 31)).expect("a year");
    assert_eq!(second.from, date(2027, 1, 31), "the anniversary begins the next one");
    let leap = contract_year(Some(date(2024, 2, 29)), date(2025, 2, 28)).expect("a year");
    assert_eq!((leap.from, leap.to), (date(2025, 2, 28), date(2026, 2, 28)));
}

#[test]
fn p7_03_fifty_person_days_of_small_developments_a_year() {
    let quota = coverage("P7").quota_of("development").expect("a quota");
    assert_eq!((quota.id.as_str(), quota.person_days), ("development", 50));
    assert_eq!(
        ask("P7", Case { kind: Kind::ChangeRequest, ..case(IN, Cause::Software) }).answer,
        Answer::Free
    );
}

#[test]
fn p7_04_three_years_of_warranty() {
    assert_eq!(standing(coverage("P7"), &agreed(), date(2029, 1, 30)).period, Period::Warranty);
    assert_eq!(standing(coverage("P7"), &agreed(), date(2029, 1, 31)).period, Period::After);
}

#[test]
fn p8_02_material_and_workmanship_are_free_misuse_and_force_majeure_at_cost() {
    assert_eq!(ask("P8", case(IN, Cause::Equipment)).answer, Answer::Free);
    for id in ["misuse", "force_majeure"] {
        let told = ask("P8", Case { exclusion: Some(id), ..case(IN, Cause::Equipment) });
        assert_eq!(told.answer, Answer::Parts, "{id}");
    }
    assert_eq!(ask("P8", case(LATER, Cause::Equipment)).answer, Answer::ByContract);
}

#[test]
fn p9_10_after_the_warranty_a_maintenance_fee() {
    let told = ask("P9", case(LATER, Cause::Software));
    assert_eq!((told.answer, told.period), (Answer::ByContract, Some(Period::Maintenance)));
    assert!(told.clause["en"].contains("maintenance fee"));
}

#[test]
fn p10_04_twelve_months_free() {
    assert_eq!(ask("P10", case(date(2027, 1, 30), Cause::Software)).answer, Answer::Free);
    assert_eq!(ask("P10", case(date(2027, 1, 31), Cause::Software)).answer, Answer::ByContract);
}

#[test]
fn p2_11_questions_that_are_no_fault_cost_nothing_whatever_the_period() {
    for plan in PLANS {
        for on in [IN, LATER] {
            let told = ask(plan, Case { kind: Kind::Question, cause: None, ..case(on, Cause::Other) });
            assert_eq!(told.answer, Answer::Free, "{plan}");
        }
    }
}
