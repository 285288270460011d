//! What the program says to people, in Chinese or English, from one message catalogue per language.
//!
//! Ids are made of stable words: `refusal-` and the code, `problem-` and the code, `verb-`, `event-`, `told-` and the
//! word of an event that moves money, the name of a closed list and the word. A test holds both catalogues to the same ids and placeholders, and to the lists.

mod ids;
mod told;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use grants_domain::refusal::{RefusalCode, Refused};
use std::{fmt, str::FromStr};
use unic_langid::LanguageIdentifier;

pub use ids::{List, WORDS, id_of_word};
pub use told::{MONEY_EVENTS, Told};

/// A language of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Zh, Self::En];

    /// The language of a locale such as `zh_CN.UTF-8` or `en-GB`; Chinese for any other.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['-', '_', '.', '@']).next().unwrap_or_default();
        language.to_ascii_lowercase().parse().unwrap_or_default()
    }

    /// The language of the first locale that says one; an empty one is none, as POSIX has it.
    #[must_use]
    pub fn of_locales(locales: impl IntoIterator<Item = Option<String>>) -> Self {
        let mut told = locales.into_iter().flatten().filter(|locale| !locale.is_empty());
        told.next().map_or_else(Self::default, |locale| Self::of_locale(&locale))
    }

    /// The tag of the language.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    const fn sources(self) -> &'static [&'static str] {
        match self {
            Self::Zh => &[
                include_str!("../texts/zh-CN/refusals.ftl"),
                include_str!("../texts/zh-CN/words.ftl"),
                include_str!("../texts/zh-CN/told.ftl"),
                include_str!("../texts/zh-CN/problems.ftl"),
                include_str!("../texts/zh-CN/files.ftl"),
                include_str!("../texts/zh-CN/program.ftl"),
                include_str!("../texts/zh-CN/audit.ftl"),
                include_str!("../texts/zh-CN/backtest.ftl"),
                include_str!("../texts/zh-CN/entitlements.ftl"),
            ],
            Self::En => &[
                include_str!("../texts/en/refusals.ftl"),
                include_str!("../texts/en/words.ftl"),
                include_str!("../texts/en/told.ftl"),
                include_str!("../texts/en/problems.ftl"),
                include_str!("../texts/en/files.ftl"),
                include_str!("../texts/en/program.ftl"),
                include_str!("../texts/en/audit.ftl"),
                include_str!("../texts/en/backtest.ftl"),
                include_str!("../texts/en/entitlements.ftl"),
            ],
        }
    }
}

/// A word for `--lang` that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a language is zh or en")]
pub struct UnknownLang;

/// Reads `zh` or `en`.
impl FromStr for Lang {
    type Err = UnknownLang;
    fn from_str(text: &str) -> Result<Self, UnknownLang> {
        match text {
            "zh" | "zh-CN" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            _ => Err(UnknownLang),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Zh => "zh",
            Self::En => "en",
        })
    }
}

/// The texts of one language.
pub struct Texts {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl fmt::Debug for Texts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Texts({})", self.lang)
    }
}

impl Texts {
    /// Reads the catalogue that is part of the program.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let locale: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Isolation marks are invisible characters; our texts are of one direction and land in files and terminals.
        bundle.set_use_isolating(false);
        for source in lang.sources() {
            let resource = match FluentResource::try_new((*source).to_owned()) {
                Ok(resource) => resource,
                Err((resource, faults)) => {
                    debug_assert!(faults.is_empty(), "the catalogue of {lang} is broken: {faults:?}");
                    resource
                }
            };
            let added = bundle.add_resource(resource);
            debug_assert!(added.is_ok(), "an id of {lang} stands twice: {added:?}");
        }
        Self { lang, bundle }
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text of an id with its placeholders filled; the id itself if there is no such text.
    #[must_use]
    pub fn get(&self, id: &str, args: &[(&str, &str)]) -> String {
        let Some(text) = self.find(id, args) else {
            if cfg!(test) {
                panic!("the catalogue of {} has no {id}", self.lang);
            }
            return id.to_owned();
        };
        text
    }

    /// The text of an id, if there is one.
    #[must_use]
    pub fn find(&self, id: &str, args: &[(&str, &str)]) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let mut filled = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            filled.set(*name, FluentValue::from(*value));
        }
        let mut faults = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&filled), &mut faults);
        assert!(!cfg!(test) || faults.is_empty(), "{id} of {}: {faults:?}", self.lang);
        Some(text.into_owned())
    }

    /// What people call a command, `application.submit` say.
    #[must_use]
    pub fn verb(&self, word: &str) -> String {
        self.get(&id_of_word("verb", word), &[])
    }

    /// What people call an event, `award.proposed` say.
    #[must_use]
    pub fn event(&self, word: &str) -> String {
        self.get(&id_of_word("event", word), &[])
    }

    /// What people call a word of a closed list: `word("award-status", "confirmed")`. The lists are in [`WORDS`].
    #[must_use]
    pub fn word(&self, list: &str, word: &str) -> String {
        self.get(&id_of_word(list, word), &[])
    }

    /// The whole sentence of a refusal: the reason, then what it carries beyond the sentence's placeholders.
    #[must_use]
    pub fn refusal(&self, refused: &Refused) -> String {
        let id = id_of_word("refusal", refused.code.word());
        let placeholders = self.placeholders(&id);
        let said = |name: &str| refused.detail(name).map(|value| self.value(refused.code, name, value));
        let filled: Vec<(&str, String)> =
            placeholders.iter().map(|name| (*name, said(name).unwrap_or_else(|| "—".to_owned()))).collect();
        let args: Vec<(&str, &str)> = filled.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut sentence = self.get(&id, &args);
        let rule = refused.rule.iter().map(|rule| ("rule", rule.to_string()));
        let rest = refused.details.iter().map(|detail| (detail.name.as_str(), detail.value.to_string()));
        for (name, value) in rule.chain(rest).filter(|(name, _)| !placeholders.contains(name)) {
            let label = self.find(&id_of_word("detail", name), &[]).unwrap_or_else(|| name.to_owned());
            let value = self.value(refused.code, name, &value);
            sentence.push_str(&self.get("detail", &[("name", &label), ("value", &value)]));
        }
        sentence
    }

    /// The names of a text's placeholders.
    #[must_use]
    pub fn placeholders(&self, id: &str) -> Vec<&str> {
        use fluent_syntax::ast::{Expression, InlineExpression, PatternElement};
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        let mut names = Vec::new();
        for element in pattern.iter().flat_map(|pattern| &pattern.elements) {
            if let PatternElement::Placeable { expression } = element
                && let Expression::Inline(InlineExpression::VariableReference { id }) = expression
                && !names.contains(&id.name)
            {
                names.push(id.name);
            }
        }
        names
    }

    /// A detail's value: words of closed lists in the language, everything else as it is.
    fn value(&self, code: RefusalCode, name: &str, value: &str) -> String {
        let list = match (name, code) {
            ("role", _) => "role",
            ("verb", _) => "verb",
            ("status", RefusalCode::ApplicationNotOpen) => "application-status",
            ("status", RefusalCode::AwardNotOpen) => "award-status",
            ("status", RefusalCode::PaymentNotLive) => "payment-status",
            ("status", RefusalCode::RecoveryNotOpen) => "recovery-status",
            ("ground", RefusalCode::EnterpriseBarred) => "sanction-ground",
            _ => return value.to_owned(),
        };
        self.find(&id_of_word(list, value), &[]).unwrap_or_else(|| value.to_owned())
    }
}
