//! Who answers the questions: somebody at a terminal, or nobody.

use std::{
    fmt::Display,
    io::{IsTerminal, Write, stderr, stdin},
};

use anyhow::bail;
use dialoguer::{Confirm, Input, Select};

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialog {
    /// Somebody at a terminal. Questions go to standard error.
    Terminal,
    /// Nobody: the proposals are taken.
    Silent,
}

impl Dialog {
    /// With `--yes`, nobody is asked.
    ///
    /// # Errors
    /// When there is no terminal.
    pub(super) fn new(yes: bool) -> anyhow::Result<Self> {
        if yes {
            return Ok(Self::Silent);
        }
        if !stdin().is_terminal() || !stderr().is_terminal() {
            bail!("there is no terminal to ask on: use --yes, and flags for what is to be set");
        }
        Ok(Self::Terminal)
    }

    /// A text. Nobody answers with the proposal.
    pub(super) fn text(self, question: &str, proposal: &str) -> anyhow::Result<String> {
        match self {
            Self::Silent => Ok(proposal.to_owned()),
            Self::Terminal => {
                let input = Input::<String>::new().with_prompt(question);
                let input = match proposal.is_empty() {
                    true => input.allow_empty(true),
                    false => input.default(proposal.to_owned()),
                };
                Ok(input.interact_text()?.trim().to_owned())
            }
        }
    }

    /// Yes or no. Nobody answers with the proposal.
    pub(super) fn confirm(self, question: &str, proposal: bool) -> anyhow::Result<bool> {
        match self {
            Self::Silent => Ok(proposal),
            Self::Terminal => {
                let confirm = Confirm::new().with_prompt(question).default(proposal);
                Ok(confirm.interact()?)
            }
        }
    }

    /// One of several, by its place. Nobody answers with the first.
    pub(super) fn choose(self, question: &str, choices: &[String]) -> anyhow::Result<usize> {
        match self {
            Self::Silent => Ok(0),
            Self::Terminal => {
                let select = Select::new()
                    .with_prompt(question)
                    .items(choices)
                    .default(0);
                Ok(select.interact()?)
            }
        }
    }
}

/// Says what is wrong with an answer, where the questions are.
pub(super) fn complain(complaint: &dyn Display) -> anyhow::Result<()> {
    Ok(writeln!(stderr(), "{complaint:#}")?)
}
