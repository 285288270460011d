//! Files that cannot be read, and names that lead nowhere.

use crate::Broken;

const E41: &str = "measures/e4-1.toml";
const T121: &str = "measures/t12-1.toml";
const ASKED: &str = "interpretations.toml";

/// Reading.
pub(crate) const READING: &[Broken] = &[
    Broken {
        file: E41,
        from: "needs-project = true",
        to: "need-project = true",
        at: "need-project",
        rule: "toml",
        says: "unknown field `need-project`",
    },
    Broken {
        file: E41,
        from: "from = 2024-06-11\nvalue = \"50000000.00\"",
        to: "value = \"50000000.00\"",
        at: "[[values.least-total.dated]]",
        rule: "toml",
        says: "missing field `from`",
    },
    Broken {
        file: E41,
        from: "from = 2024-06-11",
        to: "from = 2024-06-31",
        at: "from = 2024-06-31",
        rule: "toml",
        says: "",
    },
    Broken {
        file: E41,
        from: "value = \"50000000.00\"",
        to: "value = \"50,000,000\"",
        at: "[values.least-total]",
        rule: "least-total",
        says: "50,000,000",
    },
    Broken {
        file: E41,
        from: "rule = \"E4.1.total\"",
        to: "rule = \"E4.1.field\"",
        at: "rule = \"E4.1.field\"",
        rule: "E4.1.field",
        says: "the rule stands twice",
    },
    Broken {
        file: "measures/t12-2.toml",
        from: "id = \"T12.2\"",
        to: "id = \"T12.1\"",
        at: "id = \"T12.1\"",
        rule: "T12.1",
        says: "the measure stands twice",
    },
    Broken {
        file: ASKED,
        from: "[[interpretation]]\nid = \"K-01\"",
        to: "[[interpretation]]\nid = \"K-01\"\nclauses = []\nquestion = { zh = \"—\", en = \"-\" }\noptions = []\n\
             dated = []\n\n[[interpretation]]\nid = \"K-01\"",
        at: "id = \"K-01\"",
        rule: "K-01",
        says: "the interpretation stands twice",
    },
];

/// Names.
pub(crate) const NAMES: &[Broken] = &[
    Broken {
        file: E41,
        from: "semantics = 1",
        to: "semantics = 2",
        at: "semantics = 2",
        rule: "semantics",
        says: "this program does not know semantics 2, only [1]",
    },
    Broken {
        file: E41,
        from: "document = \"2024-15\"",
        to: "document = \"2024-16\"",
        at: "document = \"2024-16\"",
        rule: "2024-16",
        says: "there is no such document",
    },
    Broken {
        file: E41,
        from: "fact = \"total_investment\", at-least",
        to: "fact = \"investment\", at-least",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "the fact investment is not declared",
    },
    Broken {
        file: E41,
        from: "at-least = \"least-total\"",
        to: "at-least = \"equipment-rate\"",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "the value equipment-rate is not of the type of the fact",
    },
    Broken {
        file: E41,
        from: "at-least = \"least-total\"",
        to: "at-least = \"most-total\"",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "there is no value most-total",
    },
    Broken {
        file: E41,
        from: "at-least = \"least-total\"",
        to: "present = true, at-least = \"least-total\"",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "a test has exactly one operator",
    },
    Broken {
        file: E41,
        from: "evidence = \"E4.1.invoices\"",
        to: "evidence = \"E4.1.bills\"",
        at: "rule = \"E4.1.rate\"",
        rule: "E4.1.rate",
        says: "there is no evidence rule E4.1.bills",
    },
    Broken {
        file: E41,
        from: "rate-of = { rate = \"equipment-rate\", ",
        to: "fixed = \"enterprise-limit\"\nrate-of = { rate = \"equipment-rate\", ",
        at: "rule = \"E4.1.rate\"",
        rule: "E4.1.rate",
        says: "a part of an amount has exactly one kind",
    },
    Broken {
        file: T121,
        from: "tier = { scale = \"T12.trains\"",
        to: "tier = { scale = \"T12.coaches\"",
        at: "rule = \"T12.1.cumulative\"",
        rule: "T12.1.cumulative",
        says: "the document has no scale T12.coaches",
    },
    Broken {
        file: E41,
        from: "payer = { by = \"K-04\", options = { recorded-split = \"project\" } }",
        to: "payer = \"city\"",
        at: "payer = \"city\"",
        rule: "payer",
        says: "city is no payer",
    },
    Broken {
        file: "documents/2024-15.toml",
        from: "by = \"K-02\"",
        to: "by = \"K-98\"",
        at: "[document.term]",
        rule: "term",
        says: "there is no interpretation K-98",
    },
    Broken {
        file: E41,
        from: "\"K-05\", \"K-33\"",
        to: "\"K-05\", \"K-99\"",
        at: "[measure]",
        rule: "measure",
        says: "there is no interpretation K-99",
    },
    Broken {
        file: E41,
        from: "options = { hold = \"hold\", pay = \"ignore\" }",
        to: "options = { hold = \"hold\" }",
        at: "rule = \"E4.1.provincial\"",
        rule: "E4.1.provincial",
        says: "the answer pay of K-13 leads nowhere",
    },
    Broken {
        file: E41,
        from: "options = { hold = \"hold\", pay = \"ignore\" }",
        to: "options = { hold = \"hold\", pay = \"ignore\", ask = \"hold\" }",
        at: "rule = \"E4.1.provincial\"",
        rule: "E4.1.provincial",
        says: "K-13 has no answer ask",
    },
];
