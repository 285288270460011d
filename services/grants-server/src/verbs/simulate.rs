//! `grants simulate`: stories in the notation of the tests, played in memory; each outcome with its sentence.

use crate::{failure::Failure, look, output::Said, tell};
use grants_domain::{
    events::Event,
    refusal::Refused,
    rules::Rules,
    scenario::{self, Played, Scenario, Stage, parse},
    state::{MemoryState, StateRead},
};
use grants_files::Texts;
use grants_policy::{End, Language, Library, pack, shipped};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Longest story, in bytes.
const STORY_BYTES_MAX: u64 = 1 << 20;

/// Performs it.
pub(crate) fn perform(scenarios: &[PathBuf], on: Option<&Path>, texts: &Texts) -> Result<Said, Failure> {
    let ground = on.map(look::copy).transpose()?;
    let (mut json, mut lines, mut good) = (Vec::new(), Vec::new(), true);
    for path in scenarios {
        let size = std::fs::metadata(path)
            .map_err(|fault| Failure::usage(format!("{}: {fault}", path.display())))?;
        if STORY_BYTES_MAX < size.len() {
            return Err(Failure::usage(format!("{}: longer than {STORY_BYTES_MAX} bytes", path.display())));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|fault| Failure::usage(format!("{}: {fault}", path.display())))?;
        let story = parse(&text).map_err(|fault| {
            Failure::usage(format!("{}:{}: {}", path.display(), fault.line, fault.message))
        })?;
        lines.push(format!("▌{}", story.title));
        let (told, failure) = play(&story, ground.as_ref(), texts)?;
        lines.extend(told.iter().map(|sentence| format!("   {sentence}")));
        let verdict = failure
            .as_ref()
            .map(|failure| format!("{}:{}: {}", path.display(), failure.line, failure.message));
        good &= verdict.is_none();
        lines.extend(verdict.iter().map(|failure| format!("   × {failure}")));
        json.push(json!({ "scenario": story.title, "told": told, "failed": verdict }));
    }
    let summary = if good { "program-stories-hold" } else { "program-stories-fail" };
    let count = json.len().to_string();
    Ok(Said::new(Value::Array(json)).lines(lines).line(texts.get(summary, &[("count", &count)])).good(good))
}

/// Plays one story: what was told, and the line that does not hold.
fn play(
    story: &Scenario,
    ground: Option<&look::Ground>,
    texts: &Texts,
) -> Result<(Vec<String>, Option<scenario::Failure>), Failure> {
    let mut library = ground.map_or_else(Library::new, |ground| ground.library.clone());
    // The voice needs the catalogue while the stage holds the rules: it learns the same bytes beside them.
    let bytes = pack(&shipped());
    let mut voices = library.clone();
    if ground.is_none() {
        voices.learn(1, &bytes);
    }
    let (state, sequence) = ground
        .map_or_else(|| (MemoryState::default(), 0), |ground| (ground.state.clone(), ground.next_sequence));
    let catalogue = ground.is_none().then_some(bytes.as_slice());
    let mut stage = Stage::on(state, sequence, &mut library, catalogue)
        .map_err(|fault| Failure::fault(format!("the stage cannot be set: {fault}")))?;
    let before = stage.played().len();
    let voice = |_: &dyn StateRead, event: &Event| {
        let both = [Language::Zh, Language::En].into_iter();
        both.flat_map(|language| sentences(&voices, event, language)).collect()
    };
    let failure = stage.play(story, &voice).err();
    let told = stage.played().iter().skip(before).flat_map(|one| outcome(one, &voices, texts));
    Ok((told.collect(), failure))
}

/// What one command came to: decisions with their sentences, refusals with their reasons.
fn outcome(played: &Played, library: &Library, texts: &Texts) -> Vec<String> {
    let refused = played.answer.as_ref().and_then(|answer| answer.refused.as_ref());
    let verb = texts.verb(played.command.word());
    if let Some(refused) = refused {
        return vec![format!("{verb}: {}", texts.refusal(refused))];
    }
    let mut told = Vec::new();
    for event in &played.events {
        let sentences = sentences(library, event, tell::language(texts));
        if !sentences.is_empty() {
            told.push(texts.event(event.word()));
            told.extend(sentences.into_iter().map(|sentence| format!("  {sentence}")));
        }
    }
    told
}

fn sentences(library: &Library, event: &Event, language: Language) -> Vec<String> {
    let (trace, end) = if let Event::AwardProposed(fact) = event {
        let (amount, holds) = (fact.amount, fact.holds.as_slice());
        (&fact.trace, End::Due { amount, holds })
    } else if let Event::ApplicationRejected(fact) = event {
        (&fact.trace, End::Refused(&fact.refused))
    } else if let Event::CommandRefused(fact) = event {
        return refusal(library, &fact.refused, language);
    } else {
        return Vec::new();
    };
    let Some(catalogue) = library.catalogue(trace.version) else {
        return Vec::new();
    };
    let told = catalogue.explain(trace, &end, language);
    told.sentences.into_iter().map(|one| one.text).collect()
}

fn refusal(library: &Library, refused: &Refused, language: Language) -> Vec<String> {
    library.catalogue(1).map(|catalogue| catalogue.refusal(refused, language)).into_iter().collect()
}
