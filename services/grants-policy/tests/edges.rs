//! Where a rule turns: what stood before a split and what came after it, the last that is named one by one, the day on
//! which one balance ends and the next begins, what is used up and what is only seen.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

use grants_domain::{
    award::AwardProposed,
    trace::{FactValue, Input, Step, StepKind},
    values::Fen,
};
use grants_policy::{Catalogue, Language, admission, cases, number::in_wan, shipped};

mod proposed; // the awards of a story

fn plays(story: &str) -> Vec<AwardProposed> {
    proposed::under(&shipped(), story)
}

fn steps<'a>(award: &'a AwardProposed, rule: &str, kind: StepKind) -> Vec<&'a Step> {
    award.trace.steps.iter().filter(|step| step.rule.as_str() == rule && step.kind == kind).collect()
}

fn input<'a>(step: &'a Step, name: &str) -> Option<&'a Input> {
    step.inputs.iter().find(|input| input.name.as_str() == name)
}

fn count(step: &Step, name: &str) -> Option<u64> {
    let FactValue::Count(count) = input(step, name)?.value else { return None };
    Some(count)
}

const GROUND: &str = "
on 2026-03-02T09:00:00
given budget.allocate line=L-1 treasury=411702000 year=#2026 document=示例财预〔2026〕1号 measures+=E4.1 measures+=E5.4 measures+=T1 amount=600000000.00
given enterprise.register code=91411702MA70000188 name=示例智能传感有限公司 treasury=411702000 industry=sensors
given project.register project=[code=2403-411702-04-01-700001 enterprise=91411702MA70000188 name=示例生产线 treasury=411702000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]
";

/// One invoice of E4.1, and the decision.
fn invoice(number: u32, amount: &str) -> String {
    format!(
        "given application.submit application=A-{number} enterprise=91411702MA70000188 project=2403-411702-04-01-700001 measure=E4.1 applied_on=2026-03-02 evidence+=[kind=invoice key=digital:2441000000000000{number:04} date=2025-09-01 amount={amount}]\nwhen  application.decide application=A-{number}\n"
    )
}

/// A scholar station of an enterprise, and the decision of its application.
fn station(number: u32, enterprise: &str) -> String {
    let record = |name: &str, value: &str| {
        format!(
            "given fact.record subject=title:st-{number} name={name} value={value} on=2026-02-01 source=示例公告\n"
        )
    };
    [
        record("title_kind", "word:scholar-station"),
        record("title_holder", &format!("word:{enterprise}")),
        record("recognised_on", "date:2026-02-01"),
        format!(
            "given application.submit application=S-{number} enterprise={enterprise} measure=E5.4 applied_on=2026-03-02 facts+=[name=title value=word:st-{number}]\nwhen  application.decide application=S-{number}\n"
        ),
    ]
    .concat()
}

const SPLIT: &str = "
given enterprise.register code=91411729MA40ABCD1H name=示例分出有限公司 treasury=411702000 industry=sensors
given enterprise.split enterprise=91411702MA70000188 into+=91411729MA40ABCD1H on=2026-03-02 document=示例分立公告
";

#[test]
fn a_right_that_was_used_before_a_split_goes_along_and_one_used_afterwards_does_not() {
    let (old, new) = ("91411702MA70000188", "91411729MA40ABCD1H");
    let before = [
        GROUND,
        &station(1, old),
        "then  award.proposed amount=300000.00\n",
        SPLIT,
        &station(2, new),
        "then  application.rejected refused.code=already-awarded refused.rule=E5.4.once\n",
    ];
    plays(&before.concat());
    let after = [
        GROUND,
        SPLIT,
        &station(1, old),
        "then  award.proposed amount=300000.00\n",
        &station(2, new),
        "then  award.proposed amount=300000.00\n",
    ];
    plays(&after.concat());
}

