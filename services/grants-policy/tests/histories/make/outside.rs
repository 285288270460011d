//! What other bodies say, early, late, again and otherwise.

use super::{ENTERPRISES, Maker, PROJECTS, yuan};
use crate::{
    model::{Model, RecoveryIs, day},
    step::{Piece, Report, Value, Wish},
};

impl Maker {
    /// The same late fact once more, under another id, finds nothing more to do (I-19); the model says so.
    pub(super) fn perhaps_twice(&mut self, wish: Wish) -> Wish {
        if self.chance.once_in(6) {
            self.next.push_back(wish.clone());
        }
        wish
    }

    /// Another word about what was reported before, something that takes the reason from a recovery, or something new.
    pub(super) fn a_report(&mut self, model: &Model) -> Wish {
        let granted = |award: usize| {
            let project = model.awards[award].project.as_ref().map(|code| format!("project:{code}"));
            let subjects: Vec<String> = model.awards[award].subjects.iter().cloned().chain(project).collect();
            let of = move |one: &&Report| subjects.contains(&one.subject) && one.status == "granted";
            model.reports.iter().filter(of).cloned().collect::<Vec<_>>()
        };
        let owed = model.recoveries.iter().filter(|one| one.is == RecoveryIs::Owed);
        let reasons: Vec<Report> = owed.flat_map(|one| granted(one.award)).collect();
        if self.chance.once_in(2)
            && let Some(reason) = self.chance.perhaps(&reasons)
        {
            return Wish::Report(Report { status: "withdrawn", ..reason });
        }
        if self.chance.once_in(2)
            && let Some(known) = self.chance.perhaps(&model.reports)
        {
            let status = self.chance.pick(&["pending", "granted", "granted", "refused", "withdrawn"]);
            let amount = self.chance.pick(&[known.amount, Some(yuan(100_000)), None]);
            let on = self.today() - self.chance.between(0, 30);
            return self.perhaps_twice(Wish::Report(Report { status, amount, on, ..known }));
        }
        if self.chance.once_in(3)
            && let Some(wish) = self.an_award_here(model)
        {
            return wish;
        }
        self.a_first_report()
    }

    /// What city, county or province gave for a project, a title or a fair.
    fn an_award_here(&mut self, model: &Model) -> Option<Wish> {
        let titles = model.facts.iter().map(|one| &one.subject).filter(|one| one.starts_with("title:"));
        let mut subjects: Vec<String> = titles.cloned().collect();
        subjects.push("title:示例展会".to_owned());
        let (project, _) = self.chance.pick(PROJECTS);
        subjects.extend([format!("project:{project}"), format!("project:{project}")]);
        let subject = self.chance.pick(&subjects);
        let programme = match subject.split_once(':')? {
            ("project", _) => {
                self.chance.pick(&["investment", "equipment", "loan-interest", "industry-reward"])
            }
            (_, "示例展会") => self.chance.pick(&["booth", "booth", "rent"]),
            _ => self.chance.pick(&["local-award", "title-award"]),
        };
        let level = self.chance.pick(&["city", "county", "county", "province", "state"]);
        let status = self.chance.pick(&["granted", "granted", "granted", "pending", "withdrawn"]);
        let amount = self.about(yuan(400_000));
        let amount = self.chance.pick(&[Some(amount), Some(amount), Some(yuan(3_000_000)), Some(1), None]);
        let award = format!("HC-{level}-{programme}-{}", model.reports.len());
        let (programme, on) = (programme.to_owned(), self.today());
        Some(self.perhaps_twice(Wish::Report(Report {
            award,
            subject,
            level,
            programme,
            status,
            amount,
            on,
        })))
    }

