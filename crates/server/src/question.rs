//! A question to the program: a verb with its options, built word by word so that no value can pass for an option.

use monazite_ensemble::store::sha256;

use crate::problem::Problem;

/// Values longer than this answer no question.
const LONGEST: usize = 400;

/// A verb with its options, and files for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Question {
    words: Vec<String>,
    values: Vec<String>,
    files: Vec<(&'static str, Vec<u8>)>,
}

impl Question {
    /// A verb, such as `["risk", "table"]`.
    pub fn of(verb: &[&str]) -> Self {
        Self {
            words: verb.iter().map(|word| (*word).to_owned()).collect(),
            ..Self::default()
        }
    }

    /// An option with a value, if there is one.
    pub fn option(mut self, name: &str, value: Option<impl ToString>) -> Result<Self, Problem> {
        let value = value.map(|value| value.to_string()).filter(|value| !value.is_empty());
        if let Some(value) = value {
            checked(name, &value)?;
            self.words.push(format!("--{name}={value}"));
        }
        Ok(self)
    }

    /// An option without a value.
    pub fn flag(mut self, name: &str, wanted: bool) -> Self {
        if wanted {
            self.words.push(format!("--{name}"));
        }
        self
    }

    /// A value that the verb takes by its position.
    pub fn value(mut self, name: &str, value: impl Into<String>) -> Result<Self, Problem> {
        let value = value.into();
        checked(name, &value)?;
        self.values.push(value);
        Ok(self)
    }

    /// A file that the verb takes by its position.
    pub fn file(mut self, name: &'static str, bytes: Vec<u8>) -> Self {
        self.values.push(name.to_owned());
        self.files.push((name, bytes));
        self
    }

    /// The files.
    pub fn files(&self) -> &[(&'static str, Vec<u8>)] {
        &self.files
    }

    /// The arguments for the program. Nothing after `--` is an option.
    pub fn arguments(&self, form: &str) -> Vec<String> {
        let mut words = self.words.clone();
        words.push(form.to_owned());
        if !self.values.is_empty() {
            words.push("--".to_owned());
            words.extend(self.values.iter().cloned());
        }
        words
    }

    /// By which the same question is known again: files may be large, so their hashes stand for them.
    pub fn digest(&self) -> String {
        let files = self
            .files
            .iter()
            .map(|(name, bytes)| format!("{name} {}", sha256(bytes)));
        let words = self.arguments("").into_iter().chain(files);
        sha256(words.collect::<Vec<_>>().join("\n").as_bytes())
    }

    /// The command that gives the same answer in a terminal.
    pub fn command(&self) -> String {
        let words = self.words.iter().chain(&self.values).map(|word| quoted(word));
        std::iter::once("monazite".to_owned())
            .chain(words)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn checked(name: &str, value: &str) -> Result<(), Problem> {
    if value.len() > LONGEST {
        return Err(Problem::input(format!("`{name}` is too long")));
    }
    if value.chars().any(char::is_control) {
        return Err(Problem::input(format!("`{name}` holds characters that are no text")));
    }
    Ok(())
}

/// As a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=.,:@/+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::Question;

    #[test]
    fn no_value_can_pass_for_an_option() -> Result<(), crate::problem::Problem> {
        let question = Question::of(&["risk", "table"])
            .option("element", Some("--out=/etc/passwd"))?
            .flag("explain", true)
            .value("deposit", "--dataset=/etc")?;
        assert_eq!(
            question.arguments("--answer"),
            [
                "risk",
                "table",
                "--element=--out=/etc/passwd",
                "--explain",
                "--answer",
                "--",
                "--dataset=/etc"
            ]
        );
        Ok(())
    }

    #[test]
    fn a_command_can_be_typed() -> Result<(), crate::problem::Problem> {
        let question = Question::of(&["deals"]).option("party", Some("Lynas; rm -rf ~"))?;
        assert_eq!(question.command(), "monazite deals '--party=Lynas; rm -rf ~'");
        assert!(Question::of(&["deals"]).option("party", Some("a\nb")).is_err());
        assert!(Question::of(&["deals"]).option("party", Some("x".repeat(500))).is_err());
        Ok(())
    }
}