/// Looked at again, an award is not in the way of itself, though it was made under the earlier code.
#[test]
fn a_right_is_not_taken_by_the_award_that_is_looked_at_again() {
    let story = [
        GROUND,
        &station(1, "91411702MA70000188"),
        "let   AW = award.proposed.award\n",
        "given enterprise.change_code enterprise=91411702MA70000188 code=91411702MA000100X4 on=2026-03-02 document=示例准变〔2026〕1号\n",
        "when  external.report_award award=XX-1 subject=title:st-1 level=county programme=local-award status=granted amount=100000.00 on=2026-02-20 source=示例公示\n",
        "then  award.reduced award=$AW to=200000.00\n",
    ];
    plays(&story.concat());
}

#[test]
fn more_reports_than_are_named_are_counted() {
    for (reports, named, others) in [(20, 20, None), (21, 20, Some(1))] {
        let report = |number: u32| {
            format!(
                "given external.report_award award=HN-{number} subject=project:2403-411702-04-01-700001 level=province programme=special-fund status=pending on=2025-01-10 source=示例公示\n"
            )
        };
        let all: String = (0..reports).map(report).collect();
        let awards = plays(&[GROUND, &all, &invoice(1, "1000.00")].concat());
        let [award] = awards.as_slice() else { panic!("{awards:?}") };
        assert_eq!(award.holds.len(), named, "{reports}");
        let told = steps(award, "E4.1.provincial", StepKind::Overlap);
        let named_one_by_one = told.iter().filter(|step| input(step, "award").is_some()).count();
        assert_eq!(named_one_by_one, named, "{reports}");
        assert_eq!(told.last().and_then(|step| count(step, "others")), others, "{reports}");
    }
}

#[test]
fn more_standing_awards_than_are_named_are_counted_and_all_are_taken_off() {
    for (awards, named, others) in [(20_u32, 20, None), (21, 20, Some(1))] {
        let all: String = (1..=awards).map(|number| invoice(number, "1000.00")).collect();
        let proposed = plays(&[GROUND, &all, VENUE].concat());
        let award = proposed.last().unwrap();
        assert_eq!(award.trace.measure.as_str(), "T1");
        let told: Vec<&Step> = award
            .trace
            .steps
            .iter()
            .filter(|step| step.kind == StepKind::Overlap && input(step, "measure").is_some())
            .collect();
        assert_eq!(told.len(), named, "{awards}");
        let rest = award.trace.steps.iter().find_map(|step| count(step, "others"));
        assert_eq!(rest, others, "{awards}");
        let less =
            award.trace.steps.iter().find(|step| step.kind == StepKind::TopUp && step.rule == told[0].rule);
        let held = Fen::new(i64::from(awards) * 5_000).unwrap();
        assert_eq!(input(less.unwrap(), "held").unwrap().value, FactValue::Money(held), "{awards}");
        // A whole amount is money, and no long fraction.
        assert!(matches!(input(less.unwrap(), "alone").unwrap().value, FactValue::Money(_)), "{less:?}");
    }
}

/// The same project as one of culture, and the decision of its application under the other document.
const VENUE: &str = "
given fact.record subject=project:2403-411702-04-01-700001 name=format value=word:performance on=2026-01-10 source=示例核查
given fact.record subject=project:2403-411702-04-01-700001 name=built value=flag:yes on=2026-01-10 source=示例核查
given fact.record subject=project:2403-411702-04-01-700001 name=operating value=flag:yes on=2026-01-10 source=示例核查
given application.submit application=T-1 enterprise=91411702MA70000188 project=2403-411702-04-01-700001 measure=T1 applied_on=2026-03-02
when  application.decide application=T-1
";

