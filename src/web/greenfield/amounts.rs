//! Amounts as BTCPay writes them: decimals in strings.

use facture_domain::{Invoice, Msat, Price};

/// Millisatoshis of a bitcoin, and how many decimals they need.
const MSAT_PER_BTC: u64 = 100_000_000_000;
const DECIMALS: usize = 11;

/// An amount in bitcoin, exactly: `0.00012345`.
pub(crate) fn btc(msat: u64) -> String {
    let (whole, rest) = (msat / MSAT_PER_BTC, msat % MSAT_PER_BTC);
    let text = format!("{whole}.{rest:0DECIMALS$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What one bitcoin cost in the currency of an invoice when it was made: from its price and its amount. `None`: it has no
/// price.
pub(crate) fn rate(invoice: &Invoice, amount: Msat) -> Option<String> {
    let quote = invoice.order.quote.as_ref()?;
    match quote.currency.as_str() {
        "BTC" => return Some("1".to_owned()),
        "SAT" | "SATS" => return Some("100000000".to_owned()),
        _ => {}
    }
    let price = Price::parse(&quote.amount, &quote.currency).ok()?;
    price.per_bitcoin(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bitcoin_is_exact() {
        for (msat, text) in [
            (0, "0"),
            (1, "0.00000000001"),
            (12_345_000, "0.00012345"),
            (100_000_000_000, "1"),
            (2_100_000_000_000_000_000, "21000000"),
        ] {
            assert_eq!(btc(msat), text);
        }
    }
}
