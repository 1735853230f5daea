//! What whoever reads a run must know, also when everything passes: not by `println!`, whose words the test runner keeps
//! to itself then.

use std::io::{Write, stderr};

/// Something was not tested.
pub(crate) fn skipped(why: &str) {
    say("SKIPPED", why);
}

/// A figure.
pub(crate) fn measured(text: &str) {
    say("MEASURED", text);
}

fn say(what: &str, text: &str) {
    // In one piece: others say something, too.
    let line = format!("{what}: {text}\n");
    let told = stderr().write_all(line.as_bytes());
    told.expect("somebody reads it");
}
