//! The page for audit offices names every finding.

use crate::code::Code;

#[test]
fn the_page_names_every_finding() {
    let page = include_str!("../../../../docs/auditing.md");
    for code in Code::ALL {
        let row = format!("| `{}` | {}（{}） |", code.word(), code.english(), code.chinese());
        assert!(page.contains(&row), "docs/auditing.md lacks {row}");
    }
}
