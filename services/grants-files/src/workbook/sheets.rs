//! Every kind of sheet: its columns, its natural key, and the verb it becomes. Reading, the empty workbook and
//! the reference page all go by this table.

mod decide;
mod pay;
mod register;

/// A kind of sheet. The order is the order in which the sheets of one workbook become commands: what others
/// refer to comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SheetKind {
    /// 工作日历.
    Calendar,
    /// 利率.
    Rate,
    /// 企业.
    Enterprise,
    /// 项目.
    Project,
    /// 指标.
    Budget,
    /// 指标调整.
    Adjustment,
    /// 上级批次.
    Round,
    /// 上级奖补.
    ExternalAward,
    /// 事实.
    Fact,
    /// 申报.
    Application,
    /// 申报事实: lines of an application.
    ApplicationFact,
    /// 佐证: lines of an application.
    Evidence,
    /// 票据红冲.
    Void,
    /// 申报撤回.
    Withdrawal,
    /// 申报审核.
    Decision,
    /// 核定确认.
    Confirmation,
    /// 核减.
    Reduction,
    /// 撤销核定.
    Revocation,
    /// 拨付.
    Payment,
    /// 银行结果.
    BankResult,
    /// 追回决定.
    Recovery,
    /// 追回到账.
    Receipt,
}

/// A sheet.
#[derive(Debug)]
pub struct Sheet {
    /// Its kind.
    pub kind: SheetKind,
    /// Name of the sheet, and of a csv with the same columns.
    pub name: &'static str,
    /// The name of the csv in ASCII.
    pub word: &'static str,
    /// The verbs it becomes; none for lines of another sheet.
    pub verbs: &'static [&'static str],
    /// What makes two rows the same thing: keys of columns.
    pub natural_key: &'static [&'static str],
    /// Its columns, in the order of the empty workbook. A file may have them in any order.
    pub columns: &'static [Column],
    /// What a person who fills it in should know.
    pub note: &'static str,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// The heading, for amounts without its unit.
    pub heading: &'static str,
    /// The name by which the program knows it.
    pub key: &'static str,
    /// What a cell of it must be.
    pub form: Form,
    /// Whether every row must have it.
    pub required: bool,
    /// What a person who fills it in should know.
    pub note: &'static str,
    /// A cell that is right, as the text a person would type.
    pub example: &'static str,
}

/// The unit of an amount, declared in its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 元, to two decimals.
    Yuan,
    /// 万元, to six decimals: a whole number of 分.
    TenThousand,
}

impl Unit {
    /// The word in the heading.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::TenThousand => "万元",
        }
    }
    /// How many places the point moves to the right to give 元.
    #[must_use]
    pub const fn places(self) -> usize {
        match self {
            Self::Yuan => 0,
            Self::TenThousand => 4,
        }
    }
    /// The most decimals.
    #[must_use]
    pub const fn decimals_max(self) -> usize {
        match self {
            Self::Yuan => 2,
            Self::TenThousand => 6,
        }
    }
}

/// How many 元 are one 万元: by how much an amount is wrong under the other heading.
pub(crate) const TEN_THOUSAND: i128 = 10_000;

