//! Bytes computed from `docs/reference/vault-format.md` by a program that shares no code with the vault.
//!
//! Seed: 32 bytes of 07. Li comes, a name is sealed, Li is erased, Wang comes.

pub(super) const GOLDEN_PERSON: &str = "a7bd2929cc7c630f3a94669310a0dae6";
pub(super) const GOLDEN_SEAL: &str =
    "011d63212c4b934edc01975042894683759da82aca072b0094aa5581ead1127e706d08cd8794bcd5dc874eb367ee76c270";
pub(super) const GOLDEN_SECRET_FILE: &str = concat!(
    "47565345435245540102000000000000198efea3e0069b21f0593a94bd3e2f6357436ce8d05db844cd8ba1dc5e26e47e23a2",
    "0337",
);
pub(super) const GOLDEN_PEOPLE_FILE: &str = concat!(
    "475650454f504c450102000000000000e58dd2b5670ead478166d8aee2361a100000000000000001dcc117e30000001150a8",
    "2a4102a7bd2929cc7c630f3a94669310a0dae6dccce6e900000071c5c3b7c601d899420f9642051fd60d81cb737e3c15aac2",
    "e68fd175949247d9df235a9edfd4b59ab71079777b9d4d9ff6d4cafb08783c49a87cd831dab5ef3205cd151efd032276dada",
    "283a8b5bd343d8f1dd2a274d3021cb60cf67a1d5a90476acc6957a15d379ccfaef8aa5e68eca8f160a29244d006696e6",
);
