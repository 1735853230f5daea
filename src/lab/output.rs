//! What the lab's commands print: amounts, and rows of a name and a value.

use std::io::{self, Write};

/// An amount in satoshis, such as `1,000 sat`; with a fraction if it has one.
pub(super) fn sat(msat: u64) -> String {
    let whole = grouped(msat / 1000);
    match msat % 1000 {
        0 => format!("{whole} sat"),
        rest => {
            let fraction = format!("{rest:03}");
            format!("{whole}.{} sat", fraction.trim_end_matches('0'))
        }
    }
}

/// With a comma before every third digit from the end.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Prints rows, the values below each other.
pub(super) fn rows(rows: &[(&str, String)]) -> io::Result<()> {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in rows {
        text += &format!("{name:<width$}  {value}\n");
    }
    io::stdout().write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_easy_to_read() {
        for (msat, text) in [
            (0, "0 sat"),
            (1, "0.001 sat"),
            (1_500, "1.5 sat"),
            (999_000, "999 sat"),
            (1_000_000, "1,000 sat"),
            (1_234_567_890_010, "1,234,567,890.01 sat"),
        ] {
            assert_eq!(sat(msat), text);
        }
    }
}
