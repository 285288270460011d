//! `grants init`: a new ledger with the shipped catalogue in force, and the key that an audit office needs.

use crate::{
    actor::Actors,
    cli::{Common, Init},
    failure::Failure,
    house::{self, Belongings, House},
    output::Said,
    publish,
    script::{self, LogTime, Scripted},
    seat,
    verbs::policy,
};
use grants_domain::{context::Role, ids::LedgerId};
use grants_files::Texts;
use grants_ledger::{Clock, CreateOptions, DataDir, LayoutError, Ledger, SystemClock};
use grants_policy::Library;
use serde_json::json;

/// Performs it.
pub(crate) fn perform(common: &Common, request: &Init, texts: &Texts) -> Result<Said, Failure> {
    house::check_time(common.at, request.simulated)?;
    let actors = Actors::parse(&common.actors, request.simulated)?;
    let opened_by = actors.need(Role::Policy, texts)?.clone();
    let dir = DataDir::at(&common.data);
    let clock: Box<dyn Clock> = match (common.at, &request.clock) {
        (Some(start), _) => Box::new(script::stepping(start)),
        (None, Some(file)) => Box::new(Scripted::new(script::read(file)?, LogTime::default())),
        (None, None) if request.simulated => {
            return Err(Failure::usage_of("program-clock-needed", &[]));
        }
        (None, None) => Box::new(SystemClock),
    };
    let options = CreateOptions {
        id: request.ledger_id.map_or_else(random_id, Ok)?,
        name: request.name.parse().map_err(|fault| Failure::usage(format!("--name: {fault}")))?,
        origin: request.origin.clone(),
        simulated: request.simulated,
        opened_by,
        address: String::new(),
    };
    // A key that is kept elsewhere is made first: if it cannot be, there is no folder with half a ledger.
    if let Some(key) = &request.key {
        house::make_key(key)?;
    }
    let ledger = create(&dir, request, &options, clock).inspect_err(|_| {
        // Nothing was signed with it. If it stays all the same, the next attempt names it.
        request.key.iter().for_each(|key| drop(std::fs::remove_file(key)));
    })?;
    let belongings =
        Belongings { key: request.key.as_ref(), script: request.clock.as_ref(), seed: request.seed };
    house::furnish(&dir, &belongings)?;
    let manifest = dir.manifest()?;
    let house = House::made(ledger, dir, manifest, actors);
    let published = policy::put_in_force(&house, &grants_policy::shipped(), "shipped catalogue", texts)?;
    let vkey = publish::verifier_key(house.dir(), house.manifest())?;
    std::fs::write(house.dir().root().join(publish::VERIFIER_KEY), format!("{vkey}\n"))?;
    let id = house.seat.id();
    house.close()?;
    let json = json!({ "ledger": id, "simulated": request.simulated, "vkey": vkey, "catalogue": published });
    let data = common.data.display().to_string();
    Ok(Said::new(json)
        .line(texts.get("program-init-made", &[("data", &data), ("ledger", &id.to_string())]))
        .line(texts.get("program-init-catalogue", &[("hash", &published)]))
        .line(texts.get("program-init-vkey", &[("vkey", &vkey)])))
}

/// Makes the ledger: in its folder, or on brokers.
fn create(
    dir: &DataDir,
    request: &Init,
    options: &CreateOptions,
    clock: Box<dyn Clock>,
) -> Result<Ledger, Failure> {
    let Some(log) = &request.brokers.log else {
        return Ok(Ledger::create(dir.root(), options, Library::new(), clock)?);
    };
    if dir.manifest_path().exists() {
        return Err(LayoutError::Exists(dir.root().to_owned()).into());
    }
    let place = request.brokers.place(log, dir)?;
    place.make_topics()?;
    let [log, _] = place.connect()?;
    place.write(dir)?;
    let ledger = Ledger::create_on_brokers(log, dir.root(), options, Library::new(), clock)?;
    seat::new_token(dir)?;
    Ok(ledger)
}

fn random_id() -> Result<LedgerId, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|fault| Failure::fault_of("program-no-randomness", &[("cause", &fault)]))?;
    Ok(LedgerId(bytes))
}
