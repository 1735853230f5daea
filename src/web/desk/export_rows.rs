//! The rows of exports: each column is named once, with what is in it. Every format writes these cells.

use jiff::{Timestamp, tz::TimeZone};

use crate::bookkeeping::{Entry, Repaid, Sold};
use facture_domain::{Amount, Msat};

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

/// The columns, in their order.
pub(super) const COLUMNS: [&str; 29] = [
    "type",
    "paid_at_utc",
    "paid_at_local",
    "label",
    "order_id",
    "channel",
    "amount_msat",
    "amount_sat",
    "asked_msat",
    "over_paid_msat",
    "fee_msat",
    "refunded_msat",
    "price_amount",
    "price_currency",
    "rate",
    "rate_source",
    "rate_at_utc",
    "worth_when_paid",
    "worth_currency",
    "paid_rate",
    "paid_rate_source",
    "paid_rate_at_utc",
    "worth_filled_in_at_utc",
    "description",
    "payer_note",
    "note",
    "refund_of",
    "payment_hash",
    "metadata",
];

/// The cells of an entry, one for each of [`COLUMNS`].
pub(super) fn cells(entry: &Entry) -> [Cell; COLUMNS.len()] {
    match entry {
        Entry::Sale(sold) => of_sale(sold),
        Entry::Refund(repaid) => of_refund(repaid),
    }
}

fn of_sale(sold: &Sold) -> [Cell; COLUMNS.len()] {
    let invoice = &sold.invoice;
    let order = &invoice.order;
    let received = sold.payment.amount_received;
    let asked = match invoice.amount {
        Amount::Exact(asked) => Some(asked),
        Amount::Any => None,
    };
    let over = asked.map(|asked| number(received) - number(asked));
    let quote = order.quote.as_ref();
    let (rate, worth) = (order.rate.as_ref(), invoice.valuation.as_ref());
    [
        Cell::Text("sale".to_owned()),
        Cell::Moment(sold.payment.paid_at),
        Cell::Local(sold.payment.paid_at),
        Cell::Text(invoice.label.to_string()),
        text(order.order_id.as_ref().map(|id| id.as_str())),
        text(order.channel.map(|channel| channel.as_str())),
        Cell::Msat(number(received)),
        Cell::Sat(number(received)),
        asked.map_or(Cell::Empty, |asked| Cell::Msat(number(asked))),
        over.map_or(Cell::Empty, Cell::Msat),
        Cell::Empty,
        Cell::Msat(invoice.refunded.map_or(0, number)),
        quote.map_or(Cell::Empty, |quote| Cell::Decimal(quote.amount.clone())),
        text(quote.map(|quote| quote.currency.as_str())),
        rate.map_or(Cell::Empty, |rate| Cell::Decimal(rate.price.to_string())),
        text(rate.map(|rate| rate.source.as_str())),
        rate.map_or(Cell::Empty, |rate| Cell::Moment(rate.at)),
        worth.map_or(Cell::Empty, |worth| Cell::Decimal(worth.value())),
        text(worth.map(|worth| worth.rate.currency.code())),
        worth.map_or(Cell::Empty, |worth| {
            Cell::Decimal(worth.rate.price.to_string())
        }),
        text(worth.map(|worth| worth.rate.source.as_str())),
        worth.map_or(Cell::Empty, |worth| Cell::Moment(worth.rate.at)),
        worth
            .and_then(|worth| worth.filled_in_at)
            .map_or(Cell::Empty, Cell::Moment),
        Cell::Text(invoice.description.clone()),
        text(
            invoice
                .offer()
                .and_then(|offer| offer.payer_note.as_deref()),
        ),
        text(sold.note.as_ref().map(|note| note.text.as_str())),
        Cell::Empty,
        Cell::Text(invoice.payment_hash.to_string()),
        text(order.metadata.as_ref().map(|json| json.as_str())),
    ]
}

fn of_refund(repaid: &Repaid) -> [Cell; COLUMNS.len()] {
    let payout = &repaid.payout;
    let amount = -number(repaid.payment.amount);
    [
        Cell::Text("refund".to_owned()),
        Cell::Moment(repaid.payment.paid_at),
        Cell::Local(repaid.payment.paid_at),
        Cell::Text(payout.id.to_string()),
        Cell::Empty,
        Cell::Empty,
        Cell::Msat(amount),
        Cell::Sat(amount),
        payout
            .order
            .amount
            .map_or(Cell::Empty, |asked| Cell::Msat(-number(asked))),
        Cell::Empty,
        Cell::Msat(number(repaid.payment.fee)),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        text(payout.order.reason.as_ref().map(|reason| reason.as_str())),
        Cell::Empty,
        Cell::Empty,
        Cell::Text(repaid.sale.to_string()),
        text(
            payout
                .payment_hash()
                .map(|hash| hash.to_string())
                .as_deref(),
        ),
        Cell::Empty,
    ]
}

fn number(amount: Msat) -> i128 {
    amount.msat().into()
}

fn text(text: Option<&str>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()))
}

/// A number of thousandths as a decimal: `-1234.567`.
pub(super) fn thousandths(number: i128) -> String {
    decimal(number, 1000, 3)
}

/// Millisatoshis in bitcoin, with eleven decimals.
pub(super) fn in_bitcoin(msat: i128) -> String {
    decimal(msat, 100_000_000_000, 11)
}

fn decimal(number: i128, unit: i128, places: usize) -> String {
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
