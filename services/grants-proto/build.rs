//! Compiles `proto/` to descriptor sets, in pure Rust: nobody needs `protoc` to build. What is stored and what the public
//! is told are two, because they are versioned apart.

use prost::Message;
use std::{env, error::Error, fs, path::PathBuf};

/// Each set, with files that together reach every other one.
const SETS: [(&str, &str); 2] = [
    ("descriptor_set.binpb", "grants/record/v1/record.proto"),
    ("public_descriptor_set.binpb", "grants/public/v1/feed.proto"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let proto = PathBuf::from("../../proto");
    println!("cargo:rerun-if-changed={}", proto.display());
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    for (name, root) in SETS {
        let set = protox::compile([root], [&proto])?;
        fs::write(out.join(name), set.encode_to_vec())?;
    }
    Ok(())
}
