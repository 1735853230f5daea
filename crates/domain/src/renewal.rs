//! Whether another invoice can be made in the place of an expired one.

use jiff::{SignedDuration, Timestamp};

use crate::{channel::Channel, invoice::Invoice, order::Quote, status::Status};

/// For how long after its expiry an invoice can be renewed, in seconds; 0: never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewalWindow(u32);

impl RenewalWindow {
    /// From whole seconds.
    pub fn from_seconds(seconds: u32) -> Self {
        Self(seconds)
    }
}

impl Invoice {
    /// Whether another can be made in its place at this time. Only an expired one can be renewed, and none that was taken
    /// back, and no hold invoice. One by a payment link counts against its limit; one at the counter is for somebody who stands there; one for an item or behind a paywall has a preimage that belongs to what is sold; one of which only the node knew may
    /// have been for an item, too. One with a price in another currency is renewed at the rate of that time, unless the rate of the
    /// first one is not known: then its amount did not follow from that price. A renewal renews the first invoice of the order,
    /// so its time counts from there.
    pub fn is_renewable(&self, window: RenewalWindow, now: Timestamp) -> bool {
        let RenewalWindow(seconds) = window;
        let since = self.order.first_expired_at.unwrap_or(self.expires_at);
        let until = since.checked_add(SignedDuration::from_secs(seconds.into()));
        let order = &self.order;
        let is_fiat = order.quote.as_ref().is_some_and(Quote::is_fiat);
        self.status == Status::Expired
            && self.cancelled_at.is_none()
            && self.payment_proven_at.is_none()
            && self.hold.is_none()
            && !matches!(
                self.order.channel,
                None | Some(
                    Channel::Reveal
                        | Channel::Paywall
                        | Channel::Lnbits
                        | Channel::Greenfield
                        | Channel::Link
                        | Channel::Pos
                )
            )
            && (!is_fiat || order.rate.is_some())
            && seconds > 0
            && until.is_ok_and(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, Bolt11, Currency, InvoiceKind, LabelPrefix, Order, Rate, RatePrice};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn expired() -> Invoice {
        Invoice {
            label: LabelPrefix::default().random_label(),
            amount: Amount::Any,
            description: String::new(),
            kind: InvoiceKind::Bolt11(Bolt11::stored("lnbcrt1".to_owned())),
            payment_hash: "0f".repeat(32).parse().unwrap(),
            number: 1,
            created_at: at(1000),
            expires_at: at(2000),
            status: Status::Expired,
            cancelled_at: None,
            payment_proven_at: None,
            renewed_by: None,
            refunded: None,
            valuation: None,
            receipt: None,
            hold: None,
            order: Order {
                channel: Some(Channel::Form),
                ..Order::default()
            },
        }
    }

    #[test]
    fn it_is_renewable_for_its_time_only() {
        let (window, old) = (RenewalWindow::from_seconds(60), expired());
        // The node's clock may be ahead of ours.
        for (now, expected) in [(1990, true), (2000, true), (2059, true), (2060, false)] {
            assert_eq!(old.is_renewable(window, at(now)), expected, "{now}");
        }
        let off = RenewalWindow::from_seconds(0);
        assert!(!old.is_renewable(off, at(1990)));
        let longest = RenewalWindow::from_seconds(u32::MAX);
        assert!(old.is_renewable(longest, at(100_000_000)));
    }

    #[test]
    fn the_time_of_a_renewal_counts_from_the_first_expiry() {
        let window = RenewalWindow::from_seconds(1500);
        let mut renewal = expired();
        renewal.order.first_expired_at = Some(at(1000));
        assert!(renewal.is_renewable(window, at(2499)));
        assert!(!renewal.is_renewable(window, at(2500)));
    }

    #[test]
    fn no_other_invoice_is_renewable() {
        let window = RenewalWindow::from_seconds(60);
        let quoted = |currency: &str| {
            let mut old = expired();
            old.order.quote = Some(Quote {
                currency: currency.to_owned(),
                amount: "9.90".to_owned(),
            });
            old.is_renewable(window, at(2001))
        };
        for currency in ["EUR", "usd", "XAU", "btc"] {
            assert!(!quoted(currency), "{currency}");
        }
        for currency in ["BTC", "SAT", "SATS"] {
            assert!(quoted(currency), "{currency}");
        }
        let mut priced = expired();
        priced.order.quote = Some(Quote {
            currency: "EUR".to_owned(),
            amount: "9.90".to_owned(),
        });
        priced.order.rate = Some(Rate {
            currency: Currency::parse("EUR").unwrap(),
            price: RatePrice::parse("88000").unwrap(),
            source: "kraken".to_owned(),
            at: at(1000),
        });
        assert!(priced.is_renewable(window, at(2001)));
        let unpaid = Invoice {
            status: Status::Unpaid,
            ..expired()
        };
        let cancelled = Invoice {
            cancelled_at: Some(at(1500)),
            ..expired()
        };
        let by = |channel| Invoice {
            order: Order {
                channel,
                ..Order::default()
            },
            ..expired()
        };
        let of_an_item = by(Some(Channel::Reveal));
        for invoice in [unpaid, cancelled, of_an_item, by(None)] {
            assert!(!invoice.is_renewable(window, at(2001)));
        }
    }
}
