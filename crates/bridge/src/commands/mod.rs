//! Commands in: consumed, carried out, answered, and only then committed. A crash repeats a step, never an effect: the API
//! does the same command once. Commands of one key are carried out in order, others side by side.

mod consumer;
mod dead_letter;
mod handler;
mod lanes;
mod progress;

#[cfg(test)]
pub(crate) use self::dead_letter::record as dead_letter;
pub(crate) use self::{consumer::run, handler::Handler};
