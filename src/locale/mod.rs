//! The pages' languages: the texts (`locales/*.ftl`, in the binary), amounts and times as each language writes them.
//! A template holds no text of its own; `tests.rs` sees to it.

mod format;
mod language;
#[cfg(test)]
mod tests;
mod texts;

pub use self::{
    language::{Language, UnknownLanguage},
    texts::Value,
};
