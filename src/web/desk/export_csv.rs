//! Exports as comma-separated values (RFC 4180): our own columns, and those that Koinly reads. Written page by page.

use jiff::tz::TimeZone;

use super::export_rows::{COLUMNS, Cell, Column, guarded, in_bitcoin, moment, thousandths};
use crate::{bookkeeping::Entry, web::error::Problem};

/// How a file is written.
#[derive(Clone, Debug)]
pub(super) struct CsvStyle {
    pub(super) columns: CsvColumns,
    pub(super) separator: Separator,
    /// The shop's time zone.
    pub(super) zone: TimeZone,
}

/// Which columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CsvColumns {
    /// All that we have.
    Own,
    /// Koinly's universal form.
    Koinly,
}

/// What is between two cells, and what decimals are written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// A comma, and a decimal point.
    Comma,
    /// A semicolon, and a decimal comma: what Excel expects in much of Europe.
    Semicolon,
}

const KOINLY: [&str; 12] = [
    "Date",
    "Sent Amount",
    "Sent Currency",
    "Received Amount",
    "Received Currency",
    "Fee Amount",
    "Fee Currency",
    "Net Worth Amount",
    "Net Worth Currency",
    "Label",
    "Description",
    "TxHash",
];

/// The first line. Excel knows UTF-8 by the mark before it.
pub(super) fn head(style: &CsvStyle) -> Result<Vec<u8>, Problem> {
    match style.columns {
        CsvColumns::Own => {
            let mut bytes = "\u{feff}".as_bytes().to_vec();
            bytes.extend(lines(
                style,
                [COLUMNS.iter().map(|column| column.name.to_owned())],
            )?);
            Ok(bytes)
        }
        CsvColumns::Koinly => lines(style, [KOINLY.map(str::to_owned)]),
    }
}

/// Some more lines.
pub(super) fn body(style: &CsvStyle, entries: &[Entry]) -> Result<Vec<u8>, Problem> {
    match style.columns {
        CsvColumns::Own => {
            let cells = |entry| {
                let cell = move |column: &Column| style.write(column.cell(entry));
                COLUMNS.iter().map(cell)
            };
            lines(style, entries.iter().map(cells))
        }
        CsvColumns::Koinly => lines(style, entries.iter().map(koinly)),
    }
}

fn lines(
    style: &CsvStyle,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = String>>,
) -> Result<Vec<u8>, Problem> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(match style.separator {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
        })
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|_| Problem::Internal)?;
    }
    writer.into_inner().map_err(|_| Problem::Internal)
}

impl CsvStyle {
    fn write(&self, cell: Cell) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => guarded(text),
            Cell::Moment(at) => moment(at, &TimeZone::UTC),
            Cell::Local(at) => moment(at, &self.zone),
            Cell::Msat(msat) => msat.to_string(),
            Cell::Sat(msat) => self.point(thousandths(msat)),
            Cell::Decimal(decimal) => self.point(decimal),
        }
    }

    fn point(&self, decimal: String) -> String {
        match self.separator {
            Separator::Comma => decimal,
            Separator::Semicolon => decimal.replace('.', ","),
        }
    }
}

/// What a payment was worth is there if it is stored; otherwise it is empty, and Koinly looks it up.
fn koinly(entry: &Entry) -> [String; KOINLY.len()] {
    let bitcoin = || "BTC".to_owned();
    let none = String::new;
    let at = |at: jiff::Timestamp| {
        let there = at.to_zoned(TimeZone::UTC);
        there.strftime("%Y-%m-%d %H:%M UTC").to_string()
    };
    let worth = match entry {
        Entry::Sale(sold) => sold.invoice.valuation.as_ref(),
        Entry::Refund(_) => None,
    };
    match entry {
        Entry::Sale(sold) => [
            at(sold.payment.paid_at),
            none(),
            none(),
            in_bitcoin(sold.payment.amount_received.msat().into()),
            bitcoin(),
            none(),
            none(),
            worth.map_or(none(), |worth| worth.value()),
            worth.map_or(none(), |worth| worth.rate.currency.code().to_owned()),
            "income".to_owned(),
            guarded(sold.invoice.description.clone()),
            sold.invoice.payment_hash.to_string(),
        ],
        Entry::Refund(repaid) => [
            at(repaid.payment.paid_at),
            in_bitcoin(repaid.payment.amount.msat().into()),
            bitcoin(),
            none(),
            none(),
            in_bitcoin(repaid.payment.fee.msat().into()),
            bitcoin(),
            none(),
            none(),
            none(),
            format!("Refund of {}", repaid.sale),
            repaid
                .payout
                .payment_hash()
                .map_or(String::new(), |hash| hash.to_string()),
        ],
    }
}
