//! Amounts in capitals (人民币大写), by the rules for bills and settlement vouchers
//! (《正确填写票据和结算凭证的基本规定》).
//!
//! There is one canonical form, which we write, and all accepted forms, which we read. The rules leave three
//! things open, and where they list two forms we write the first:
//!
//! | where | we write | also read |
//! |---|---|---|
//! | the last digit of 元 is 0 and 角 is not (1,680.32) | 零 after 元 | no 零 |
//! | the last digit of 万 or 亿 is 0 and the next group begins without one (107,000.53) | no 零 | 零 |
//! | a whole group of four is 0 between others (100,005,000.00) | 零 | no 零 |
//! | 角 ends the amount | nothing after 角 | 整 or 正 |
//! | nothing follows 元 | 整 | 正 |
//!
//! Everything else is fixed: 人民币 without a gap, 壹拾 and not 拾, one 零 for zeros inside a group, 零 before 分 if
//! there is no 角, nothing after 分. The traditional 貳 陸 億 萬 圓, and 圆, are read as 贰 陆 亿 万 元.

use super::error::{Reason, ValueError};
use super::money::Fen;

const WHAT: &str = "amount in capitals";

/// The longest text that is read, in characters. The longest amount needs 44.
pub const CAPITALS_CHARACTERS_MAX: usize = 60;

const PREFIX: &str = "人民币";
const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// How many places of an amount can leave a 零 open: three between groups, one after 元.
const OPEN_PLACES: u8 = 4;

/// The amount in its canonical form: `人民币壹仟肆佰零玖元伍角`.
#[must_use]
pub fn in_capitals(amount: Fen) -> String {
    written(amount, 0, Ending::Canonical)
}

/// Reads an amount written in any accepted form.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::TooLong`], [`Reason::OutOfRange`] above [`Fen::MAX`], or [`Reason::Reading`] with
/// the first character that is not by the rules; if it is one after the last, something is missing at the end.
pub fn parse_capitals(raw: &str) -> Result<Fen, ValueError> {
    if raw.is_empty() {
        return Err(error(Reason::Empty));
    }
    if raw.chars().nth(CAPITALS_CHARACTERS_MAX).is_some() {
        return Err(error(Reason::TooLong { max: CAPITALS_CHARACTERS_MAX }));
    }
    let folded: String = raw.chars().map(simplified).collect();
    let mut reader = Reader::new();
    let amount = reader.read(&folded)?;
    // The reader is lenient; a text is accepted if it is one of the forms of the value it was read as.
    let mut furthest = 0;
    for form in accepted_forms(amount) {
        if form == folded {
            return Ok(amount);
        }
        furthest = furthest.max(common_characters(&form, &folded));
    }
    Err(error(Reason::Reading { at: furthest.saturating_add(1) }))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Canonical,
    WithZheng,
    WithZhengCorrect,
}

const fn error(reason: Reason) -> ValueError {
    ValueError::new(WHAT, reason)
}

fn simplified(character: char) -> char {
    match character {
        '貳' => '贰',
        '陸' => '陆',
        '億' => '亿',
        '萬' => '万',
        '圓' | '圆' => '元',
        other => other,
    }
}

fn accepted_forms(amount: Fen) -> impl Iterator<Item = String> {
    let endings = [Ending::Canonical, Ending::WithZheng, Ending::WithZhengCorrect];
    let masks = 0..1_u8 << OPEN_PLACES;
    masks.flat_map(move |mask| endings.map(|ending| written(amount, mask, ending)))
}

fn common_characters(left: &str, right: &str) -> usize {
    left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count()
}

/// Writes the amount; each bit of `other_way` turns one open place, from the left, to the form we do not write.
fn written(amount: Fen, other_way: u8, ending: Ending) -> String {
    let (yuan, cents) = (amount.get() / 100, amount.get() % 100);
    let mut writer = Writer { text: String::from(PREFIX), other_way };
    if 0 < yuan || cents == 0 {
        writer.yuan(yuan);
    }
    writer.cents(yuan, cents / 10, cents % 10);
    let whole = cents == 0;
    let may_end = cents % 10 == 0;
    match ending {
        Ending::Canonical if whole => writer.text.push('整'),
        Ending::WithZheng if may_end => writer.text.push('整'),
        Ending::WithZhengCorrect if may_end => writer.text.push('正'),
        Ending::Canonical | Ending::WithZheng | Ending::WithZhengCorrect => {}
    }
    writer.text
}

struct Writer {
    text: String,
    other_way: u8,
}

impl Writer {
    fn yuan(&mut self, yuan: i64) {
        if yuan == 0 {
            self.text.push_str("零元");
            return;
        }
        // 万 of 亿, 亿, 万, and 元 itself.
        let groups =
            [yuan / 1_000_000_000_000, yuan / 100_000_000 % 10_000, yuan / 10_000 % 10_000, yuan % 10_000];
        let mut before: Option<i64> = None;
        let mut skipped = false;
        for (group, unit) in groups.into_iter().zip(["万", "亿", "万", ""]) {
            if group != 0 {
                self.between_groups(before, skipped, group);
                self.group(group);
                self.text.push_str(unit);
                (before, skipped) = (Some(group), false);
            } else if before.is_some() {
                skipped = true;
                // 壹万亿: the unit of 亿 stands even if only 万 of it are counted.
                if unit == "亿" {
                    self.text.push_str(unit);
                }
            }
        }
        self.text.push('元');
    }

