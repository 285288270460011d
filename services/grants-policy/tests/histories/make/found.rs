//! How a history begins: enterprises, projects, lines that are often too short, rates, rounds; and what is registered
//! later on.

use super::{A_DAY, ENTERPRISES, MEASURES, MOST, Maker, PROJECTS, STRANGER, TREASURIES, YEARS, yuan};
use crate::{
    model::{Model, day},
    real::REACHES,
    step::{Change, Piece, Project, Value, Wish},
};

impl Maker {
    pub(super) fn found(&mut self) {
        self.things();
        let mut wishes = Vec::new();
        for place in 0..ENTERPRISES.len() {
            wishes.push(self.enterprise(place));
        }
        for place in 0..PROJECTS.len() {
            if !self.chance.once_in(12) {
                wishes.push(self.project(place));
            }
        }
        for treasury in TREASURIES {
            for year in YEARS {
                if !self.chance.once_in(14) {
                    wishes.push(self.line(treasury, *year));
                }
            }
        }
        for (on, rate) in [((2024, 6, 20), 345), ((2024, 10, 21), 310)] {
            if !self.chance.once_in(5) {
                wishes.push(Wish::Rate { on: day::day(on.0, on.1, on.2), rate });
            }
        }
        if self.chance.once_in(2) {
            wishes.push(self.round());
        }
        for (code, ..) in ENTERPRISES {
            let subject = format!("enterprise:{code}");
            let on = day::day(2024, 1, 1);
            let yes = !self.chance.once_in(6);
            wishes.push(Wish::Fact { subject, name: "above_scale", value: Value::Flag(yes), on });
        }
        for (code, _, industry, _) in ENTERPRISES {
            if *industry != Some("sensors") && !self.chance.once_in(3) {
                let subject = format!("enterprise:{code}");
                let on = self.today() - self.chance.between(-5, 5);
                let yes = !self.chance.once_in(4);
                wishes.push(Wish::Fact { subject, name: "field_recognised", value: Value::Flag(yes), on });
            }
        }
        for _ in 0..if self.shared { 8 } else { 0 } {
            wishes.push(self.a_proportion());
        }
        if self.bars {
            wishes.extend(self.kin());
            // So that those who are related take from one cap.
            self.measures.extend(["E6", "E6", "E4.2", "E4.1"]);
        }
        self.founding = wishes.into();
        if self.chance.once_in(3) {
            self.first_answer("K-35", &["automatic"]);
        }
        if self.chance.once_in(3) {
            self.first_answer("K-36", &["kept"]);
        }
        if self.chance.once_in(3) {
            self.first_answer("K-02", &["issued-to-anniversary", "published", "published-to-anniversary"]);
        }
        if self.bars {
            for (cap, ..) in REACHES {
                let wide = !self.chance.once_in(4);
                self.changes.extend(wide.then_some(Change::Reach { cap, wide }));
            }
            self.next.push_back(Wish::Publish { changes: self.changes.clone() });
        }
        while self.chance.once_in(2) {
            let version = self.first_version();
            self.next.push_back(version);
        }
    }

    /// In which proportion treasuries pay for a project, or for all of an enterprise. The last ones are wrong.
    pub(super) fn a_proportion(&mut self) -> Wish {
        let (project, _) = self.chance.pick(PROJECTS);
        let (code, ..) = self.chance.pick(ENTERPRISES);
        let subject = match self.chance.below(4) {
            0 => format!("project:{project}"),
            1 => format!("project:2403-411702-04-01-90000{}", self.chance.below(5)),
            _ => format!("enterprise:{code}"),
        };
        let text = match self.chance.once_in(20) {
            true => self.chance.pick(&[
                "411702000:5 411702000:5",
                "411702000:0",
                "411702000 411700000",
                "411702000:10001",
                "411702000:05",
                "411729000:1 411702000:1",
            ]),
            false => self.chance.pick(&[
                "411702000:5 411700000:5",
                "411702000:5 411700000:5",
                "411721000:1 411702000:2 411700000:4",
                "411700000:10000 411702000:1",
                "411721000:3 411702000:7",
                "411721000:9",
            ]),
        };
        let value = if self.chance.once_in(40) { Value::Count(5) } else { Value::Word(text.to_owned()) };
        let on = self.chance.pick(&[day::day(2024, 1, 1), day::day(2024, 1, 1), self.today()]);
        Wish::Fact { subject, name: "benefiting_shares", value, on }
    }

