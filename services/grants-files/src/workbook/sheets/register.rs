//! Sheets of what is known: calendars, rates, enterprises, projects, and what other levels and bodies report.

use super::{Column, Form, Sheet, SheetKind, Unit};

/// Kinds of subjects of an award of another level.
const OWN_SUBJECTS: &[(&str, &str)] = &[("企业", "enterprise"), ("项目", "project")];

/// Kinds of subjects of a fact.
const SUBJECTS: &[(&str, &str)] = &[("企业", "enterprise"), ("项目", "project"), ("其他", "other")];

/// Types of a fact's value.
pub(super) const TYPES: &[(&str, &str)] = &[
    ("金额", "money"),
    ("数量", "count"),
    ("日期", "date"),
    ("比率", "rate"),
    ("是否", "flag"),
    ("文字", "word"),
];

/// Levels of government.
const LEVELS: &[(&str, &str)] = &[("国家", "state"), ("省", "province"), ("市", "city"), ("县区", "county")];

/// How far another body is with an award.
const STATUSES: &[(&str, &str)] =
    &[("申报中", "pending"), ("已获批", "granted"), ("未获批", "refused"), ("已撤销", "withdrawn")];

const SOURCE: Column =
    Column::new("来源", "source", Form::Text(200), "国办发明电〔2025〕7号").note("文件名称、文号或出具单位");

pub(super) static CALENDAR: Sheet = Sheet {
    kind: SheetKind::Calendar,
    name: "工作日历",
    word: "calendar",
    verbs: &["calendar.publish"],
    natural_key: &["year"],
    columns: &[
        Column::new("年度", "year", Form::Year, "2026"),
        Column::new("类型", "kind", Form::Choice(&[("放假", "off"), ("上班", "working")]), "放假"),
        Column::new("开始日期", "from", Form::Date, "2026-02-15"),
        Column::new("结束日期", "to", Form::Date, "2026-02-23").optional().note("只有一天的可以不填"),
        SOURCE,
    ],
    note: "每行一段放假日期或一个调休上班日；同一年度的各行合成一份日历，来源须一致。周末照常休息的不用填。",
};

pub(super) static RATE: Sheet = Sheet {
    kind: SheetKind::Rate,
    name: "利率",
    word: "rates",
    verbs: &["rate.publish"],
    natural_key: &["name", "published_on"],
    columns: &[
        Column::new("利率名称", "name", Form::Slug, "LPR-1Y").note("政策目录中的利率编号"),
        Column::new("公布日期", "published_on", Form::Date, "2026-01-20"),
        Column::new("利率", "rate", Form::Rate, "3.10%").note("填 3.10% 或 0.031；不要填 3.10"),
        SOURCE,
    ],
    note: "每行一次公布。",
};

pub(super) static ENTERPRISE: Sheet = Sheet {
    kind: SheetKind::Enterprise,
    name: "企业",
    word: "enterprises",
    verbs: &["enterprise.register"],
    natural_key: &["code"],
    columns: &[
        Column::new("统一社会信用代码", "code", Form::CreditCode, "91411700MA40ABCD1G"),
        Column::new("企业名称", "name", Form::Text(100), "驻马店示例光电有限公司"),
        Column::new("受益财政区划", "treasury", Form::Treasury, "411702000")
            .note("9位财政区划，收取该企业税收的财政"),
        Column::new("行业", "industry", Form::Slug, "optoelectronics")
            .optional()
            .note("政策目录中的行业编号"),
        Column::new("法定代表人", "legal_representative", Form::Person, "张三").optional().note("加密保存"),
        Column::new(
            "法定代表人身份证号",
            "legal_representative_identity",
            Form::Identity,
            "411702199001010016",
        )
        .optional()
        .note("只用于识别本人，不保存"),
        Column::new("联系人", "contact", Form::Person, "李四").optional().note("加密保存"),
        Column::new("联系电话", "contact_phone", Form::Phone, "0396-1234567").optional().note("加密保存"),
        Column::new("收款人户名", "payee_name", Form::Text(100), "驻马店示例光电有限公司").optional(),
        Column::new("收款账号", "payee_account", Form::Account, "1715010001000012345").optional(),
        Column::new("开户行联行号", "payee_bank", Form::Bank, "102521000335").optional(),
    ],
    note: "收款人户名、账号、联行号三项要填齐，或都不填。",
};

