//! Sales of a sandbox over its last sixty days, so that the desk has something to show. Nobody paid them: they are in the records and
//! nowhere else (`samples.rs` of the store).

use anyhow::Context;
use facture_domain::{
    Amount, Bolt11, Breakdown, Channel, Currency, Invoice, InvoiceKind, LabelPrefix, Metadata,
    Msat, Order, OrderId, Preimage, Price, Quote, Rate, RatePrice, ReceiptNumber, ReceiptSeries,
    Settlement, ShopId, Status, TaxLine, Valuation,
    payout::{
        Attempt, Destination, DestinationKind, NewPayout, PayerId, Payment, Payout, PayoutId,
        PayoutStatus, Reason,
    },
};
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use super::sample_day::{Sample, SampleKind, Seller, day};

/// So many days, today too.
const DAYS: i64 = 60;

/// How long invoices can be paid.
const EXPIRY: SignedDuration = SignedDuration::from_mins(15);

/// How long buyers take to pay.
const PAID_AFTER: SignedDuration = SignedDuration::from_secs(40);

/// What is written into the records.
#[derive(Debug, Default)]
pub(super) struct SampleSales {
    pub(super) sales: Vec<Invoice>,
    pub(super) refunds: Vec<Payout>,
}

/// The sales of the days up to now, in the shop's time zone.
///
/// # Errors
/// When the clock is beyond the years that there are.
pub(super) fn up_to(now: &Zoned, prefix: &LabelPrefix) -> anyhow::Result<SampleSales> {
    let mut made = SampleSales::default();
    let mut receipts = 0;
    let first = now.checked_sub((DAYS - 1).days())?.start_of_day()?;
    let series = ReceiptSeries::begin(first.timestamp(), None);
    for number in 0..DAYS {
        let start = first.checked_add(number.days())?;
        for sample in day(number, &start, now)? {
            let mut sale = invoice(&sample, prefix)?;
            if let Status::Paid(settlement) = &sale.status {
                receipts += 1;
                sale.receipt = Some(ReceiptNumber {
                    series,
                    number: receipts,
                });
                if let Some(part) = sample.refunded {
                    let msat = settlement.amount_received.msat() / part;
                    let amount = Msat::from_msat(msat).context("an amount")?;
                    made.refunds.push(refund(&sale, amount, sample.at));
                    sale.refunded = Some(amount);
                }
            }
            made.sales.push(sale);
        }
    }
    Ok(made)
}

fn invoice(sample: &Sample, prefix: &LabelPrefix) -> anyhow::Result<Invoice> {
    let created_at = sample.at;
    let paid_at = created_at.checked_add(PAID_AFTER)?;
    let (amount, order) = match &sample.kind {
        SampleKind::Euros { .. } => in_euros(sample)?,
        SampleKind::Sat(sat) => (Msat::from_sat(*sat).context("an amount")?, order(sample)),
    };
    let status = match sample.is_paid {
        true => Status::Paid(Settlement {
            amount_received: amount,
            paid_at,
            // The node knows of no such payment.
            pay_index: 0,
        }),
        false => Status::Expired,
    };
    let valuation = match (&status, &order.rate) {
        (Status::Paid(settlement), Some(_)) => {
            Valuation::new(settlement, rate(sample, paid_at)?, paid_at)
        }
        _ => None,
    };
    let payment_hash = Preimage::from_bytes(rand::random()).payment_hash();
    Ok(Invoice {
        label: prefix.random_label(),
        amount: Amount::Exact(amount),
        description: sample.what.clone(),
        kind: InvoiceKind::Bolt11(Bolt11::stored(format!("lnbcrt1sample{payment_hash}"))),
        payment_hash,
        number: 0,
        created_at,
        expires_at: created_at.checked_add(EXPIRY)?,
        status,
        cancelled_at: None,
        payment_proven_at: None,
        renewed_by: None,
        hold: None,
        refunded: None,
        valuation,
        receipt: None,
        order,
    })
}

