//! The commands that the sandbox knows: one file each, listed here. A command reads its parameters and works on the
//! node; it knows nothing of connections and faults.

mod autoclean;
mod check;
mod currency;
mod decode;
mod delinvoice;
mod getinfo;
mod help;
mod invoice;
mod listinvoices;
mod listpeerchannels;
mod pay;
mod settings;
mod wait;
mod waitanyinvoice;
mod waitinvoice;
mod xpay;

use std::pin::Pin;
use std::sync::Arc;

use super::journal::Unwritten;
use super::node::{Job, Node};
use super::params::{Need, Param};
use super::reply::{Reply, RpcError};
use super::request::Request;
use super::token::Token;

/// How a command answers.
pub(super) enum Outcome {
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
struct Command {
    name: &'static str,
    params: &'static [Param],
    /// Reads the parameters only.
    check: fn(&Token<'_>) -> Result<(), RpcError>,
    run: fn(&Arc<Node>, &Token<'_>) -> Result<Outcome, RpcError>,
}

/// All of them, by name.
static COMMANDS: [Command; 19] = [
    autoclean::COMMAND,
    settings::BATCHING,
    check::COMMAND,
    currency::CONVERT,
    currency::RATE,
    decode::COMMAND,
    delinvoice::COMMAND,
    getinfo::COMMAND,
    help::COMMAND,
    invoice::COMMAND,
    currency::LIST,
    listinvoices::COMMAND,
    listpeerchannels::COMMAND,
    settings::NOTIFICATIONS,
    pay::COMMAND,
    wait::COMMAND,
    waitanyinvoice::COMMAND,
    waitinvoice::COMMAND,
    xpay::COMMAND,
];

/// Starts carrying out a call.
pub(super) fn start(node: &Arc<Node>, request: &Request<'_>) -> Outcome {
    let Some(command) = find(request.method) else {
        return Outcome::Done(Err(unknown(request.method)));
    };
    let filter = match request.filter() {
        Ok(filter) => filter,
        Err(error) => return Outcome::Done(Err(error)),
    };
    let outcome =
        (command.run)(node, request.params).unwrap_or_else(|error| Outcome::Done(Err(error)));
    match outcome {
        Outcome::Done(reply) => Outcome::Done(reply.map(|value| filter.apply(value))),
        // lightningd passes it on unread.
        Outcome::Relayed(reply) => Outcome::Relayed(reply),
        Outcome::Job(job) => Outcome::Job(Box::new(move |node| {
            job(node).map(|value| filter.apply(value))
        })),
        Outcome::Later(answer) => Outcome::Later(Box::pin(async move {
            answer
                .await
                .map(|reply| reply.map(|value| filter.apply(value)))
        })),
    }
}

fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

/// lightningd's answer to a call of a method that it does not have.
pub(super) fn unknown(name: &str) -> RpcError {
    RpcError::new(-32601, format!("Unknown command '{name}'"))
}

impl From<Unwritten> for RpcError {
    fn from(error: Unwritten) -> Self {
        RpcError::new(-1, error.to_string())
    }
}

impl Command {
    /// How it is called.
    fn usage(&self) -> String {
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
