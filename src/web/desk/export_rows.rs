//! The rows of exports: each column is named once, with what is in it. Every format writes these cells.

use jiff::{Timestamp, tz::TimeZone};

use crate::bookkeeping::{Entry, Repaid, Sold};
use facture_domain::{Amount, Breakdown, Channel, Msat, Quote, Rate, TaxLine, Valuation};

/// What is in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing is known.
    Empty,
    /// A text that somebody else may have written.
    Text(String),
    /// A moment.
    Moment(Timestamp),
    /// The same in the shop's time zone.
    Local(Timestamp),
    /// Millisatoshis, with a sign.
    Msat(i128),
    /// The same in satoshis, with three decimals.
    Sat(i128),
    /// A decimal number, as it is stored.
    Decimal(String),
}

/// A column of our own files: its name, and what is in it of each kind of entry.
pub(super) struct Column {
    pub(super) name: &'static str,
    sale: fn(&Sold) -> Cell,
    refund: fn(&Repaid) -> Cell,
}

impl Column {
    /// What is in it of an entry.
    pub(super) fn cell(&self, entry: &Entry) -> Cell {
        match entry {
            Entry::Sale(sold) => (self.sale)(sold),
            Entry::Refund(repaid) => (self.refund)(repaid),
        }
    }
}

/// The columns, in their order.
pub(super) const COLUMNS: &[Column] = &[
    both("type", |_| word("sale"), |_| word("refund")),
    both(
        "paid_at_utc",
        |sold| Cell::Moment(sold.payment.paid_at),
        |repaid| Cell::Moment(repaid.payment.paid_at),
    ),
    both(
        "paid_at_local",
        |sold| Cell::Local(sold.payment.paid_at),
        |repaid| Cell::Local(repaid.payment.paid_at),
    ),
    both(
        "label",
        |sold| word(sold.invoice.label.as_str()),
        |repaid| word(repaid.payout.id.as_str()),
    ),
    of_sale("receipt_number", |sold| {
        text(sold.invoice.receipt.map(|receipt| receipt.to_string()))
    }),
    of_sale("order_id", |sold| {
        text(sold.invoice.order.order_id.as_ref().map(|id| id.as_str()))
    }),
    of_sale("channel", |sold| {
        text(sold.invoice.order.channel.map(Channel::as_str))
    }),
    of_sale("cashier", |sold| {
        text(sold.invoice.order.cashier.as_deref())
    }),
    both(
        "amount_msat",
        |sold| Cell::Msat(received(sold)),
        |repaid| Cell::Msat(-number(repaid.payment.amount)),
    ),
    both(
        "amount_sat",
        |sold| Cell::Sat(received(sold)),
        |repaid| Cell::Sat(-number(repaid.payment.amount)),
    ),
    both(
        "asked_msat",
        |sold| asked(sold).map_or(Cell::Empty, Cell::Msat),
        |repaid| {
            let asked = repaid.payout.order.amount;
            asked.map_or(Cell::Empty, |asked| Cell::Msat(-number(asked)))
        },
    ),
    of_sale("over_paid_msat", |sold| {
        asked(sold).map_or(Cell::Empty, |asked| Cell::Msat(received(sold) - asked))
    }),
    of_refund("fee_msat", |repaid| Cell::Msat(number(repaid.payment.fee))),
    of_sale("refunded_msat", |sold| {
        Cell::Msat(sold.invoice.refunded.map_or(0, number))
    }),
    of_sale("price_amount", |sold| {
        decimal(quote(sold).map(|quote| quote.amount.clone()))
    }),
    of_sale("price_currency", |sold| {
        text(quote(sold).map(|quote| quote.currency.as_str()))
    }),
    of_sale("tax_lines", |sold| {
        text(breakdown(sold).and_then(tax_lines))
    }),
    of_sale("tip", |sold| {
        decimal(breakdown(sold).and_then(|breakdown| breakdown.tip.clone()))
    }),
    of_sale("discount", |sold| {
        decimal(breakdown(sold).and_then(|breakdown| breakdown.discount.clone()))
    }),
    of_sale("rate", |sold| {
        decimal(rate(sold).map(|rate| rate.price.to_string()))
    }),
    of_sale("rate_source", |sold| {
        text(rate(sold).map(|rate| rate.source.as_str()))
    }),
    of_sale("rate_at_utc", |sold| {
        moment_of(rate(sold).map(|rate| rate.at))
    }),
    of_sale("worth_when_paid", |sold| {
        decimal(worth(sold).map(Valuation::value))
    }),
    of_sale("worth_currency", |sold| {
        text(worth(sold).map(|worth| worth.rate.currency.code()))
    }),
    of_sale("paid_rate", |sold| {
        decimal(worth(sold).map(|worth| worth.rate.price.to_string()))
    }),
    of_sale("paid_rate_source", |sold| {
        text(worth(sold).map(|worth| worth.rate.source.as_str()))
    }),
    of_sale("paid_rate_at_utc", |sold| {
        moment_of(worth(sold).map(|worth| worth.rate.at))
    }),
    of_sale("worth_filled_in_at_utc", |sold| {
        moment_of(worth(sold).and_then(|worth| worth.filled_in_at))
    }),
    both(
        "description",
        |sold| word(&sold.invoice.description),
        |repaid| {
            text(
                repaid
                    .payout
                    .order
                    .reason
                    .as_ref()
                    .map(|reason| reason.as_str()),
            )
        },
    ),
    of_sale("payer_note", |sold| {
        text(
            sold.invoice
                .offer()
                .and_then(|offer| offer.payer_note.as_deref()),
        )
    }),
    of_sale("note", |sold| {
        text(sold.note.as_ref().map(|note| note.text.as_str()))
    }),
    of_refund("refund_of", |repaid| word(repaid.sale.as_str())),
    both(
        "payment_hash",
        |sold| Cell::Text(sold.invoice.payment_hash.to_string()),
        |repaid| text(repaid.payout.payment_hash().map(|hash| hash.to_string())),
    ),
    of_sale("metadata", |sold| {
        text(
            sold.invoice
                .order
                .metadata
                .as_ref()
                .map(|json| json.as_str()),
        )
    }),
];

