//! Caps, sentences and worked cases.

use crate::Broken;

const E41: &str = "measures/e4-1.toml";
const DOCUMENT_21: &str = "documents/2024-21.toml";
const SAID: &str = "sentences.toml";

/// Caps.
pub(crate) const CAPS: &[Broken] = &[
    Broken {
        file: E41,
        from: "scope = \"enterprise\"\n",
        to: "",
        at: "id = \"E4.1.enterprise\"",
        rule: "E4.1.enterprise",
        says: "the cap does not say whose it is (scope)",
    },
    Broken {
        file: E41,
        from: "window = { by = \"K-14\", options = { policy-life = \"policy-life\", calendar-year = \"calendar-year\" } }\n",
        to: "",
        at: "id = \"E4.1.enterprise\"",
        rule: "E4.1.enterprise",
        says: "the cap does not say over which time it runs (window)",
    },
    Broken {
        file: E41,
        from: "counts = \"standing\"\n",
        to: "",
        at: "id = \"E4.1.enterprise\"",
        rule: "E4.1.enterprise",
        says: "the cap does not say what it counts (counts)",
    },
    Broken {
        file: E41,
        from: "releases = { by = \"K-36\", options = { returned = \"lowering\", kept = \"lowering-without-fraud\" } }\n",
        to: "",
        at: "id = \"E4.1.enterprise\"",
        rule: "E4.1.enterprise",
        says: "the cap does not say what gives room back (releases)",
    },
    Broken {
        file: DOCUMENT_21,
        from: "releases = { by = \"K-36\", options = { returned = \"lowering\", kept = \"lowering-without-fraud\" } }\n",
        to: "",
        at: "id = \"T12.agency-year\"",
        rule: "T12.agency-year",
        says: "the cap does not say what gives room back (releases)",
    },
    Broken {
        file: E41,
        from: "limit = \"enterprise-limit\"\nscope = \"enterprise\"",
        to: "limit = \"enterprise-limit\"\nscope = \"branch\"",
        at: "id = \"E4.1.enterprise\"",
        rule: "E4.1.enterprise",
        says: "branch is no scope",
    },
    Broken {
        file: "measures/e2.toml",
        from: "per-project = \"fact:project_code\"",
        to: "per-project = \"fact:investor\"",
        at: "id = \"E2.limit\"",
        rule: "E2.limit",
        says: "under another answer nothing would be found by investor",
    },
    Broken {
        file: E41,
        from: "caps = [\"E4.1.enterprise\"]",
        to: "caps = []",
        at: "id = \"E4.1.enterprise\"",
        rule: "E4.1.enterprise",
        says: "the measure does not count under its own cap",
    },
];

/// Sentences.
pub(crate) const SENTENCES: &[Broken] = &[
    Broken {
        file: E41,
        from: "unmet = \"The project's total investment of {total_investment} yuan does not reach {limit}.\"\n",
        to: "",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "en: the sentence for \"unmet\" is missing",
    },
    Broken {
        file: E41,
        from: "none = \"No provincial special funds of the project are recorded.\"\n",
        to: "",
        at: "rule = \"E4.1.provincial\"",
        rule: "E4.1.provincial",
        says: "en: the sentence for \"none\" is missing",
    },
    Broken {
        file: E41,
        from: "met = \"项目总投资 {total_investment} 元，达到 {limit} 元。\"",
        to: "met = \"项目总投资 {investment} 元，达到 {limit} 元。\"",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "zh: nothing supplies {investment}",
    },
    Broken {
        file: E41,
        from: "met = \"项目总投资 {total_investment} 元，达到 {limit} 元。\"",
        to: "met = \" \"",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "zh: the sentence is empty",
    },
    Broken {
        file: E41,
        from: "met = \"项目总投资 {total_investment} 元，达到 {limit} 元。\"",
        to: "met = \"项目总投资 {total_investment 元，达到 {limit} 元。\"",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "zh: a } has no {",
    },
    Broken {
        file: SAID,
        from: "nothing-due = {",
        to: "# nothing-due = {",
        at: "",
        rule: "nothing-due",
        says: "the sentence of this refusal is missing",
    },
    Broken {
        file: SAID,
        from: "due = { zh = \"核定金额 {amount} 元。\"",
        to: "due = { zh = \"核定金额 {total} 元。\"",
        at: "due = ",
        rule: "due",
        says: "zh: nothing supplies {total}",
    },
    Broken {
        file: SAID,
        from: "rate-missing = {",
        to: "rates-missing = { zh = \"—\", en = \"-\" }\nrate-missing = {",
        at: "rates-missing = ",
        rule: "rates-missing",
        says: "there is no refusal of this code",
    },
];