#[test]
fn only_a_rule_that_uses_up_does_and_only_what_is_worth_something() {
    let two = invoice(1, "1000.00").replace(
        "evidence+=",
        "evidence+=[kind=invoice key=digital:24410000000000009999 date=2025-09-01 amount=0.00] evidence+=",
    );
    let consumed = |award: &AwardProposed| -> Vec<String> {
        award.trace.consumed.iter().map(|one| format!("{} {}", one.evidence, one.amount)).collect()
    };
    let awards = plays(&[GROUND, &two].concat());
    assert_eq!(consumed(&awards[0]), ["digital:24410000000000000001 1000.00"]);
    let mut files = shipped();
    let text = files.get_mut("measures/e4-1.toml").unwrap();
    assert_eq!(text.matches("consume = true\n").count(), 1);
    // What a used invoice does is no case of a measure that uses none up.
    let case = text.find("[[case]]\nname = \"an invoice that another application uses").unwrap();
    let end = case + text[case + 1..].find("[[case]]").unwrap() + 1;
    text.replace_range(case..end, "");
    *text = text.replace("consume = true\n", "consume = false\n");
    let awards = proposed::under(&files, &[GROUND, &invoice(1, "1000.00")].concat());
    assert_eq!(awards[0].amount, "50.00".parse().unwrap());
    assert_eq!(consumed(&awards[0]), Vec::<String>::new());
}

/// Papers that a rule only wants to see are counted and named.
#[test]
fn what_is_only_seen_is_told() {
    let mut files = shipped();
    let text = files.get_mut("measures/e4-1.toml").unwrap();
    // Behind the invoices, whose last day governs.
    let invoices = text.find("[[evidence]]").unwrap();
    let place = invoices + text[invoices..].find("\n[[").unwrap() + 1;
    text.insert_str(
        place,
        "[[evidence]]\nrule = \"E4.1.papers\"\nsentence = 1\nkind = \"document\"\nconsume = false\n\
         say.zh = { met = \"材料 {counted} 份。\", unmet = \"没有材料。\", none = \"没有材料。\" }\n\
         say.en = { met = \"Papers: {counted}.\", unmet = \"No papers.\", none = \"No papers.\" }\n\n",
    );
    let bare = invoice(1, "1000.00");
    let paper = "evidence+=[kind=document key=document:SAMPLE-1 date=2025-09-01 amount=0.00] evidence+=";
    for (story, counted) in [(bare.clone(), 0), (bare.replace("evidence+=", paper), 1)] {
        let awards = proposed::under(&files, &[GROUND, &story].concat());
        let told = steps(&awards[0], "E4.1.papers", StepKind::Condition);
        let [step] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(
            (step.met, count(step, "counted"), count(step, "outside")),
            (counted == 1, Some(counted), Some(0))
        );
        let named: Vec<_> =
            step.inputs.iter().filter_map(|input| input.evidence.as_ref().map(ToString::to_string)).collect();
        assert_eq!(named, if counted == 1 { vec!["document:SAMPLE-1"] } else { vec![] });
    }
}

/// Of several tests that must all hold, one that fails refuses, though of another nobody knows yet.
#[test]
fn what_fails_refuses_before_what_is_missing() {
    let unbuilt = VENUE.replace("name=built value=flag:yes", "name=built value=flag:no");
    let unknown: String =
        unbuilt.lines().filter(|line| !line.contains("operating")).map(|line| format!("{line}\n")).collect();
    plays(
        &[
            GROUND,
            &unknown,
            "then  application.rejected refused.code=condition-not-met refused.rule=T1.operating\n",
        ]
        .concat(),
    );
}

#[test]
fn a_fact_that_must_not_be_known_refuses_once_it_is() {
    let mut files = shipped();
    let text = files.get_mut("measures/e4-1.toml").unwrap();
    let place = text.find("[[condition]]").unwrap();
    text.insert_str(
        place,
        "[[fact]]\nname = \"contract_signed\"\ntype = \"flag\"\nfrom = [\"project-record\"]\n\
         title = { zh = \"已签约\", en = \"Signed\" }\n\n\
         [[condition]]\nrule = \"E4.1.signed\"\nsentence = 1\n\
         test = { fact = \"contract_signed\", present = false }\n\
         say.zh = { met = \"尚未签约。\", unmet = \"已经签约。\" }\n\
         say.en = { met = \"Not yet signed.\", unmet = \"Signed already.\" }\n\n",
    );
    let recorded = "given fact.record subject=project:2403-411702-04-01-700001 name=contract_signed value=flag:yes on=2025-01-10 source=示例核查\n";
    let refused = "then  application.rejected refused.code=condition-not-met refused.rule=E4.1.signed\n";
    proposed::under(&files, &[GROUND, recorded, &invoice(1, "1000.00"), refused].concat());
    proposed::under(
        &files,
        &[GROUND, &invoice(1, "1000.00"), "then  award.proposed amount=50.00\n"].concat(),
    );
}

