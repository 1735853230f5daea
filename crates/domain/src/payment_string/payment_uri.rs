//! A link by which any wallet can pay an invoice (BIP 321): `bitcoin:?amount=…&lightning=…`.

use crate::{amount::Amount, bolt11::Bolt11};

const SAT_PER_BITCOIN: u64 = 100_000_000;

/// The link. It has no address: the invoice is paid over Lightning only.
///
/// The scheme and the keys are in small letters, since some wallets know no others. The value is in capitals, which makes the
/// smallest QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentUri(String);

impl PaymentUri {
    /// Of an invoice for this amount. BIP 321 writes amounts in bitcoin, with eight decimal places: one that is no whole number of
    /// satoshis is in the invoice alone.
    pub fn of(bolt11: &Bolt11, amount: Amount) -> Self {
        let amount = match amount {
            Amount::Exact(amount) => amount.whole_sat().map(in_bitcoin),
            Amount::Any => None,
        };
        let amount = amount.map_or_else(String::new, |amount| format!("amount={amount}&"));
        let bolt11 = bolt11.as_str().to_uppercase();
        Self(format!("bitcoin:?{amount}lightning={bolt11}"))
    }

    /// The link as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Satoshis in bitcoin, without zeros at the end.
fn in_bitcoin(sat: u64) -> String {
    let whole = sat / SAT_PER_BITCOIN;
    let part = format!("{:08}", sat % SAT_PER_BITCOIN);
    match part.trim_end_matches('0') {
        "" => whole.to_string(),
        part => format!("{whole}.{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        amount::Msat,
        payment_string::{PaymentString, Way},
    };

    /// Made by lightningd v26.06.6 on regtest: 10,000 msat, "one coffee".
    const COFFEE: &str = "lnbcrt100n1p4spqg3sp523g63gs964jmp7ng34q0c50ph7yw8m8ntjty4jk320uet5jvemtqpp5me7zx3j2lqa0q3v7yev83uscw2qr7fpj9nfg4jzuydpjhpkmkaqqdqsdahx2grrdanxvet9xqyjw5qcqp29qxpqysgq9g5c9hu0quyvepfcw4peark9dtm79qcyg3fmnp2306gk20t8lwnp0zasxmwrhe30p5djrlx2puakgu3d7zy5wgeva3pqt3prtcqxfugp963xnh";

    #[test]
    fn it_is_read_as_the_invoice() {
        let bolt11 = Bolt11::decode(COFFEE).unwrap().bolt11;
        let uri = PaymentUri::of(&bolt11, Amount::Exact(Msat::from_msat(10_000).unwrap()));
        let (keys, value) = uri.as_str().rsplit_once('=').unwrap();
        assert_eq!(keys, "bitcoin:?amount=0.0000001&lightning");
        assert_eq!(value, COFFEE.to_uppercase());
        let read = PaymentString::parse(uri.as_str()).unwrap();
        let Way::Bolt11(request) = read.way else {
            panic!("{read:?}");
        };
        assert_eq!(request.decoded.bolt11, bolt11);
    }

    #[test]
    fn an_amount_is_in_bitcoin_if_bitcoin_can_say_it() {
        for (sat, text) in [
            (1, "0.00000001"),
            (2_100_000_000_000_000, "21000000"),
            (123_456_789, "1.23456789"),
            (150_000_000, "1.5"),
        ] {
            assert_eq!(in_bitcoin(sat), text);
        }
        let bolt11 = Bolt11::decode(COFFEE).unwrap().bolt11;
        for amount in [Amount::Any, Amount::Exact(Msat::from_msat(10_001).unwrap())] {
            let uri = PaymentUri::of(&bolt11, amount);
            assert!(uri.as_str().starts_with("bitcoin:?lightning=LNBCRT"));
        }
    }
}
