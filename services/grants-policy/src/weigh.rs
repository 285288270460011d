//! How large a trace is: counted without encoding it, and rather too much than too little.

use grants_domain::trace::{FactValue, Input, Trace};

/// Most bytes of a trace, counted generously, so that an award's event stays below its 60 KiB.
pub(crate) const TRACE_BYTES_MAX: usize = 48 * 1024;
/// What a field takes beside its text: tag, length, and a number where it has one.
const FIELD: usize = 24;

/// Whether a trace would not fit beside what else an award's event holds.
pub(crate) fn is_too_large(trace: &Trace) -> bool {
    TRACE_BYTES_MAX < weight(trace)
}

/// At least the bytes of what grows in an encoded trace: texts, and for each field its tag, its length and its number.
fn weight(trace: &Trace) -> usize {
    let value = |value: &FactValue| match value {
        FactValue::Word(text) | FactValue::Exact(text) => FIELD + text.as_str().len(),
        FactValue::Money(_)
        | FactValue::Count(_)
        | FactValue::Date(_)
        | FactValue::Rate(_)
        | FactValue::Flag(_) => FIELD + FIELD,
    };
    let of_input = |one: &Input| {
        let evidence = one.evidence.as_ref().map_or(0, |key| FIELD + key.as_str().len());
        let event = one.event.map_or(0, |_| FIELD);
        one.name.as_str().len() + value(&one.value) + evidence + event
    };
    let steps = trace.steps.iter().map(|step| {
        let amount = step.amount.as_ref().map_or(0, |text| text.as_str().len());
        FIELD + step.rule.as_str().len() + amount + step.inputs.iter().map(of_input).sum::<usize>()
    });
    let consumed = trace.consumed.iter().map(|one| FIELD + one.evidence.as_str().len());
    let claims = trace.claims.iter().map(|claim| FIELD + claim.as_str().len());
    // Caps and tallies: slug, scope and window together are at most 160 characters of up to four bytes.
    let counters = (trace.caps.len() + trace.tallies.len()) * 8 * FIELD * 4;
    let subjects = trace.subjects.iter().map(|subject| FIELD + subject.as_str().len());
    let sum = steps.chain(consumed).chain(claims).chain(subjects).fold(0, usize::saturating_add);
    sum.saturating_add(counters).saturating_add(trace.interpretations.len() * 2 * FIELD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Catalogue, cases, shipped};
    use grants_domain::{
        trace::{CapStep, Consumed, Step, StepKind, TallyStep},
        values::{Date, Fen, Text},
        wire::Message,
    };

    /// What an encoded trace has whatever it tells: measure, days, numbers, and the computed amount.
    const BARE: usize = 256;

    fn bare() -> Trace {
        let governing: Date = "2026-03-02".parse().unwrap();
        Trace {
            version: 1,
            measure: "E4.1".parse().unwrap(),
            semantics: 1,
            governing,
            steps: Vec::new(),
            caps: Vec::new(),
            tallies: Vec::new(),
            claims: Vec::new(),
            consumed: Vec::new(),
            interpretations: Vec::new(),
            computed: None,
            subjects: Vec::new(),
        }
    }

    fn of(length: usize) -> String {
        "x".repeat(length)
    }

    fn step(amount: Option<usize>, inputs: Vec<Input>) -> Step {
        let amount = amount.map(|length| of(length).parse().unwrap());
        Step { rule: of(5).parse().unwrap(), kind: StepKind::Condition, met: true, inputs, amount }
    }

    fn input(value: FactValue, evidence: Option<usize>, event: Option<u64>) -> Input {
        let evidence = evidence.map(|length| of(length).parse().unwrap());
        Input { name: of(7).parse().unwrap(), value, evidence, event }
    }

    fn cap() -> CapStep {
        let (scope, window) = (of(3).parse().unwrap(), of(3).parse().unwrap());
        let (limit, used) = (Fen::ZERO, Fen::ZERO);
        CapStep {
            cap: of(3).parse().unwrap(),
            scope,
            window,
            limit,
            used,
            cut: false,
            carried: None,
            revives: None,
        }
    }

    fn tally() -> TallyStep {
        let (scope, window) = (of(3).parse().unwrap(), of(3).parse().unwrap());
        TallyStep {
            tally: of(3).parse().unwrap(),
            scope,
            window,
            count: 1,
            amount: Fen::ZERO,
            first: None,
            last: None,
        }
    }

    #[test]
    fn every_part_has_its_weight() {
        let word = |length: usize| FactValue::Word(of(length).parse().unwrap());
        let with = |change: fn(&mut Trace)| {
            let mut trace = bare();
            change(&mut trace);
            weight(&trace)
        };
        assert_eq!(weight(&bare()), 0);
        let steps = |steps: Vec<Step>| weight(&Trace { steps, ..bare() });
        assert_eq!(steps(vec![step(None, vec![])]), 24 + 5);
        assert_eq!(steps(vec![step(Some(11), vec![])]), 24 + 5 + 11);
        let inputs = |inputs: Vec<Input>| steps(vec![step(None, inputs)]) - 29;
        assert_eq!(inputs(vec![input(word(9), None, None)]), 7 + 24 + 9);
        assert_eq!(inputs(vec![input(FactValue::Exact(of(9).parse().unwrap()), None, None)]), 7 + 24 + 9);
        assert_eq!(inputs(vec![input(FactValue::Count(u64::MAX), None, None)]), 7 + 48);
        assert_eq!(inputs(vec![input(FactValue::Count(1), Some(13), None)]), 7 + 48 + 24 + 13);
        assert_eq!(inputs(vec![input(FactValue::Count(1), None, Some(1))]), 7 + 48 + 24);
        let several = vec![input(word(9), Some(13), Some(1)), input(word(1), None, None)];
        assert_eq!(inputs(several), (7 + 24 + 9 + 24 + 13 + 24) + (7 + 24 + 1));
        assert_eq!(with(|trace| trace.claims.push(of(17).parse().unwrap())), 24 + 17);
        assert_eq!(with(|trace| trace.subjects.push(of(19).parse().unwrap())), 24 + 19);
        assert_eq!(
            with(|trace| trace
                .consumed
                .push(Consumed { evidence: of(21).parse().unwrap(), amount: Fen::MAX })),
            24 + 21
        );
        assert_eq!(with(|trace| trace.interpretations.push(of(4).parse().unwrap())), 48);
        assert_eq!(with(|trace| trace.caps.push(cap())), 768);
        assert_eq!(with(|trace| trace.tallies.push(tally())), 768);
        let all = with(|trace| {
            trace.caps = vec![cap(), cap()];
            trace.tallies.push(tally());
            trace.interpretations = vec![of(4).parse().unwrap(); 3];
            trace.subjects.push(of(19).parse().unwrap());
        });
        assert_eq!(all, 3 * 768 + 3 * 48 + 24 + 19);
    }

    #[test]
    fn the_last_byte_decides() {
        let subject = |length: usize| -> Text<80> { of(length).parse().unwrap() };
        let mut trace = bare();
        trace.subjects = vec![subject(80); 472];
        trace.subjects.push(subject(40));
        assert_eq!(weight(&trace), TRACE_BYTES_MAX);
        assert!(!is_too_large(&trace));
        trace.subjects[472] = subject(41);
        assert!(is_too_large(&trace));
        trace.subjects.push(subject(80));
        assert!(is_too_large(&trace));
    }

    /// Letters of four bytes, and the largest numbers there are.
    #[test]
    fn nothing_is_encoded_in_more() {
        let wide = |length: usize| "𠀀".repeat(length);
        let mut trace = bare();
        let value = FactValue::Word(wide(40).parse().unwrap());
        trace.steps = vec![step(Some(60), vec![input(value, Some(60), Some(u64::MAX)); 20]); 10];
        let slug = of(40).parse::<grants_domain::values::Slug>().unwrap();
        let (scope, window) = (wide(80).parse().unwrap(), wide(40).parse().unwrap());
        let (limit, used, carried) = (Fen::MAX, Fen::MAX, Some(Fen::MAX));
        let revives = Some(slug.clone());
        trace.caps.push(CapStep {
            cap: slug.clone(),
            scope,
            window,
            limit,
            used,
            cut: true,
            carried,
            revives,
        });
        trace.claims.push(wide(120).parse().unwrap());
        trace.consumed.push(Consumed { evidence: wide(60).parse().unwrap(), amount: Fen::MAX });
        trace.interpretations.push(slug);
        trace.subjects.push(wide(80).parse().unwrap());
        let encoded = trace.encode().len();
        assert!(encoded <= weight(&trace) + BARE, "{encoded} and {}", weight(&trace));
    }

    #[test]
    fn no_worked_case_is_encoded_in_more() {
        let catalogue = Catalogue::compile(&shipped()).unwrap();
        let mut largest = 0;
        for measure in catalogue.measures() {
            for case in &measure.file.cases {
                let trace = cases::assess(&catalogue, measure, case).trace;
                assert!(trace.encode().len() <= weight(&trace) + BARE, "{:?}", case.name);
                largest = largest.max(weight(&trace));
            }
        }
        assert!(1_000 < largest && largest < TRACE_BYTES_MAX, "{largest}");
    }
}
