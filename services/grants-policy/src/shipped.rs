//! The catalogue in this repository, as part of the program. Guard: the test `every_file_of_the_folder_is_shipped`.

use std::collections::BTreeMap;

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[ $( ($path, include_str!(concat!("../catalogue/", $path))) ),* ]
    };
}

/// Path and text of every file.
const FILES: &[(&str, &str)] = files![
    "documents/2024-15-plan.toml",
    "documents/2024-15.toml",
    "documents/2024-21.toml",
    "interpretations.toml",
    "measures/e1-1.toml",
    "measures/e1-2.toml",
    "measures/e1-3.toml",
    "measures/e2.toml",
    "measures/e3-1.toml",
    "measures/e3-2.toml",
    "measures/e3-3.toml",
    "measures/e3-4.toml",
    "measures/e4-1.toml",
    "measures/e4-2.toml",
    "measures/e5-0.toml",
    "measures/e5-1.toml",
    "measures/e5-2.toml",
    "measures/e5-3.toml",
    "measures/e5-4.toml",
    "measures/e5-5.toml",
    "measures/e5-6.toml",
    "measures/e6.toml",
    "measures/e7.toml",
    "measures/e8.toml",
    "measures/e9.toml",
    "measures/p1.toml",
    "measures/p2.toml",
    "measures/p3.toml",
    "measures/t1.toml",
    "measures/t10.toml",
    "measures/t12-1.toml",
    "measures/t12-2.toml",
    "measures/t4.toml",
    "measures/t5.toml",
    "sentences.toml",
];

/// The files of the shipped catalogue, by path.
#[must_use]
pub fn shipped() -> BTreeMap<String, String> {
    FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}
