//! Who an enterprise is: its name, its account, and its codes one after another. Whatever code something stands under, it
//! is of the one enterprise (I-32, A-10, A-11).

use super::{Answer, Enterprise, Model, refuse};
use crate::told::Told;

/// An account: under which name, which of several, and who brought it later than the registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) number: u8,
    pub(crate) by: Option<String>,
}

/// Names that differ in blanks and the width of letters alone are one.
fn one_name(name: &str) -> String {
    let narrow = name.chars().map(super::pieces::half_width).filter(|one| !one.is_whitespace());
    narrow.collect::<String>().to_uppercase()
}

impl Model {
    /// The codes of an enterprise, the first one first, as far as they lead to this one.
    pub(crate) fn codes_up_to(&self, code: &str) -> Vec<String> {
        let mut codes = vec![code.to_owned()];
        while let Some((old, _)) = self.renumbered.iter().find(|one| one.1 == codes[0]) {
            codes.insert(0, old.clone());
        }
        codes
    }

    /// The code under which it was registered.
    pub(crate) fn first(&self, code: &str) -> String {
        self.codes_up_to(code)[0].clone()
    }

    /// The code that it has now.
    pub(crate) fn current(&self, code: &str) -> String {
        let mut now = code.to_owned();
        while let Some((_, new)) = self.renumbered.iter().find(|one| one.0 == now) {
            now.clone_from(new);
        }
        now
    }

    /// Whether two subjects are one: codes of one enterprise are.
    pub(super) fn same_subject(&self, one: &str, other: &str) -> bool {
        match (one.strip_prefix("enterprise:"), other.strip_prefix("enterprise:")) {
            (Some(code), Some(own)) => self.first(code) == self.first(own),
            _ => one == other,
        }
    }

    fn living(&self, code: &str) -> Result<usize, super::Stop> {
        let Some(place) = self.enterprises.iter().position(|one| one.code == code) else {
            return refuse("enterprise-unknown");
        };
        if self.current(code) == code { Ok(place) } else { refuse("enterprise-ended") }
    }

    pub(super) fn rename(
        &mut self,
        code: &str,
        name: &str,
        account: Option<(&str, u8)>,
        on: i64,
        actor: &str,
    ) -> Answer {
        let place = self.living(code)?;
        if self.today < on {
            return refuse("day-ahead");
        }
        let one = &mut self.enterprises[place];
        let same = |(holder, number): (&str, u8)| {
            one.account.as_ref().is_some_and(|own| own.name == holder && own.number == number)
        };
        if one.name == name && account.is_none_or(same) {
            return refuse("nothing-changes");
        }
        one.renamed |= one.name != name;
        one.name = name.to_owned();
        if let Some((holder, number)) = account {
            one.account = Some(Account { name: holder.to_owned(), number, by: Some(actor.to_owned()) });
        }
        Ok(vec![Told::Recorded("enterprise.renamed")])
    }

    pub(super) fn renumber(&mut self, old: &str, new: &str, on: i64) -> Answer {
        if old == new {
            return refuse("out-of-range");
        }
        let place = self.living(old)?;
        if self.enterprises.iter().any(|one| one.code == new) {
            return refuse("enterprise-known");
        }
        if self.today < on {
            return refuse("day-ahead");
        }
        let code = new.to_owned();
        self.enterprises.push(Enterprise { code, ..self.enterprises[place].clone() });
        self.renumbered.push((old.to_owned(), new.to_owned()));
        Ok(vec![Told::Recorded("enterprise.code_changed")])
    }

    /// The account of an enterprise, under the name that it has now, which somebody else brought (I-13).
    pub(super) fn account_for(&self, code: &str, actor: &str) -> Result<(String, u8), super::Stop> {
        let now = self.current(code);
        let found = self.enterprises.iter().find(|one| one.code == now);
        let Some((one, account)) = found.and_then(|one| one.account.as_ref().map(|own| (one, own))) else {
            return refuse("payee-missing");
        };
        if one.renamed && one_name(&account.name) != one_name(&one.name) {
            return refuse("payee-differs");
        }
        match account.by.as_deref() == Some(actor) {
            true => refuse("same-actor"),
            false => Ok((account.name.clone(), account.number)),
        }
    }
}
