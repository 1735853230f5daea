//! What sales and refunds are in double entry, in euros. Of a sale: each of its tax rates against the account of that rate, the tip,
//! what is not taxed, and, against an account of its own, the difference between the price and what the bitcoin was worth when it
//! arrived, so that the account of bitcoin has it at that worth. A refund takes a part of all that back.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::{
    bookkeeping::{Entry, Repaid, Sold},
    config::{Account, DatevConfig},
};
use facture_domain::{Breakdown, Invoice, Status};

/// The only currency of these bookings.
const EUR: &str = "EUR";

/// A booking: an amount above zero from one account to another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Booking {
    pub(super) amount: Decimal,
    pub(super) side: Side,
    pub(super) account: Account,
    pub(super) contra_account: Account,
    pub(super) at: Timestamp,
    pub(super) document: String,
    pub(super) text: String,
    pub(super) payment_hash: String,
}

/// On which side of the account the amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// *Soll*
    Debit,
    /// *Haben*
    Credit,
}

/// Why a time cannot be exported as it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Obstacles {
    /// So many sales and refunds have no price in euros.
    pub(super) without_euros: u64,
    /// Tax rates that have no account.
    pub(super) without_account: BTreeSet<String>,
}

/// Why an entry is no bookings.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// It has no price in euros.
    NoEuros,
    /// This tax rate has no account.
    NoAccount(String),
}

impl Obstacles {
    pub(super) fn add(&mut self, obstacle: Obstacle) {
        match obstacle {
            Obstacle::NoEuros => self.without_euros += 1,
            Obstacle::NoAccount(rate) => drop(self.without_account.insert(rate)),
        }
    }
}

/// What a sale comes to on each account, with what was sold.
type Parts = Vec<(Account, Decimal)>;

/// The bookings of an entry.
///
/// # Errors
/// [`Obstacle`].
pub(super) fn of(entry: &Entry, config: &DatevConfig) -> Result<Vec<Booking>, Obstacle> {
    match entry {
        Entry::Sale(sold) => of_sale(sold, config),
        Entry::Refund(repaid) => of_refund(repaid, config),
    }
}

fn of_sale(sold: &Sold, config: &DatevConfig) -> Result<Vec<Booking>, Obstacle> {
    let invoice = &sold.invoice;
    let mut parts = parts(invoice, config)?;
    let price: Decimal = parts.iter().map(|(_, amount)| amount).sum();
    if let Some(worth) = worth(invoice) {
        parts.push((config.difference_account.clone(), worth - price));
    }
    let document = match invoice.receipt {
        Some(receipt) => receipt.to_string(),
        None => invoice.label.to_string(),
    };
    let booking = |(contra, amount)| {
        Booking::new(config, contra, amount).map(|booking| Booking {
            at: sold.payment.paid_at,
            document: document.clone(),
            text: invoice.description.clone(),
            payment_hash: invoice.payment_hash.to_string(),
            ..booking
        })
    };
    Ok(parts.into_iter().filter_map(booking).collect())
}

/// As much of the sale as was paid back of what had been received, to the cent: what rounding leaves is in the last part. The fee, if it
/// is a cent, is at the rate of the sale.
fn of_refund(repaid: &Repaid, config: &DatevConfig) -> Result<Vec<Booking>, Obstacle> {
    let sale = repaid.invoice.as_ref().ok_or(Obstacle::NoEuros)?;
    let Status::Paid(received) = &sale.status else {
        return Err(Obstacle::NoEuros);
    };
    let parts = parts(sale, config)?;
    let price: Decimal = parts.iter().map(|(_, amount)| amount).sum();
    let share = |amount: Decimal| {
        let back = Decimal::from(repaid.payment.amount.msat());
        let all = Decimal::from(received.amount_received.msat().max(1));
        let part = (amount * back).checked_div(all).unwrap_or_default();
        part.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    };
    let mut left = share(price);
    let last = parts.len().saturating_sub(1);
    let mut back = Vec::new();
    for (place, (account, amount)) in parts.into_iter().enumerate() {
        let part = if place == last {
            left
        } else {
            share(amount).min(left)
        };
        left -= part;
        back.push((account, -part));
    }
    let rate = sale.valuation.as_ref().map(|worth| &worth.rate);
    if let Some(fee) = rate.and_then(|rate| rate.value_of(repaid.payment.fee)) {
        back.push((config.fee_account.clone(), -fee));
    }
    let booking = |(contra, amount)| {
        Booking::new(config, contra, amount).map(|booking| Booking {
            at: repaid.payment.paid_at,
            document: sale
                .receipt
                .map_or(sale.label.to_string(), |receipt| receipt.to_string()),
            text: format!("Erstattung: {}", sale.description),
            payment_hash: repaid
                .payout
                .payment_hash()
                .map_or(String::new(), |hash| hash.to_string()),
            ..booking
        })
    };
    Ok(back.into_iter().filter_map(booking).collect())
}

/// What the price of a sale is made of, by account.
fn parts(invoice: &Invoice, config: &DatevConfig) -> Result<Parts, Obstacle> {
    let quote = invoice
        .order
        .quote
        .as_ref()
        .filter(|quote| quote.currency == EUR);
    let price = quote.and_then(|quote| quote.amount.parse::<Decimal>().ok());
    let price = price.ok_or(Obstacle::NoEuros)?;
    let none = Breakdown::default();
    let breakdown = invoice.order.breakdown.as_ref().unwrap_or(&none);
    let number = |text: &str| text.parse::<Decimal>().unwrap_or_default();
    let mut parts = Vec::new();
    let mut rest = price;
    for line in &breakdown.tax {
        let account = config.revenue_account(&line.rate);
        let account = account.ok_or_else(|| Obstacle::NoAccount(line.rate.clone()))?;
        let gross = number(&line.net) + number(&line.tax);
        rest -= gross;
        parts.push((account.clone(), gross));
    }
    if let Some(tip) = &breakdown.tip {
        rest -= number(tip);
        parts.push((config.tip_account.clone(), number(tip)));
    }
    parts.push((config.untaxed_account.clone(), rest));
    parts.retain(|(_, amount)| !amount.is_zero());
    Ok(parts)
}

/// What arrived was worth so much, if that is known in euros.
fn worth(invoice: &Invoice) -> Option<Decimal> {
    let worth = invoice.valuation.as_ref()?;
    (worth.rate.currency.code() == EUR).then_some(())?;
    worth.value().parse().ok()
}

impl Booking {
    /// Of an amount that comes to the account of bitcoin, or leaves it if it is below zero; `None`: it is zero.
    fn new(config: &DatevConfig, contra_account: Account, amount: Decimal) -> Option<Self> {
        let side = match amount.cmp(&Decimal::ZERO) {
            std::cmp::Ordering::Less => Side::Credit,
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Greater => Side::Debit,
        };
        Some(Self {
            amount: amount.abs(),
            side,
            account: config.bitcoin_account.clone(),
            contra_account,
            at: Timestamp::UNIX_EPOCH,
            document: String::new(),
            text: String::new(),
            payment_hash: String::new(),
        })
    }
}
