//! Names of payment methods: BTCPay's own, older ones, and those of plug-ins, which have `_` where BTCPay has `-`.

use super::refusal::Refusal;

/// The one that there is.
pub(crate) const LIGHTNING: &str = "BTC-LN";

/// Its name until BTCPay 2.0.
pub(crate) const OLD_LIGHTNING: &str = "BTC-LightningNetwork";

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Bitcoin over Lightning, also where it comes by an LNURL.
    Lightning,
    /// Something else.
    Other,
}

impl Method {
    /// Reads a name.
    pub(crate) fn parse(name: &str) -> Self {
        const LIGHTNING: [&str; 5] = [
            "LN",
            "LNURL",
            "LNURLPAY",
            "LIGHTNINGNETWORK",
            "LIGHTNINGLIKE",
        ];
        let name = name.to_uppercase();
        match name.split_once(['-', '_']) {
            Some(("BTC", kind)) if LIGHTNING.contains(&kind) => Self::Lightning,
            _ => Self::Other,
        }
    }
}

/// At least one of those that a field asks for must be there.
pub(crate) fn check_available(names: &[String], field: &str) -> Result<(), Refusal> {
    let is_lightning = |name: &String| Method::parse(name) == Method::Lightning;
    match names.is_empty() || names.iter().any(is_lightning) {
        true => Ok(()),
        false => Err(Refusal::invalid(
            field,
            "none of them is available: there is BTC-LN only",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lightning_has_many_names() {
        for name in [
            "BTC-LN",
            "BTC_LN",
            "btc-ln",
            "BTC-LightningNetwork",
            "BTC_LightningLike",
            "BTC-LNURL",
            "BTC_LNURLPAY",
        ] {
            assert_eq!(Method::parse(name), Method::Lightning, "{name}");
        }
        for name in ["BTC", "BTC-CHAIN", "LN", "LTC-LN", "", "-", "BTC-LN-X"] {
            assert_eq!(Method::parse(name), Method::Other, "{name}");
        }
    }
}
