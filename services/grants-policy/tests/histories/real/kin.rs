//! Commands about who an enterprise is, to whom it is related, and who is sanctioned.

use super::ask::{day, read};
use crate::step::{Relation, Sanction, Wish};
use grants_domain::{
    commands::Command,
    enterprise::{
        affiliate::AffiliateEnterprises, change_code::ChangeCode, disaffiliate::DisaffiliateEnterprises,
        rename::RenameEnterprise,
    },
    people::Payee,
    project::{link::LinkProjects, unlink::UnlinkProjects},
    sanction::{DecisionDocument, impose::ImposeSanction, lift::LiftSanction},
    values::Text,
};

fn document(number: &str, dated: i64) -> DecisionDocument {
    DecisionDocument { number: read(number), issuer: read("示例市财政局"), on: day(dated), file: None }
}

/// One of the accounts that a name has.
pub(super) fn account(name: &str, number: u8) -> Payee {
    let account = format!("62220000000000700{number}");
    Payee { name: read(name), account: read(&account), bank: read("102521000335") }
}

/// The command, if it is one of these.
pub(super) fn command(wish: &Wish) -> Option<Command> {
    let basis: Text<200> = read("示例年报");
    Some(match wish {
        Wish::Impose(Sanction { enterprise, from, until, measures, reach, document, dated }) => {
            ImposeSanction {
                enterprise: read(enterprise),
                ground: read("fraud"),
                from: day(*from),
                until: until.map(day),
                measures: measures.iter().map(|one| read(one)).collect(),
                reach: read(reach),
                document: self::document(document, *dated),
            }
            .into()
        }
        Wish::Lift { enterprise, document, until, dated } => LiftSanction {
            enterprise: read(enterprise),
            document: read(document),
            until: until.map(day),
            by: self::document("示例解除1号", *dated),
        }
        .into(),
        Wish::Rename { enterprise, name, account, on } => RenameEnterprise {
            enterprise: read(enterprise),
            name: read(name),
            payee: account.map(|(name, number)| self::account(name, number)),
            on: day(*on),
            document: read("示例登记1号"),
        }
        .into(),
        Wish::Renumber { enterprise, code, on } => ChangeCode {
            enterprise: read(enterprise),
            code: read(code),
            on: day(*on),
            document: read("示例登记2号"),
        }
        .into(),
        Wish::Link { project, other } => {
            LinkProjects { project: read(project), other: read(other), basis }.into()
        }
        Wish::Unlink { project, other } => {
            UnlinkProjects { project: read(project), other: read(other), reason: basis }.into()
        }
        Wish::Relate(Relation { enterprise, other, kind, from, until }) => AffiliateEnterprises {
            enterprise: read(enterprise),
            other: read(other),
            kind: read(kind),
            from: day(*from),
            until: until.map(day),
            basis,
        }
        .into(),
        Wish::Unrelate { enterprise, other, kind, until } => DisaffiliateEnterprises {
            enterprise: read(enterprise),
            other: read(other),
            kind: read(kind),
            until: until.map(day),
            reason: basis,
        }
        .into(),
        _ => return None,
    })
}
