//! Applications for each measure, at the edges of what its clause asks.

use super::{A_DAY, ENTERPRISES, Maker, PROJECTS, STRANGER, UNKNOWN_PROJECT, yuan};
use crate::{
    model::{Model, day},
    step::{Piece, Submit, Value, Wish},
};

/// A number as somebody else types it: full-width, in small letters, with a blank, or with zeros before the code.
fn typed_otherwise(way: usize, text: &str) -> String {
    let wide = |one: char| match one {
        '0'..='9' => char::from_u32(one as u32 + 0xfee0).unwrap_or(one),
        _ => one,
    };
    match way {
        0 => text.chars().map(wide).collect(),
        1 if text.starts_with("paper:") => text.replacen("paper:", "paper:00", 1),
        2 => match text.split_at_checked(text.len() - 3) {
            Some((before, behind)) => format!("{before} {behind}"),
            None => text.to_owned(),
        },
        _ if text.contains(':') => text.to_owned(),
        _ => text.to_lowercase(),
    }
}

impl Maker {
    pub(super) fn application(&mut self, model: &Model) -> Wish {
        let measures = self.measures.clone();
        let measure = self.chance.pick(&measures);
        // Mostly one of the first two, so that caps are reached.
        let most = if self.chance.once_in(3) { ENTERPRISES.len() } else { 2 };
        let projects: Vec<_> = PROJECTS.iter().filter(|one| one.1 < most).copied().collect();
        let (place, (project, owner)) = (self.chance.below(most), self.chance.pick(&projects));
        let about_project = ["E1.1", "E1.2", "E1.3", "E4.1", "E4.2", "E5.0", "T1"].contains(&measure);
        let (project, owner) = self.one_that_fits(model, measure).unwrap_or((project, owner));
        let enterprise = if about_project { owner } else { place };
        let applied_on = match self.chance.below(10) {
            0 => self.today() - self.chance.between(1, 90),
            _ => self.today() - self.chance.between(0, 2),
        };
        if !self.chance.once_in(40) {
            self.applications += 1;
        }
        let mut submit = Submit {
            application: format!("A-{}", self.applications),
            enterprise: ENTERPRISES[enterprise].0.to_owned(),
            project: about_project.then(|| project.to_owned()),
            measure: measure.to_owned(),
            applied_on,
            facts: Vec::new(),
            evidence: Vec::new(),
            person: false,
        };
        match measure {
            "E4.1" => self.equipment(&mut submit),
            "E4.2" => self.a_loan(&mut submit),
            "E6" => self.a_fair(&mut submit),
            "T12.1" | "T12.2" => self.a_train(&mut submit),
            _ => return self.prepared(model, submit, enterprise),
        }
        self.slip(&mut submit);
        Wish::Submit(submit)
    }

