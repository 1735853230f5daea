//! `facture doctor`: what it finds on both kinds of nodes, with and without a server, and that it changes nothing.

mod node;
mod only;
mod places;
mod server;

use std::process::Command;

use serde_json::Value;

use crate::program::{program, run_beside};

/// What it found, and whether it says that all is well.
pub(crate) struct Examined {
    pub(crate) findings: Vec<Value>,
    pub(crate) is_well: bool,
}

/// `facture doctor --json` with these variables, without the prefix.
pub(crate) fn doctor(variables: &[(&str, &str)]) -> Command {
    let mut command = program(&["doctor", "--json"]);
    for (key, value) in variables {
        command.env(format!("FACTURE_{key}"), value);
    }
    command
}

/// Runs it beside what is in this process.
pub(crate) async fn examine(command: Command) -> Examined {
    let (output, printed, complaint) = run_beside(command).await;
    let findings: Vec<Value> = serde_json::from_str(&printed)
        .unwrap_or_else(|error| panic!("{error}: {printed}{complaint}"));
    for finding in &findings {
        // Whatever is wrong, it says what to do.
        let wrong = ["problem", "warning"].contains(&finding["state"].as_str().expect("a state"));
        assert_eq!(finding["advice"].is_string(), wrong, "{finding}");
        assert!(finding["message"].is_string(), "{finding}");
    }
    let problems = findings
        .iter()
        .filter(|finding| finding["state"] == "problem");
    let is_well = output.status.success();
    assert_eq!(problems.count() == 0, is_well, "{printed}{complaint}");
    Examined { findings, is_well }
}

impl Examined {
    /// What one check found.
    pub(crate) fn of(&self, check: &str) -> &Value {
        let found = self
            .findings
            .iter()
            .find(|finding| finding["check"] == check);
        found.unwrap_or_else(|| panic!("no {check} in {:?}", self.findings))
    }

    /// That this check ended so, and says all of these words, in the message or in the advice.
    pub(crate) fn says(&self, check: &str, state: &str, words: &[&str]) {
        let finding = self.of(check);
        assert_eq!(finding["state"], state, "{finding}");
        let said = format!("{} {}", finding["message"], finding["advice"]);
        for word in words {
            assert!(said.contains(word), "{word}: {finding}");
        }
    }
}
