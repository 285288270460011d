//! Sheets of applications and of what is decided about them.

use super::{Column, Form, Sheet, SheetKind, YUAN, register::TYPES};

/// Kinds of evidence.
const KINDS: &[(&str, &str)] = &[
    ("发票", "invoice"),
    ("车票", "tickets"),
    ("贷款合同", "loan"),
    ("贷款余额", "balance"),
    ("决定文件", "document"),
];

const APPLICATION_NUMBER: Column = Column::new("申报编号", "application", Form::Reference, "A-2026-0001");
const AWARD: Column = Column::new("核定编号", "award", Form::Given("AW-12"), "AW-12");
const REASON: Column = Column::new("原因", "reason", Form::Text(200), "企业来函");
/// What a decision rests on, where it matters for what follows.
pub(super) const GROUND: Column = Column::new("认定情形", "ground", Form::Choice(&[("骗取", "fraud")]), "")
    .optional()
    .note("认定骗取的填写，是否恢复上限额度见口径 K-36");
const DOCUMENT_KIND: Column = Column::new("种类", "kind", Form::Choice(KINDS), "发票");
const DOCUMENT_CODE: Column = Column::new("发票代码", "code", Form::Document, "")
    .optional()
    .note("数电发票不填；其他发票填10位或12位代码");
const DOCUMENT_NUMBER: Column = Column::new("号码", "number", Form::Document, "24412000000012345678")
    .note("数电发票20位，其他发票8位；车票填 车次/抵达日期；其他填文件编号，只用字母、数字和 - _ . /");

pub(super) static APPLICATION: Sheet = Sheet {
    kind: SheetKind::Application,
    name: "申报",
    word: "applications",
    verbs: &["application.submit"],
    natural_key: &["application"],
    columns: &[
        APPLICATION_NUMBER,
        Column::new("统一社会信用代码", "enterprise", Form::CreditCode, "91411700MA40ABCD1G"),
        Column::new("项目代码", "project", Form::ProjectCode, "2406-411702-04-01-123456").optional(),
        Column::new("申报条款", "measure", Form::Slug, "E4.1"),
        Column::new("申报日期", "applied_on", Form::Date, "2026-03-02"),
        Column::new("个人收款人", "payee_name", Form::Person, "")
            .optional()
            .note("只有收款人是个人时填；加密保存"),
        Column::new("个人身份证号", "payee_identity", Form::Identity, "")
            .optional()
            .note("只用于识别本人，不保存"),
        Column::new("个人收款账号", "payee_account", Form::Account, "").optional().note("加密保存"),
        Column::new("个人开户行联行号", "payee_bank", Form::Bank, "").optional().note("加密保存"),
    ],
    note: "每行一件申报；事实和佐证在另外两张表，按申报编号对应。个人收款的四项要填齐，或都不填。",
};

pub(super) static APPLICATION_FACT: Sheet = Sheet {
    kind: SheetKind::ApplicationFact,
    name: "申报事实",
    word: "application-facts",
    verbs: &[],
    natural_key: &["application", "name"],
    columns: &[
        APPLICATION_NUMBER,
        Column::new("事实名称", "name", Form::Slug, "interest-paid").note("政策目录中的事实编号"),
        Column::new("类型", "type", Form::Choice(TYPES), "金额"),
        Column::new("值", "value", Form::FactValue, "3200000.00")
            .note("金额以元计；比率填 26% 或 0.26；是否填 是 或 否"),
    ],
    note: "申报人陈述的事实，每行一项。",
};

pub(super) static EVIDENCE: Sheet = Sheet {
    kind: SheetKind::Evidence,
    name: "佐证",
    word: "evidence",
    verbs: &[],
    natural_key: &["application", "kind", "code", "number", "date"],
    columns: &[
        APPLICATION_NUMBER,
        DOCUMENT_KIND,
        DOCUMENT_CODE,
        DOCUMENT_NUMBER,
        Column::new("日期", "date", Form::Date, "2025-04-15"),
        Column::new("截止日期", "until", Form::Date, "").optional().note("贷款余额等有起止日期的填"),
        Column::new("金额", "amount", YUAN, "60000000.00").note("发票填不含税金额"),
    ],
    note: "每行一张票据或一份文件。",
};

pub(super) static VOID: Sheet = Sheet {
    kind: SheetKind::Void,
    name: "票据红冲",
    word: "voids",
    verbs: &["evidence.void"],
    natural_key: &["kind", "code", "number", "on"],
    columns: &[
        DOCUMENT_KIND,
        DOCUMENT_CODE,
        DOCUMENT_NUMBER,
        Column::new("剩余金额", "net", YUAN, "0.00").note("红冲后剩余的不含税金额；全部红冲或作废填 0.00"),
        Column::new("日期", "on", Form::Date, "2026-05-20"),
        Column::new("来源", "source", Form::Text(200), "税务部门红字信息表"),
    ],
    note: "红冲、作废的票据。",
};

pub(super) static WITHDRAWAL: Sheet = Sheet {
    kind: SheetKind::Withdrawal,
    name: "申报撤回",
    word: "withdrawals",
    verbs: &["application.withdraw"],
    natural_key: &["application"],
    columns: &[APPLICATION_NUMBER, REASON],
    note: "尚未核定的申报。",
};

pub(super) static DECISION: Sheet = Sheet {
    kind: SheetKind::Decision,
    name: "申报审核",
    word: "decisions",
    verbs: &["application.decide"],
    natural_key: &["application"],
    columns: &[APPLICATION_NUMBER],
    note: "列出的申报按政策计算，形成拟核定、排队或不予核定的结论。",
};

pub(super) static CONFIRMATION: Sheet = Sheet {
    kind: SheetKind::Confirmation,
    name: "核定确认",
    word: "confirmations",
    verbs: &["award.confirm"],
    natural_key: &["award"],
    columns: &[AWARD],
    note: "由审核人以外的人确认。",
};

pub(super) static REDUCTION: Sheet = Sheet {
    kind: SheetKind::Reduction,
    name: "核减",
    word: "reductions",
    verbs: &["award.reduce"],
    natural_key: &["award", "to"],
    columns: &[AWARD, Column::new("核减后金额", "to", YUAN, "2500000.00"), REASON, GROUND],
    note: "核减后金额须大于零；全部撤销的填撤销核定表。",
};

pub(super) static REVOCATION: Sheet = Sheet {
    kind: SheetKind::Revocation,
    name: "撤销核定",
    word: "revocations",
    verbs: &["award.revoke"],
    natural_key: &["award"],
    columns: &[AWARD, REASON, GROUND],
    note: "尚未发出支付的核定。",
};
