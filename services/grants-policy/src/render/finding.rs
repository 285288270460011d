//! What a reviewer is told to look at. A catalogue may say it in its own words (`finding-affiliate`, `finding-project`,
//! `finding-seller` among its general sentences); one that says nothing is told in these.

use super::Language;
use crate::catalogue::Catalogue;
use grants_domain::trace::Step;

/// The name of each sentence, the input that stands in it, and its words in both languages.
const FINDINGS: [(&str, &str, &str, &str); 3] = [
    (
        "finding-affiliate",
        "affiliate",
        "请复核：关联企业 {affiliate} 在同一上限下已核定 {held} 元；本条上限按单个企业计算，未合并。",
        "For review: affiliate {affiliate} holds {held} yuan under the same cap, which is of one enterprise and does not count it.",
    ),
    (
        "finding-project",
        "project",
        "请复核：项目 {project} 登记为同一投资的组成部分，在同一上限下已核定 {held} 元；本条上限按单个项目计算，未合并。",
        "For review: project {project}, recorded as part of the same investment, holds {held} yuan under the same cap, which is of one project and does not count it.",
    ),
    (
        "finding-seller",
        "seller",
        "请复核：凭证 {evidence}（{held} 元）的销售方 {seller} 为关联企业；本条未说明关联交易是否计入，已计入。",
        "For review: the seller of {evidence} ({held} yuan), {seller}, is an affiliate; the clause does not say that such purchases are left out, and it was counted.",
    ),
];

/// The sentence of a finding, by what it is about.
pub(super) fn template(catalogue: &Catalogue, step: &Step, language: Language) -> String {
    let about = |input: &str| step.inputs.iter().any(|one| one.name.as_str() == input);
    let Some((key, _, zh, en)) = FINDINGS.iter().find(|(_, input, ..)| about(input)) else {
        return String::new();
    };
    let own = catalogue.general.iter().find(|(name, _)| name.as_str() == *key);
    let words = match language {
        Language::Zh => zh,
        Language::En => en,
    };
    own.map_or_else(|| (*words).to_owned(), |(_, both)| language.of(both).to_owned())
}
