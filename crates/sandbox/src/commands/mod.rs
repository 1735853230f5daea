//! The commands that the sandbox knows: one file each, listed here. A command reads its parameters and works on the
//! node; it knows nothing of connections and faults.

mod autoclean;
mod check;
mod command;
mod currency;
mod decode;
mod decode_bolt12;
mod delinvoice;
mod getinfo;
mod help;
mod holds;
mod invoice;
mod listinvoices;
mod listpays;
mod listpeerchannels;
mod offers;
mod pay;
mod settings;
mod wait;
mod waitanyinvoice;
mod waitinvoice;
mod xpay;

use std::sync::Arc;

use self::command::Command;
pub(super) use self::command::Outcome;
pub(super) use self::invoice::make as make_invoice;
use super::node::{Node, Plugin};
use super::reply::unknown_command;
use super::request::Request;

/// All of them, by name.
static COMMANDS: [Command; 24] = [
    autoclean::COMMAND,
    settings::BATCHING,
    CHECK,
    currency::CONVERT,
    currency::RATE,
    decode::COMMAND,
    delinvoice::COMMAND,
    offers::LIST_OFFERS,
    offers::DISABLE_OFFER,
    offers::FETCH_INVOICE,
    getinfo::COMMAND,
    HELP,
    invoice::COMMAND,
    currency::LIST,
    listinvoices::COMMAND,
    listpays::COMMAND,
    listpeerchannels::COMMAND,
    settings::NOTIFICATIONS,
    offers::MAKE,
    pay::COMMAND,
    wait::COMMAND,
    waitanyinvoice::COMMAND,
    waitinvoice::COMMAND,
    xpay::COMMAND,
];

/// `check` reads this list, so it is not in a list of its own file.
const CHECK: Command = Command {
    name: "check",
    params: check::PARAMS,
    check: |params| check::parse(&COMMANDS, params).map(drop),
    run: |_, params| check::run(&COMMANDS, params),
};

/// `help` reads it too.
const HELP: Command = Command {
    name: "help",
    params: help::PARAMS,
    check: |params| help::parse(params).map(drop),
    run: |_, params| help::run(&COMMANDS, params),
};

/// Starts carrying out a call.
pub(super) fn start(node: &Arc<Node>, request: &Request<'_>) -> Outcome {
    let of_plugin = match node.plugin() {
        Plugin::On => command::find(&holds::COMMANDS, request.method),
        Plugin::Off => None,
    };
    let Some(command) = command::find(&COMMANDS, request.method).or(of_plugin) else {
        return Outcome::Done(Err(unknown_command(request.method)));
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
