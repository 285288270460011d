//! `grants simulate`: stories in the notation of the tests, played in memory; each result with its amount and its
//! sentences.

use crate::{failure::Failure, look, output::Said, tell};
use grants_domain::{
    events::Event,
    refusal::Refused,
    rules::Rules,
    scenario::{self, Line, Played, Scenario, Stage, parse},
    state::{MemoryState, StateRead, get},
    tables::Ledgers,
};
use grants_files::{Lang, Texts, texts::Told};
use grants_policy::{Catalogue, End, Library, pack, shipped};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Longest story, in bytes.
const STORY_BYTES_MAX: u64 = 1 << 20;

/// Performs it.
pub(crate) fn perform(scenarios: &[PathBuf], on: Option<&Path>, texts: &Texts) -> Result<Said, Failure> {
    let ground = on.map(|dir| look::copy(dir, texts)).transpose()?;
    let voices = Lang::ALL.iter().map(|lang| Texts::new(*lang)).collect::<Vec<_>>();
    let (mut json, mut lines, mut good) = (Vec::new(), Vec::new(), true);
    for path in scenarios {
        let size = std::fs::metadata(path)
            .map_err(|fault| Failure::usage(format!("{}: {fault}", path.display())))?;
        if STORY_BYTES_MAX < size.len() {
            return Err(Failure::usage_of(
                "program-too-long",
                &[("place", &path.display()), ("max", &STORY_BYTES_MAX)],
            ));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|fault| Failure::usage(format!("{}: {fault}", path.display())))?;
        let mut story = parse(&text).map_err(|fault| {
            Failure::usage(format!("{}:{}: {}", path.display(), fault.line, fault.message))
        })?;
        if let Some(recorded) = ground.as_ref().and_then(|ground| ground.recorded_at) {
            // A trial goes on where the ledger stands: nothing is decided before what was decided.
            story.lines.insert(0, (0, Line::On(recorded)));
        }
        lines.push(format!("▌{}", story.title));
        let (results, failure) = play(&story, ground.as_ref(), &voices)?;
        let told: Vec<String> = results.iter().flat_map(|one| one.told(texts.lang())).collect();
        lines.extend(told.iter().map(|sentence| format!("   {sentence}")));
        let verdict = failure
            .as_ref()
            .map(|failure| format!("{}:{}: {}", path.display(), failure.line, failure.message));
        good &= verdict.is_none();
        lines.extend(verdict.iter().map(|failure| format!("   × {failure}")));
        let results: Vec<Value> = results.iter().map(Shown::json).collect();
        json.push(json!({ "scenario": story.title, "results": results, "told": told, "failed": verdict }));
    }
    let summary = if good { "program-stories-hold" } else { "program-stories-fail" };
    let count = json.len().to_string();
    Ok(Said::new(Value::Array(json)).lines(lines).line(texts.get(summary, &[("count", &count)])).good(good))
}

/// Plays one story: what came of each command, and the line that does not hold.
fn play(
    story: &Scenario,
    ground: Option<&look::Ground>,
    voices: &[Texts],
) -> Result<(Vec<Shown>, Option<scenario::Failure>), Failure> {
    let mut library = ground.map_or_else(Library::new, |ground| ground.library.clone());
    // The voice needs the catalogue while the stage holds the rules: it learns the same bytes beside them.
    let bytes = pack(&shipped());
    let mut known = library.clone();
    if ground.is_none() {
        known.learn(1, &bytes);
    }
    let (state, sequence) = ground
        .map_or_else(|| (MemoryState::default(), 0), |ground| (ground.state.clone(), ground.next_sequence));
    let catalogue = ground.is_none().then_some(bytes.as_slice());
    let mut stage = Stage::on(state, sequence, &mut library, catalogue)
        .map_err(|fault| Failure::fault_of("program-stage", &[("cause", &fault)]))?;
    let before = stage.played().len();
    let voice = |state: &dyn StateRead, event: &Event| {
        let catalogue = in_force(state, &known);
        voices.iter().flat_map(|texts| sentences(&known, catalogue.as_deref(), event, texts)).collect()
    };
    let failure = stage.play(story, &voice).err();
    let catalogue = in_force(stage.state(), &known);
    let results = stage.played().iter().skip(before);
    let results = results.flat_map(|one| Shown::of(one, &known, catalogue.as_deref(), voices));
    Ok((results.collect(), failure))
}