/// What a cell must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 统一社会信用代码, as text.
    CreditCode,
    /// 投资项目统一代码, as text.
    ProjectCode,
    /// 9 digits 财政区划, as text.
    Treasury,
    /// A text of at most so many characters.
    Text(usize),
    /// An id that people give, as text.
    Reference,
    /// An id of the catalogue, as text.
    Slug,
    /// Several of them, with `、`, `，`, `,` or `；` between.
    Slugs,
    /// An id that the ledger gave, such as `AW-12`, as text.
    Given(&'static str),
    /// A bank account, as text.
    Account,
    /// 联行号, as text.
    Bank,
    /// A person's name; sealed.
    Person,
    /// A person's identity number, as text; only used to find the person, kept nowhere.
    Identity,
    /// A telephone number, as text; sealed.
    Phone,
    /// Code and number of an invoice, or the number of another document, as text.
    Document,
    /// One of these words: Chinese in the sheet, or the ledger's own.
    Choice(&'static [(&'static str, &'static str)]),
    /// An amount in one of these units, at most so many 元. Text or number.
    Money {
        /// The units a heading may declare; the first is the empty workbook's.
        units: &'static [Unit],
        /// The largest plausible amount in 元.
        plausible_max: &'static str,
        /// Below so many 元 there is a warning.
        plausible_min: &'static str,
    },
    /// `3.10%` or `0.031`, at most 100%. Text or number.
    Rate,
    /// A year of four digits. Text or number.
    Year,
    /// A day: a date cell or `2024-06-11`.
    Date,
    /// 是 or 否.
    Flag,
    /// The value of a fact; the column before it says of which type.
    FactValue,
}

impl Column {
    const fn new(heading: &'static str, key: &'static str, form: Form, example: &'static str) -> Self {
        Self { heading, key, form, required: true, note: "", example }
    }
    const fn optional(mut self) -> Self {
        self.required = false;
        self
    }
    const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    /// The heading of the empty workbook.
    #[must_use]
    pub fn full_heading(&self) -> String {
        self.headings().into_iter().next().unwrap_or_default()
    }

    /// Every heading that is read, with its unit.
    #[must_use]
    pub fn headings(&self) -> Vec<String> {
        let Form::Money { units, .. } = self.form else {
            return vec![self.heading.to_owned()];
        };
        let in_unit = |unit: &Unit| format!("{}（{}）", self.heading, unit.word());
        units.iter().map(in_unit).collect()
    }
}

/// An ordinary amount in 元, up to 100 亿元.
const YUAN: Form =
    Form::Money { units: &[Unit::Yuan], plausible_max: "10000000000.00", plausible_min: "0.00" };

/// Every sheet, in the order of [`SheetKind`].
pub const ALL: &[&Sheet] = &[
    &register::CALENDAR,
    &register::RATE,
    &register::ENTERPRISE,
    &register::PROJECT,
    &pay::BUDGET,
    &pay::ADJUSTMENT,
    &register::ROUND,
    &register::EXTERNAL_AWARD,
    &register::FACT,
    &decide::APPLICATION,
    &decide::APPLICATION_FACT,
    &decide::EVIDENCE,
    &decide::VOID,
    &decide::WITHDRAWAL,
    &decide::DECISION,
    &decide::CONFIRMATION,
    &decide::REDUCTION,
    &decide::REVOCATION,
    &pay::PAYMENT,
    &pay::BANK_RESULT,
    &pay::RECOVERY,
    &pay::RECEIPT,
];

/// The sheet of this name: Chinese, or the ASCII word.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Sheet> {
    ALL.iter().copied().find(|sheet| sheet.name == name || sheet.word == name)
}

/// The sheet of a kind.
#[must_use]
pub fn of(kind: SheetKind) -> &'static Sheet {
    let found = ALL.iter().copied().find(|sheet| sheet.kind == kind);
    found.unwrap_or(&register::CALENDAR)
}

/// The names of all sheets, for an error.
pub(crate) fn names() -> String {
    let names: Vec<&str> = ALL.iter().map(|sheet| sheet.name).collect();
    names.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;
    use grants_domain::commands::Command;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_sound() {
        let kinds: Vec<SheetKind> = ALL.iter().map(|sheet| sheet.kind).collect();
        let mut sorted = kinds.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(kinds, sorted, "every kind once, in order");
        for sheet in ALL {
            assert!(std::ptr::eq(of(sheet.kind), *sheet));
            let keys: BTreeSet<&str> = sheet.columns.iter().map(|column| column.key).collect();
            let headings: BTreeSet<String> = sheet.columns.iter().flat_map(Column::headings).collect();
            assert_eq!(keys.len(), sheet.columns.len(), "{}", sheet.name);
            assert!(keys.len() <= headings.len(), "{}", sheet.name);
            assert!(sheet.natural_key.iter().all(|key| keys.contains(key)), "{}", sheet.name);
            assert!(!sheet.natural_key.is_empty(), "{}", sheet.name);
            for verb in sheet.verbs {
                assert!(Command::WORDS.iter().any(|(_, word)| word == verb), "{verb}");
            }
        }
        let names: BTreeSet<&str> = ALL.iter().flat_map(|sheet| [sheet.name, sheet.word]).collect();
        assert_eq!(names.len(), ALL.len() * 2);
    }
}
