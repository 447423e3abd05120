//! Rebuild when a table of the bundled dataset is added, removed or changed.

#[allow(clippy::print_stdout)] // this is how a build script talks to cargo
fn main() {
    println!("cargo:rerun-if-changed=../../dataset");
    println!("cargo:rerun-if-changed=build.rs");
}
