//! Values, clauses and answers of interpretations.

use crate::Broken;

const E41: &str = "measures/e4-1.toml";
const T121: &str = "measures/t12-1.toml";
const DOCUMENT_21: &str = "documents/2024-21.toml";
const ASKED: &str = "interpretations.toml";

/// Values and clauses.
pub(crate) const VALUES: &[Broken] = &[
    Broken {
        file: E41,
        from: "value = \"50000000.00\"\nsource = \"驻政办〔2024〕15号 第四条 第1句\"",
        to: "value = \"50000000.00\"\nsource = \"\"",
        at: "[values.least-total]",
        rule: "least-total",
        says: "a value has no source",
    },
    Broken {
        file: E41,
        from: "from = 2024-06-11\nvalue = \"50000000.00\"",
        to: "from = 2024-06-12\nvalue = \"50000000.00\"",
        at: "[values.least-total]",
        rule: "least-total",
        says: "from 2024-06-11 to 2024-06-12 there is no value",
    },
    Broken {
        file: E41,
        from: "from = 2024-06-11\nvalue = \"50000000.00\"",
        to: "from = 2024-06-11\nuntil = 2024-12-30\nvalue = \"50000000.00\"\nsource = \"第1句\"\n\
             [[values.least-total.dated]]\nfrom = 2025-01-01\nvalue = \"50000000.00\"",
        at: "[values.least-total]",
        rule: "least-total",
        says: "between 2024-12-30 and 2025-01-01 there is no value",
    },
    Broken {
        file: E41,
        from: "from = 2024-06-11\nvalue = \"50000000.00\"",
        to: "from = 2024-06-11\nuntil = 2025-01-01\nvalue = \"50000000.00\"\nsource = \"第1句\"\n\
             [[values.least-total.dated]]\nfrom = 2025-01-01\nvalue = \"50000000.00\"",
        at: "[values.least-total]",
        rule: "least-total",
        says: "two values stand for 2025-01-01",
    },
    Broken {
        file: E41,
        from: "from = 2024-06-11\nvalue = \"50000000.00\"",
        to: "from = 2024-06-11\nvalue = \"50000000.00\"\nsource = \"第1句\"\n\
             [[values.least-total.dated]]\nfrom = 2024-06-11\nvalue = \"50000000.00\"",
        at: "[values.least-total]",
        rule: "least-total",
        says: "does not begin behind the one of 2024-06-11",
    },
    Broken {
        file: DOCUMENT_21,
        from: "from = 2024-07-30\nvalue = \"250000.00\"",
        to: "from = 2024-07-30\nuntil = 2030-12-31\nvalue = \"250000.00\"",
        at: "[values.agency-year-limit]",
        rule: "agency-year-limit",
        says: "behind 2030-12-31 there is no value, and the term has no end",
    },
    Broken {
        file: E41,
        from: "[[values.least-total.dated]]\nfrom = 2024-06-11\nvalue = \"50000000.00\"\n\
               source = \"驻政办〔2024〕15号 第四条 第1句\"",
        to: "dated = []",
        at: "[values.least-total]",
        rule: "least-total",
        says: "there is no value at all",
    },
    Broken {
        file: DOCUMENT_21,
        from: "{ count = 5, amount = \"30000.00\" }",
        to: "{ count = 3, amount = \"30000.00\" }",
        at: "id = \"T12.trains\"",
        rule: "T12.trains",
        says: "the rungs of the scale do not rise",
    },
    Broken {
        file: E41,
        from: "article = { zh = \"第四条\", en = \"article 4\" }\ntitle",
        to: "article = { zh = \"第四条\", en = \"\" }\ntitle",
        at: "id = \"E4.1\"",
        rule: "E4.1",
        says: "the measure has no citation: document number and article",
    },
    Broken {
        file: E41,
        from: "title = { zh = \"设备投资补贴\", en = \"Equipment investment subsidy\" }",
        to: "title = { zh = \"设备投资补贴\", en = \"\" }",
        at: "id = \"E4.1\"",
        rule: "E4.1",
        says: "the measure has no title or text in one language",
    },
    Broken {
        file: T121,
        from: "governing = { by = \"K-27a\", options = { calendar-year = \"fact:arrival\", twelve-months = \"fact:arrival\" } }",
        to: "governing = \"fact:arrival\"",
        at: "governing = ",
        rule: "governing",
        says: "no text says which day must fall inside the term: name the interpretation (by)",
    },
    Broken {
        file: E41,
        from: "rule = \"E4.1.total\"\nsentence = 1",
        to: "rule = \"E4.1.total\"\nsentence = 0",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "the rule does not say in which article and sentence it stands",
    },
];