    fn a_first_report(&mut self) -> Wish {
        let status = self.chance.pick(&["pending", "pending", "granted", "refused", "refused", "withdrawn"]);
        let on = self.today() - self.chance.between(-3, 60);
        let amount = match self.chance.below(4) {
            0 => None,
            1 => Some(yuan(3_000_000)),
            2 => Some(self.about(yuan(12_000_000))),
            _ => Some(self.about(yuan(100_000))),
        };
        let level = if self.chance.once_in(12) { "state" } else { "province" };
        let (project, _) = self.chance.pick(PROJECTS);
        let (code, ..) = self.chance.pick(ENTERPRISES);
        let (award, subject, programme) = match self.chance.below(12) {
            0 | 1 => {
                (format!("HT-{code}-{}", self.chance.below(2)), format!("enterprise:{code}"), "tourist-train")
            }
            2 => (format!("HN-{project}-0"), format!("project:{project}"), "other-fund"),
            3 if self.chance.once_in(2) => {
                let subject = self.chance.pick(&[
                    "widget",
                    "project:2403-411721-04-01-70001x",
                    "enterprise:91411700ma40abcd1g",
                ]);
                ("HX-1".to_owned(), subject.to_owned(), "special-fund")
            }
            _ => (
                format!("HN-{project}-{}", self.chance.below(3)),
                format!("project:{project}"),
                "special-fund",
            ),
        };
        let programme = programme.to_owned();
        self.perhaps_twice(Wish::Report(Report { award, subject, level, programme, status, amount, on }))
    }

    pub(super) fn a_fact(&mut self, model: &Model) -> Wish {
        if self.chance.once_in(2)
            && let Some(wish) = self.a_mended_fact(model)
        {
            return wish;
        }
        if self.chance.once_in(2)
            && let Some(wish) = self.another_fact(model)
        {
            return self.perhaps_twice(wish);
        }
        let (code, ..) = self.chance.pick(ENTERPRISES);
        let (project, _) = self.chance.pick(PROJECTS);
        let (enterprise, project) = (format!("enterprise:{code}"), format!("project:{project}"));
        let word = |text: &str| Value::Word(text.to_owned());
        let (subject, name, value) = match self.chance.below(12) {
            0..4 => (enterprise, "above_scale", Value::Flag(!self.chance.once_in(3))),
            4..6 => (enterprise, "field_recognised", Value::Flag(!self.chance.once_in(3))),
            6..8 => {
                let nature = self.chance.pick(&["new-build", "technical-renewal", "maintenance"]);
                (project, "project_nature", word(nature))
            }
            8..10 => {
                let kind = self.chance.pick(&["industrial", "industrial", "housing"]);
                (project, "project_kind", word(kind))
            }
            10 => (enterprise, "agency_place", word("outside-city")),
            _ => {
                let subject = self.chance.pick(&["award:AW-1", "evidence:x", "project:x", "enterprise:x"]);
                (subject.to_owned(), "above_scale", Value::Flag(true))
            }
        };
        let value = if self.chance.once_in(16) { Value::Count(7) } else { value };
        let on = match self.chance.below(5) {
            0 => self.today() + self.chance.between(1, 30),
            1 | 2 => day::day(2024, 1, 1),
            _ => self.today() - self.chance.between(0, 120),
        };
        self.perhaps_twice(Wish::Fact { subject, name, value, on })
    }

    /// A part or the whole of something that was brought, mostly of what an award rests on.
    pub(super) fn a_voiding(&mut self, model: &Model) -> Wish {
        let brought = |awarded: bool| {
            let of = model.applications.iter().filter(move |one| {
                !awarded
                    || model.award(&one.submit.application).is_ok_and(|award| model.awards[award].stands())
            });
            of.flat_map(|one| one.submit.evidence.clone()).collect::<Vec<Piece>>()
        };
        let piece = self.chance.perhaps(&brought(true)).or_else(|| self.chance.perhaps(&brought(false)));
        let unknown = self.chance.once_in(15);
        let Some(piece) = piece.filter(|_| !unknown) else {
            let piece = Piece {
                kind: "invoice",
                typed: "digital:24410000000000099999".to_owned(),
                day: self.today(),
                until: None,
                amount: 0,
            };
            return Wish::Void { piece, net: 0 };
        };
        let key = crate::model::one_text(&piece);
        let standing = model.pieces.iter().find(|one| Some(&one.key) == key.as_ref());
        let net = standing.map_or(piece.amount, |one| one.net);
        let net = match self.chance.below(6) {
            0 | 1 => 0,
            2 => net / 2,
            3 => (net - 1).max(0),
            4 => net * 9 / 10,
            _ => self.near(net),
        };
        self.perhaps_twice(Wish::Void { piece, net })
    }
}
