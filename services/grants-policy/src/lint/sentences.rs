//! Sentences: both languages, every outcome that can be met, and no name that nothing supplies.

use super::Finding;
use crate::{
    catalogue::{Catalogue, Line, LineKind, Measure},
    compile::{SENTENCES, options},
    payer,
    render::{
        names,
        template::{self, Piece},
    },
    source::{
        Both,
        limit::{CutPart, OverlapMode},
        measure::Weight,
    },
};
use grants_domain::{refusal::RefusalCode, values::Slug};

/// General sentences and what each may use.
const GENERAL: &[(&str, &[&str])] = &[
    ("term-met", &["governing", "from", "to"]),
    ("term-unmet", &["governing", "from", "to"]),
    ("cap-room", names::CAP),
    ("rounding", &["computed", "amount"]),
    ("due", &["amount"]),
    ("hold", &["waits_for", "rule"]),
];

/// General sentences that a catalogue need not have: without them a rule's own sentence is said, or the program's.
const OPTIONAL: &[(&str, &[&str])] = &[
    ("ceiling-noted", names::CEILING),
    ("top-up", &["held", "alone", "amount"]),
    ("joint-limit", &["held", "alone", "limit", "amount"]),
    ("finding-affiliate", &["affiliate", "held"]),
    ("finding-project", &["project", "held"]),
    ("finding-seller", &["seller", "held", "evidence"]),
];

/// General sentences of a catalogue in which several treasuries can pay; others need not have them.
const OF_SHARES: &[(&str, &[&str])] = &[("share", &["treasury", "weight", "weights", "part"])];
/// General sentences of a catalogue in which counties set parameters for themselves; others need not have them.
const OF_COUNTIES: &[(&str, &[&str])] = &[("county-value", &["county", "parameter", "value", "source"])];
/// General sentences of a catalogue in which a part that a cap cuts can come back; others need not have them.
const OF_ROOM: &[(&str, &[&str])] =
    &[("revives", &["interpretation"]), ("raised", &["by", "to", "interpretation"])];

/// General sentences that some catalogue needs.
fn known() -> impl Iterator<Item = &'static (&'static str, &'static [&'static str])> {
    GENERAL.iter().chain(OF_ROOM).chain(OF_SHARES).chain(OF_COUNTIES)
}

/// Codes that an assessment can end with: each has a sentence in every catalogue.
const SAID_BY_ASSESSMENT: &[RefusalCode] = &[
    RefusalCode::PolicyMissing,
    RefusalCode::MeasureUnknown,
    RefusalCode::FactMissing,
    RefusalCode::FactTypeWrong,
    RefusalCode::RateMissing,
    RefusalCode::NotInForce,
    RefusalCode::ConditionNotMet,
    RefusalCode::ExcludedByOverlap,
    RefusalCode::AlreadyAwarded,
    RefusalCode::EvidenceConsumed,
    RefusalCode::OutsideBand,
    RefusalCode::CapExhausted,
    RefusalCode::NothingDue,
    RefusalCode::OutOfRange,
];

pub(super) fn check(catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    general(catalogue, findings);
    interpretations(catalogue, findings);
    for measure in catalogue.measures() {
        for (rule, line) in &measure.lines {
            let mut add =
                |what: String| findings.push(Finding::new(measure.path_of(rule), rule.as_str(), what));
            for (language, met) in [("zh", &line.say.zh), ("en", &line.say.en)] {
                for template in [Some(&met.met), met.unmet.as_ref(), met.none.as_ref()].into_iter().flatten()
                {
                    for what in wrong(template, &|name| names::supplies(measure, rule, name)) {
                        add(format!("{language}: {what}"));
                    }
                }
                if line.say.zh.none.is_some() != met.none.is_some() {
                    add(format!("{language}: the sentence for \"none\" is missing"));
                }
                if met.unmet.is_none() && needs_unmet(measure, rule, line) {
                    add(format!("{language}: the sentence for \"unmet\" is missing"));
                }
            }
        }
    }
    findings.sort();
    findings.dedup();
}

/// What is wrong with a template.
fn wrong(template: &str, supplied: &dyn Fn(&str) -> bool) -> Vec<String> {
    if template.trim().is_empty() {
        return vec!["the sentence is empty".to_owned()];
    }
    match template::parse(template) {
        Err(what) => vec![what],
        Ok(pieces) => pieces
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Slot(slot) if !supplied(slot.name) => {
                    Some(format!("nothing supplies {{{}}}", slot.name))
                }
                Piece::Slot(_) | Piece::Text(_) => None,
            })
            .collect(),
    }
}

