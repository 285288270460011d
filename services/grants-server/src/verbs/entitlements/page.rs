//! The page of an enterprise: what it could receive, what it has, and what is recorded about it.

use super::{
    ground::Ground,
    prospect::{Found, Prospect, is_open, refused},
};
use crate::{bars, output::Said, rows::Recorded, tell};
use grants_audit::explain::as_json;
use grants_domain::{
    award::shares::Payers,
    ids::AwardId,
    rules::{Assessment, Outcome},
    sanction::Bar,
    tables::AwardRow,
    trace::CapStep,
    values::{Date, Fen, Treasury},
};
use grants_files::{Lang, Texts};
use grants_policy::{Catalogue, End, Lack, Lacking, catalogue::Measure, source::measure::FactPlace};
use serde_json::{Value, json};

/// Everything, as text and as data.
pub(super) fn said(
    catalogue: &Catalogue,
    ground: &Ground,
    prospects: &[Prospect],
    on: Date,
    version: u32,
    texts: &Texts,
) -> Said {
    let in_kind = in_kind(catalogue, ground);
    let json = json!({
        "enterprise": ground.enterprise,
        "on": on,
        "version": version,
        "projects": ground.projects,
        "titles": ground.titles.keys().collect::<Vec<_>>(),
        "facts": ground.facts.iter().map(recorded).collect::<Vec<_>>(),
        "barred_by": ground.bars.iter().map(bars::as_data).collect::<Vec<_>>(),
        "measures": prospects.iter().map(|one| as_data(catalogue, one, texts)).collect::<Vec<_>>(),
        "in_kind": in_kind.iter().map(|one| recorded(one)).collect::<Vec<_>>(),
    });
    let enterprise = &ground.enterprise;
    let day = on.to_string();
    let mut lines = vec![
        format!("{}  {}", enterprise.code, enterprise.name),
        texts.get("entitlements-on", &[("on", &day), ("version", &version.to_string())]),
    ];
    lines.extend(ground.bars.iter().map(|bar| bars::told(bar, &enterprise.code, texts)));
    for one in prospects {
        lines.push(String::new());
        lines.extend(told(catalogue, one, texts));
    }
    if !in_kind.is_empty() {
        lines.extend([String::new(), texts.get("entitlements-in-kind", &[])]);
        lines.extend(in_kind.iter().map(|one| format!("  {}", fact_line(one))));
    }
    lines.extend([String::new(), texts.get("entitlements-recorded", &[])]);
    lines.extend(ground.projects.iter().map(|project| {
        format!("  {}  {}  {}", project.code, project.name, project.total_investment.grouped())
    }));
    lines.extend(ground.facts.iter().map(|one| format!("  {}", fact_line(one))));
    Said::new(json).lines(lines)
}

/// Support that is recorded and not paid: facts under the name of a measure that pays nothing.
fn in_kind<'g>(catalogue: &Catalogue, ground: &'g Ground) -> Vec<&'g Recorded> {
    let not_paid = |fact: &&Recorded| {
        let measure = fact.name.parse().ok().and_then(|id| catalogue.measure(&id));
        measure.is_some_and(|measure| !measure.file.measure.payable)
    };
    ground.facts.iter().filter(not_paid).collect()
}

fn recorded(fact: &Recorded) -> Value {
    json!({ "subject": fact.subject, "name": fact.name, "on": fact.on, "value": fact.row.value, "source": fact.row.source })
}

fn fact_line(fact: &Recorded) -> String {
    format!("{}  {}  {}  {}  {}", fact.subject, fact.name, fact.on, fact.row.value, fact.row.source)
}

fn name(measure: &Measure, texts: &Texts) -> String {
    let source = &measure.file.measure;
    let title = match texts.lang() {
        Lang::Zh => &source.title.zh,
        Lang::En => &source.title.en,
    };
    format!("{} {title}", source.id)
}

/// The word for what was found.
fn result(found: &Found) -> &'static str {
    match found {
        Found::NoProject => "undecidable",
        Found::Assessed { assessment, .. } => match &assessment.outcome {
            Outcome::Due { .. } => "due",
            Outcome::Undecidable(_) => "undecidable",
            open @ Outcome::Rejected(_) if is_open(open, found.lacking(grants_policy::Language::Zh)) => {
                "undecidable"
            }
            Outcome::Rejected(_) => "refused",
        },
    }
}

