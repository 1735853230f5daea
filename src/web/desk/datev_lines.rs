//! A DATEV Buchungsstapel (EXTF, header version 700, category 21, format version 13) as bytes: the line about the file, the names of
//! the columns, and a line for each booking. Windows-1252, with semicolons, decimal commas and CR LF.

use encoding_rs::WINDOWS_1252;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;

use super::{
    datev_bookings::{Booking, Side},
    datev_columns::{COLUMNS, Kind},
    days::Days,
    export_rows::guarded,
};
use crate::config::DatevConfig;

/// The places of the columns that are filled, from 0.
const AMOUNT: usize = 0;
const SIDE: usize = 1;
const CURRENCY: usize = 2;
const ACCOUNT: usize = 6;
const CONTRA_ACCOUNT: usize = 7;
const DAY: usize = 9;
const DOCUMENT: usize = 10;
const TEXT: usize = 13;
const INFO_KIND: usize = 20;
const INFO: usize = 21;
const LOCKED: usize = 113;

/// The longest texts, in characters.
const MAX_TEXT: usize = 60;
const MAX_DOCUMENT: usize = 36;

/// What stands before the bookings.
pub(super) fn head(config: &DatevConfig, days: Days, year: Date, now: Timestamp) -> Vec<u8> {
    let there = now.to_zoned(TimeZone::UTC);
    let made = format!(
        "{}{:03}",
        there.strftime("%Y%m%d%H%M%S"),
        there.millisecond()
    );
    let day = |day: Date| day.strftime("%Y%m%d").to_string();
    let file = [
        "\"EXTF\"".to_owned(),
        "700".to_owned(),
        "21".to_owned(),
        "\"Buchungsstapel\"".to_owned(),
        "13".to_owned(),
        made,
        String::new(),
        "\"FC\"".to_owned(),
        "\"facture\"".to_owned(),
        "\"\"".to_owned(),
        config.adviser.value().to_string(),
        config.client.value().to_string(),
        day(year),
        config.account_length.value().to_string(),
        day(days.from),
        day(days.to),
        "\"facture\"".to_owned(),
        "\"\"".to_owned(),
        // Bookkeeping, for whatever accounting standard, not locked, in euros.
        "1".to_owned(),
        "0".to_owned(),
        "0".to_owned(),
        "\"EUR\"".to_owned(),
        String::new(),
        "\"\"".to_owned(),
        String::new(),
        String::new(),
        "\"\"".to_owned(),
        String::new(),
        String::new(),
        "\"\"".to_owned(),
        "\"\"".to_owned(),
    ];
    let names: Vec<_> = COLUMNS.iter().map(|(name, _)| *name).collect();
    encoded(&format!("{}\r\n{}\r\n", file.join(";"), names.join(";")))
}

/// The line of a booking. Its day is that of the shop's time zone.
pub(super) fn line(booking: &Booking, zone: &TimeZone) -> Vec<u8> {
    let mut cells = vec![String::new(); COLUMNS.len()];
    let day = booking.at.to_zoned(zone.clone()).strftime("%d%m");
    let side = match booking.side {
        Side::Debit => "S",
        Side::Credit => "H",
    };
    for (place, text) in [
        (AMOUNT, amount(booking.amount)),
        (SIDE, side.to_owned()),
        (CURRENCY, "EUR".to_owned()),
        (ACCOUNT, booking.account.to_string()),
        (CONTRA_ACCOUNT, booking.contra_account.to_string()),
        (DAY, day.to_string()),
        (DOCUMENT, document(&booking.document)),
        (TEXT, plain(&booking.text, MAX_TEXT)),
        (INFO_KIND, "payment_hash".to_owned()),
        (INFO, booking.payment_hash.clone()),
        (LOCKED, "0".to_owned()),
    ] {
        cells[place] = text;
    }
    let cells = cells.iter().zip(COLUMNS);
    let cells: Vec<_> = cells
        .map(|(text, (_, kind))| match kind {
            Kind::Text => format!("\"{}\"", text.replace('"', "\"\"")),
            Kind::Number => text.clone(),
        })
        .collect();
    encoded(&format!("{}\r\n", cells.join(";")))
}

/// `1234,50`
fn amount(mut amount: Decimal) -> String {
    amount.rescale(2);
    amount.to_string().replace('.', ",")
}

/// The characters that DATEV takes for the number of a document.
fn document(text: &str) -> String {
    let is_taken = |one: &char| one.is_ascii_alphanumeric() || "$&%*+-/".contains(*one);
    text.chars().filter(is_taken).take(MAX_DOCUMENT).collect()
}

/// A text in one line that no spreadsheet takes for a formula.
fn plain(text: &str, most: usize) -> String {
    let line = text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one });
    guarded(line.collect()).chars().take(most).collect()
}

/// In Windows-1252; a question mark stands for what it does not have.
fn encoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for one in text.chars() {
        let mut buffer = [0; 4];
        match WINDOWS_1252.encode(one.encode_utf8(&mut buffer)) {
            (encoded, _, false) => bytes.extend(encoded.iter()),
            (_, _, true) => bytes.push(b'?'),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_into_their_columns_and_into_windows_1252() {
        assert_eq!(
            encoded("Käse 5 € – „ja“"),
            b"K\xe4se 5 \x80 \x96 \x84ja\x93"
        );
        assert_eq!(encoded("日本 a"), b"?? a");
        assert_eq!(amount(Decimal::new(123_450, 2)), "1234,50");
        assert_eq!(amount(Decimal::from(7)), "7,00");
        assert_eq!(document("20261129-0958-42 (x)"), "20261129-0958-42x");
        assert_eq!(document(&"1".repeat(99)).len(), MAX_DOCUMENT);
        assert_eq!(plain("=1+1\r\nx", MAX_TEXT), "'=1+1  x");
        assert_eq!(plain(&"ü".repeat(99), MAX_TEXT).chars().count(), MAX_TEXT);
    }
}
