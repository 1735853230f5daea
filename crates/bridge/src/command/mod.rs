//! Commands: read from what came, into types. The signature is verified before anything but the length is looked at.

mod frame;
mod json;
mod types;
mod window;

pub(crate) use self::{
    types::{Action, Command, Dialect, Named, Reason, Rejected, Request, SIGNATURE_HEADER, Task},
    window::Window,
};
use crate::signature::Secrets;

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

#[cfg(test)]
mod tests;