fn told(catalogue: &Catalogue, one: &Prospect, texts: &Texts) -> Vec<String> {
    let mut head = name(&one.measure, texts);
    for (id, about) in [
        ("entitlements-project", one.project.as_ref().map(ToString::to_string)),
        ("entitlements-title", one.title.clone()),
        ("entitlements-from", one.from.as_ref().map(|from| from.number.to_string())),
    ] {
        let about = about.map(|about| texts.get(id, &[("about", &about)]));
        about.into_iter().for_each(|about| head.push_str(&about));
    }
    let mut lines = vec![head];
    lines.extend(one.bar.iter().map(|bar| format!("  {}", barred(bar, texts))));
    match &one.found {
        Found::NoProject => lines.push(format!("  {}", texts.get("entitlements-no-project", &[]))),
        Found::Assessed { assessment, .. } => lines.extend(assessed(catalogue, one, assessment, texts)),
    }
    let lacks = one.found.lacking(tell::language(texts));
    lines.extend(lacks.iter().map(|lack| format!("  {}", lacking_line(lack, texts))));
    lines.extend(one.room.iter().map(|cap| format!("  {}", cap_line(cap, texts))));
    lines.extend(one.received.iter().map(|award| format!("  {}", award_line(award, texts))));
    lines
}

/// What is missing before anybody may decide: that a sanction ends.
fn barred(bar: &Bar, texts: &Texts) -> String {
    let document = bar.sanction.document.number.to_string();
    match bar.sanction.last().ok().flatten() {
        Some(last) => {
            let args = [("document", document.as_str()), ("until", &last.to_string())];
            texts.get("entitlements-barred-until", &args)
        }
        None => texts.get("entitlements-barred", &[("document", &document)]),
    }
}

/// The result, then the steps of the text, and apart from them the interpretations that decided.
fn assessed(catalogue: &Catalogue, one: &Prospect, assessment: &Assessment, texts: &Texts) -> Vec<String> {
    let language = tell::language(texts);
    let why = refused(&assessment.outcome).map(|refused| catalogue.refusal(refused, language));
    let why = why.unwrap_or_default();
    let result = match (result(&one.found), &assessment.outcome) {
        (_, Outcome::Due { amount, payers, .. }) => {
            let names: Vec<&str> = payers.each().iter().map(|(treasury, _)| treasury.as_str()).collect();
            let (amount, payer) = (amount.grouped(), names.join("、"));
            texts.get("entitlements-due", &[("amount", &amount), ("payer", &payer)])
        }
        ("refused", _) => texts.get("entitlements-refused", &[("why", &why)]),
        (_, Outcome::Undecidable(_)) => texts.get("entitlements-undecidable", &[("why", &why)]),
        (_, Outcome::Rejected(_)) => texts.get("entitlements-incomplete", &[]),
    };
    let explained = catalogue.explain(&assessment.trace, &End::of(&assessment.outcome), language);
    let steps = tell::lines(&explained, texts).into_iter().map(|line| format!("  {line}"));
    [format!("  {result}")].into_iter().chain(steps).collect()
}

fn lacking_line(lack: &Lack, texts: &Texts) -> String {
    let what = match &lack.what {
        Lacking::Evidence(kind) => {
            texts.get("entitlements-lacks-evidence", &[("kind", &texts.word("evidence-kind", kind.word()))])
        }
        Lacking::Fact { name, title, places } => {
            let places: Vec<String> = places.iter().map(|place| place_name(*place, texts)).collect();
            let (name, places) = (name.to_string(), places.join(", "));
            let args = [("title", title.as_str()), ("name", &name), ("places", &places)];
            texts.get("entitlements-lacks-fact", &args)
        }
    };
    let more = if lack.or_another { texts.get("entitlements-or-another", &[]) } else { String::new() };
    format!("{what}{more}")
}

fn place_name(place: FactPlace, texts: &Texts) -> String {
    let id = match place {
        FactPlace::Application => "entitlements-in-application",
        FactPlace::Project => "entitlements-in-project",
        FactPlace::LinkedProjects => "entitlements-in-linked-projects",
        FactPlace::Enterprise => "entitlements-in-enterprise",
        FactPlace::ProjectRecord => "entitlements-of-project",
        FactPlace::EnterpriseRecord => "entitlements-of-enterprise",
        FactPlace::NamedRecord => "entitlements-of-named",
    };
    texts.get(id, &[])
}

