//! Sheets of money: budget lines, payments, the bank's answers, recoveries.

use super::{Column, Form, Sheet, SheetKind, YUAN};

/// What the bank says about a payment.
const RESULTS: &[(&str, &str)] = &[("成功", "settled"), ("失败", "rejected"), ("退票", "returned")];

const LINE: Column = Column::new("指标编号", "line", Form::Reference, "B-2026-001");
const RECOVERY_NUMBER: Column = Column::new("追回编号", "recovery", Form::Given("RC-12"), "RC-12");
const BANK_REFERENCE: Column = Column::new("银行流水号", "bank_reference", Form::Text(60), "20260401000001");

pub(super) static BUDGET: Sheet = Sheet {
    kind: SheetKind::Budget,
    name: "指标",
    word: "budget-lines",
    verbs: &["budget.allocate"],
    natural_key: &["line"],
    columns: &[
        LINE,
        Column::new("付款财政区划", "treasury", Form::Treasury, "411702000").note("9位财政区划"),
        Column::new("预算年度", "year", Form::Year, "2026"),
        Column::new("指标文号", "document", Form::Text(80), "驻财预〔2026〕1号"),
        Column::new("适用条款", "measures", Form::Slugs, "E4.1、E4.2").note("多个条款用顿号分开"),
        Column::new("金额", "amount", YUAN, "50000000.00"),
    ],
    note: "每行一条指标。",
};

pub(super) static ADJUSTMENT: Sheet = Sheet {
    kind: SheetKind::Adjustment,
    name: "指标调整",
    word: "adjustments",
    verbs: &["budget.adjust"],
    natural_key: &["line", "document"],
    columns: &[
        LINE,
        Column::new(
            "调整方向",
            "direction",
            Form::Choice(&[("追加", "increase"), ("调减", "decrease")]),
            "追加",
        ),
        Column::new("金额", "amount", YUAN, "10000000.00"),
        Column::new("调整文号", "document", Form::Text(80), "驻财预〔2026〕18号"),
    ],
    note: "同一文号对同一指标只调整一次。",
};

pub(super) static PAYMENT: Sheet = Sheet {
    kind: SheetKind::Payment,
    name: "拨付",
    word: "payments",
    verbs: &["payment.instruct"],
    natural_key: &["award"],
    columns: &[Column::new("核定编号", "award", Form::Given("AW-12"), "AW-12")],
    note: "列出的核定发出支付指令。退票后重新支付的，请在系统中逐笔办理。",
};

pub(super) static BANK_RESULT: Sheet = Sheet {
    kind: SheetKind::BankResult,
    name: "银行结果",
    word: "bank-results",
    verbs: &["payment.settle", "payment.reject", "payment.return"],
    natural_key: &["payment", "result"],
    columns: &[
        Column::new("支付申请号", "payment", Form::Given("PY-12"), "PY-12"),
        Column::new("结果", "result", Form::Choice(RESULTS), "成功"),
        Column::new("金额", "amount", YUAN, "3000000.00").optional().note("成功的必填；失败的不填或填 0.00"),
        Column::new("银行流水号", "bank_reference", Form::Text(60), "20260401000001")
            .optional()
            .note("成功的必填"),
        Column::new("日期", "on", Form::Date, "2026-04-01"),
        Column::new("原因", "reason", Form::Text(200), "").optional().note("失败、退票的必填"),
    ],
    note: "没有列出的支付不作任何推断。",
};

pub(super) static RECOVERY: Sheet = Sheet {
    kind: SheetKind::Recovery,
    name: "追回决定",
    word: "recoveries",
    verbs: &["recovery.approve"],
    natural_key: &["recovery"],
    columns: &[
        RECOVERY_NUMBER,
        Column::new("决定书文号", "document", Form::Text(80), "驻财追〔2026〕3号"),
        super::decide::GROUND,
    ],
    note: "拟追回的款项由此决定追回。",
};

pub(super) static RECEIPT: Sheet = Sheet {
    kind: SheetKind::Receipt,
    name: "追回到账",
    word: "receipts",
    verbs: &["recovery.receive"],
    natural_key: &["recovery", "bank_reference"],
    columns: &[
        RECOVERY_NUMBER,
        Column::new("金额", "amount", YUAN, "500000.00"),
        BANK_REFERENCE,
        Column::new("日期", "on", Form::Date, "2026-08-01"),
    ],
    note: "每行一笔到账。",
};
