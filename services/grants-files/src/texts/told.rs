//! Events that move or stop money, told with their amount: what a person wants to hear of a command.

use super::{Texts, id_of_word};
use grants_domain::{events::Event, values::Fen};
use serde_json::{Map, Value};

/// The words of the events that have a sentence `told-…`: those that give, hold, send or take back money.
pub const MONEY_EVENTS: &[&str] = &[
    "application.rejected",
    "award.proposed",
    "award.queued",
    "award.dequeued",
    "award.confirmed",
    "award.raised",
    "award.raise_delayed",
    "award.reduced",
    "award.revoked",
    "award.suspended",
    "award.resumed",
    "payment.instructed",
    "payment.settled",
    "payment.rejected",
    "payment.returned",
    "recovery.proposed",
    "recovery.withdrawn",
    "recovery.owed",
    "recovery.approved",
    "recovery.received",
];

/// Fields that name what an event is about, in the order in which they are told.
const IDS: &[&str] = &["application", "award", "payment", "recovery", "line"];

/// An event as a result: what it is about, how much it moves, and its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The word of the event.
    pub event: &'static str,
    /// Kind and id of each thing that it is about.
    pub ids: Vec<(&'static str, String)>,
    /// What it gives, sends or takes; none for what only holds or lets go.
    pub amount: Option<Fen>,
    /// What stands afterwards, where the event takes a part away.
    pub stands: Option<Fen>,
}

impl Told {
    /// The result of an event; `None` for one that neither moves nor stops money.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        let word = MONEY_EVENTS.iter().copied().find(|word| *word == event.word())?;
        let fields = fields(event)?;
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let fen = |name: &str| text(name).and_then(|amount| amount.parse().ok());
        let ids = IDS.iter().filter_map(|name| Some((*name, text(name)?))).collect();
        Some(Self { event: word, ids, amount: fen("amount").or_else(|| fen("by")), stands: fen("to") })
    }
}

impl Texts {
    /// The sentence of an event that moves or stops money, with its amount in 元.
    #[must_use]
    pub fn told(&self, event: &Event) -> Option<String> {
        let Told { event: word, amount, stands, .. } = Told::of(event)?;
        let fields = fields(event)?;
        let id = id_of_word("told", word);
        let grouped = |fen: Option<Fen>| fen.map(Fen::grouped).unwrap_or_default();
        let why = if let Event::ApplicationRejected(fact) = event {
            self.refusal(&fact.refused)
        } else if fields.contains_key("holds") {
            holds(&fields)
        } else {
            self.why(&fields)
        };
        let filled: Vec<(&str, String)> = self
            .placeholders(&id)
            .into_iter()
            .map(|name| match name {
                "amount" => (name, grouped(amount)),
                "stands" => (name, grouped(stands)),
                "why" => (name, why.clone()),
                _ => (name, plain(fields.get(name))),
            })
            .collect();
        let args: Vec<(&str, &str)> = filled.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Some(self.get(&id, &args))
    }

    /// A person's reason, or the rule that a later fact met.
    fn why(&self, fields: &Map<String, Value>) -> String {
        if let Some(reason) = fields.get("reason").and_then(Value::as_str) {
            return reason.to_owned();
        }
        let (rule, cause) = (plain(fields.get("rule")), plain(fields.get("cause")));
        self.get("told-by-rule", &[("rule", &rule), ("cause", &cause)])
    }
}

/// The fields of an event under the names of the protocol.
fn fields(event: &Event) -> Option<Map<String, Value>> {
    let json = serde_json::to_value(event).ok()?;
    json.get(event.word())?.as_object().cloned()
}

fn holds(fields: &Map<String, Value>) -> String {
    let one = |hold: &Value| format!("{} {}", plain(hold.get("rule")), plain(hold.get("waits_for")));
    let holds = fields.get("holds").and_then(Value::as_array);
    holds.map(|holds| holds.iter().map(one).collect::<Vec<_>>().join("; ")).unwrap_or_default()
}

fn plain(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}