const HOLDING: &str = "dated = [{ from = 2024-06-11, value = \"hold\", source = \
                       \"目录默认值，待市财政局确认 (default of the catalogue, to be confirmed by the bureau)\" }]";

/// Interpretations.
pub(crate) const INTERPRETATIONS: &[Broken] = &[
    Broken {
        file: ASKED,
        from: HOLDING,
        to: "dated = []",
        at: "id = \"K-13\"",
        rule: "K-13",
        says: "the question has no dated answer",
    },
    Broken {
        file: ASKED,
        from: HOLDING,
        to: "dated = [{ from = 2024-06-11, value = \"hold\", source = \" \" }]",
        at: "id = \"K-13\"",
        rule: "K-13",
        says: "an answer has no source",
    },
    Broken {
        file: ASKED,
        from: HOLDING,
        to: "dated = [{ from = 2024-06-11, value = \"ask\", source = \"示例\" }]",
        at: "id = \"K-13\"",
        rule: "K-13",
        says: "an answer is none of the options",
    },
    Broken {
        file: ASKED,
        from: "value = \"queue\"",
        to: "value = \"prorate\"",
        at: "id = \"K-37\"",
        rule: "K-37",
        says: "an answer is an option that the program cannot follow",
    },
    Broken {
        file: ASKED,
        from: HOLDING,
        to: "dated = [{ from = 2025-01-01, value = \"pay\", source = \"示例\" }, \
             { from = 2024-06-11, value = \"hold\", source = \"示例\" }]",
        at: "id = \"K-13\"",
        rule: "K-13",
        says: "the answers are not in the order of their days",
    },
    Broken {
        file: ASKED,
        from: "zh = \"照常支付\"",
        to: "zh = \"\"",
        at: "id = \"K-13\"",
        rule: "K-13",
        says: "the question or an option is missing in one language",
    },
];

const BY_MEASURE: &str = "dated = [{ from = 2024-06-11, value = \"by-measure\", source = \
                          \"目录默认值，待市财政局确认 (default of the catalogue, to be confirmed by the bureau)\" }]";

/// The rule by which an application at the edge of the term is in it or not: the governing day of the measure,
/// and the interpretation that chooses it (K-03).
pub(crate) const GOVERNING: &[Broken] = &[
    Broken {
        file: E41,
        from: "governing = { by = \"K-03\", options = {",
        to: "# governing = { by = \"K-03\", options = {",
        at: "[measure]",
        rule: "toml",
        says: "missing field `governing`: say which day must fall inside the term, and by which interpretation",
    },
    Broken {
        file: E41,
        from: "governing = { by = \"K-03\", options = { by-measure = \"evidence\", application = \"application\", \
               recognition = \"application\", production = \"application\", purchase = \"evidence\" } }",
        to: "governing = \"evidence\"",
        at: "governing = ",
        rule: "governing",
        says: "no text says which day must fall inside the term: name the interpretation (by)",
    },
    Broken {
        file: E41,
        from: "governing = { by = \"K-03\"",
        to: "governing = { by = \"K-93\"",
        at: "governing = ",
        rule: "governing",
        says: "there is no interpretation K-93",
    },
    Broken {
        file: E41,
        from: "production = \"application\", purchase = \"evidence\" } }",
        to: "production = \"application\" } }",
        at: "governing = ",
        rule: "governing",
        says: "the answer purchase of K-03 leads nowhere",
    },
    Broken {
        file: ASKED,
        from: BY_MEASURE,
        to: "dated = []",
        at: "id = \"K-03\"",
        rule: "K-03",
        says: "the question has no dated answer",
    },
];
