//! Random histories over every verb. Values lie at thresholds and caps and one 分 or one person beside them, money is
//! often short, and some of what is asked is wrong on purpose. The generator looks at the model to find what could be
//! asked next, never at the ledger.

mod apply;
mod bars;
mod claims;
mod found;
mod identity;
mod outside;
mod work;

use crate::{
    chance::Chance,
    model::{Model, day, roles_of},
    real::{AMOUNTS, ANSWERS, REACHES},
    step::{Change, Piece, Step, Wish},
};
use std::collections::VecDeque;

/// Enterprises: code, treasury, field, whether its account is known. The last is on no list.
pub(crate) const ENTERPRISES: &[(&str, &str, Option<&str>, bool)] = &[
    ("91411700MA40ABCD1G", "411702000", Some("sensors"), true),
    ("91411702MA40ABCD1D", "411702000", Some("software"), true),
    ("91411721MA40ABCD1X", "411721000", Some("catering"), true),
    ("91411729MA40ABCD1H", "411721000", None, false),
];
/// One that is never registered.
const STRANGER: &str = "91411702MA70000188";
/// Codes that enterprises get later.
const LATER: &[&str] =
    &["91411702MA4N00013Y", "91411702MA4N00021R", "91411702MA4N0003XH", "91411702MA4N00048H"];
/// Projects with the place of their enterprise.
const PROJECTS: &[(&str, usize)] = &[
    ("2403-411721-04-01-700011", 0),
    ("2403-411721-04-01-700012", 0),
    ("2403-411721-04-01-700013", 1),
    ("2403-411721-04-01-700014", 1),
    ("2403-411721-04-01-700015", 2),
    ("2403-411721-04-01-700016", 3),
];
const UNKNOWN_PROJECT: &str = "2403-411721-04-01-700099";
const MEASURES: &[&str] = &[
    "E4.1", "E4.2", "E6", "T12.1", "T12.2", "E1.1", "E1.2", "E1.3", "E2", "E3.1", "E3.2", "E3.3", "E3.4",
    "E5.0", "E5.1", "E5.2", "E5.3", "E5.4", "E5.5", "E5.6", "E7", "T1", "T5", "T10",
];
/// Of the measures, those that rest on evidence; the others rest on what is recorded.
const WITH_EVIDENCE: usize = 5;
const TREASURIES: &[&str] = &["411702000", "411721000", "411700000"];
const YEARS: &[u32] = &[2024, 2025, 2026, 2027, 2028];
/// What becomes of an award when money is short, and of a recovery: seen only behind a decision, so asked more often.
const TURNS: &[(&str, &[&str])] = &[
    ("K-37", &["refuse", "refuse", "queue"]),
    ("K-35", &["automatic", "automatic", "proposed-by-rule"]),
    ("K-36", &["kept", "kept", "returned"]),
];
const A_DAY: i64 = 86_400;
/// The most money that can be written down.
const MOST: i128 = 999_999_999_999_999;

const fn yuan(amount: i128) -> i128 {
    amount * 100
}

/// Makes one history.
pub(crate) struct Maker {
    chance: Chance,
    clock: i64,
    ids: u32,
    /// What is asked first, before chance takes over.
    founding: VecDeque<Wish>,
    /// What is asked next because of the step before.
    next: VecDeque<Wish>,
    past: Vec<Step>,
    changes: Vec<Change>,
    /// The measures that are asked for in this history, so that their limits are reached.
    measures: Vec<&'static str>,
    applications: usize,
    references: usize,
    /// Whether proportions are recorded in this history in which treasuries pay together.
    shared: bool,
    /// Whether enterprises change their names and codes.
    changing: bool,
    /// Whether enterprises are sanctioned.
    bars: bool,
    invoices: Vec<Piece>,
    booths: Vec<Piece>,
    loans: Vec<Piece>,
}