#[test]
fn nothing_is_no_ten_thousand() {
    assert_eq!(in_wan(Fen::ZERO, Language::Zh), "0.00");
    assert_eq!(in_wan("10000.00".parse().unwrap(), Language::Zh), "1 万");
}

/// What other bodies gave for the title is not what they gave to the enterprise, and the other way round.
#[test]
fn what_was_reported_of_one_subject_is_not_told_of_another() {
    let mut files = shipped();
    let text = files.get_mut("measures/e5-4.toml").unwrap();
    let place = text.find("[[claim]]").unwrap();
    text.insert_str(
        place,
        "[[condition]]\nrule = \"E5.4.known\"\nsentence = 1\n\
         test.any = [{ granted = { level = \"province\", programme = \"special-fund\" } }, { fact = \"title\", known = true }]\n\
         say.zh = { met = \"已知。\", unmet = \"未知。\" }\n\
         say.en = { met = \"Known.\", unmet = \"Unknown.\" }\n\n",
    );
    let report = |award: &str, subject: &str, level: &str, programme: &str| {
        format!(
            "given external.report_award award={award} subject={subject} level={level} programme={programme} status=granted amount=100000.00 on=2026-02-20 source=示例公示\n"
        )
    };
    let story = [
        GROUND,
        &report("XX-1", "title:st-1", "county", "local-award"),
        &report("XX-2", "enterprise:91411702MA70000188", "province", "special-fund"),
        &station(1, "91411702MA70000188"),
        "then  award.proposed amount=200000.00\n",
    ];
    let awards = proposed::under(&files, &story.concat());
    let named = |rule: &str, kind: StepKind| -> Vec<FactValue> {
        let told = steps(&awards[0], rule, kind);
        told.into_iter().filter_map(|step| input(step, "award")).map(|input| input.value.clone()).collect()
    };
    let word = |text: &str| FactValue::Word(text.parse().unwrap());
    assert_eq!(named("E5.4.known", StepKind::Condition), [word("XX-2")]);
    assert_eq!(named("E5.4.elsewhere", StepKind::Overlap), [word("XX-1")]);
}

/// What does not fit into the event of an award is not decided, and nothing is left of the steps but what they were about.
#[test]
fn more_than_a_trace_holds_is_no_decision() {
    let mut files = shipped();
    let piece = |number: u32| {
        let key = format!("other:{number:04}{}", "示".repeat(50));
        format!("{{ kind = \"invoice\", key = \"{key}\", date = 2024-09-01, amount = \"1000000.00\" }}")
    };
    for (name, pieces, ending) in
        [("much", 100, "due = \"5000000.00\""), ("too much", 300, "refused = \"out-of-range\"")]
    {
        let pieces: Vec<String> = (0..pieces).map(piece).collect();
        let case = format!("\n[[case]]\nname = \"{name}\"\nevidence = [{}]\n{ending}\n", pieces.join(", "));
        files.get_mut("measures/e4-1.toml").unwrap().push_str(&case);
    }
    assert_eq!(admission(&files), []);
    let catalogue = Catalogue::compile(&files).unwrap();
    let measure = catalogue.measures().find(|one| one.file.measure.id.as_str() == "E4.1").unwrap();
    let assessed = |name: &str| {
        let case = measure.file.cases.iter().find(|case| case.name.as_deref() == Some(name));
        cases::assess(&catalogue, measure, case.unwrap()).trace
    };
    let (whole, bare) = (assessed("much"), assessed("too much"));
    assert!(!whole.steps.is_empty() && bare.steps.is_empty());
    assert_eq!((bare.semantics, bare.governing), (1, "2024-09-01".parse().unwrap()));
    assert_eq!((whole.semantics, whole.governing), (bare.semantics, bare.governing));
}
