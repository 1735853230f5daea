//! Searching sales: what somebody typed into the search box, and what was found.

use std::ops::RangeInclusive;

use jiff::Timestamp;

use super::worth::WorthRange;
use crate::{
    amount::Msat,
    bolt11::{Bolt11, PaymentHash},
    channel::Channel,
    invoice::Invoice,
    listing::{ListPosition, Period},
    order::OrderId,
    status::StatusName,
};

/// Which sales. All that is named must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaleSearch {
    /// In this state.
    pub state: Option<StatusName>,
    /// Asked for by this way.
    pub channel: Option<Channel>,
    /// Whose invoice was created in this time.
    pub created: Period,
    /// What is looked for.
    pub sought: Sought,
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sought {
    /// Nothing in particular.
    #[default]
    Everything,
    /// With this order number.
    Order(OrderId),
    /// With this payment hash.
    Hash(PaymentHash),
    /// Of about this amount: received for those that are paid, asked for of others.
    Amount(RangeInclusive<Msat>),
    /// Paid, and worth about this amount in a currency then.
    Worth(WorthRange),
    /// With this text in the description, the order number, the metadata, the payer's note or the shop's. The case of ASCII
    /// letters does not matter.
    Text(String),
}

/// A page of what was found, the newest first.
#[derive(Clone, Debug)]
pub struct SalePage {
    /// The sales.
    pub invoices: Vec<Invoice>,
    /// After which one the rest begins; `None`: there is no rest.
    pub next: Option<ListPosition>,
    /// How far it was searched.
    pub reach: Reach,
}

/// How far a search went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// As far as the page needed.
    Whole,
    /// It stopped at what was created at this time: no index serves it, and it had looked at as many sales as it may. The
    /// page's `next` goes on there.
    BackTo(Timestamp),
}

impl Sought {
    /// The longest text that is looked for, in bytes. Payment requests may be longer.
    pub const MAX_BYTES: usize = 255;

    /// The longest text that is read.
    pub const MAX_TYPED_BYTES: usize = 8192;

    /// What a typed text may mean, what is most likely first. A number may be that of an order, an amount, or part of a text.
    /// Nothing: it is too long for all of them.
    pub fn readings(typed: &str) -> Vec<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return vec![Self::Everything];
        }
        if let Ok(hash) = typed.to_ascii_lowercase().parse() {
            return vec![Self::Hash(hash)];
        }
        if let Some(hash) = request_hash(typed) {
            return vec![Self::Hash(hash)];
        }
        if typed.len() > Self::MAX_BYTES {
            return Vec::new();
        }
        let order = OrderId::parse(typed.to_owned()).ok().map(Self::Order);
        let amount = about(typed).map(Self::Amount);
        let worth = WorthRange::about(typed).map(Self::Worth);
        let text = Some(Self::Text(typed.to_owned()));
        [order, amount, worth, text].into_iter().flatten().collect()
    }
}

/// The payment hash of a payment request, in any of the ways that wallets show it.
fn request_hash(typed: &str) -> Option<PaymentHash> {
    let lower = typed.to_ascii_lowercase();
    let request = lower.strip_prefix("lightning:").unwrap_or(&lower);
    if !request.starts_with("ln") {
        return None;
    }
    let decoded = Bolt11::decode(request).ok()?;
    Some(decoded.payment_hash)
}

/// An amount in satoshis, at most three decimals, with or without the unit: one percent less to one percent more.
fn about(typed: &str) -> Option<RangeInclusive<Msat>> {
    let lower = typed.to_ascii_lowercase();
    let number = lower
        .strip_suffix("sats")
        .or_else(|| lower.strip_suffix("sat"))
        .unwrap_or(&lower);
    let (whole, parts) = number.trim().split_once('.').unwrap_or((number, ""));
    let digits = parts.bytes().all(|byte| byte.is_ascii_digit()) && parts.len() <= 3;
    let parts: u64 = format!("{parts:0<3}").parse().ok().filter(|_| digits)?;
    let msat = Msat::parse_sat(whole).ok()?.msat().checked_add(parts)?;
    let percent = msat / 100;
    let from = Msat::from_msat(msat - percent)?;
    let most = Msat::from_msat(msat.saturating_add(percent)).unwrap_or(Msat::MAX);
    Some(from..=most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn msat(from: u64, to: u64) -> Sought {
        Sought::Amount(Msat::from_msat(from).unwrap()..=Msat::from_msat(to).unwrap())
    }

    fn order(text: &str) -> Sought {
        Sought::Order(OrderId::parse(text.to_owned()).unwrap())
    }

    #[test]
    fn a_number_may_be_an_order_an_amount_or_a_text() {
        let text = |text: &str| Sought::Text(text.to_owned());
        let readings = Sought::readings(" 1000 ");
        let amount = msat(990_000, 1_010_000);
        assert_eq!(readings, [order("1000"), amount, text("1000")]);
        let readings = Sought::readings("10.5 sat");
        let amount = msat(10_395, 10_605);
        assert_eq!(readings, [order("10.5 sat"), amount, text("10.5 sat")]);
        let readings = Sought::readings("1 234 567 sats");
        assert_eq!(readings[1], msat(1_222_221_330, 1_246_912_670));
        for words in ["coffee", "10.1234", "-5", "1,5", "0x10", "sat"] {
            let readings = Sought::readings(words);
            assert_eq!(readings, [order(words), text(words)]);
        }
        assert_eq!(Sought::readings("  "), [Sought::Everything]);
        assert_eq!(Sought::readings(&"x".repeat(256)), []);
        // A line break cannot be in an order number.
        assert_eq!(Sought::readings("a\nb"), [text("a\nb")]);
    }

    #[test]
    fn hashes_are_known() {
        let hash = "ab".repeat(32);
        let expected = Sought::Hash(hash.parse().unwrap());
        for typed in [hash.clone(), format!(" {} ", hash.to_uppercase())] {
            assert_eq!(Sought::readings(&typed), std::slice::from_ref(&expected));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(typed in "\\PC*", number in any::<u64>()) {
            let _ = Sought::readings(&typed);
            let _ = Sought::readings(&format!("{number}.5 sat"));
        }
    }
}
