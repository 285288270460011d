//! Running caps and ceilings: an exact amount is compared, and a cap is named as binding only if it cut.

use crate::{
    answered::Counter,
    benefit::exact,
    claim::folded,
    compile::by,
    facts::Known,
    kin::Other,
    source::{
        limit::{CapSource, CeilingSource, CutPart, Window},
        measure::Weight,
    },
    walk::{Found, Stop, Walk, as_value, input, name, plain},
};
use grants_domain::{
    enterprise::lineage,
    refusal::{RefusalCode, Refused},
    state::get,
    tables::{Awards, Caps},
    trace::{CapStep, FactValue, StepKind},
    values::{Date, Exact, Fen, Slug, Text},
};

/// The name of a window that is no fixed period.
pub(crate) const TWELVE_MONTHS: &str = "twelve-months";

/// Whether a day lies in the twelve months that end with `last`.
pub(crate) fn year_to(last: Date, day: Date) -> bool {
    day <= last && last.anniversary(-1).is_ok_and(|before| before < day)
}

impl<'a> Walk<'a> {
    /// Cuts an amount to what a cap leaves; nothing left ends the walk. When a standing award is looked at again,
    /// its own part does not count, and nothing is cut anew: the part that a cap cut then stays lost, the rest stays due.
    pub(crate) fn cap(&mut self, cap: &'a CapSource, amount: Exact) -> Found<Exact> {
        let limit = self.money(&cap.limit)?;
        if let Some(releases) = &cap.releases {
            self.choose(releases)?;
        }
        let revives = self.cut_part(cap)?;
        self.rests_on_all(&cap.interpretations);
        let (word, scope, window, span) = self.counter_of(cap)?;
        let others = self.others_of(word);
        let own = self.ask.reviewing.and_then(|id| get::<Awards>(self.state, &id));
        let step = own.as_ref().and_then(|row| row.caps.iter().find(|one| one.cap == cap.id));
        let is_year = window.as_str() == TWELVE_MONTHS;
        let reviving = self.ask.reviving;
        // Room returns to the counter that the award was counted under, whatever is known today.
        let (scope, window) = match step.filter(|_| reviving) {
            Some(step) => (step.scope.clone(), step.window.clone()),
            None => (scope, window),
        };
        let carried = match is_year {
            true => Fen::ZERO,
            false => lineage::cap_use_of(self.state, &cap.id, window.as_str(), others.iter().cloned()),
        };
        let (window, used) = if is_year {
            self.busiest_year(cap, word, &scope, &others)?
        } else {
            let key = (cap.id.clone(), scope.to_string(), window.to_string());
            let counted = get::<Caps>(self.state, &key).map_or(Fen::ZERO, |row| row.used);
            let counted =
                counted.checked_add(self.counted_otherwise(cap, &key, &others)?).unwrap_or(Fen::MAX);
            let own_part = own.as_ref().filter(|_| step.is_some());
            let own_part = own_part.map_or(Fen::ZERO, |row| row.room_of(&cap.id));
            (window, counted.checked_add(carried).unwrap_or(Fen::MAX).saturating_sub(own_part))
        };
        let headroom = limit.checked_sub(used).unwrap_or(Fen::ZERO);
        let reviewing = self.ask.reviewing.is_some();
        let cut = (!reviewing || reviving) && Exact::from(headroom) < amount;
        self.meets(&cap.id, "cap", amount.cmp(&Exact::from(headroom)));
        let carried = Some(carried).filter(|carried| !carried.is_zero());
        let revives = revives.filter(|_| cut);
        self.trace.caps.push(CapStep {
            cap: cap.id.clone(),
            scope,
            window,
            limit,
            used,
            cut,
            carried,
            revives,
        });
        self.tell_kin(cap, word, span)?;
        if cut && headroom == Fen::ZERO {
            let refused = Refused::of(RefusalCode::CapExhausted).by(&cap.id).with("limit", limit);
            return Err(Stop::Rejected(refused.with("used", used).with("headroom", headroom)));
        }
        let was_left =
            step.filter(|one| one.cut).map(|one| one.limit.checked_sub(one.used).unwrap_or(Fen::ZERO));
        // What the award holds already is not taken from it here.
        let holds = own.as_ref().map_or(Fen::ZERO, |row| row.amount);
        let bounded = match reviving {
            true => amount.min(Exact::from(headroom.max(holds))),
            false => amount,
        };
        let comes_back = step.is_some_and(|one| one.revives.is_some());
        Ok(match was_left.filter(|_| !(reviving && comes_back)) {
            // What other awards hold is taken off the part that was given, not off the part that was lost.
            Some(left) => bounded.min(Exact::from(left)),
            None if cut && !reviving => Exact::from(headroom),
            None => bounded,
        })
    }

    /// Whether the part that a cap cuts comes back with room: by this interpretation, or by the cap itself.
    fn cut_part(&mut self, cap: &'a CapSource) -> Found<Option<Slug>> {
        let Some(choice) = &cap.cut_part else { return Ok(None) };
        let revives = *self.choose(choice)? == CutPart::Revives;
        Ok(revives.then(|| by(choice).unwrap_or(&cap.id).clone()))
    }

