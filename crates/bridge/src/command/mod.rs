//! Commands: read from what came, into types. The signature is verified before anything but the length is looked at.

mod frame;
mod json;
mod types;
mod window;

pub(crate) use self::{
    frame::{CREATE_FIELD, CREATE_LENGTH, REQUEST_LENGTH},
    types::{Action, Command, Dialect, Named, Reason, Rejected, Request, SIGNATURE_HEADER, Task},
    window::Window,
};
use crate::{schema::Schemas, signature::Secrets};

/// Reads a command. `signature` is the header of one in JSON; without it, it is a frame.
///
/// # Errors
/// [`Rejected`].
pub(crate) fn read(
    value: &[u8],
    signature: Option<&[u8]>,
    secrets: &Secrets,
) -> Result<Command, Rejected> {
    match signature {
        None => frame::read(value, secrets),
        Some(signature) => json::read(value, signature, secrets),
    }
}

/// The type of a command in JSON.
pub(crate) fn json_type(task: Task) -> String {
    format!("{}{}{}", json::TYPE.0, task.as_str(), json::TYPE.1)
}

/// The schema of what all commands in JSON have in common: `Command`.
pub(crate) fn schemas() -> Schemas {
    Schemas::default().with::<json::Envelope>()
}

#[cfg(test)]
mod tests;