pub(super) static PROJECT: Sheet = Sheet {
    kind: SheetKind::Project,
    name: "项目",
    word: "projects",
    verbs: &["project.register"],
    natural_key: &["code"],
    columns: &[
        Column::new("项目代码", "code", Form::ProjectCode, "2406-411702-04-01-123456")
            .note("投资项目统一代码"),
        Column::new("统一社会信用代码", "enterprise", Form::CreditCode, "91411700MA40ABCD1G")
            .note("项目单位"),
        Column::new("项目名称", "name", Form::Text(100), "年产一百万套传感器项目"),
        Column::new("受益财政区划", "treasury", Form::Treasury, "411702000"),
        Column::new(
            "总投资",
            "total_investment",
            Form::Money {
                units: &[Unit::TenThousand, Unit::Yuan],
                plausible_max: "100000000000.00",
                plausible_min: "100000.00",
            },
            "30000",
        )
        .note("表头写明万元或元，按表头换算"),
        Column::new("建设有效期起", "validity_from", Form::Date, "2024-06-11"),
        Column::new("建设有效期止", "validity_to", Form::Date, "2026-06-10"),
        Column::new("已纳入投资统计", "in_statistics", Form::Flag, "是"),
    ],
    note: "每行一个项目。",
};

pub(super) static ROUND: Sheet = Sheet {
    kind: SheetKind::Round,
    name: "上级批次",
    word: "rounds",
    verbs: &["external.open_round"],
    natural_key: &["programme", "round"],
    columns: &[
        Column::new("计划代码", "programme", Form::Slug, "special-fund"),
        Column::new("批次编号", "round", Form::Reference, "2024-1"),
        Column::new("受理开始", "open_from", Form::Date, "2024-07-01"),
        Column::new("受理截止", "open_to", Form::Date, "2024-08-31"),
        SOURCE,
    ],
    note: "上级开放申报的批次；没有开放过的不用填。",
};

pub(super) static EXTERNAL_AWARD: Sheet = Sheet {
    kind: SheetKind::ExternalAward,
    name: "上级奖补",
    word: "external-awards",
    verbs: &["external.report_award"],
    natural_key: &["award", "status", "on"],
    columns: &[
        Column::new("上级奖补编号", "award", Form::Reference, "HN-2024-0001"),
        Column::new("主体类型", "subject_kind", Form::Choice(OWN_SUBJECTS), "项目"),
        Column::new("主体代码", "subject", Form::Text(60), "2406-411702-04-01-123456")
            .note("项目代码或统一社会信用代码"),
        Column::new("级别", "level", Form::Choice(LEVELS), "省"),
        Column::new("计划代码", "programme", Form::Slug, "special-fund"),
        Column::new("状态", "status", Form::Choice(STATUSES), "已获批"),
        Column::new("金额", "amount", super::YUAN, "1000000.00").optional(),
        Column::new("日期", "on", Form::Date, "2025-03-01"),
        SOURCE,
    ],
    note: "同一奖补状态变化的，每次变化一行，按先后排列。",
};

pub(super) static FACT: Sheet = Sheet {
    kind: SheetKind::Fact,
    name: "事实",
    word: "facts",
    verbs: &["fact.record"],
    natural_key: &["subject_kind", "subject", "name", "on"],
    columns: &[
        Column::new("主体类型", "subject_kind", Form::Choice(SUBJECTS), "企业"),
        Column::new("主体", "subject", Form::Text(60), "91411700MA40ABCD1G")
            .note("统一社会信用代码、项目代码；其他主体照政策目录填写，如 title:名称"),
        Column::new("事实名称", "name", Form::Slug, "tax-per-mu").note("政策目录中的事实编号"),
        Column::new("类型", "type", Form::Choice(TYPES), "金额"),
        Column::new("值", "value", Form::FactValue, "150000.00")
            .note("金额以元计；比率填 26% 或 0.26；是否填 是 或 否"),
        Column::new("日期", "on", Form::Date, "2025-12-31"),
        SOURCE,
    ],
    note: "部门认定或核实的事实，每行一项。",
};