impl Maker {
    /// A history of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let begin = chance.pick(&[(2024, 9, 2), (2025, 3, 3), (2025, 3, 3), (2026, 9, 1), (2027, 3, 1)]);
        let clock = day::day(begin.0, begin.1, begin.2) * A_DAY + 3_600;
        let mut maker = Self {
            chance,
            clock,
            ids: 0,
            founding: VecDeque::new(),
            next: VecDeque::new(),
            past: Vec::new(),
            changes: Vec::new(),
            measures: Vec::new(),
            applications: 0,
            references: 0,
            shared: false,
            changing: false,
            bars: false,
            invoices: Vec::new(),
            booths: Vec::new(),
            loans: Vec::new(),
        };
        for (place, measure) in MEASURES.iter().enumerate() {
            if maker.chance.once_in(if place < WITH_EVIDENCE { 2 } else { 4 }) {
                maker.measures.push(measure);
            }
        }
        // Trains of both kinds count together.
        if maker.measures.contains(&"T12.1") {
            maker.measures.extend(["T12.1", "T12.2", "T12.2"]);
        }
        if maker.measures.is_empty() {
            maker.measures = MEASURES.to_vec();
        }
        // What goes day by day has the most edges.
        if maker.measures.contains(&"E4.2") {
            maker.measures.push("E4.2");
        }
        maker.bars = maker.chance.once_in(2);
        maker.changing = maker.chance.once_in(3);
        maker.shared = maker.chance.once_in(3);
        maker.found();
        maker
    }

    fn today(&self) -> i64 {
        day::of_instant(self.clock)
    }

    /// The next step.
    pub(crate) fn step(&mut self, model: &Model) -> Step {
        self.tick();
        if 20 < self.past.len() && self.chance.once_in(30) {
            return self.once_more();
        }
        let wish = match (self.founding.pop_front(), self.next.pop_front()) {
            (Some(wish), None) => wish,
            (founding, Some(wish)) => {
                founding.into_iter().for_each(|one| self.founding.push_front(one));
                wish
            }
            (None, None) => self.wish(model),
        };
        self.ids += 1;
        let wish = self.under_its_code(model, wish);
        let step = self.by_somebody(self.ids, wish);
        self.past.push(step.clone());
        step
    }

    fn tick(&mut self) {
        self.clock += self.chance.between(1, 900);
        if self.founding.is_empty() && self.chance.once_in(3) {
            self.clock += self.chance.between(0, 5 * A_DAY);
        }
        if self.founding.is_empty() && self.chance.once_in(15) {
            self.clock += self.chance.between(5, 40) * A_DAY;
        }
        // A second before midnight in China, and midnight.
        if self.chance.once_in(40) {
            let midnight = (self.clock + 8 * 3_600).div_euclid(A_DAY) * A_DAY + A_DAY - 8 * 3_600;
            self.clock = midnight - self.chance.between(0, 1);
        }
    }

    /// An earlier command again, or its id with something else.
    fn once_more(&mut self) -> Step {
        let step = self.chance.pick(&self.past);
        if self.chance.once_in(4) {
            let other = self.chance.pick(&self.past).wish;
            return Step { at: self.clock, wish: other, ..step };
        }
        Step { at: self.clock, ..step }
    }

    /// One of three with the role; sometimes an account that has every role, or a role without the verb.
    fn by_somebody(&mut self, id: u32, wish: Wish) -> Step {
        const ROLES: &[&str] =
            &["intake", "reviewer", "approver", "finance", "policy", "registrar", "system"];
        let role = match self.chance.once_in(60) {
            true => self.chance.pick(ROLES),
            false => self.chance.pick(roles_of(&wish)),
        };
        let actor = match self.chance.once_in(8) {
            true => "everybody".to_owned(),
            false => format!("{role}-{}", self.chance.below(3)),
        };
        Step { id, at: self.clock, role, actor, wish }
    }

    fn wish(&mut self, model: &Model) -> Wish {
        if self.bars && self.chance.once_in(25) {
            return self.a_bar(model);
        }
        if self.changing && self.chance.once_in(40) {
            return self.another_identity(model);
        }
        if self.shared && self.chance.once_in(60) {
            return self.a_proportion();
        }
        match self.chance.below(1_000) {
            0..180 => self.application(model),
            180..360 => self.a_decision(model),
            360..440 => self.a_confirmation(model),
            440..530 => self.an_instruction(model),
            530..640 => self.a_word_of_the_bank(model),
            640..710 => self.about_a_recovery(model),
            710..740 => self.a_lowering(model),
            740..810 => self.a_report(model),
            810..860 => self.a_fact(model),
            860..895 => self.a_voiding(model),
            895..935 => self.a_budget(model),
            935..950 => self.a_reference(),
            950..976 => self.something_wrong(),
            976..990 => self.a_version(),
            _ => Wish::Withdraw { application: self.number(model) },
        }
    }

    /// A version with one change more.
    fn a_version(&mut self) -> Wish {
        let today = self.today();
        // Behind the day on which the documents began.
        let from = (today + self.chance.between(-60, 40)).max(day::day(2024, 7, 31));
        let change = if self.chance.once_in(4) {
            let (cap, ..) = self.chance.pick(REACHES);
            Change::Reach { cap, wide: !self.chance.once_in(4) }
        } else if self.chance.once_in(2) {
            let (id, options) = self.chance.pick(ANSWERS);
            let (id, options) = if self.chance.once_in(5) { self.chance.pick(TURNS) } else { (id, options) };
            Change::Answer { id, option: self.chance.pick(options), from }
        } else {
            let (place, values, _, _) = self.chance.pick(AMOUNTS);
            Change::Amount { place, value: self.chance.pick(values), from }
        };
        // Each new one begins behind those before it.
        let later = self.changes.iter().all(|one| match (one, &change) {
            (Change::Answer { id, from, .. }, Change::Answer { id: own, from: begin, .. }) => {
                id != own || from < begin
            }
            (Change::Amount { place, from, .. }, Change::Amount { place: own, from: begin, .. }) => {
                place != own || from < begin
            }
            _ => true,
        });
        if later {
            self.changes.push(change);
        }
        Wish::Publish { changes: self.changes.clone() }
    }

    /// An amount of an enterprise of money, about so large.
    fn about(&mut self, most: i128) -> i128 {
        i128::from(self.chance.between(0, i64::try_from(most).unwrap()))
    }
    /// The same, or one 分 more or less.
    fn near(&mut self, amount: i128) -> i128 {
        (amount + i128::from(self.chance.between(-1, 1))).clamp(0, MOST)
    }
}