    fn between_groups(&mut self, before: Option<i64>, skipped: bool, group: i64) {
        let Some(before) = before else { return };
        if group < 1_000 || (skipped && self.open(true)) || (!skipped && before % 10 == 0 && self.open(false))
        {
            self.text.push('零');
        }
    }

    /// The digits of a group of four, without its unit.
    fn group(&mut self, group: i64) {
        let mut started = false;
        let mut zero = false;
        for (worth, unit) in [(1_000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
            let digit = group / worth % 10;
            if digit == 0 {
                zero = started;
                continue;
            }
            if zero {
                self.text.push('零');
            }
            self.digit(digit);
            self.text.push_str(unit);
            (started, zero) = (true, false);
        }
    }

    fn cents(&mut self, yuan: i64, jiao: i64, fen: i64) {
        if 0 < jiao {
            if 0 < yuan && yuan % 10 == 0 && self.open(true) {
                self.text.push('零');
            }
            self.digit(jiao);
            self.text.push('角');
        } else if 0 < yuan && 0 < fen {
            self.text.push('零');
        }
        if 0 < fen {
            self.digit(fen);
            self.text.push('分');
        }
    }

    fn digit(&mut self, digit: i64) {
        let character = usize::try_from(digit).ok().and_then(|place| DIGITS.get(place));
        self.text.extend(character);
    }

    /// Whether 零 stands at an open place: as we write it, or the other way if its bit is set.
    fn open(&mut self, as_we_write: bool) -> bool {
        let other_way = self.other_way & 1 == 1;
        self.other_way >>= 1;
        as_we_write != other_way
    }
}

/// Finds the value a text would have; that the text is written by the rules is judged afterwards.
struct Reader {
    /// 分 already complete.
    total: i64,
    /// 元 below the next 亿.
    below_yi: i64,
    /// 元 below the next 万.
    below_wan: i64,
    digit: Option<i64>,
}

impl Reader {
    fn new() -> Reader {
        Reader { total: 0, below_yi: 0, below_wan: 0, digit: None }
    }

    fn read(&mut self, text: &str) -> Result<Fen, ValueError> {
        let start = common_characters(text, PREFIX);
        if start < PREFIX.chars().count() {
            return Err(error(Reason::Reading { at: start.saturating_add(1) }));
        }
        for (place, character) in text.chars().enumerate().skip(start) {
            let too_large = error(Reason::OutOfRange {
                range: "零元 to 玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
            });
            let known = self.take(character).ok_or(too_large)?;
            if !known {
                return Err(error(Reason::Reading { at: place.saturating_add(1) }));
            }
        }
        if self.digit.is_some() || 0 < self.below_wan || 0 < self.below_yi {
            return Err(error(Reason::Reading { at: text.chars().count().saturating_add(1) }));
        }
        Fen::new(self.total).map_err(|value| error(value.reason))
    }

    /// `None` above all ranges, `Some(false)` if the character cannot stand here.
    fn take(&mut self, character: char) -> Option<bool> {
        match character {
            '拾' => self.unit(10),
            '佰' => self.unit(100),
            '仟' => self.unit(1_000),
            '万' => {
                let group = self.group()?;
                self.below_yi = self.below_yi.checked_add(group.checked_mul(10_000)?)?;
                Some(true)
            }
            '亿' => {
                let group = self.group()?;
                let below = self.below_yi.checked_add(group)?;
                self.below_yi = 0;
                self.add(below.checked_mul(100_000_000)?.checked_mul(100)?)
            }
            '元' => {
                let group = self.group()?;
                let below = self.below_yi.checked_add(group)?;
                self.below_yi = 0;
                self.add(below.checked_mul(100)?)
            }
            '角' => self.coin(10),
            '分' => self.coin(1),
            '整' | '正' => Some(self.digit.is_none()),
            other => Some(self.digit_or_zero(other)),
        }
    }

    fn digit_or_zero(&mut self, character: char) -> bool {
        let place = DIGITS.iter().position(|digit| *digit == character);
        match place.and_then(|place| i64::try_from(place).ok()) {
            Some(0) => self.digit.is_none(),
            Some(digit) => self.digit.replace(digit).is_none(),
            None => false,
        }
    }

    fn unit(&mut self, worth: i64) -> Option<bool> {
        let Some(digit) = self.digit.take() else {
            return Some(false);
        };
        self.below_wan = self.below_wan.checked_add(digit.checked_mul(worth)?)?;
        Some(true)
    }

    fn coin(&mut self, worth: i64) -> Option<bool> {
        let Some(digit) = self.digit.take() else {
            return Some(false);
        };
        self.add(digit.checked_mul(worth)?)
    }

    fn group(&mut self) -> Option<i64> {
        let group = self.below_wan.checked_add(self.digit.take().unwrap_or(0))?;
        self.below_wan = 0;
        Some(group)
    }

    fn add(&mut self, fen: i64) -> Option<bool> {
        self.total = self.total.checked_add(fen)?;
        Some(true)
    }
}

#[cfg(test)]
mod tests;
