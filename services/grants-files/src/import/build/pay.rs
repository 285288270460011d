//! Rows about money: budget lines, payments, the bank's answers, recoveries.

use crate::{
    import::Row,
    problem::{CellError, Problem},
};
use grants_domain::{
    budget::{
        adjust::AdjustBudget,
        allocate::{AllocateBudget, LINE_MEASURES_MAX},
    },
    commands::Command,
    ids::AttemptId,
    payment::{
        instruct::InstructPayment, reject::RejectPayment, returned::ReturnPayment, settle::SettlePayment,
    },
    recovery::{approve::ApproveRecovery, receive::ReceiveRecovery},
    values::{Date, Fen, Slug, Text},
};

pub(super) fn budget(row: &mut Row<'_>) -> Option<AllocateBudget> {
    let (line, treasury, year) = (row.parse("line"), row.parse("treasury"), row.year("year"));
    let (document, measures, amount) = (row.parse("document"), measures(row), row.money("amount"));
    Some(AllocateBudget {
        line: line?,
        treasury: treasury?,
        year: year?,
        document: document?,
        measures: measures?,
        amount: amount?,
    })
}

fn measures(row: &mut Row<'_>) -> Option<Vec<Slug>> {
    let measures: Vec<Slug> = row.list("measures")?;
    if LINE_MEASURES_MAX < measures.len() {
        let error = CellError::new(row.place_of("measures"), Problem::LinesTooMany);
        row.wrong(error.with("max", LINE_MEASURES_MAX));
        return None;
    }
    Some(measures)
}

pub(super) fn adjustment(row: &mut Row<'_>) -> Option<AdjustBudget> {
    let (line, direction) = (row.parse("line"), row.choice("direction"));
    let (amount, document) = (row.money("amount"), row.parse("document"));
    Some(AdjustBudget { line: line?, direction: direction?, amount: amount?, document: document? })
}

pub(super) fn payment(row: &mut Row<'_>) -> Option<InstructPayment> {
    let award = row.given("award")?;
    Some(InstructPayment { award })
}

/// One line of a bank's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BankLine {
    pub(crate) payment: AttemptId,
    /// The amount the bank states, where it states one above zero.
    pub(crate) amount: Option<Fen>,
    pub(crate) answer: Answer,
    pub(crate) on: Date,
}

/// What the bank says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Settled { amount: Fen, bank_reference: Text<60> },
    Rejected { reason: Text<200> },
    Returned { reason: Text<200> },
}

impl BankLine {
    /// The verb that records it.
    pub(crate) fn command(self) -> Command {
        let (payment, on) = (self.payment, self.on);
        match self.answer {
            Answer::Settled { amount, bank_reference } => {
                SettlePayment { payment, amount, bank_reference, on }.into()
            }
            Answer::Rejected { reason } => RejectPayment { payment, reason, on }.into(),
            Answer::Returned { reason } => ReturnPayment { payment, reason, on }.into(),
        }
    }
}

/// Reads a line. A success states amount and bank reference; a failure states no amount but zero; failures and
/// returns state a reason.
pub(crate) fn bank_result(row: &mut Row<'_>) -> Option<BankLine> {
    let (payment, word, on) = (row.given("payment"), row.word("result"), row.date("on"));
    let (amount, reference) = (row.money("amount"), row.parse("bank_reference"));
    let reason: Option<Text<200>> = row.parse("reason");
    let amount = amount.filter(|amount| *amount != Fen::ZERO);
    let word = word?;
    let needed: &[&str] = if word == "settled" { &["amount", "bank_reference"] } else { &["reason"] };
    for key in needed {
        if !row.has(key) {
            row.incomplete(key);
        }
    }
    let fits = match word {
        "settled" => amount.is_some() || !row.has("amount"),
        "rejected" => amount.is_none(),
        _ => true,
    };
    if !fits {
        let label = if word == "settled" { "成功" } else { "失败" };
        row.wrong(CellError::new(row.place_of("amount"), Problem::ResultAmount).with("result", label));
        return None;
    }
    let answer = match word {
        "settled" => Answer::Settled { amount: amount?, bank_reference: reference? },
        "rejected" => Answer::Rejected { reason: reason? },
        _ => Answer::Returned { reason: reason? },
    };
    Some(BankLine { payment: payment?, amount, answer, on: on? })
}

pub(super) fn recovery(row: &mut Row<'_>) -> Option<ApproveRecovery> {
    let (recovery, document) = (row.given("recovery"), row.parse("document"));
    let ground = super::decide::ground(row)?;
    Some(ApproveRecovery { recovery: recovery?, document: document?, ground })
}

pub(super) fn receipt(row: &mut Row<'_>) -> Option<ReceiveRecovery> {
    let (recovery, amount) = (row.given("recovery"), row.money("amount"));
    let (bank_reference, on) = (row.parse("bank_reference"), row.date("on"));
    Some(ReceiveRecovery { recovery: recovery?, amount: amount?, bank_reference: bank_reference?, on: on? })
}
