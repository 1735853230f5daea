//! Asking before something is done.

use std::io::{self, BufRead, Write};

/// Asks on standard output and reads the answer from standard input; only a clear yes is one.
///
/// # Errors
/// When one of them is closed or fails.
pub fn confirm(question: &str) -> io::Result<bool> {
    let mut out = io::stdout();
    write!(out, "{question} [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
