//! Histories in which enterprises are renamed, get other codes, merge, split and are told apart again.

use super::{ENTERPRISES, History, found, play};
use crate::{
    chance::{scaled, seeds},
    limits::code,
};
use grants_domain::{
    award::AwardStatus,
    enterprise::lineage,
    events::Event,
    state::list,
    tables::{Awards, Lineages},
    values::Fen,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Whatever enterprises become, no decision takes what counts for one of them above the cap (I-04, I-32), and every
/// counter is what stands under its own code.
#[test]
fn i_04_i_32_the_books_stay_right_while_enterprises_change() {
    let (mut words, mut carried) = (BTreeSet::new(), 0);
    for seed in seeds(3) {
        println!("GRANTS_SEED={seed}");
        let mut history = found(seed);
        history.links = Some(Vec::new());
        let history = play(history, scaled(2_000));
        carried += awards_that_carry(&history);
        words.extend(history.world.words);
    }
    for word in ["renamed", "code_changed", "merged", "split", "unlinked"] {
        assert!(words.contains(format!("enterprise.{word}").as_str()), "no history has enterprise.{word}");
    }
    assert!(0 < carried, "no award met a cap that others had used");
}

/// Awards that took into account what another code had used.
fn awards_that_carry(history: &History) -> usize {
    let awards = list::<Awards>(&history.world.state, &(), usize::MAX);
    let rows = awards.into_iter().map(|(_, row)| row).filter(|row| row.status != AwardStatus::Revoked);
    rows.filter(|row| row.caps.iter().any(|cap| cap.carried.is_some_and(|part| Fen::ZERO < part))).count()
}

impl History {
    /// An applicant with a project, which is its own while enterprises stay as they are.
    pub(super) fn applicant(&mut self) -> (String, &'static str) {
        let (code, _, project) = *self.chance.pick(&ENTERPRISES);
        match self.links {
            None => (code.to_owned(), project),
            Some(_) => (self.chance.pick(&self.enterprises).clone(), project),
        }
    }

    pub(super) fn changed(&mut self, event: &Event) {
        let Some(links) = &mut self.links else { return };
        match event {
            Event::EnterpriseCodeChanged(fact) => {
                self.enterprises.push(fact.code.to_string());
                links.push((fact.enterprise.to_string(), fact.code.to_string()));
            }
            Event::EnterpriseMerged(fact) => {
                links.extend(
                    fact.predecessors.iter().map(|one| (one.to_string(), fact.successor.to_string())),
                );
            }
            Event::EnterpriseSplit(fact) => {
                links.extend(fact.into.iter().map(|one| (fact.enterprise.to_string(), one.to_string())));
            }
            _ => {}
        }
        for (key, _) in list::<Lineages>(&self.world.state, &(), usize::MAX) {
            let code = std::str::from_utf8(&key[..key.len() - 1]).unwrap().parse().unwrap();
            let now = lineage::current(&self.world.state, &code);
            assert_eq!(lineage::current(&self.world.state, &now), now, "{code} goes on as nobody");
            assert!(lineage::family(&self.world.state, &code).contains(&now));
        }
    }

    /// Now and then an enterprise changes, if enterprises may.
    pub(super) fn change_of_enterprises(&mut self) -> Option<(&'static str, Value)> {
        if self.links.is_none() || !self.chance.once_in(12) {
            return None;
        }
        let (one, other) =
            (self.chance.pick(&self.enterprises).clone(), self.chance.pick(&self.enterprises).clone());
        let fresh = code(self.enterprises.len());
        let (on, document) = ("2025-11-01", "示例公告");
        Some(match self.chance.below(10) {
            0..2 => {
                let name = *self.chance.pick(&["示例有限公司", "示例光电有限公司", "示例种业有限公司"]);
                let payee = json!({ "name": name, "account": "622200000000007009", "bank": "102521000335" });
                let payee = if self.chance.once_in(2) { payee } else { Value::Null };
                let fields = json!({ "enterprise": one, "name": name, "payee": payee, "on": on, "document": document });
                ("enterprise.rename", fields)
            }
            2 => (
                "enterprise.change_code",
                json!({ "enterprise": one, "code": fresh, "on": on, "document": document }),
            ),
            3..5 => (
                "enterprise.merge",
                json!({ "successor": one, "predecessors": [other], "on": on, "document": document }),
            ),
            5..7 => (
                "enterprise.split",
                json!({ "enterprise": one, "into": [other], "on": on, "document": document }),
            ),
            _ => {
                let links = self.links.clone().unwrap_or_default();
                let (from, to) =
                    if links.is_empty() { (one, other) } else { self.chance.pick(&links).clone() };
                ("enterprise.unlink", json!({ "predecessor": from, "successor": to, "reason": "登记错误" }))
            }
        })
    }
}
