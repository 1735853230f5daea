//! The record: a TXT record with a `bitcoin:` link that names the offer (BIP 353).

use std::fmt;

use super::name::PaymentName;
use facture_domain::payment_string::Bolt12;

/// How long others may remember it, in seconds: after a change, the old offer is paid for so long.
const TTL_SECONDS: u32 = 3600;

/// The most bytes of a string in a TXT record (RFC 1035 §3.3).
const MAX_STRING: usize = 255;

/// What the text of the record begins with, in any case of letters.
pub(super) const SCHEME: &str = "bitcoin:";

/// A record for an offer.
#[derive(Debug)]
pub(super) struct DnsRecord<'a> {
    pub(super) name: &'a PaymentName,
    pub(super) offer: &'a Bolt12,
}

/// As zone files have it: the text in quoted strings, which readers join.
impl fmt::Display for DnsRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {TTL_SECONDS} IN TXT", self.name.in_dns())?;
        let mut rest = format!("{SCHEME}?lno={}", self.offer);
        while !rest.is_empty() {
            // All of it is ASCII.
            let tail = rest.split_off(rest.len().min(MAX_STRING));
            write!(f, " \"{rest}\"")?;
            rest = tail;
        }
        Ok(())
    }
}

/// The offer that a text of a record names, as it is written there.
pub(super) fn offer_in(text: &str) -> Option<&str> {
    let (_, query) = text.split_once('?')?;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut offers = pairs.filter(|(key, _)| key.eq_ignore_ascii_case("lno"));
    offers.next().map(|(_, offer)| offer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use facture_domain::payment_string::Bolt12Kind;

    #[test]
    fn a_long_offer_is_split() {
        let name = "shop@example.com".parse().unwrap();
        let offer = Bolt12::stored(Bolt12Kind::Offer, format!("lno1{}", "q".repeat(516)));
        let record = DnsRecord {
            name: &name,
            offer: &offer,
        };
        let record = record.to_string();
        let (head, text) = record.split_once(" TXT ").unwrap();
        assert_eq!(head, "shop.user._bitcoin-payment.example.com. 3600 IN");
        let strings: Vec<_> = text
            .split(' ')
            .map(|quoted| quoted.strip_prefix('"').unwrap().strip_suffix('"').unwrap())
            .collect();
        assert!(strings.iter().all(|string| string.len() <= MAX_STRING));
        assert_eq!(strings.concat(), format!("bitcoin:?lno={offer}"));
        assert_eq!(offer_in(&strings.concat()), Some(offer.as_str()));
    }

    #[test]
    fn an_offer_is_found_beside_other_ways() {
        for (text, offer) in [
            ("BITCOIN:bc1q?sp=x&LNO=LNO1PG", Some("LNO1PG")),
            ("bitcoin:bc1q?lightning=x", None),
            ("bitcoin:bc1q", None),
        ] {
            assert_eq!(offer_in(text), offer);
        }
    }
}