/// The catalogue whose words a refusal is told in: the one in force.
fn in_force(state: &dyn StateRead, library: &Library) -> Option<Arc<Catalogue>> {
    library.catalogue(get::<Ledgers>(state, &())?.version)
}

/// One result of a command, in every language.
struct Shown {
    line: usize,
    verb: &'static str,
    event: &'static str,
    told: Option<Told>,
    refused: Option<Refused>,
    sentences: Vec<(Lang, Vec<String>)>,
}

impl Shown {
    /// What one command came to: every event that moves or stops money, and every refusal.
    fn of(played: &Played, library: &Library, in_force: Option<&Catalogue>, voices: &[Texts]) -> Vec<Self> {
        let results = played.events.iter().filter_map(|event| {
            let refused = refused_by(event).cloned();
            let told = Told::of(event);
            (told.is_some() || refused.is_some()).then(|| Self {
                line: played.line,
                verb: played.command.word(),
                event: event.word(),
                told,
                refused,
                sentences: voices
                    .iter()
                    .map(|texts| (texts.lang(), sentences(library, in_force, event, texts)))
                    .collect(),
            })
        });
        results.collect()
    }

    /// The result in one language: the first sentence says it, the others why.
    fn told(&self, lang: Lang) -> Vec<String> {
        let of_lang = self.sentences.iter().find(|(other, _)| *other == lang);
        let sentences = of_lang.map(|(_, sentences)| sentences.as_slice()).unwrap_or_default();
        let indent = |(place, sentence): (usize, &String)| match place {
            0 => sentence.clone(),
            _ => format!("  {sentence}"),
        };
        sentences.iter().enumerate().map(indent).collect()
    }

    fn json(&self) -> Value {
        let ids = self.told.iter().flat_map(|told| &told.ids);
        let ids: serde_json::Map<String, Value> =
            ids.map(|(kind, id)| ((*kind).to_owned(), Value::from(id.as_str()))).collect();
        let amount = self.told.as_ref().and_then(|told| told.amount);
        let sentences: serde_json::Map<String, Value> =
            self.sentences.iter().map(|(lang, told)| (lang.to_string(), json!(told))).collect();
        json!({
            "line": self.line, "verb": self.verb, "event": self.event, "ids": ids,
            "amount": amount, "amount_fen": amount.map(|amount| amount.get()),
            "refused": self.refused, "sentences": sentences,
        })
    }
}

/// The reason of an event that says no.
fn refused_by(event: &Event) -> Option<&Refused> {
    if let Event::CommandRefused(fact) = event {
        return Some(&fact.refused);
    }
    if let Event::ApplicationRejected(fact) = event { Some(&fact.refused) } else { None }
}

/// What is said of an event: the result with its amount, then the steps that led to it.
fn sentences(library: &Library, in_force: Option<&Catalogue>, event: &Event, texts: &Texts) -> Vec<String> {
    let language = tell::language(texts);
    if let Event::CommandRefused(fact) = event {
        // A catalogue has sentences for what a clause refuses; for the others it has the bare code.
        let of_catalogue = in_force.map(|catalogue| catalogue.refusal(&fact.refused, language));
        let of_catalogue = of_catalogue.filter(|told| *told != fact.refused.code.word());
        return vec![of_catalogue.unwrap_or_else(|| texts.refusal(&fact.refused))];
    }
    let mut told: Vec<String> = texts.told(event).into_iter().collect();
    let (trace, end) = if let Event::AwardProposed(fact) = event {
        let (amount, holds) = (fact.amount, fact.holds.as_slice());
        (&fact.trace, End::Due { amount, holds })
    } else if let Event::AwardRaised(fact) = event {
        let (by, to, interpretation) = (fact.by, fact.to, &fact.interpretation);
        (&fact.trace, End::Raised { by, to, interpretation })
    } else if let Event::ApplicationRejected(fact) = event {
        (&fact.trace, End::Refused(&fact.refused))
    } else {
        return told;
    };
    if let Some(catalogue) = library.catalogue(trace.version) {
        let explained = catalogue.explain(trace, &end, language);
        told.extend(explained.sentences.into_iter().map(|one| one.text));
    }
    told
}
