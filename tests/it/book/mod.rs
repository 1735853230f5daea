//! The README and the pages of the book: what they tell to type works.
//!
//! - Blocks of shell commands are run (`running.rs`), unless a comment in the line above says otherwise, which readers do not
//!   see: `<!-- run by: tests/… -->` names the test that reads the page and runs them, `<!-- not run: … -->` says why nothing
//!   does.
//! - Every command of facture, also in the middle of a text, is read by the real command line (`commands.rs`).
//! - Every configuration is read by the real loader, and every key that is named exists (`configuration.rs`).
//!
//! Translations have no commands but those of the English pages: `.ci/book_translations.py` sees to that.

mod commands;
mod configuration;
mod pages;
mod running;
