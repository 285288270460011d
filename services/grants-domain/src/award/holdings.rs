//! What an award uses while it stands, taken and given back in one place: caps, tallies, claims and evidence.

use crate::{
    award::kept::{self, KeptRoom},
    evidence,
    ids::AwardId,
    people::Sealed,
    state::{StateWrite, change, get, put, remove},
    tables::{
        ApplicationRow, Applications, AwardRow, AwardsBySubject, CapRow, Caps, ClaimRow, Claims, Evidence,
        Mark, Tallies, TallyEntry, TallyRow, Use,
    },
    values::Fen,
};
use std::collections::BTreeSet;

/// The subjects through which a late fact reaches an award.
#[must_use]
pub fn subjects(award: &AwardRow) -> Vec<String> {
    let mut subjects = vec![format!("enterprise:{}", award.enterprise)];
    subjects.extend(award.project.iter().map(|code| format!("project:{code}")));
    subjects.extend(award.consumed.iter().map(|one| format!("evidence:{}", one.evidence)));
    subjects.extend(award.subjects.iter().map(ToString::to_string));
    subjects
}

/// The subjects through which the voiding of evidence reaches an award: everything that its application brings, used up
/// or not. A loan, its balances and the tickets of a train are only looked at, and still the amount rests on them.
pub fn evidence_subjects(application: &ApplicationRow) -> impl Iterator<Item = String> {
    application.evidence.iter().map(|one| format!("evidence:{}", one.key))
}

/// The person who is paid, under whom awards are found as under an enterprise.
#[must_use]
pub fn person_subject(person: &Sealed) -> String {
    format!("person:{}", person.person)
}

/// Takes everything that a new award uses. It is found again by whatever it rests on and by whoever's counter it is under.
pub(crate) fn take(state: &mut dyn StateWrite, id: AwardId, award: &AwardRow) {
    for cap in &award.caps {
        let key = (cap.cap.clone(), cap.scope.to_string(), cap.window.to_string());
        let mut row = get::<Caps>(state.as_read(), &key).unwrap_or(CapRow { used: Fen::ZERO, awards: 0 });
        let sum = |one: Fen, other: Fen| {
            one.checked_add(other).unwrap_or_else(|| panic!("cap {} leaves its range", cap.cap))
        };
        // What was used in other counters counts against the limit; it is neither added here nor given back here.
        let carried = cap.carried.unwrap_or(Fen::ZERO);
        let allowed = cap.limit.max(sum(row.used, carried));
        row.used = sum(row.used, award.amount);
        assert!(sum(row.used, carried) <= allowed, "award {id} takes cap {} above its limit", cap.cap);
        row.awards = row.awards.saturating_add(1);
        put::<Caps>(state, &key, &row);
    }
    for tally in &award.tallies {
        let key = (tally.tally.clone(), tally.scope.to_string(), tally.window.to_string());
        let mut row = get::<Tallies>(state.as_read(), &key).unwrap_or(TallyRow { entries: Vec::new() });
        let (count, amount) = (tally.count, tally.amount);
        row.entries.push(TallyEntry { award: id, count, amount, first: tally.first, last: tally.last });
        put::<Tallies>(state, &key, &row);
    }
    for claim in &award.claims {
        let row = ClaimRow { award: id, application: award.application.clone() };
        let holder = get::<Claims>(state.as_read(), &claim.to_string()).map(|holder| holder.award);
        assert!(holder.is_none_or(|holder| holder == id), "award {id} takes a right that is in use");
        put::<Claims>(state, &claim.to_string(), &row);
    }
    for one in &award.consumed {
        let (application, amount) = (award.application.clone(), one.amount);
        change::<Evidence>(state, &one.evidence.to_string(), |row| {
            assert!(amount <= row.free(), "award {id} uses more of {} than is left", one.evidence);
            row.used.push(Use { award: id, application, amount });
        });
    }
    let application = get::<Applications>(state.as_read(), &award.application);
    let mut found: BTreeSet<String> = subjects(award).into_iter().collect();
    found.extend(application.iter().flat_map(evidence_subjects));
    found.extend(application.iter().filter_map(|one| one.payee_person.as_ref()).map(person_subject));
    found.extend(award.caps.iter().map(|cap| cap.scope.to_string()));
    for subject in found {
        put::<AwardsBySubject>(state, &(subject, id), &Mark {});
    }
}

/// Takes the cap room of a rise, of every cap that the award counts under.
pub(crate) fn take_room(state: &mut dyn StateWrite, id: AwardId, award: &AwardRow, amount: Fen) {
    for cap in &award.caps {
        let key = (cap.cap.clone(), cap.scope.to_string(), cap.window.to_string());
        change::<Caps>(state, &key, |row| {
            row.used =
                row.used.checked_add(amount).unwrap_or_else(|| panic!("cap {} leaves its range", cap.cap));
            assert!(row.used <= cap.limit, "award {id} is raised above the limit of cap {}", cap.cap);
        });
    }
}

/// Gives back the cap room of a part of the award, but for what is kept.
pub(crate) fn give_back_room(
    state: &mut dyn StateWrite,
    id: AwardId,
    award: &AwardRow,
    amount: Fen,
    kept: &[KeptRoom],
) {
    kept::note(state, id, kept);
    for cap in award.caps.iter().filter(|cap| kept.iter().all(|one| one.cap != cap.cap)) {
        let key = (cap.cap.clone(), cap.scope.to_string(), cap.window.to_string());
        change::<Caps>(state, &key, |row| {
            row.used =
                row.used.checked_sub(amount).unwrap_or_else(|| panic!("cap {} counts below zero", cap.cap));
        });
    }
}

/// Gives back the rest when nothing of the award stands any more. Its subjects stay known.
pub(crate) fn give_back_rights(state: &mut dyn StateWrite, id: AwardId, award: &AwardRow) {
    for cap in &award.caps {
        let key = (cap.cap.clone(), cap.scope.to_string(), cap.window.to_string());
        change::<Caps>(state, &key, |row| row.awards = row.awards.saturating_sub(1));
    }
    for tally in &award.tallies {
        let key = (tally.tally.clone(), tally.scope.to_string(), tally.window.to_string());
        change::<Tallies>(state, &key, |row| row.entries.retain(|entry| entry.award != id));
    }
    for claim in &award.claims {
        remove::<Claims>(state, &claim.to_string());
    }
    for one in &award.consumed {
        change::<Evidence>(state, &one.evidence.to_string(), |row| {
            row.used.retain(|other| other.award != id)
        });
    }
    evidence::release(state, &award.application);
}
