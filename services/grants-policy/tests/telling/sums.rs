//! Adds up what an explanation says, from its text alone, as a clerk with a pocket calculator does.

/// A fraction of one 分: above and below the line.
type Fraction = (i128, i128);

/// Marks that no text for people has: of a template, of a message that is missing, of a value that nobody supplied.
const LEFT_OVER: &[&str] = &["{", "}", "$", "«", "»", "—", "None", "null"];

/// Every line names a document and an article, nothing is left of a template, and the signed amounts come to the outcome
/// in 分: the amount of an award, nothing for a refusal. A line is a sentence and its clause behind `〔`.
pub(crate) fn check(name: &str, lines: &[String], outcome: i64) {
    let whole = || format!("{name}\n{}", lines.join("\n"));
    let mut sum = (0, 1);
    for line in lines {
        let (text, clause) =
            line.split_once('〔').unwrap_or_else(|| panic!("{line}: no clause\n{}", whole()));
        // Documents of other cities call their articles otherwise.
        let article = ["第", "末段", "article ", "closing paragraph"].iter().any(|one| clause.contains(one));
        let cited = clause.contains(' ') && (article || !clause.starts_with("驻政"));
        assert!(cited, "{line} names no document or no article\n{}", whole());
        let left = LEFT_OVER.iter().find(|mark| text.contains(**mark));
        assert_eq!(left, None, "{line}\n{}", whole());
        sum = plus(sum, signed(text));
    }
    let (above, below) = sum;
    assert_eq!(above % below, 0, "{above}/{below} 分 is no whole number\n{}", whole());
    assert_eq!(above / below, i128::from(outcome), "the steps do not come to the outcome\n{}", whole());
}

/// The one signed amount of a line: `+3,000,000.00 元`, `−0.0095 元`, `+1,100,069.44 元又 4/9 分`, `−4/9 分`.
fn signed(text: &str) -> Fraction {
    let mut found = text.char_indices().filter(|(at, mark)| {
        let digit = text
            .get(at + mark.len_utf8()..)
            .unwrap_or_default()
            .starts_with(|next: char| next.is_ascii_digit());
        matches!(mark, '+' | '−') && digit
    });
    let Some((at, sign)) = found.next() else {
        return (0, 1);
    };
    assert!(found.next().is_none(), "{text} has two signed amounts");
    let rest = text.get(at + sign.len_utf8()..).unwrap_or_default().trim_end().trim_end_matches(['。', '.']);
    let ends = [" 元", " yuan"].iter().find_map(|unit| Some((*unit, rest.split_once(unit)?)));
    let amount = match ends {
        None => fraction_of_fen(rest),
        Some((_, (yuan, ""))) => of_yuan(yuan),
        Some((_, (yuan, more))) => {
            let more = more.strip_prefix("又 ").or(more.strip_prefix(" and "));
            plus(of_yuan(yuan), fraction_of_fen(more.unwrap_or_else(|| panic!("{text}"))))
        }
    };
    if sign == '−' { (-amount.0, amount.1) } else { amount }
}

/// `4/9 分`.
fn fraction_of_fen(text: &str) -> Fraction {
    let digits = text.strip_suffix(" 分").or(text.strip_suffix(" fen"));
    let (above, below) = digits.and_then(|text| text.split_once('/')).unwrap_or_else(|| panic!("{text}"));
    (number(above), number(below))
}

/// `9,999,999.9995`.
fn of_yuan(text: &str) -> Fraction {
    let (whole, decimals) = text.split_once('.').unwrap_or_else(|| panic!("{text} has no decimals"));
    let groups: Vec<&str> = whole.split(',').collect();
    let even = groups.iter().skip(1).all(|group| group.len() == 3)
        && groups.first().is_some_and(|group| group.len() <= 3);
    assert!(even && 2 <= decimals.len(), "{text}");
    let power = 10_i128.pow(u32::try_from(decimals.len()).expect("few decimals"));
    (number(&format!("{}{decimals}", groups.concat())) * 100, power)
}

fn number(digits: &str) -> i128 {
    digits.parse().unwrap_or_else(|fault| panic!("{digits}: {fault}"))
}

fn plus(left: Fraction, right: Fraction) -> Fraction {
    let (above, below) = (left.0 * right.1 + right.0 * left.1, left.1 * right.1);
    let (mut a, mut b) = (above.abs(), below);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (above / a, below / a)
}

#[test]
fn what_is_written_is_read_with_its_sign() {
    for (text, sum) in [
        ("计入 +3,000,000.00 元。", (300_000_000, 1)),
        ("扣减 −0.0095 元。", (-19, 20)),
        ("计入 +1,100,069.44 元又 4/9 分。  ", (990_062_500, 9)),
        ("x. Adds +1,100,069.44 yuan and 4/9 fen.  ", (990_062_500, 9)),
        ("x. Takes off −4/9 fen.", (-4, 9)),
        ("2024-09-01 至 2025-01-01", (0, 1)),
    ] {
        assert_eq!(plus((0, 1), signed(text)), sum, "{text}");
    }
}
