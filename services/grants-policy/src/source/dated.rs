//! Values with a day and a source, texts in both languages, and parameters that an interpretation chooses.

use grants_domain::values::{Date, Slug, Treasury};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::collections::BTreeMap;

/// A text in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// The sentences of a step in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Say {
    /// Chinese.
    pub zh: Met,
    /// English.
    pub en: Met,
}

/// What is said if a step is met, and if it is not.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Met {
    /// If it is met, or for a step that adds an amount.
    pub met: String,
    /// If it is not.
    pub unmet: Option<String>,
    /// If it is met because there was nothing to look at: no other award, no round.
    pub none: Option<String>,
}

/// A day, written `2024-06-11` with or without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        let text = match (value.as_datetime(), value.as_str()) {
            (Some(day), _) => day.to_string(),
            (None, Some(text)) => text.to_owned(),
            (None, None) => return Err(D::Error::custom(format!("{} is not a day", value.type_str()))),
        };
        text.parse().map(Day).map_err(D::Error::custom)
    }
}

/// A value of a clause with everything that was ever valid.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ValueSource {
    /// `money`, `rate`, `count`, `years` or `words`.
    pub unit: Unit,
    /// The values; a new one is added below, none is ever edited.
    pub dated: Vec<DatedSource>,
    /// What counties have set for themselves, never to be more generous (K-05).
    #[serde(default, rename = "county")]
    pub counties: Vec<CountySource>,
}

/// What a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// 元 with two decimals.
    Money,
    /// A rate, `5%` or `0.05`.
    Rate,
    /// A whole number.
    Count,
    /// Whole years.
    Years,
    /// A list of words.
    Words,
}

/// A value from a day on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DatedSource {
    /// From this day on.
    pub from: Day,
    /// Up to and with this day; without it, until the next value or for good.
    pub until: Option<Day>,
    /// The value.
    pub value: OneOrMany,
    /// Document, article and sentence that say so.
    pub source: String,
}

/// A value that a county has set for itself, from a day on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CountySource {
    /// The county, by its treasury.
    pub treasury: Treasury,
    /// From this day on.
    pub from: Day,
    /// Up to and with this day; without it for good.
    pub until: Option<Day>,
    /// The value.
    pub value: OneOrMany,
    /// The county's document.
    pub source: String,
}

/// One text, or a list of words.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// A list.
    Many(Vec<String>),
}

/// A rule that holds only while an interpretation is answered so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The interpretation.
    pub by: Slug,
    /// The answer under which the rule holds.
    pub is: Slug,
}

/// A parameter: given outright, or chosen by an interpretation.
#[derive(Clone, Debug)]
pub enum Choice<T> {
    /// The text says so.
    Plain(T),
    /// An interpretation says so: for each of its options, what follows.
    By {
        /// The interpretation.
        by: Slug,
        /// What each option means here.
        options: BTreeMap<Slug, T>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByTable<T> {
    by: Slug,
    options: BTreeMap<Slug, T>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Choice<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not `untagged`: its errors would no longer say what is wrong inside.
        let value = toml::Value::deserialize(deserializer)?;
        let chosen = value.as_table().is_some_and(|table| table.contains_key("by"));
        match chosen {
            true => {
                let table = ByTable::<T>::deserialize(value).map_err(D::Error::custom)?;
                Ok(Self::By { by: table.by, options: table.options })
            }
            false => T::deserialize(value).map(Self::Plain).map_err(D::Error::custom),
        }
    }
}
