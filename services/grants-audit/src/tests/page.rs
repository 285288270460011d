//! The page for audit offices names every finding.

use crate::code::Code;
use grants_files::{Lang, Texts};

#[test]
fn the_page_names_every_finding() {
    let (english, chinese) = (Texts::new(Lang::En), Texts::new(Lang::Zh));
    let page = include_str!("../../../../docs/auditing.md");
    for code in Code::ALL {
        let row =
            format!("| `{}` | {}（{}） |", code.word(), code.sentence(&english), code.sentence(&chinese));
        assert!(page.contains(&row), "docs/auditing.md lacks {row}");
    }
}