    /// A history that begins with an answer that shows itself only late, or in everything.
    fn first_answer(&mut self, id: &'static str, options: &[&'static str]) {
        let (option, from) = (self.chance.pick(options), day::day(2024, 7, 31));
        self.changes.push(Change::Answer { id, option, from });
        self.next.push_back(Wish::Publish { changes: self.changes.clone() });
    }

    /// A history that begins with another answer.
    fn first_version(&mut self) -> Wish {
        self.clock -= 200 * A_DAY;
        let version = self.a_version();
        self.clock += 200 * A_DAY;
        version
    }

    /// Invoices, fairs and loans as they really are; who types them may slip.
    fn things(&mut self) {
        let edges =
            [(2024, 6, 10), (2024, 6, 11), (2024, 6, 23), (2024, 6, 24), (2027, 6, 10), (2027, 6, 11)];
        for number in 0..24 {
            let day = match number % 6 {
                0 => self.chance.pick(&edges),
                _ => {
                    (2024 + number as i64 % 3, 1 + self.chance.between(0, 11), 1 + self.chance.between(0, 27))
                }
            };
            let day = day::day(day.0, day.1, day.2);
            let random = self.about(yuan(90_000_000));
            let amount = self.chance.pick(&[
                yuan(200_000_000),
                yuan(120_000_000),
                yuan(60_000_000),
                yuan(40_000_000),
                yuan(20_000_000),
                random,
                random,
                19,
                20,
                10,
            ]);
            let amount = if amount < 100 { amount } else { self.near(amount) };
            let typed = match number % 4 {
                0 => format!("paper:4100194130:{number:08}"),
                _ => format!("digital:244100000000000{number:05}"),
            };
            self.invoices.push(Piece { kind: "invoice", typed, day, until: None, amount });
        }
        for number in 0..30 {
            let day = day::day(2024 + i64::from(number) % 4, 1 + self.chance.between(0, 11), 15);
            let random = self.about(yuan(90_000));
            let amount = self.chance.pick(&[
                yuan(200_000),
                yuan(130_000),
                yuan(90_000),
                yuan(70_000),
                random,
                random,
                1,
                2,
                3,
            ]);
            let amount = if amount < 100 { amount } else { self.near(amount) };
            let typed = format!("digital:244100000000001{number:05}");
            self.booths.push(Piece { kind: "invoice", typed, day, until: None, amount });
        }
        for number in 1..=8 {
            let from =
                day::day(2024 + number % 3, 1 + self.chance.between(0, 11), self.chance.between(1, 28));
            let until = match number {
                1 => day::anniversary(from, 1),
                2 => day::anniversary(from, 1) + 1,
                _ => day::anniversary(from, 5),
            };
            let amounts = [36_000_000, 100_000_000, 400_000_000, 900_000_000];
            let amount = yuan(self.chance.pick(&amounts));
            let typed = format!("DK-{number}");
            self.loans.push(Piece { kind: "loan", typed, day: from, until: Some(until), amount });
        }
    }

    fn enterprise(&mut self, place: usize) -> Wish {
        let (code, treasury, industry, account) = ENTERPRISES[place];
        let (code, treasury) = (code.to_owned(), treasury.to_owned());
        Wish::Enterprise { code, treasury, industry, account }
    }

    fn project(&mut self, place: usize) -> Wish {
        let (code, enterprise) = PROJECTS[place];
        let most = yuan(2_000_000_000);
        let totals = [
            yuan(300_000_000),
            yuan(60_000_000),
            yuan(50_000_000) + 1,
            yuan(50_000_000),
            most,
            most,
            yuan(100_000_000),
            yuan(25_000_000),
            yuan(30_000_000) + 1,
            yuan(20_000_000),
        ];
        let total = match self.chance.once_in(6) {
            true => self.chance.pick(&[50_000_000, 100_000_000, 2_000_000_000, 20_000_000]) * 100 - 1,
            false => self.chance.pick(&totals),
        };
        let validity = self.chance.pick(&[(2024, 2027), (2024, 2026), (2025, 2026)]);
        Wish::Project(Project {
            code: code.to_owned(),
            enterprise: ENTERPRISES[enterprise].0.to_owned(),
            treasury: self.chance.pick(TREASURIES).to_owned(),
            total,
            from: day::day(validity.0, 1, 1),
            to: day::day(validity.1, 12, 31),
            in_statistics: !self.chance.once_in(6),
        })
    }

    fn line(&mut self, treasury: &str, year: u32) -> Wish {
        let most = if treasury == "411700000" { yuan(8_000_000) } else { yuan(20_000_000) };
        let amount = if self.chance.once_in(4) { self.about(yuan(100_000)) } else { self.about(most) };
        let mut measures = MEASURES.to_vec();
        if self.chance.once_in(10) {
            let _ = measures.remove(self.chance.below(MEASURES.len()));
        }
        let (line, treasury) = (format!("L-{treasury}-{year}"), treasury.to_owned());
        Wish::Allocate { line, treasury, year, measures, amount }
    }

    fn round(&mut self) -> Wish {
        let from = day::day(2025, 1, 1) + self.chance.between(0, 700);
        Wish::Round { round: format!("R-{}", self.chance.below(4)), from, to: from + 30 }
    }

    /// More or less money on a line, at the edge of what it has, or a line that was forgotten.
    pub(super) fn a_budget(&mut self, model: &Model) -> Wish {
        let (treasury, year) = (self.chance.pick(TREASURIES), self.chance.pick(YEARS));
        if self.chance.once_in(6) {
            return match self.line(treasury, year) {
                Wish::Allocate { treasury, year, amount, .. } if self.chance.once_in(3) => {
                    let measures = self.chance.pick(&[vec![], vec!["E6", "E6"], vec!["E6"]]);
                    Wish::Allocate { line: "L-other".to_owned(), treasury, year, measures, amount }
                }
                wish => wish,
            };
        }
        let line = match self.chance.once_in(20) {
            true => "L-nowhere".to_owned(),
            false => format!("L-{treasury}-{year}"),
        };
        if self.chance.once_in(3) {
            let available = model.books(&line).available.max(0);
            return Wish::Adjust { amount: self.near(available), line, up: false };
        }
        let short =
            model.queue(&line).first().map(|one| model.awards[*one].amount() - model.books(&line).available);
        let amount = match short.filter(|short| 0 < *short) {
            Some(short) if !self.chance.once_in(3) => self.near(short),
            _ if self.chance.once_in(30) => MOST,
            _ => self.about(yuan(4_000_000)),
        };
        Wish::Adjust { line, up: true, amount }
    }

    /// A rate, a round or a calendar, again and otherwise now and then.
    pub(super) fn a_reference(&mut self) -> Wish {
        let today = self.today();
        match self.chance.below(6) {
            0..3 => {
                let on = if self.chance.once_in(3) {
                    day::day(2024, 10, 21)
                } else {
                    today - self.chance.between(0, 40)
                };
                Wish::Rate { on, rate: i128::from(self.chance.between(295, 345)) }
            }
            3 | 4 => self.round(),
            _ => {
                let year = self.chance.pick(YEARS);
                let from = day::day(i64::from(year), 10, self.chance.between(1, 2));
                let source = self.chance.pick(&["示例通知1号", "示例通知2号"]);
                Wish::Calendar { year, off: (from, from + 6), source }
            }
        }
    }

    /// What nobody should ask.
    pub(super) fn something_wrong(&mut self) -> Wish {
        let (place, other) = (self.chance.below(ENTERPRISES.len()), self.chance.below(PROJECTS.len()));
        match self.chance.below(9) {
            0 => Wish::OpenLedger,
            1 => Wish::PublishNonsense,
            2 => Wish::PublishArtifact { artifact: self.chance.below(2) as u8 },
            3 | 4 => {
                let (index, count) = (self.chance.below(2) as u32, self.chance.pick(&[1, 2, 2, 257]));
                let (artifact, text) = (0, self.chance.pick(&["a", "a", "b"]));
                Wish::Chunk { artifact, index, count, text }
            }
            5 => self.enterprise(place),
            6 => self.project(other),
            7 => match self.project(other) {
                Wish::Project(project) => {
                    Wish::Project(Project { enterprise: STRANGER.to_owned(), ..project })
                }
                wish => wish,
            },
            _ => Wish::Continue { subject: "L-411702000-2025".to_owned(), cause: 7 },
        }
    }
}
