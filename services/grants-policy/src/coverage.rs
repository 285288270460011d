//! The page that tells which clauses the catalogue holds, and how: what the text says and what is interpretation apart.

use crate::catalogue::{Catalogue, Measure};
use grants_domain::values::Slug;
use std::{collections::BTreeSet, fmt::Write as _};

/// How a clause is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Computed from facts.
    Computed,
    /// The amount, or what it is made of, comes from a decision document.
    NeedsDocument,
    /// Recorded and shown; nothing is paid.
    RecordedOnly,
}

impl Held {
    /// How a measure is held.
    #[must_use]
    pub fn of(measure: &Measure) -> Self {
        let file = &measure.file;
        let decided = file.benefits.iter().any(|part| part.documented.is_some() || part.determined.is_some());
        match (file.measure.payable, decided) {
            (false, _) => Self::RecordedOnly,
            (true, true) => Self::NeedsDocument,
            (true, false) => Self::Computed,
        }
    }

    /// In Chinese and English.
    #[must_use]
    pub fn told(self) -> &'static str {
        match self {
            Self::Computed => "按事实计算 computed",
            Self::NeedsDocument => "需要决定文件 needs a decision document",
            Self::RecordedOnly => "只作记录 recorded only",
        }
    }
}

impl Measure {
    /// Every interpretation that the measure rests on.
    #[must_use]
    pub fn rests_on(&self) -> BTreeSet<&Slug> {
        let source = &self.file.measure;
        let chosen = [
            crate::compile::by(&self.document.term),
            crate::compile::by(&source.governing),
            crate::compile::by(&source.payer),
            crate::compile::by(&source.rounding),
            crate::compile::by(&source.exhaustion),
        ];
        let keys = self.file.claims.iter().filter_map(|claim| crate::compile::by(&claim.key));
        let whens = self.file.claims.iter().filter_map(|claim| claim.when.as_ref().map(|when| &when.by));
        let lines = self.lines.values().flat_map(|line| &line.interpretations);
        let all = source.interpretations.iter().chain(lines).chain(chosen.into_iter().flatten());
        all.chain(keys).chain(whens).collect()
    }
}

impl Catalogue {
    /// The page, as Markdown.
    #[must_use]
    pub fn coverage(&self) -> String {
        let mut page = String::from(HEAD);
        for document in self.documents() {
            let _ = write!(page, "\n## {} {}\n\n", document.number, document.title.zh);
            page.push_str("| 事项 | 条文 | 名称 | 办法 | 条文内容（用我们自己的话） | 口径 | 工作算例 |\n|---|---|---|---|---|---|---|\n");
            for measure in self.measures().filter(|one| one.file.measure.document == document.id) {
                row(&mut page, measure);
            }
        }
        page.push_str(QUESTIONS);
        for one in self.interpretations() {
            let answer = one.dated.last().map(|answer| &answer.value);
            let options: Vec<String> = one
                .options
                .iter()
                .map(|option| {
                    let mark = if Some(&option.id) == answer { "**" } else { "" };
                    let open = if option.selectable { "" } else { "（尚不能选用）" };
                    format!("{mark}`{}` {}{mark}{open}", option.id, option.zh)
                })
                .collect();
            let clauses: Vec<&str> = one.clauses.iter().map(Slug::as_str).collect();
            let (id, question) = (&one.id, &one.question.zh);
            let _ = writeln!(page, "| {id} | {question} | {} | {} |", options.join("；"), clauses.join(", "));
        }
        page
    }
}

const HEAD: &str = "# 政策覆盖表 (coverage)\n
本页由政策目录生成，请勿手改：`GRANTS_WRITE=1 cargo test -p grants-policy --test coverage`。
This page is made from the catalogue; it is not edited by hand.

条文说了什么，和我们怎样理解（口径），分开列出。
What the text says and what we interpret (口径) stand apart.
";

const QUESTIONS: &str = "\n## 口径\n
现行的答案用粗体。
The answer in force stands in bold.\n
| 编号 | 条文没有说清的问题 | 备选 | 涉及 |\n|---|---|---|---|\n";

fn row(page: &mut String, measure: &Measure) {
    let source = &measure.file.measure;
    let sentences: BTreeSet<u32> = measure
        .lines
        .values()
        .filter(|line| line.article.zh == source.article.zh)
        .map(|line| line.sentence)
        .collect();
    let sentences: Vec<String> = sentences.iter().map(u32::to_string).collect();
    let place = match sentences.is_empty() {
        true => format!("{} 第{}句", source.article.zh, source.sentence),
        false => format!("{} 第{}句", source.article.zh, sentences.join("、")),
    };
    let rests: Vec<&str> = measure.rests_on().into_iter().map(Slug::as_str).collect();
    let cases = match measure.file.cases.len() {
        0 => "—".to_owned(),
        cases => format!("[{cases}](../../services/grants-policy/catalogue/{})", measure.path),
    };
    let held = Held::of(measure).told();
    let (id, title, text) = (&source.id, &source.title.zh, &source.text.zh);
    let _ = writeln!(page, "| {id} | {place} | {title} | {held} | {text} | {} | {cases} |", rests.join(", "));
}