    /// Mostly, a project that is as large as the clause asks.
    fn one_that_fits(&mut self, model: &Model, measure: &str) -> Option<(&'static str, usize)> {
        let least = match measure {
            "E1.1" => 100_000_000,
            "E1.3" => 2_000_000_000,
            "E4.1" => 50_000_000,
            "T1" => 20_000_000,
            _ => return None,
        };
        let fits = |one: &&(&str, usize)| {
            model.projects.iter().any(|own| own.code == one.0 && yuan(least) <= own.total)
        };
        let fitting: Vec<(&'static str, usize)> = PROJECTS.iter().filter(fits).copied().collect();
        if self.chance.once_in(5) { None } else { self.chance.perhaps(&fitting) }
    }

    /// What goes wrong when people fill in forms.
    pub(super) fn slip(&mut self, submit: &mut Submit) {
        for piece in &mut submit.evidence {
            if self.chance.once_in(6) {
                piece.typed = typed_otherwise(self.chance.below(4), &piece.typed);
            }
            if self.chance.once_in(40) {
                piece.amount += 1;
            }
            if self.chance.once_in(60) {
                piece.day += 1;
            }
        }
        if self.chance.once_in(25) && !submit.facts.is_empty() {
            let _ = submit.facts.remove(self.chance.below(submit.facts.len()));
        }
        if self.chance.once_in(40) && !submit.facts.is_empty() {
            let place = self.chance.below(submit.facts.len());
            submit.facts[place].1 = self.chance.pick(&[Value::Flag(true), Value::Word("wrong".to_owned())]);
        }
        if self.chance.once_in(40) && !submit.evidence.is_empty() {
            let _ = submit.evidence.remove(self.chance.below(submit.evidence.len()));
        }
        if !self.chance.once_in(14) {
            return;
        }
        match self.chance.below(10) {
            0 => submit.enterprise = STRANGER.to_owned(),
            1 => submit.project = Some(UNKNOWN_PROJECT.to_owned()),
            2 => submit.project = Some(self.chance.pick(PROJECTS).0.to_owned()),
            3 => submit.project = None,
            4 => submit.measure = self.chance.pick(&["E99", "E8"]).to_owned(),
            5 => submit.applied_on = self.today() + 1,
            6 => submit.person = true,
            7 => submit.evidence.extend(submit.evidence.first().cloned()),
            8 => submit.facts.extend(submit.facts.first().cloned()),
            _ => submit.evidence.push(Piece {
                kind: "invoice",
                typed: self
                    .chance
                    .pick(&["digital:2441", "paper:41001941:00000001", "24410000000000000001"])
                    .to_owned(),
                day: submit.applied_on,
                until: None,
                amount: 100,
            }),
        }
    }

    /// What has come of these pieces by today, mostly.
    fn come(&mut self, piece: Piece) -> Option<Piece> {
        (piece.day <= self.today() || self.chance.once_in(60)).then_some(piece)
    }

    fn equipment(&mut self, submit: &mut Submit) {
        for _ in 0..self.chance.pick(&[1, 1, 2, 3]) {
            let piece = match self.chance.once_in(25) {
                true => self.chance.pick(&self.booths),
                false => self.chance.pick(&self.invoices),
            };
            let known = submit.evidence.iter().any(|one| one.typed == piece.typed);
            submit.evidence.extend((!known).then(|| self.come(piece)).flatten());
        }
    }

    fn a_fair(&mut self, submit: &mut Submit) {
        for _ in 0..self.chance.pick(&[1, 1, 1, 2]) {
            let piece = match self.chance.once_in(25) {
                true => self.chance.pick(&self.invoices),
                false => self.chance.pick(&self.booths),
            };
            let known = submit.evidence.iter().any(|one| one.typed == piece.typed);
            submit.evidence.extend((!known).then(|| self.come(piece)).flatten());
        }
        let edge = self.chance.pick(&[
            day::day(2024, 6, 10),
            day::day(2024, 12, 31),
            day::day(2025, 1, 1),
            day::day(2025, 12, 31),
        ]);
        let first = match self.chance.once_in(5) {
            true => edge.min(self.today()),
            false => self.today() - self.chance.between(0, 200),
        };
        let organiser = match self.chance.once_in(10) {
            true => "county",
            false => self.chance.pick(&["city", "province", "state"]),
        };
        let place = if self.chance.once_in(10) { "inside-city" } else { "outside-city" };
        submit.facts = vec![
            ("fair".to_owned(), Value::Word("示例展会".to_owned())),
            ("fair_first_day".to_owned(), Value::Day(first)),
            ("organiser_level".to_owned(), Value::Word(organiser.to_owned())),
            ("fair_place".to_owned(), Value::Word(place.to_owned())),
        ];
    }

    fn a_train(&mut self, submit: &mut Submit) {
        let fast = submit.measure == "T12.1";
        let passengers = match fast {
            true => self.chance.pick(&[200, 201, 300, 300, 400, 800, 199, 2_400, 2_400, 2_300, 2_500, 2_501]),
            false => self.chance.pick(&[600, 601, 700, 700, 700, 700, 599]),
        };
        let year = day::civil(self.today()).0;
        let arrival = match self.chance.below(8) {
            0 => day::day(year, 1, 1),
            1 => day::day(year - 1, 12, 31),
            2 => self.chance.pick(&[day::day(2024, 7, 29), day::day(2024, 7, 30)]),
            // A day of the week, so that the same train is brought twice.
            _ => self.today() / 7 * 7 - 7 * self.chance.between(0, 2),
        };
        let least = |chance: &mut crate::chance::Chance, least: u64| match chance.once_in(25) {
            true => least - 1,
            false => least + chance.below(2) as u64,
        };
        let origin = if self.chance.once_in(7) { "inside-city" } else { "outside-city" };
        submit.facts = vec![
            ("arrival".to_owned(), Value::Day(arrival)),
            ("passengers".to_owned(), Value::Count(passengers)),
            ("paid_sights".to_owned(), Value::Count(least(&mut self.chance, 2))),
            ("days".to_owned(), Value::Count(least(&mut self.chance, 2))),
            ("nights".to_owned(), Value::Count(least(&mut self.chance, 1))),
            ("origin".to_owned(), Value::Word(origin.to_owned())),
        ];
        let number = if fast { 1_000 } else { 400 } + self.chance.below(6);
        let typed = format!("{}{number}", if fast { "G" } else { "Y" });
        let ticket_day = if self.chance.once_in(25) { arrival - 1 } else { arrival };
        submit.evidence.push(Piece { kind: "tickets", typed, day: ticket_day, until: None, amount: 0 });
        if self.chance.once_in(40) {
            let typed = format!("G{}", 2_000 + number);
            submit.evidence.push(Piece { kind: "tickets", typed, day: arrival, until: None, amount: 0 });
        }
    }

    fn a_loan(&mut self, submit: &mut Submit) {
        let (loan, again) = (self.chance.pick(&self.loans), self.chance.pick(&self.loans));
        let today = self.today();
        let come: Vec<Piece> = self.loans.iter().filter(|one| one.day <= today).cloned().collect();
        let loan = if loan.day <= today { loan } else { self.chance.perhaps(&come).unwrap_or(again) };
        let number = loan.typed.clone();
        if loan.day <= self.today() || self.chance.once_in(20) {
            submit.evidence.push(loan.clone());
        }
        if self.chance.once_in(40) {
            let other = self.chance.pick(&self.loans);
            submit.evidence.extend((other.typed != number).then_some(other));
        }
        let mut from = match self.chance.below(4) {
            0 => loan.day,
            1 => loan.day.max(day::day(2024, 6, 1)),
            _ => loan.day + self.chance.between(-10, (self.today() - loan.day).max(20)),
        };
        for part in 0..self.chance.pick(&[1, 1, 2, 3]) {
            if self.today() < from {
                break;
            }
            let length = self.chance.pick(&[1, 1, 30, 365, 365, 1_095, 1_096, 1_460, 0, 90]);
            let until = from + length;
            let whole = self.chance.pick(&[loan.amount, loan.amount, loan.amount / 2, yuan(36_000_000)]);
            let amount = match self.chance.below(30) {
                0 => loan.amount + 1,
                1 | 2 => 0,
                _ => whole,
            };
            let until = if self.chance.once_in(60) { None } else { Some(until) };
            self.references += 1;
            let typed = format!("{number}/{part}-{}", self.references);
            submit.evidence.push(Piece { kind: "balance", typed, day: from, until, amount });
            // Now and then a gap, or a day twice.
            from += length + self.chance.pick(&[0, 0, 0, 20, -1]);
        }
        let paid =
            self.chance.pick(&[yuan(20_000_000), yuan(20_000_000), yuan(20_000_000), 108_500, 108_499, 0]);
        submit.facts.push(("interest_paid".to_owned(), Value::Money(self.near(paid))));
        submit.applied_on = submit.applied_on.max((self.clock / A_DAY) - 30);
    }
}
