//! `grants policy`: catalogues are checked, tried on an application, and published into the log.

use crate::{
    bars,
    cli::Common,
    failure::Failure,
    house::House,
    ids,
    intake::{Became, Order},
    look::Look,
    output::Said,
    tell,
};
use grants_audit::catalogue;
use grants_domain::{
    artifact::record_chunk::{CHUNK_BYTES_MAX, RecordChunk},
    commands::Command,
    context::Role,
    enterprise::lineage,
    policy::publish_version::PublishVersion,
    rules::{Ask, Outcome, Rules},
    sanction,
    state::{StateRead, get},
    tables::{Applications, Enterprises, Ledgers, PolicyVersions, Projects},
    values::{Date, Reference, Sha256Hex},
    wire::Blob,
};
use grants_files::Texts;
use grants_policy::{End, Library, lint, pack, shipped};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, path::Path};

/// `policy check`: everything that keeps a catalogue from being published.
pub(crate) fn check(dir: Option<&Path>, texts: &Texts) -> Result<Said, Failure> {
    let files =
        dir.map_or_else(|| Ok(shipped()), |dir| catalogue::read(dir, texts).map_err(Failure::usage))?;
    let findings: Vec<String> = lint(&files).iter().map(ToString::to_string).collect();
    let good = findings.is_empty();
    let json = json!({ "files": files.len(), "findings": findings, "catalogue": hash_of(&pack(&files)) });
    let summary = match good {
        true => texts.get("program-policy-sound", &[("files", &files.len().to_string())]),
        false => texts.get("program-policy-findings", &[("count", &findings.len().to_string())]),
    };
    Ok(Said::new(json).lines(findings).line(summary).good(good))
}

/// `policy assess`: what would come of an application today. Nothing is recorded.
pub(crate) fn assess(common: &Common, application: &str, texts: &Texts) -> Result<Said, Failure> {
    let number: Reference =
        application.parse().map_err(|fault| Failure::usage(format!("{application}: {fault}")))?;
    let look = Look::open(common, texts)?;
    let today = look.today()?;
    let library = look.library();
    let found = look.read(|state| assessed(state, library, &number, today))?;
    let (version, assessment) =
        found.ok_or_else(|| Failure::usage(texts.get("program-unknown", &[("id", application)])))?;
    let end = match &assessment.outcome {
        Outcome::Due { amount, holds, .. } => End::Due { amount: *amount, holds },
        Outcome::Rejected(refused) | Outcome::Undecidable(refused) => End::Refused(refused),
    };
    let decidable = !matches!(assessment.outcome, Outcome::Undecidable(_));
    let explained = tell::explanation(library, version, &assessment.trace, &end, texts);
    // What the clause says stands above; while a sanction is in force nobody decides by it.
    let barred = look.read(|state| barred(state, &number, today, texts))?;
    let free = barred.is_none();
    let explained = match barred {
        Some((data, sentence)) => explained.with("barred", data).line(sentence),
        None => explained,
    };
    Ok(explained.good(decidable && free))
}

/// The sanction that keeps an application from being decided, as data and as a sentence.
fn barred(state: &dyn StateRead, number: &Reference, today: Date, texts: &Texts) -> Option<(Value, String)> {
    let application = get::<Applications>(state, number)?;
    let bar = sanction::bar(state, &application.enterprise, &application.measure, today)?;
    Some((bars::as_data(&bar), bars::told(&bar, &application.enterprise, texts)))
}

fn assessed(
    state: &dyn StateRead,
    library: &Library,
    number: &Reference,
    today: Date,
) -> Option<(u32, grants_domain::rules::Assessment)> {
    let application = get::<Applications>(state, number)?;
    // Whoever goes on for the applicant, as the decision takes it.
    let enterprise = get::<Enterprises>(state, &lineage::current(state, &application.enterprise))?;
    let project = application.project.as_ref().and_then(|code| get::<Projects>(state, code));
    let version = get::<Ledgers>(state, &())?.version;
    let ask = Ask {
        version,
        application: &application,
        enterprise: &enterprise,
        project: project.as_ref(),
        today,
        reviewing: application.award,
        reviving: false,
    };
    Some((version, library.assess(state, &ask)))
}

/// `policy publish`: the folder's bytes go into the log, and are in force from the next decision on.
pub(crate) fn publish(common: &Common, dir: &Path, texts: &Texts) -> Result<Said, Failure> {
    let files = catalogue::folder(dir, texts).map_err(Failure::usage)?;
    let findings: Vec<String> = lint(&files).iter().map(ToString::to_string).collect();
    if !findings.is_empty() {
        return Err(Failure::places(findings));
    }
    let house = House::open(common, texts)?;
    let hash = put_in_force(&house, &files, "catalogue", texts)?;
    house.close()?;
    Ok(Said::new(json!({ "catalogue": hash })).line(texts.get("program-init-catalogue", &[("hash", &hash)])))
}

/// Records a catalogue's bytes and publishes it, unless it is in force already. Returns its hash.
pub(crate) fn put_in_force(
    house: &House,
    files: &BTreeMap<String, String>,
    title: &str,
    texts: &Texts,
) -> Result<String, Failure> {
    let actor = house.actors.need(Role::Policy, texts)?.clone();
    let bytes = pack(files);
    let artifact = Sha256Hex(Sha256::digest(&bytes).into());
    let in_force = house.read(|state| {
        let version = get::<Ledgers>(state, &()).map_or(0, |ledger| ledger.version);
        get::<PolicyVersions>(state, &version).is_some_and(|row| row.hash == artifact)
    })?;
    if in_force {
        return Ok(artifact.to_string());
    }
    let next = house.read(|state| get::<Ledgers>(state, &()).map_or(0, |ledger| ledger.version))?;
    let title = title.parse().map_err(Failure::usage)?;
    let count = u32::try_from(bytes.chunks(CHUNK_BYTES_MAX).count()).unwrap_or(u32::MAX);
    let chunks = bytes.chunks(CHUNK_BYTES_MAX).zip(0_u32..).map(|(chunk, index)| {
        Command::from(RecordChunk { artifact, index, count, bytes: Blob(chunk.to_vec()) })
    });
    let publish = Command::from(PublishVersion { catalogue: artifact, title });
    // The number of the version before is part of the key: a catalogue may come back into force later.
    let orders = chunks.chain([publish]).zip(0_u32..).map(|(command, place)| Order {
        id: ids::order(command.word(), &format!("{artifact}|{place}|{next}"), &actor, Date::MIN),
        command,
        actor: actor.clone(),
    });
    for became in house.give(orders.collect(), "")? {
        let refused = match &became {
            Became::Recorded(answer) | Became::Repeated(answer) => answer.refused.as_ref(),
            Became::Conflict => None,
        };
        if let Some(refused) = refused {
            return Err(Failure::found(vec![texts.refusal(refused)]));
        }
    }
    Ok(artifact.to_string())
}

fn hash_of(bytes: &[u8]) -> Sha256Hex {
    Sha256Hex(Sha256::digest(bytes).into())
}
