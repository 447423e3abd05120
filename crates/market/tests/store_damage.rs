//! Result folders that were damaged: the file is named, and no bytes make reading panic.

mod store_fixture;

use std::fs;

use monazite_market::store::{self, StoreError};
use proptest::prelude::*;
use store_fixture::{FILES, message, written};

#[test]
fn a_damaged_file_is_named() {
    for file in FILES {
        let (temp, dir) = written();
        let mut bytes = fs::read(dir.join(file)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(dir.join(file), bytes).unwrap();
        let error = store::read(&dir).unwrap_err();
        assert!(
            matches!(&error, StoreError::Corrupt { file: named, .. } if named == file),
            "{file}: {error}"
        );
        assert!(message(&error, &temp).contains("run the scenario again"));
    }
}

#[test]
fn a_changed_manifest_is_noticed() {
    let (_temp, dir) = written();
    let text = fs::read_to_string(dir.join("run.toml"))
        .unwrap()
        .replace("2024", "2023");
    fs::write(dir.join("run.toml"), text).unwrap();
    let error = store::read(&dir).unwrap_err();
    assert!(
        matches!(&error, StoreError::Corrupt { file, .. } if file == "run.toml"),
        "{error}"
    );
}

#[test]
fn a_later_format_is_refused() {
    let (temp, dir) = written();
    let text = fs::read_to_string(dir.join("run.toml"))
        .unwrap()
        .replace("format = 1", "format = 2");
    fs::write(dir.join("run.toml"), text).unwrap();
    insta::assert_snapshot!(message(&store::read(&dir).unwrap_err(), &temp), @r"
    `TMP/cut-full` has format 2; this program reads up to 1
    use a newer monazite
    ");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Whatever bytes a file has, reading says so and never panics.
    #[test]
    fn any_damage_is_an_error(
        file in 0..FILES.len() + 1,
        at in any::<prop::sample::Index>(),
        bits in 1..=255_u8,
        cut in any::<bool>(),
    ) {
        let (_temp, dir) = written();
        let name = FILES.get(file).copied().unwrap_or("run.toml");
        let mut bytes = fs::read(dir.join(name)).unwrap();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] ^= bits }
        fs::write(dir.join(name), bytes).unwrap();
        let read = store::read(&dir);
        if name != "run.toml" {
            let named = matches!(&read, Err(StoreError::Corrupt { file, .. }) if file == name);
            prop_assert!(named, "{name}: {:?}", read.err());
        }
    }

    /// Nor does any text in place of the manifest.
    #[test]
    fn any_manifest_is_read_or_refused(text in ".{0,300}") {
        let (_temp, dir) = written();
        fs::write(dir.join("run.toml"), text).unwrap();
        prop_assert!(store::read(&dir).is_err());
    }
}