const fn both(name: &'static str, sale: fn(&Sold) -> Cell, refund: fn(&Repaid) -> Cell) -> Column {
    Column { name, sale, refund }
}

const fn of_sale(name: &'static str, sale: fn(&Sold) -> Cell) -> Column {
    both(name, sale, |_| Cell::Empty)
}

const fn of_refund(name: &'static str, refund: fn(&Repaid) -> Cell) -> Column {
    both(name, |_| Cell::Empty, refund)
}

fn quote(sold: &Sold) -> Option<&Quote> {
    sold.invoice.order.quote.as_ref()
}

fn rate(sold: &Sold) -> Option<&Rate> {
    sold.invoice.order.rate.as_ref()
}

fn worth(sold: &Sold) -> Option<&Valuation> {
    sold.invoice.valuation.as_ref()
}

fn breakdown(sold: &Sold) -> Option<&Breakdown> {
    sold.invoice.order.breakdown.as_ref()
}

fn received(sold: &Sold) -> i128 {
    number(sold.payment.amount_received)
}

fn asked(sold: &Sold) -> Option<i128> {
    match sold.invoice.amount {
        Amount::Exact(asked) => Some(number(asked)),
        Amount::Any => None,
    }
}

/// `19 %: 10.00 + 1.90; 7 %: 5.00 + 0.35`: rate, net and tax of each line.
fn tax_lines(breakdown: &Breakdown) -> Option<String> {
    let line = |line: &TaxLine| format!("{} %: {} + {}", line.rate, line.net, line.tax);
    let lines: Vec<_> = breakdown.tax.iter().map(line).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

fn number(amount: Msat) -> i128 {
    amount.msat().into()
}

fn word(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn text(text: Option<impl Into<String>>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::Text(text.into()))
}

fn decimal(number: Option<String>) -> Cell {
    number.map_or(Cell::Empty, Cell::Decimal)
}

fn moment_of(at: Option<Timestamp>) -> Cell {
    at.map_or(Cell::Empty, Cell::Moment)
}

/// A number of thousandths as a decimal: `-1234.567`.
pub(super) fn thousandths(number: i128) -> String {
    with_places(number, 1000, 3)
}

/// Millisatoshis in bitcoin, with eleven decimals.
pub(super) fn in_bitcoin(msat: i128) -> String {
    with_places(msat, 100_000_000_000, 11)
}

fn with_places(number: i128, unit: i128, places: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let number = number.abs();
    format!("{sign}{}.{:0places$}", number / unit, number % unit)
}

/// A moment in a time zone, as spreadsheets read it: `2026-11-29 13:08:59`.
pub(super) fn moment(moment: Timestamp, zone: &TimeZone) -> String {
    let there = moment.to_zoned(zone.clone());
    there.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A text that no spreadsheet takes for a formula: where it begins like one, an apostrophe stands before it (OWASP, CSV injection).
pub(super) fn guarded(text: String) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => format!("'{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        for (msat, sat, bitcoin) in [
            (0, "0.000", "0.00000000000"),
            (1, "0.001", "0.00000000001"),
            (-1, "-0.001", "-0.00000000001"),
            (-1_234_567, "-1234.567", "-0.00001234567"),
            (
                2_100_000_000_000_000_000,
                "2100000000000000.000",
                "21000000.00000000000",
            ),
        ] {
            assert_eq!(
                (thousandths(msat).as_str(), in_bitcoin(msat).as_str()),
                (sat, bitcoin)
            );
        }
    }

    #[test]
    fn no_text_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(guarded(formula.to_owned()), format!("'{formula}"));
        }
        for plain in ["", "a=b", "1-1", "tea"] {
            assert_eq!(guarded(plain.to_owned()), plain);
        }
    }
}
