//! The state machine: all hold invoices and the HTLCs that are held for them. No I/O and no clock: each step is told the
//! time, and says which HTLCs are answered how and which hold invoices have changed.

mod decide;
mod entries;
mod entry;
mod receive;
mod step;
#[cfg(test)]
mod tests;
mod time;

pub(crate) use self::{
    decide::{Left, Settle},
    entries::Machine,
    entry::Entry,
    step::{CallId, Now, Refusal, Rules, Step},
};
