//! A trace says where its inputs come from: the event that recorded a fact or reported another award, the day on which
//! a rate was published, and the evidence that was counted. What has no such source costs no byte.
#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests: only two events carry a trace, and only two are sources"
)]

use grants_domain::{
    events::Event,
    scenario::{Line, Stage, parse},
    trace::{FactValue, Input, StepKind, Trace},
};
use grants_policy::{Catalogue, Library, cases, pack, shipped};
use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

/// Every event of every story of the shipped measures, by story and sequence.
static STORIES: LazyLock<Vec<(String, BTreeMap<u64, Event>)>> = LazyLock::new(stories);

fn stories() -> Vec<(String, BTreeMap<u64, Event>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios/policy");
    let bytes = pack(&shipped());
    let mut told = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // Stories under another answer lie in a folder of their own.
        if path.is_dir() {
            continue;
        }
        let mut story = parse(&fs::read_to_string(&path).unwrap()).unwrap();
        // What is said is the business of another test.
        story.lines.retain(|(_, line)| !matches!(line, Line::Then { word, .. } if word == "says"));
        let mut library = Library::new();
        let mut stage = Stage::new(&mut library, Some(&bytes)).unwrap();
        stage.play(&story, &|_, _| Vec::new()).unwrap();
        let placed = stage.played().iter().flat_map(|one| (one.context.sequence..).zip(one.events.clone()));
        told.push((path.display().to_string(), placed.collect()));
    }
    told
}

fn trace_of(event: &Event) -> Option<&Trace> {
    match event {
        Event::AwardProposed(fact) => Some(&fact.trace),
        Event::ApplicationRejected(fact) => Some(&fact.trace),
        _ => None,
    }
}

fn says_so(source: Option<&Event>, input: &Input) -> bool {
    match source {
        Some(Event::FactRecorded(fact)) => fact.value == input.value,
        Some(Event::AwardReported(fact)) => {
            matches!(&input.value, FactValue::Word(word) if word.as_str() == fact.award.as_str())
        }
        _ => false,
    }
}

#[test]
fn an_input_names_the_event_that_says_so() {
    let (mut facts, mut awards) = (0, 0);
    for (story, events) in STORIES.iter() {
        for (sequence, trace) in events.iter().filter_map(|(at, event)| Some((at, trace_of(event)?))) {
            for input in trace.steps.iter().flat_map(|step| &step.inputs) {
                let Some(source) = input.event else { continue };
                assert!(source < *sequence, "{story}: {} comes from the future", input.name);
                assert!(says_so(events.get(&source), input), "{story}: event {source} is not {input:?}");
                match input.name.as_str() {
                    "award" | "applied_for" => awards += 1,
                    _ => facts += 1,
                }
            }
        }
    }
    assert!(0 < facts && 0 < awards, "{facts} facts and {awards} awards have a source");
}

#[test]
fn every_award_of_another_level_and_every_record_is_named_with_its_event() {
    for (story, events) in STORIES.iter() {
        for trace in events.values().filter_map(trace_of) {
            for step in &trace.steps {
                let about_reports = step.inputs.iter().any(|input| input.name.as_str() == "status");
                let named = |input: &&Input| matches!(input.name.as_str(), "award" | "applied_for");
                for input in step.inputs.iter().filter(named).filter(|_| about_reports) {
                    assert!(input.event.is_some(), "{story}: {} has no event", step.rule);
                }
                let recorded = |input: &&Input| {
                    matches!(input.name.as_str(), "field_recognised" | "agency_place" | "above_scale")
                };
                for input in step.inputs.iter().filter(recorded).filter(|_| step.kind == StepKind::Condition)
                {
                    assert!(input.event.is_some(), "{story}: {} has no event", input.name);
                }
            }
        }
    }
}

#[test]
fn interest_names_the_day_on_which_its_rate_was_published() {
    let mut seen = 0;
    for (story, events) in STORIES.iter() {
        let published: Vec<FactValue> = events
            .values()
            .filter_map(|event| match event {
                Event::RatePublished(fact) => Some(FactValue::Date(fact.published_on)),
                _ => None,
            })
            .collect();
        let traces = events.values().filter_map(trace_of);
        for step in traces.flat_map(|trace| &trace.steps).filter(|step| step.kind == StepKind::Interest) {
            let named: Vec<&Input> =
                step.inputs.iter().filter(|input| input.name.as_str() == "published").collect();
            assert!(!named.is_empty(), "{story}: {} does not say when its rate was published", step.rule);
            assert!(named.iter().all(|input| published.contains(&input.value)), "{story}: {named:?}");
            seen += 1;
        }
    }
    assert!(0 < seen, "no story computes interest");
}

#[test]
fn what_has_no_source_of_its_own_costs_nothing() {
    let catalogue = Catalogue::compile(&shipped()).unwrap();
    let measure = catalogue.measure(&"E4.1".parse().unwrap()).unwrap();
    let bare = |case: &&grants_policy::source::case::CaseSource| {
        case.external.as_ref().is_some_and(Vec::is_empty) && case.recorded.is_none() && case.due.is_some()
    };
    let mut seen = 0;
    for case in measure.file.cases.iter().filter(bare) {
        let trace = cases::assess(&catalogue, measure, case).trace;
        let inputs = trace.steps.iter().flat_map(|step| &step.inputs);
        assert!(inputs.clone().all(|input| input.event.is_none()), "{:?}", case.name);
        assert!(trace.subjects.is_empty(), "{:?}", case.name);
        // The counted invoices stand once, in what is consumed.
        let consumed: Vec<_> = trace.consumed.iter().map(|one| Some(&one.evidence)).collect();
        assert!(inputs.clone().all(|input| !consumed.contains(&input.evidence.as_ref())), "{:?}", case.name);
        seen += 1;
    }
    assert!(0 < seen, "no worked case is without reports and records");
}
