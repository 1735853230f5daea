//! What a command is, and how it answers.

use std::pin::Pin;
use std::sync::Arc;

use crate::journal::Unwritten;
use crate::node::{Job, Node};
use crate::params::{Need, Param};
use crate::reply::{Reply, RpcError};
use crate::token::Token;

/// How a command answers.
pub(crate) enum Outcome {
    /// At once.
    Done(Reply),
    /// At once, by a plugin that writes the whole answer itself.
    Relayed(Reply),
    /// After work that lightningd has a plugin do.
    Job(Job),
    /// When something happens; `None` when the node stops before.
    Later(Pin<Box<dyn Future<Output = Option<Reply>> + Send>>),
}

/// A command.
pub(super) struct Command {
    /// What callers call.
    pub(super) name: &'static str,
    /// What it reads, in order.
    pub(super) params: &'static [Param],
    /// Reads the parameters only.
    pub(super) check: fn(&Token<'_>) -> Result<(), RpcError>,
    /// Carries it out.
    pub(super) run: fn(&Arc<Node>, &Token<'_>) -> Result<Outcome, RpcError>,
}

/// The command of that name.
pub(super) fn find<'a>(commands: &'a [Command], name: &str) -> Option<&'a Command> {
    commands.iter().find(|command| command.name == name)
}

impl From<Unwritten> for RpcError {
    fn from(error: Unwritten) -> Self {
        RpcError::new(-1, error.to_string())
    }
}

impl Command {
    /// How it is called.
    pub(super) fn usage(&self) -> String {
        let mut usage = self.name.to_owned();
        for param in self.params {
            usage.push(' ');
            match param.need {
                Need::Required => usage.push_str(param.name),
                Need::Optional => {
                    usage.push('[');
                    usage.push_str(param.name);
                    usage.push(']');
                }
            }
        }
        usage
    }
}
