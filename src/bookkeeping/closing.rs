//! What a time comes to: received, by channel and by tax rate, in the currencies of the prices, and paid back. Sums of what is stored,
//! and nothing else.

use std::collections::BTreeMap;

use facture_domain::{Breakdown, Channel, ReceiptNumber, ReceiptSeries};
use rust_decimal::Decimal;

use super::entries::{Entry, Repaid, Sold};

/// What a time comes to.
#[derive(Debug, Default)]
pub struct Closing {
    /// All sales.
    pub sales: Count,
    /// The same by channel, in the order of [`Channel::ALL`]; those of no known channel are the last.
    pub channels: Vec<(Option<Channel>, Count)>,
    /// The same by who sold at the counter.
    pub cashiers: BTreeMap<String, Count>,
    /// What was received was worth so much when it arrived, by the code of the currency.
    pub worth: BTreeMap<String, Sum>,
    /// Sales of which no worth is stored.
    pub without_worth: u64,
    /// What was taxed, by currency and rate in percent.
    pub taxes: BTreeMap<(String, Decimal), Taxed>,
    /// Sales of which no taxes are stored.
    pub without_tax: u64,
    /// Tips, by currency. They are part of the prices.
    pub tips: BTreeMap<String, Sum>,
    /// What was taken off, by currency.
    pub discounts: BTreeMap<String, Sum>,
    /// The receipts that were given, by series.
    pub receipts: BTreeMap<ReceiptSeries, Receipts>,
    /// What was paid back.
    pub refunds: Count,
    /// What paying it back cost, in millisatoshis.
    pub refund_fees: i128,
}

/// How many, and millisatoshis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub count: u64,
    /// In millisatoshis. A sum may be more than any one amount.
    pub msat: i128,
}

/// How many, and their sum in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: u64,
    /// `None`: more than 28 digits.
    pub sum: Option<Decimal>,
}

/// What was taxed at a rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taxed {
    /// Without the tax.
    pub net: Sum,
    /// The tax.
    pub tax: Sum,
}

/// Receipts of a series. There is none between the first and the last that was not given, as long as `count` says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipts {
    /// The lowest number.
    pub first: ReceiptNumber,
    /// The highest number.
    pub last: ReceiptNumber,
    /// How many.
    pub count: u64,
}

impl Closing {
    /// Adds an entry.
    pub fn add(&mut self, entry: &Entry) {
        match entry {
            Entry::Sale(sold) => self.add_sale(sold),
            Entry::Refund(repaid) => self.add_refund(repaid),
        }
    }

    fn add_sale(&mut self, sold: &Sold) {
        let invoice = &sold.invoice;
        let msat = i128::from(sold.payment.amount_received.msat());
        self.sales.add(msat);
        let channel = invoice.order.channel;
        match self
            .channels
            .iter_mut()
            .find(|(known, _)| *known == channel)
        {
            Some((_, count)) => count.add(msat),
            None => {
                let mut count = Count::default();
                count.add(msat);
                self.channels.push((channel, count));
                let place = |channel: &Option<Channel>| {
                    let is_it = |known: &Channel| Some(*known) == *channel;
                    let place = Channel::ALL.iter().position(is_it);
                    place.unwrap_or(Channel::ALL.len())
                };
                self.channels.sort_by_key(|(channel, _)| place(channel));
            }
        }
        if let Some(cashier) = &invoice.order.cashier {
            self.cashiers.entry(cashier.clone()).or_default().add(msat);
        }
        match &invoice.valuation {
            Some(worth) => add(&mut self.worth, worth.rate.currency.code(), &worth.value()),
            None => self.without_worth += 1,
        }
        let is_taxed = match (&invoice.order.quote, &invoice.order.breakdown) {
            (Some(quote), Some(breakdown)) => self.add_breakdown(&quote.currency, breakdown),
            _ => false,
        };
        if !is_taxed {
            self.without_tax += 1;
        }
        if let Some(receipt) = invoice.receipt {
            let receipts = self.receipts.entry(receipt.series);
            let receipts = receipts.or_insert(Receipts {
                first: receipt,
                last: receipt,
                count: 0,
            });
            receipts.first = receipts.first.min(receipt);
            receipts.last = receipts.last.max(receipt);
            receipts.count += 1;
        }
    }

    /// Whether there are taxes in it.
    fn add_breakdown(&mut self, currency: &str, breakdown: &Breakdown) -> bool {
        for line in &breakdown.tax {
            let rate = line.rate.parse::<Decimal>().unwrap_or_default().normalize();
            let taxed = self.taxes.entry((currency.to_owned(), rate)).or_default();
            taxed.net.add(&line.net);
            taxed.tax.add(&line.tax);
        }
        if let Some(tip) = &breakdown.tip {
            add(&mut self.tips, currency, tip);
        }
        if let Some(discount) = &breakdown.discount {
            add(&mut self.discounts, currency, discount);
        }
        !breakdown.tax.is_empty()
    }

    fn add_refund(&mut self, repaid: &Repaid) {
        self.refunds.add(repaid.payment.amount.msat().into());
        self.refund_fees += i128::from(repaid.payment.fee.msat());
    }
}

fn add(sums: &mut BTreeMap<String, Sum>, currency: &str, amount: &str) {
    sums.entry(currency.to_owned()).or_default().add(amount);
}

impl Count {
    fn add(&mut self, msat: i128) {
        self.count += 1;
        self.msat += msat;
    }
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            count: 0,
            sum: Some(Decimal::ZERO),
        }
    }
}

impl Sum {
    /// Adds decimal digits.
    fn add(&mut self, amount: &str) {
        self.count += 1;
        let amount = amount.parse::<Decimal>().ok();
        self.sum = self
            .sum
            .zip(amount)
            .and_then(|(sum, amount)| sum.checked_add(amount));
    }
}

impl Taxed {
    /// Net and tax together; `None`: more than 28 digits.
    pub fn gross(&self) -> Option<Decimal> {
        self.net.sum?.checked_add(self.tax.sum?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_or_not_known() {
        let mut sum = Sum::default();
        for _ in 0..10 {
            sum.add("0.10");
        }
        assert_eq!(sum.sum, Some(Decimal::new(100, 2)));
        assert_eq!(sum.count, 10);
        sum.add(&Decimal::MAX.to_string());
        assert_eq!(sum.sum, None);
        sum.add("1");
        assert_eq!((sum.sum, sum.count), (None, 12));
    }
}
