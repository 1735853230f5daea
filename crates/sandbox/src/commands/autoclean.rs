//! `autoclean-status`: nothing is cleaned away here, so it always says what an untouched lightningd says.

use super::command::{Command, Outcome};
use crate::params::{Param, optional, read};
use crate::reply::{Object, RpcError};
use crate::token::Token;

const PARAMS: &[Param] = &[optional("subsystem")];

const OFF: [&str; 6] = [
    "succeededforwards",
    "failedforwards",
    "succeededpays",
    "failedpays",
    "paidinvoices",
    "expiredinvoices",
];

/// `autoclean-status`.
pub(super) const COMMAND: Command = Command {
    name: "autoclean-status",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run: |_, params| {
        let wanted = parse(params)?;
        let is_wanted = |name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
        let mut subsystems = Object::new();
        for name in OFF.into_iter().filter(|name| is_wanted(name)) {
            subsystems = subsystems.with(
                name,
                Object::new().with("enabled", false).with("cleaned", 0u64),
            );
        }
        if is_wanted("networkevents") {
            let on = Object::new()
                .with("enabled", true)
                .with("age", 2_592_000u64)
                .with("cleaned", 0u64);
            subsystems = subsystems.with("networkevents", on);
        }
        Ok(Outcome::Done(Ok(Object::new()
            .with("autoclean", subsystems)
            .into())))
    },
};

fn parse(params: &Token<'_>) -> Result<Option<String>, RpcError> {
    let mut subsystem = None;
    read(params, PARAMS, |_, token| {
        subsystem = Some(token.text().to_owned());
        Ok(())
    })?;
    Ok(subsystem)
}
