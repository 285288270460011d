//! Applications for what is paid once, by a title, by a document or by a share of an investment; and what has to stand
//! recorded before anybody can decide them, which is recorded when it is first needed.

use super::{ENTERPRISES, Maker, TREASURIES, yuan};
use crate::{
    model::{Model, Recorded, RecoveryIs, day},
    step::{Report, Submit, Value, Wish},
};

/// A fact that a clause asks for: subject, name and what is mostly recorded.
type Wanted = (String, &'static str, Value);

fn word(text: &str) -> Value {
    Value::Word(text.to_owned())
}

impl Maker {
    /// What stands recorded for these measures, as far as nobody has recorded it yet, and then the application.
    pub(super) fn prepared(&mut self, model: &Model, mut submit: Submit, owner: usize) -> Wish {
        let wanted = match submit.measure.as_str() {
            "E1.1" | "T1" => self.an_investment(&submit),
            "E1.2" | "E1.3" | "E5.0" | "E7" => self.a_decided(model, &mut submit),
            "E2" => self.a_broker(&mut submit, owner),
            "E3.1" | "E3.2" => self.a_year(&mut submit),
            "T5" => self.a_work(&mut submit, owner),
            _ => self.a_title(&mut submit, owner),
        };
        for (subject, name, value) in wanted {
            let known = model.fact_on(&crate::model::one_way(&subject), name, self.today(), false).is_some();
            let waits = self.next.iter().any(|one| {
                matches!(one, Wish::Fact { subject: other, name: own, .. } if *other == subject && *own == name)
            });
            if !known && !waits && !self.chance.once_in(40) {
                let on = self.today() - self.chance.between(0, 40);
                self.next.push_back(Wish::Fact { subject, name, value, on });
            }
        }
        self.slip(&mut submit);
        self.next.push_back(Wish::Submit(submit));
        self.next.pop_front().unwrap()
    }

    /// Mostly yes.
    fn yes(&mut self) -> Value {
        Value::Flag(!self.chance.once_in(25))
    }
    /// Now and then something else than is asked for.
    fn mostly(&mut self, usual: &[&str], other: &str) -> Value {
        let usual = self.chance.pick(usual);
        word(if self.chance.once_in(25) { other } else { usual })
    }
    /// One of these amounts, or one 分 beside it.
    fn one_of(&mut self, amounts: &[i128]) -> Value {
        let amount = self.chance.pick(amounts);
        let beside = self.chance.once_in(4);
        Value::Money(if beside { self.near(amount) } else { amount })
    }
    /// A day, now and then on an edge of the term.
    fn a_day(&mut self) -> Value {
        let edges =
            [(2024, 6, 10), (2024, 6, 11), (2024, 6, 23), (2024, 6, 24), (2027, 6, 11), (2024, 7, 30)];
        let edge = self.chance.pick(&edges);
        let near = self.today() - self.chance.between(0, 250);
        Value::Day(match self.chance.once_in(10) {
            true => day::day(edge.0, edge.1, edge.2),
            false => near.max(day::day(2024, 6, 11)),
        })
    }
    /// The name of a thing as it is typed.
    fn typed(&mut self, name: &str) -> Value {
        word(&match self.chance.below(12) {
            0 => name.to_lowercase(),
            1 => name.replace('-', " - "),
            2 => name.replace('-', "\u{ff0d}"),
            _ => name.to_owned(),
        })
    }

    fn an_investment(&mut self, submit: &Submit) -> Vec<Wanted> {
        let subject = format!("project:{}", submit.project.clone().unwrap_or_default());
        let of = |name: &'static str, value: Value| (subject.clone(), name, value);
        if submit.measure == "T1" {
            return vec![
                of("format", self.mostly(&["experience-venue", "performance", "night-tour"], "shop")),
                of("built", self.yes()),
                of("operating", self.yes()),
                of("uses_idle_assets", self.yes()),
            ];
        }
        let fixed = [20_000_000_000, 23_333_333_333, 12_345_678_901, yuan(100_000_000), yuan(300_000_000)];
        let (year, area) = (self.chance.once_in(2), self.chance.once_in(2));
        let other = match (year, area) {
            (true, true) => "tax_per_mu_any_year_contract",
            (true, false) => "tax_per_mu_first_full_year_certificate",
            _ => "tax_per_mu_any_year_certificate",
        };
        vec![
            of("completed_on", self.a_day()),
            of("production_on", self.a_day()),
            of("tax_test_met", self.a_day()),
            of("tax_per_mu_first_full_year_contract", self.one_of(&[yuan(150_000), yuan(200_000)])),
            of(other, self.one_of(&[yuan(150_000), yuan(200_000)])),
            of("fixed_assets", self.one_of(&fixed)),
        ]
    }

    /// Issuer, day and file of a document, whose number the application states.
    fn a_document(&mut self, submit: &mut Submit) -> (String, Vec<Wanted>) {
        let name = format!("示例决定-{}", self.chance.below(4));
        submit.facts.push(("decision".to_owned(), self.typed(&name)));
        let of = |what: &'static str, value: Value| (format!("document:{name}"), what, value);
        let wanted = vec![
            of("decision_issuer", word("示例市政府")),
            of("decision_date", self.a_day()),
            of("decision_file", word("ab")),
        ];
        (name, wanted)
    }

    fn a_decided(&mut self, model: &Model, submit: &mut Submit) -> Vec<Wanted> {
        let (document, mut wanted) = self.a_document(submit);
        let code = submit.project.clone().unwrap_or_else(|| submit.enterprise.clone());
        let decided = format!("decided:{document}:{code}");
        let amounts = [yuan(400_000), yuan(1_000_000), yuan(35_000), 1, 0];
        match submit.measure.as_str() {
            "E1.2" => {
                wanted.push((
                    decided.clone(),
                    "match_ratio",
                    Value::Rate(self.chance.pick(&[3_000, 3_333, 5_000])),
                ));
                wanted.push((
                    decided.clone(),
                    "match_base",
                    self.one_of(&[yuan(2_000_000), yuan(700_001), 3]),
                ));
                if self.chance.once_in(3) {
                    wanted.push((decided, "match_most", self.one_of(&[yuan(600_000), yuan(100_000)])));
                }
                self.a_higher_award(model, &code);
            }
            measure => {
                wanted.push((decided.clone(), "decided_amount", self.one_of(&amounts)));
                if measure == "E5.0" {
                    wanted.push((decided, "programme_fits", self.yes()));
                } else if measure == "E7" {
                    wanted.push((format!("enterprise:{code}"), "new_in_park", self.yes()));
                } else {
                    let subject = format!("project:{code}");
                    wanted.push((subject, "intensity", self.one_of(&[yuan(6_000_000), yuan(9_000_000)])));
                }
            }
        }
        wanted
    }

    /// The award of ministry or province that is matched.
    fn a_higher_award(&mut self, model: &Model, project: &str) {
        let award = format!("HI-{project}");
        if model.reports.iter().all(|one| one.award != award) && !self.chance.once_in(6) {
            let level = self.chance.pick(&["state", "province"]);
            let programme = self.chance.pick(&["industry-support", "industry-reward"]).to_owned();
            let (subject, on) = (format!("project:{project}"), self.today());
            let amount = Some(yuan(2_000_000));
            let status = "granted";
            self.next.push_back(Wish::Report(Report {
                award,
                subject,
                level,
                programme,
                status,
                amount,
                on,
            }));
        }
    }

    fn a_broker(&mut self, submit: &mut Submit, owner: usize) -> Vec<Wanted> {
        let number = self.chance.below(5);
        let code = format!("2403-411702-04-01-90000{number}");
        submit.facts.push(("project_code".to_owned(), word(&code)));
        let person = number == 4;
        submit.person = person != self.chance.once_in(15);
        let own = self.chance.once_in(3);
        let recipient = match person {
            true => format!("person:{}", "07".repeat(16)),
            false => ENTERPRISES[if own { owner } else { number % 2 }].0.to_owned(),
        };
        if !self.chance.once_in(6) && !person {
            submit.enterprise = ENTERPRISES[number % 2].0.to_owned();
        }
        let of = |name: &'static str, value: Value| (format!("project:{code}"), name, value);
        let (edge, large) = (yuan(500_000_000), yuan(2_000_000_000));
        let fixed = [4_876_543_210, edge, yuan(600_000_000), yuan(1_000_000_000), large, large, 999];
        vec![
            of("recognised_recipient", word(&recipient)),
            of("brought_from_outside", self.yes()),
            of("fits_plan", self.yes()),
            of("project_field", self.mostly(&["sensors", "software"], "catering")),
            of("served_throughout", self.yes()),
            of("produced_in_contract_period", self.yes()),
            of("production_on", self.a_day()),
            of("investor", self.mostly(&["domestic", "foreign"], "nobody")),
            of("project_fixed_assets", self.one_of(&fixed)),
            of("benefiting_treasury", word(self.chance.pick(TREASURIES))),
        ]
    }

    fn a_year(&mut self, submit: &mut Submit) -> Vec<Wanted> {
        let (document, mut wanted) = self.a_document(submit);
        let (code, year) = (submit.enterprise.clone(), self.chance.pick(&[2024, 2025, 2026]));
        submit.facts.push(("award_year".to_owned(), Value::Count(year)));
        let annual = |name: &'static str, value: Value| (format!("annual:{code}:{year}"), name, value);
        let first = [yuan(3_000_000), yuan(1_000_000), yuan(3_000_001), 0];
        let second = [yuan(500_000), yuan(499_999), yuan(500_001), 1];
        if submit.measure == "E3.1" {
            let limb = self.chance.pick(&["contribution", "growth"]);
            submit.facts.push(("limb".to_owned(), word(limb)));
            let mut rank = || Value::Count(self.chance.pick(&[1, 9, 10, 11]));
            wanted.push(annual("contribution_rank", rank()));
            wanted.push(annual("growth_rank", rank()));
            wanted.push(annual("contribution", self.one_of(&[yuan(10_000_000), yuan(12_000_000)])));
            wanted.push((format!("decided:{document}:{code}"), "determined_reward", self.one_of(&first)));
        } else {
            wanted.push(annual("high_growth", self.yes()));
            let growth = self.chance.pick(&[2_600, 2_601, 3_000, 3_000, 2_599]);
            wanted.push(annual("comprehensive_growth", Value::Rate(growth)));
            wanted.push((format!("decided:{document}:{code}"), "determined_reward", self.one_of(&second)));
        }
        wanted
    }

    fn a_work(&mut self, submit: &mut Submit, owner: usize) -> Vec<Wanted> {
        let (document, mut wanted) = self.a_document(submit);
        let name = format!("示例剧-{}", owner + 2 * self.chance.below(3));
        submit.facts.push(("title".to_owned(), self.typed(&name)));
        let limb = self.chance.pick(&["views", "contribution"]);
        submit.facts.push(("limb".to_owned(), word(limb)));
        let of = |what: &'static str, value: Value| (format!("title:{name}"), what, value);
        let views = self.chance.pick(&[5_000_000, 4_999_999, 9_000_000, 100]);
        let amounts = [yuan(70_000), yuan(50_000), yuan(100_000), yuan(120_000), yuan(49_900)];
        wanted.extend([
            of("title_holder", word(&submit.enterprise)),
            of("original", self.yes()),
            of("local_theme", self.yes()),
            of("views", Value::Count(views)),
            of("contribution", self.one_of(&[yuan(1_000_000), yuan(20_000)])),
            (format!("decided:{document}:{name}"), "determined_reward", self.one_of(&amounts)),
        ]);
        wanted
    }

    fn a_title(&mut self, submit: &mut Submit, owner: usize) -> Vec<Wanted> {
        let measure = submit.measure.clone();
        let name = format!("示例{measure}-{}", owner + 2 * self.chance.below(3));
        submit.facts.push(("title".to_owned(), self.typed(&name)));
        let kinds: &[&str] = match measure.as_str() {
            "E3.3" => &["champion-enterprise", "champion-product", "new-champion"],
            "E3.4" => &["little-giant", "provincial-specialised"],
            "E5.1" => &["technology-innovation-centre", "manufacturing-innovation-centre"],
            "E5.2" => &["industrial-design-centre"],
            "E5.3" => &["engineering-research-centre", "enterprise-technology-centre"],
            "E5.4" => &["scholar-station"],
            "E5.5" => &["china-quality-award"],
            "E5.6" => &["first-version-software"],
            _ => &["night-economy-area"],
        };
        let of = |what: &'static str, value: Value| (format!("title:{name}"), what, value);
        let mut wanted = vec![
            of("title_kind", self.mostly(kinds, "other-kind")),
            of("title_holder", word(&submit.enterprise)),
            of("recognised_on", self.a_day()),
        ];
        match measure.as_str() {
            "E5.1" | "E5.2" | "E5.3" => wanted.push(of("level", self.mostly(&["state", "province"], "city"))),
            "T10" => wanted.push(of("level", self.mostly(&["province"], "city"))),
            "E3.3" => wanted.push(of("mapped_kind", self.mostly(&["champion-product"], "other-kind"))),
            "E5.6" => {
                let sales = [yuan(4_000_000), yuan(6_500_000), yuan(10_000_000), yuan(12_000_000), 9];
                let other = self.chance.pick(&[
                    "sales_in_period_with_tax",
                    "sales_twelve_months_ex_tax",
                    "sales_twelve_months_with_tax",
                ]);
                wanted.push(of("period_document", word("示例期间决定")));
                wanted.push(of("period_to", self.a_day()));
                wanted.push(of("sales_in_period_ex_tax", self.one_of(&sales)));
                wanted.push(of(other, self.one_of(&sales)));
            }
            _ => {}
        }
        wanted
    }

    /// A word that takes the reason from a recovery that is owed.
    pub(super) fn a_mended_fact(&mut self, model: &Model) -> Option<Wish> {
        let owed = model.recoveries.iter().filter(|one| one.is == RecoveryIs::Owed);
        let subjects: Vec<String> = owed
            .flat_map(|one| {
                let award = &model.awards[one.award];
                let project = award.project.iter().map(|code| format!("project:{code}"));
                award.subjects.iter().cloned().chain(project).collect::<Vec<_>>()
            })
            .collect();
        let speaks_against = |one: &&Recorded| {
            subjects.contains(&one.subject) && one.value == Value::Flag(one.name == "revoked")
        };
        let against: Vec<Recorded> = model.facts.iter().filter(speaks_against).cloned().collect();
        let Recorded { subject, name, .. } = self.chance.perhaps(&against)?;
        Some(Wish::Fact { subject, name, value: Value::Flag(name != "revoked"), on: self.today() })
    }

    /// Another word about what stands recorded.
    pub(super) fn another_fact(&mut self, model: &Model) -> Option<Wish> {
        let known = self.chance.perhaps(&model.facts)?;
        let (subject, mut name) = (known.subject, known.name);
        let mut value = match known.value {
            Value::Flag(yes) => Value::Flag(!yes),
            Value::Money(fen) => {
                let fen = self.chance.pick(&[fen / 2, fen * 9 / 10, fen * 2, 0]);
                Value::Money(self.near(fen))
            }
            Value::Count(count) => {
                Value::Count(self.chance.pick(&[count + 1, count.saturating_sub(1), count / 2]))
            }
            Value::Day(day) => Value::Day(day + self.chance.between(-300, 300)),
            Value::Rate(rate) => Value::Rate(self.chance.pick(&[rate / 2, rate - 1, rate + 1])),
            Value::Word(_) => word(self.chance.pick(&[
                "state",
                "province",
                "foreign",
                "little-giant",
                "other-kind",
                ENTERPRISES[0].0,
                ENTERPRISES[1].0,
            ])),
        };
        if subject.starts_with("title:") && self.chance.once_in(2) {
            (name, value) = ("revoked", Value::Flag(!self.chance.once_in(4)));
        }
        let on = self.today() - self.chance.between(0, 20);
        Some(Wish::Fact { subject, name, value, on })
    }
}
