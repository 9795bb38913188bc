//! The migrations are embedded: a new one is a new build, though no source file changes.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