/// Worked cases.
pub(crate) const CASES: &[Broken] = &[
    Broken {
        file: E41,
        from: "due = \"3000000.00\"",
        to: "due = \"3000000.01\"",
        at: "name = \"five per cent of sixty million\"",
        rule: "five per cent of sixty million",
        says: "the worked case does not hold: 3000000.00 is due",
    },
    Broken {
        file: E41,
        from: "refused = \"condition-not-met\"\nrule = \"E4.1.total\"",
        to: "refused = \"condition-not-met\"\nrule = \"E4.1.field\"",
        at: "name = \"one 分 below the threshold\"",
        rule: "one 分 below the threshold",
        says: "the worked case does not hold: it is refused by E4.1.total",
    },
    Broken {
        file: E41,
        from: "says = \"核定金额 3,000,000.00 元\"",
        to: "says = \"核定金额 3,000,000.01 元\"",
        at: "name = \"five per cent of sixty million\"",
        rule: "five per cent of sixty million",
        says: "the worked case does not hold: no sentence says",
    },
    Broken {
        file: E41,
        from: "name = \"exactly the threshold\"",
        to: "name = \"one 分 above the threshold\"",
        at: "name = \"one 分 above the threshold\"",
        rule: "one 分 above the threshold",
        says: "a worked case has no name of its own",
    },
    Broken {
        file: E41,
        from: "refused = \"nothing-due\"",
        to: "",
        at: "name = \"too little for one 分\"",
        rule: "too little for one 分",
        says: "a worked case says either what is due or how it is refused",
    },
    Broken {
        file: E41,
        from: "name = \"one 分 below the threshold\"\ntotal-investment = \"49999999.99\"\n\
               refused = \"condition-not-met\"\nrule = \"E4.1.total\"\nsays = \"项目总投资 49,999,999.99 元，未达到 50,000,000.00 元\"",
        to: "name = \"far above the threshold\"\ndue = \"3000000.00\"",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "no worked case comes below least-total",
    },
    Broken {
        file: E41,
        from: "name = \"exactly the threshold\"\ntotal-investment = \"50000000.00\"",
        to: "name = \"far above the threshold\"",
        at: "rule = \"E4.1.total\"",
        rule: "E4.1.total",
        says: "no worked case comes exactly at least-total",
    },
    Broken {
        file: "measures/e3-2.toml",
        from: "value = \"rate:0.2601\"",
        to: "value = \"rate:0.26\"",
        at: "rule = \"E3.2.growth\"",
        rule: "E3.2.growth",
        says: "no worked case comes above least-growth",
    },
    Broken {
        file: E41,
        from: "under = { \"K-11\" = \"guidance\" }",
        to: "under = { \"K-11\" = \"advice\" }",
        at: "name = \"not applied although a round was open, and that is guidance only\"",
        rule: "not applied although a round was open, and that is guidance only",
        says: "K-11 has no answer advice that can be followed",
    },
    Broken {
        file: E41,
        from: "under = { \"K-11\" = \"guidance\" }\nexternal = []\nrounds = [{ programme = \"special-fund\", open = \"2024-03-15/2024-05-31\" }]",
        to: "under = { \"K-11\" = \"guidance\" }",
        at: "name = \"not applied although a round was open, and that is guidance only\"",
        rule: "not applied although a round was open, and that is guidance only",
        says: "no sentence says",
    },
];
