//! A catalogue from outside the log: a folder of TOML files, or one packed file.

use grants_files::Texts;
use grants_policy::{
    Catalogue, Finding, lint,
    pack::{CATALOGUE_BYTES_MAX, unpack},
};
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

/// Largest file of a catalogue folder that is read.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Deepest folder below a catalogue folder.
const DEPTH_MAX: usize = 3;

/// Files by path.
pub type Files = BTreeMap<String, String>;

/// The files of a catalogue: of a folder, or packed in one file.
///
/// # Errors
/// A sentence with the place: nothing can be read there, it is no catalogue, or it is too large.
pub fn read(path: &Path, texts: &Texts) -> Result<Files, String> {
    if path.is_dir() { folder(path, texts) } else { packed(path, texts) }
}

/// The TOML files of a catalogue folder, by path.
///
/// # Errors
/// A sentence with the place, likewise.
pub fn folder(dir: &Path, texts: &Texts) -> Result<Files, String> {
    let mut files = Files::new();
    collect(dir, dir, 0, texts, &mut files)?;
    if files.is_empty() {
        return Err(texts.get("audit-catalogue-empty", &[("folder", &dir.display().to_string())]));
    }
    Ok(files)
}

/// A catalogue to try on history, if nothing in it is wrong. With `newest`, the newest answer to every interpretation
/// (口径) holds on every day.
///
/// # Errors
/// Sentences: why it cannot be read, or everything that keeps it from being published, each with its file and rule.
pub fn to_try(path: &Path, newest: bool, texts: &Texts) -> Result<Arc<Catalogue>, Vec<String>> {
    let files = read(path, texts).map_err(|why| vec![why])?;
    let findings = lint(&files);
    let told = |findings: Vec<Finding>| findings.iter().map(ToString::to_string).collect::<Vec<_>>();
    if !findings.is_empty() {
        return Err(told(findings));
    }
    let sound = Catalogue::compile(&files).map_err(told)?;
    Ok(Arc::new(if newest { sound.with_newest_answers() } else { sound }))
}

fn packed(path: &Path, texts: &Texts) -> Result<Files, String> {
    let wrong = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let size = fs::metadata(path).map_err(|fault| wrong(&fault))?.len();
    if usize::try_from(size).map_or(true, |size| CATALOGUE_BYTES_MAX < size) {
        return Err(too_long(path, &CATALOGUE_BYTES_MAX, texts));
    }
    let bytes = fs::read(path).map_err(|fault| wrong(&fault))?;
    unpack(&bytes).map_err(|fault| wrong(&fault))
}

fn collect(root: &Path, dir: &Path, depth: usize, texts: &Texts, files: &mut Files) -> Result<(), String> {
    let wrong = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    for entry in fs::read_dir(dir).map_err(|fault| wrong(dir, &fault))? {
        let path = entry.map_err(|fault| wrong(dir, &fault))?.path();
        if path.is_dir() {
            if DEPTH_MAX <= depth {
                let folder = path.display().to_string();
                return Err(texts.get("audit-catalogue-deep", &[("folder", &folder)]));
            }
            collect(root, &path, depth.saturating_add(1), texts, files)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let size = fs::metadata(&path).map_err(|fault| wrong(&path, &fault))?.len();
            if FILE_BYTES_MAX < size {
                return Err(too_long(&path, &FILE_BYTES_MAX, texts));
            }
            let text = fs::read_to_string(&path).map_err(|fault| wrong(&path, &fault))?;
            let name = path.strip_prefix(root).map_err(|fault| wrong(&path, &fault))?;
            files.insert(name.to_string_lossy().into_owned(), text);
        }
    }
    Ok(())
}

fn too_long(path: &Path, max: &dyn std::fmt::Display, texts: &Texts) -> String {
    let (file, max) = (path.display().to_string(), max.to_string());
    texts.get("audit-file-too-long", &[("file", &file), ("max", &max)])
}