    /// What stands of a cap under the counter of another answer.
    fn counted_otherwise(
        &mut self,
        cap: &'a CapSource,
        key: &(Slug, String, String),
        others: &[Other],
    ) -> Found<Fen> {
        let settled = cap.scope.as_ref().is_none_or(|scope| self.is_settled(scope));
        match &cap.window {
            Some(window) if !settled || !self.is_settled(window) => {
                let (word, _, _, window) = self.counter_of(cap)?;
                let counter = Counter { name: &key.0, scope: &key.1, window: &key.2, others };
                self.counted_elsewhere(counter, word, window)
            }
            Some(_) | None => Ok(Fen::ZERO),
        }
    }

    /// Of the twelve months that the governing day lies in, up to the one that ends with it or with a later award, those
    /// in which most stands: their days, and what stands. A counter cannot know them, so the awards are added up.
    fn busiest_year(
        &self,
        cap: &CapSource,
        word: &str,
        scope: &Text<80>,
        others: &[Other],
    ) -> Found<(Text<40>, Fen)> {
        let all = std::iter::once((scope.to_string(), None)).chain(others.iter().cloned()).collect();
        let others = self.holding_room_of(word, all).into_iter();
        let others = others.filter(|(id, _)| Some(*id) != self.ask.reviewing);
        let rows = others.map(|(_, row)| row).filter(|row| row.caps.iter().any(|one| one.cap == cap.id));
        let standing: Vec<(Date, Fen)> = rows.map(|row| (row.governing, row.room_of(&cap.id))).collect();
        let later = standing.iter().map(|(day, _)| *day).filter(|day| year_to(*day, self.governing));
        let (mut busiest, mut most) = (self.governing, None);
        for last in later.chain([self.governing]) {
            let inside = standing.iter().filter(|(day, _)| year_to(last, *day));
            let sum = inside.fold(Fen::ZERO, |sum, (_, more)| sum.checked_add(*more).unwrap_or(Fen::MAX));
            if most.is_none_or(|most| most < sum) {
                (busiest, most) = (last, Some(sum));
            }
        }
        let first = busiest.anniversary(-1).and_then(|day| day.add_days(1));
        let first = first.map_err(|_| self.broken("window"))?;
        let window = format!("{first}/{busiest}").parse().map_err(|_| self.broken("window"))?;
        Ok((window, most.unwrap_or(Fen::ZERO)))
    }

    /// Whose counter a cap looks at, as a word and as the counter's own name, and over which time, likewise.
    pub(crate) fn counter_of(&mut self, cap: &'a CapSource) -> Found<(&'a str, Text<80>, Text<40>, Window)> {
        let (Some(scope), Some(window)) = (&cap.scope, &cap.window) else {
            return Err(self.broken(cap.id.as_str()));
        };
        let (scope, window) = (self.choose(scope)?, *self.choose(window)?);
        Ok((scope, self.scope(scope)?, self.window(window)?, window))
    }

    /// The counter of a cap or tally: `enterprise`, `recipient`, `project` or `fact:NAME`. Members of a group and linked
    /// projects keep counters of their own, which are read beside each other.
    pub(crate) fn scope(&self, scope: &str) -> Found<Text<80>> {
        let text = match scope {
            "enterprise" | "group" => self.enterprise_subject().to_owned(),
            "recipient" => self.person().unwrap_or_else(|| self.enterprise_subject().to_owned()),
            "project" | "linked-projects" => {
                self.project_subject().ok_or_else(|| self.broken("project"))?.to_owned()
            }
            other => {
                let name = self.fact_behind(other)?.ok_or_else(|| self.broken(other))?;
                format!("{name}:{}", folded(&plain(&self.need(&name)?)))
            }
        };
        text.parse().map_err(|_| Stop::Undecidable(Refused::of(RefusalCode::OutOfRange).with("name", scope)))
    }

    /// The window of a cap or tally that the governing day falls into.
    pub(crate) fn window(&self, window: Window) -> Found<Text<40>> {
        let text = match window {
            Window::PolicyLife => self.measure.document.id.to_string(),
            Window::CalendarYear => self.governing.year().to_string(),
            Window::TwelveMonths => TWELVE_MONTHS.to_owned(),
        };
        text.parse().map_err(|_| self.broken("window"))
    }

    /// Cuts an amount to a ceiling that is not a running cap.
    pub(crate) fn ceiling(&mut self, ceiling: &'a CeilingSource, amount: Exact) -> Found<Exact> {
        let weight = match &ceiling.weight {
            Some(choice) => *self.choose(choice)?,
            None => Weight::Hard,
        };
        let known = match (&ceiling.fact, &ceiling.value) {
            (Some(fact), _) => match self.known(fact) {
                // Nobody is asked for what is only noted.
                Err(Stop::Undecidable(_)) if weight == Weight::Note => return Ok(amount),
                known => known?,
            },
            (None, Some(value)) => Known { value: as_value(self.value(value)?), event: None },
            (None, None) => return Err(self.broken(ceiling.rule.as_str())),
        };
        let FactValue::Money(limit) = known.value else {
            return Err(self.broken(ceiling.rule.as_str()));
        };
        let inputs = vec![known.as_input(&name!("limit")), input!("computed", exact(amount))];
        self.meets(&ceiling.rule, "ceiling", amount.cmp(&Exact::from(limit)));
        let within = amount <= Exact::from(limit);
        self.step(&ceiling.rule, StepKind::Ceiling, within, inputs, None);
        Ok(if within || weight == Weight::Note { amount } else { Exact::from(limit) })
    }
}
