//! Amounts as BTCPay writes them: decimals in strings.

use facture_domain::Invoice;

/// Millisatoshis of a bitcoin, and how many decimals they need.
const MSAT_PER_BTC: u64 = 100_000_000_000;
const DECIMALS: usize = 11;

/// An amount in bitcoin, exactly: `0.00012345`.
pub(crate) fn btc(msat: u64) -> String {
    let (whole, rest) = (msat / MSAT_PER_BTC, msat % MSAT_PER_BTC);
    let text = format!("{whole}.{rest:0DECIMALS$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What one bitcoin costs in the currency of an invoice: by the rate of which it was made, if that is not a unit of bitcoin.
pub(crate) fn rate(invoice: &Invoice) -> String {
    let order = &invoice.order;
    let unit = order.quote.as_ref().map(|quote| quote.currency.as_str());
    match (&order.rate, unit) {
        (Some(rate), _) => rate.price.to_string(),
        (None, Some("SAT" | "SATS")) => "100000000".to_owned(),
        (None, _) => "1".to_owned(),
    }
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
