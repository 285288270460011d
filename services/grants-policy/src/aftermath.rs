//! What becomes of an award after its decision, where the text leaves it open: whether room stays taken after fraud (K-36),
//! and whether a recovery is owed at once (K-35). The answers of the day of application decide, as in the assessment.

use crate::{
    Catalogue,
    source::{Choice, Recoveries, limit::Releases},
};
use grants_domain::{
    tables::ApplicationRow,
    values::{Date, Slug},
};

impl Catalogue {
    /// The caps that keep what fraud had got, each with the interpretation that says so, or with itself.
    pub(crate) fn kept_after_fraud(&self, application: &ApplicationRow) -> Vec<(Slug, Slug)> {
        let caps = self.measures.get(&application.measure).into_iter().flat_map(|measure| &measure.caps);
        let keeps = caps.filter_map(|cap| {
            let choice = cap.releases.as_ref()?;
            let by =
                self.by_answer(choice, &Releases::LoweringWithoutFraud, application.applied_on, &cap.id)?;
            Some((cap.id.clone(), by))
        });
        keeps.collect()
    }

    /// What says that recoveries are owed at once: an interpretation, or the document itself.
    pub(crate) fn owed_at_once(&self, application: &ApplicationRow) -> Option<Slug> {
        let document = &self.measures.get(&application.measure)?.document;
        let choice = document.recoveries.as_ref()?;
        self.by_answer(choice, &Recoveries::Owed, application.applied_on, &document.id)
    }

    /// Who says that a choice comes to this value on a day: its interpretation, or what it stands in.
    fn by_answer<T: PartialEq>(&self, choice: &Choice<T>, value: &T, day: Date, home: &Slug) -> Option<Slug> {
        let (found, by) = self.chosen(choice, day)?;
        (found == value).then(|| by.unwrap_or(home).clone())
    }
}