fn order(sample: &Sample) -> Order {
    let (channel, cashier) = match sample.seller {
        Seller::Counter(cashier) => (Channel::Pos, Some(cashier.to_owned())),
        Seller::Program => (Channel::Api, None),
        Seller::Link => (Channel::Link, None),
        Seller::Item => (Channel::Reveal, None),
        Seller::Address => (Channel::Lnurl, None),
        Seller::Form => (Channel::Form, None),
    };
    Order {
        order_id: sample.order.clone().and_then(|id| OrderId::parse(id).ok()),
        metadata: Some(Metadata::stored(r#"{"sample":true}"#.to_owned())),
        channel: Some(channel),
        cashier,
        shop: Some(ShopId::sample()),
        ..Order::default()
    }
}

/// The amount by the rate of that time, and the order with its price and how that is made up.
fn in_euros(sample: &Sample) -> anyhow::Result<(Msat, Order)> {
    let SampleKind::Euros { taxed, tip } = &sample.kind else {
        anyhow::bail!("a price in sat");
    };
    let total = taxed.iter().map(|part| part.cents).sum::<u64>() + tip;
    let price = Price::parse(&euros(total), "EUR")?;
    let rate = rate(sample, sample.at)?;
    let tax = taxed.iter().map(|part| {
        let hundred = 100 + part.percent;
        // Rounded half up.
        let net = (part.cents * 200 + hundred) / (2 * hundred);
        TaxLine {
            rate: part.percent.to_string(),
            net: euros(net),
            tax: euros(part.cents - net),
        }
    });
    let breakdown = Breakdown {
        tax: tax.collect(),
        tip: (*tip > 0).then(|| euros(*tip)),
        discount: None,
    };
    breakdown.check(&price)?;
    let amount = rate.msat_of(&price).context("an amount")?;
    let order = Order {
        quote: Some(Quote {
            currency: "EUR".to_owned(),
            amount: euros(total),
        }),
        rate: Some(rate),
        breakdown: Some(breakdown),
        ..order(sample)
    };
    Ok((amount, order))
}

/// What a bitcoin cost at that time, somewhat.
fn rate(sample: &Sample, at: Timestamp) -> anyhow::Result<Rate> {
    let minutes = at.as_second().rem_euclid(86_400) / 60;
    let price = 84_000 + (sample.day * 977).rem_euclid(7_000) + minutes / 4;
    Ok(Rate {
        currency: Currency::parse("EUR")?,
        price: RatePrice::parse(&price.to_string())?,
        source: "sample".to_owned(),
        at,
    })
}

fn refund(sale: &Invoice, amount: Msat, at: Timestamp) -> Payout {
    let preimage = Preimage::from_bytes(rand::random());
    let later = |hours| {
        let later = at.checked_add(SignedDuration::from_hours(hours));
        later.unwrap_or(at)
    };
    let attempt = Attempt {
        payer: PayerId::random(),
        payment_hash: preimage.payment_hash(),
        bolt11: None,
    };
    let payment = Payment {
        preimage,
        amount,
        fee: Msat::from_msat(1_000).unwrap_or(amount),
        paid_at: later(2),
    };
    Payout {
        id: PayoutId::random(),
        order: NewPayout {
            destination: Destination {
                kind: DestinationKind::LightningAddress,
                text: "buyer@wallet.example".to_owned(),
            },
            payment_hash: None,
            amount: Some(amount),
            max_fee: None,
            reason: Some(Reason::stored("Sent back".to_owned())),
            invoice: Some(sale.label.clone()),
            asked_by: "sample".to_owned(),
            expires_at: later(24),
        },
        status: PayoutStatus::Paid(attempt, payment),
        created_at: later(1),
        updated_at: later(2),
    }
}

fn euros(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn made(now: &str) -> SampleSales {
        up_to(&now.parse().unwrap(), &LabelPrefix::default()).unwrap()
    }

    #[test]
    fn every_day_has_sales_none_is_of_the_future_and_all_kinds_are_there() {
        for now in [
            "2026-11-30T15:00[Europe/Berlin]",
            "2026-11-30T00:05[Europe/Berlin]",
            "2026-03-29T12:00[Europe/Berlin]",
        ] {
            let zoned: Zoned = now.parse().unwrap();
            let made = made(now);
            assert!(
                (300..700).contains(&made.sales.len()),
                "{}",
                made.sales.len()
            );
            let days: BTreeSet<_> = made
                .sales
                .iter()
                .map(|sale| sale.created_at.to_zoned(zoned.time_zone().clone()).date())
                .collect();
            assert_eq!(days.len(), usize::try_from(DAYS).unwrap(), "{now}");
            let paid: Vec<_> = made
                .sales
                .iter()
                .filter_map(|sale| match &sale.status {
                    Status::Paid(settlement) => Some((sale, settlement.paid_at)),
                    _ => None,
                })
                .collect();
            assert!(paid.iter().all(|(_, at)| *at <= zoned.timestamp()), "{now}");
            let channels: BTreeSet<_> = paid
                .iter()
                .filter_map(|(sale, _)| sale.order.channel.map(Channel::as_str))
                .collect();
            assert_eq!(channels.len(), 6, "{channels:?}");
            let has =
                |what: fn(&Invoice) -> bool| paid.iter().filter(|(sale, _)| what(sale)).count();
            assert!(has(|sale| sale.valuation.is_some()) > 200);
            assert!(has(|sale| sale.valuation.is_none()) > 10);
            let breakdown = |sale: &Invoice| sale.order.breakdown.clone().unwrap_or_default();
            assert!(
                paid.iter()
                    .filter(|(sale, _)| breakdown(sale).tip.is_some())
                    .count()
                    > 20
            );
            assert!(
                paid.iter()
                    .filter(|(sale, _)| breakdown(sale).tax.len() == 2)
                    .count()
                    > 20
            );
            assert!(made.refunds.len() > 3);
            assert!(made.sales.len() > paid.len());
            assert!(
                made.refunds
                    .iter()
                    .all(|refund| refund.order.invoice.is_some())
            );
            let receipts: Vec<_> = paid.iter().filter_map(|(sale, _)| sale.receipt).collect();
            assert!(receipts.is_sorted() && receipts.len() == paid.len());
        }
    }
}
