//! Compiles `proto/` to one descriptor set, in pure Rust: nobody needs `protoc` to build.

use prost::Message;
use std::{env, error::Error, fs, path::PathBuf};

/// Files that together reach every other one.
const ROOTS: [&str; 1] = ["grants/record/v1/record.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    let proto = PathBuf::from("../../proto");
    println!("cargo:rerun-if-changed={}", proto.display());
    let set = protox::compile(ROOTS, [&proto])?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("descriptor_set.binpb"), set.encode_to_vec())?;
    Ok(())
}