/// Whether the step of a rule can be unmet.
fn needs_unmet(measure: &Measure, rule: &Slug, line: &Line) -> bool {
    let file = &measure.file;
    match line.kind {
        LineKind::Cap => true,
        LineKind::Evidence => false,
        LineKind::Condition => true,
        LineKind::Overlap => file
            .overlaps
            .iter()
            .filter(|one| one.rule == *rule)
            .any(|one| options(&one.mode).into_iter().any(|mode| *mode != OverlapMode::Stack)),
        LineKind::Ceiling => file.ceilings.iter().filter(|one| one.rule == *rule).any(|one| {
            one.weight
                .as_ref()
                .is_none_or(|weight| options(weight).into_iter().any(|one| *one == Weight::Hard))
        }),
        LineKind::Benefit => file.benefits.iter().any(|one| one.rule == *rule && one.determined.is_some()),
    }
}

fn general(catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    let mut add = |key: &str, what: String| findings.push(Finding::new(SENTENCES, key, what));
    let caps = catalogue.measures().flat_map(|measure| &measure.caps);
    let comes_back = |part: &CutPart| *part == CutPart::Revives;
    let revives =
        caps.flat_map(|cap| &cap.cut_part).any(|choice| options(choice).into_iter().any(comes_back));
    let several = |payer: &&String| payer::split(payer).is_some() || payer::shares(payer).is_some();
    let mut measures = catalogue.measures();
    let shared = measures.any(|measure| options(&measure.file.measure.payer).iter().any(several));
    let mut measures = catalogue.measures();
    let local = measures.any(|measure| measure.values.values().any(|dated| !dated.counties.is_empty()));
    let needed = GENERAL.iter().map(|one| (one, true)).chain(OF_ROOM.iter().map(|one| (one, revives)));
    let needed = needed.chain(OF_SHARES.iter().map(|one| (one, shared)));
    let needed = needed.chain(OF_COUNTIES.iter().map(|one| (one, local)));
    let needed = needed.chain(OPTIONAL.iter().map(|one| (one, false)));
    for ((key, supplied), is_needed) in needed {
        let found = catalogue.general.iter().find(|(name, _)| name.as_str() == *key);
        let Some((_, both)) = found else {
            if is_needed {
                add(key, "the sentence is missing".to_owned());
            }
            continue;
        };
        both_wrong(both, &|name| supplied.contains(&name)).into_iter().for_each(|what| add(key, what));
    }
    for key in catalogue.general.keys() {
        if !known().chain(OPTIONAL).any(|(name, _)| *name == key.as_str()) {
            add(key.as_str(), "nothing says this sentence".to_owned());
        }
    }
    for code in SAID_BY_ASSESSMENT {
        if !catalogue.refusals.keys().any(|key| key.as_str() == code.word()) {
            add(code.word(), "the sentence of this refusal is missing".to_owned());
        }
    }
    for (key, both) in &catalogue.refusals {
        if key.as_str().parse::<RefusalCode>().is_err() {
            add(key.as_str(), "there is no refusal of this code".to_owned());
        }
        // What a refusal supplies depends on the verb that refuses; a name without its value becomes its fallback.
        both_wrong(both, &|_| true).into_iter().for_each(|what| add(key.as_str(), what));
    }
    for (word, both) in &catalogue.words {
        both_wrong(both, &|_| false).into_iter().for_each(|what| add(word, what));
    }
}

fn interpretations(catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    for one in catalogue.interpretations.values() {
        let options = one.options.iter().flat_map(|option| [&option.zh, &option.en]);
        let mut texts = [&one.question.zh, &one.question.en].into_iter().chain(options);
        if texts.any(|text| text.trim().is_empty()) {
            let what = "the question or an option is missing in one language";
            findings.push(Finding::new(crate::compile::INTERPRETATIONS, one.id.as_str(), what));
        }
    }
}

fn both_wrong(both: &Both, supplied: &dyn Fn(&str) -> bool) -> Vec<String> {
    let told = [("zh", &both.zh), ("en", &both.en)];
    let one = |(language, template): (&str, &String)| {
        wrong(template, supplied)
            .into_iter()
            .map(move |what| format!("{language}: {what}"))
            .collect::<Vec<_>>()
    };
    told.into_iter().flat_map(one).collect()
}
