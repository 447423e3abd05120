//! Runs the real program in a folder of its own.

#![allow(clippy::unwrap_used, dead_code, reason = "each test file uses a part")]

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder to run the program in.
pub struct Bench {
    /// Removed at the end.
    pub dir: TempDir,
}

impl Bench {
    /// An empty folder.
    pub fn new() -> Self {
        Self {
            dir: TempDir::new().unwrap(),
        }
    }

    /// Writes a file into the folder.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// A copy of the bundled dataset in a folder, to be broken.
    pub fn dataset(&self, name: &str) -> &Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dataset");
        let to = self.dir.path().join(name);
        std::fs::create_dir_all(&to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
        self
    }

    /// The program with these arguments, not yet run.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("monazite"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env_remove("NO_COLOR")
            .env_remove("RUST_BACKTRACE");
        command
    }

    /// Runs the program.
    pub fn output(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs the program and gives everything a user would see, and the exit code.
    pub fn run(&self, args: &[&str]) -> String {
        let output = self.output(args);
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        let mut seen = vec![format!("exit code {}", output.status.code().unwrap())];
        for (name, text) in [("output", out), ("errors", err)] {
            if !text.is_empty() {
                seen.push(format!("----- {name}\n{}", text.trim_end()));
            }
        }
        seen.join("\n")
    }

    /// Runs the program, which must succeed, and gives its standard output.
    pub fn stdout(&self, args: &[&str]) -> String {
        let output = self.output(args);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{args:?} failed: {err}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A scenario of one event: a third of dysprosium and terbium leaves China.
pub fn scenario(lines: &str) -> String {
    format!(
        r#"name = "test"
title = "A test"
base_year = 2024
start = "2025-Q1"
quarters = 2

[[event]]
id = "licences"
kind = "licence"
evidence = ["assumption"]
products = ["oxide", "metal"]
origin = ["CHN"]
{lines}"#
    )
}

/// The last lines of a right scenario.
pub const RIGHT: &str = "from = \"2025-01-01\"\nelements = [\"Dy\", \"Tb\"]\napproved_share = 0.3\n";

/// Rows of a CSV text as maps from column to cell.
pub fn rows(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader
        .records()
        .map(|row| {
            heads
                .iter()
                .cloned()
                .zip(row.unwrap().iter().map(str::to_owned))
                .collect()
        })
        .collect()
}
