//! The generated code is that of the checked-in document. Whether the generator itself would still write the same is
//! for `cargo run -p concilia-client-generator -- --check`, which is too heavy for every test run.

#[test]
fn the_generated_code_is_of_the_checked_in_document() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let document = std::fs::read(format!("{root}/openapi/concilia.json")).unwrap();
    let hash = document
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let generated = include_str!("../../src/generated.rs");
    let heading = generated.lines().next().unwrap_or_default();
    assert!(
        heading.contains(&format!("({hash:016x})")),
        "stale: run `cargo run -p concilia-client-generator` and commit clients/rust/src/generated.rs"
    );
}
