//! What the reader of a run must know, also when everything passes: not by `println!`, which the test runner swallows then.

use std::io::{Write, stderr};

/// Something was not tested.
pub fn skipped(why: &str) {
    say("SKIPPED", why);
}

/// A figure.
pub fn measured(text: &str) {
    say("MEASURED", text);
}

fn say(what: &str, text: &str) {
    // In one piece: others say something, too.
    let line = format!("{what}: {text}\n");
    // Nobody may read it.
    let _ = stderr().write_all(line.as_bytes());
}