/// The word of a place that programs compare, as catalogues write it.
const fn place_word(place: FactPlace) -> &'static str {
    match place {
        FactPlace::Application => "application",
        FactPlace::Project => "project",
        FactPlace::LinkedProjects => "linked-projects",
        FactPlace::Enterprise => "enterprise",
        FactPlace::ProjectRecord => "project-record",
        FactPlace::EnterpriseRecord => "enterprise-record",
        FactPlace::NamedRecord => "named-record",
    }
}

fn headroom(cap: &CapStep) -> Fen {
    cap.limit.saturating_sub(cap.used)
}

fn cap_line(cap: &CapStep, texts: &Texts) -> String {
    let [limit, used, room] = [cap.limit, cap.used, headroom(cap)].map(Fen::grouped);
    let (name, window) = (cap.cap.to_string(), cap.window.to_string());
    let args = [("cap", name.as_str()), ("window", &window), ("limit", &limit), ("used", &used)];
    texts.get("entitlements-cap", &[&args[..], &[("room", &room)]].concat())
}

fn award_line((id, row): &(AwardId, AwardRow), texts: &Texts) -> String {
    let (id, amount, paid) = (id.to_string(), row.amount.grouped(), row.settled.grouped());
    let status = texts.word("award-status", row.status.word());
    let args = [("award", id.as_str()), ("amount", &amount), ("paid", &paid), ("status", &status)];
    texts.get("entitlements-received", &args)
}

/// The part of each treasury, where several pay.
fn shares(payers: &Payers, amount: Fen) -> Vec<Value> {
    let parts = payers.each().iter().zip(payers.divide(amount)).filter(|_| payers.share());
    let told = |((treasury, weight), part): (&(Treasury, u32), Fen)| json!({ "treasury": treasury, "weight": weight, "amount": part, "amount_fen": part.get() });
    parts.map(told).collect()
}

fn as_data(catalogue: &Catalogue, one: &Prospect, texts: &Texts) -> Value {
    let language = tell::language(texts);
    let assessment = match &one.found {
        Found::NoProject => None,
        Found::Assessed { assessment, .. } => Some(&**assessment),
    };
    let due = assessment.and_then(|assessment| match &assessment.outcome {
        Outcome::Due { amount, payers, holds, .. } => Some((amount, payers, holds)),
        Outcome::Rejected(_) | Outcome::Undecidable(_) => None,
    });
    let refused = assessment.and_then(|assessment| refused(&assessment.outcome));
    let explained =
        assessment.map(|found| as_json(&catalogue.explain(&found.trace, &End::of(&found.outcome), language)));
    let caps = one.room.iter().map(|cap| {
        let room = headroom(cap);
        json!({ "cap": cap.cap, "scope": cap.scope, "window": cap.window, "limit": cap.limit,
            "limit_fen": cap.limit.get(), "used": cap.used, "used_fen": cap.used.get(),
            "headroom": room, "headroom_fen": room.get() })
    });
    let received = one.received.iter().map(|(id, row)| {
        json!({ "award": id, "status": row.status, "amount": row.amount, "amount_fen": row.amount.get(),
            "paid": row.settled, "paid_fen": row.settled.get() })
    });
    json!({
        "measure": one.measure.file.measure.id,
        "title": name(&one.measure, texts),
        "project": one.project,
        "about_title": one.title,
        "from_application": one.from.as_ref().map(|from| &from.number),
        "result": result(&one.found),
        "amount": due.map(|(amount, _, _)| amount),
        "amount_fen": due.map(|(amount, _, _)| amount.get()),
        "payer": due.and_then(|(_, payers, _)| payers.each().first()).map(|(treasury, _)| treasury),
        "shares": due.map(|(amount, payers, _)| shares(payers, *amount)),
        "holds": due.map(|(_, _, holds)| holds),
        "refused": refused,
        "why": refused.map(|refused| catalogue.refusal(refused, language)),
        "barred_by": one.bar.as_ref().map(bars::as_data),
        "lacking": one.found.lacking(language).iter().map(lack_data).collect::<Vec<_>>(),
        "caps": caps.collect::<Vec<_>>(),
        "received": received.collect::<Vec<_>>(),
        "told": explained,
    })
}

fn lack_data(lack: &Lack) -> Value {
    let (rule, or_another) = (&lack.rule, lack.or_another);
    match &lack.what {
        Lacking::Evidence(kind) => json!({ "evidence": kind, "rule": rule, "or_another": or_another }),
        Lacking::Fact { name, title, places } => {
            let places: Vec<&str> = places.iter().map(|place| place_word(*place)).collect();
            json!({ "fact": name, "title": title, "places": places, "rule": rule, "or_another": or_another })
        }
    }
}
