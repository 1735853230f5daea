//! Tokens of the scheme `L402` (github.com/lightninglabs/L402): a macaroon whose identifier is the version (0, two bytes), the
//! payment hash and a random token id, 32 bytes each. With the preimage it shows that it was paid for. The root key of each
//! follows from its token id, so none are stored.

use jiff::Timestamp;
use subtle::ConstantTimeEq;

use super::{
    macaroon::Macaroon,
    resource::ResourceName,
    terms::{PaywallKey, Refused, Wanted},
};
use crate::{amount::Msat, bolt11::PaymentHash, preimage::Preimage};

const VERSION: [u8; 2] = [0, 0];
const IDENTIFIER_BYTES: usize = 66;

impl PaywallKey {
    /// A new token for a resource, in base64, that counts once this payment hash is paid, until then.
    pub fn token(
        &self,
        resource: &ResourceName,
        price: Msat,
        valid_until: Timestamp,
        payment_hash: PaymentHash,
    ) -> String {
        let token_id: [u8; 32] = rand::random();
        let identifier = [&VERSION[..], &payment_hash.to_bytes(), &token_id].concat();
        let caveats = vec![
            format!("services={resource}:0"),
            format!("{resource}_price_msat={}", price.msat()),
            format!("{resource}_valid_until={}", valid_until.as_second()),
        ];
        Macaroon::new(&self.root_key(&token_id), identifier, caveats).encode()
    }

    /// Checks what follows `L402 ` or `LSAT `: the token, a colon and the preimage in hexadecimal.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn check_l402(
        &self,
        credential: &str,
        wanted: Wanted<'_>,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let (token, preimage) = credential.rsplit_once(':').ok_or(Refused::Malformed)?;
        // Some clients send several macaroons, separated by commas; ours is one.
        let macaroon = Macaroon::parse(token).ok_or(Refused::Malformed)?;
        let preimage = Preimage::parse(preimage).map_err(|_| Refused::Malformed)?;
        let identifier: &[u8; IDENTIFIER_BYTES] = macaroon
            .identifier
            .as_slice()
            .try_into()
            .map_err(|_| Refused::Malformed)?;
        let (hash, token_id) = identifier[VERSION.len()..].split_at(32);
        let token_id: &[u8; 32] = token_id.try_into().map_err(|_| Refused::Malformed)?;
        if identifier[..VERSION.len()] != VERSION || !macaroon.is_of(&self.root_key(token_id)) {
            return Err(Refused::Forged);
        }
        let paid: bool = preimage.payment_hash().to_bytes().ct_eq(hash).into();
        if !paid {
            return Err(Refused::WrongPreimage);
        }
        check_caveats(&macaroon.caveats, wanted, now)
    }

    fn root_key(&self, token_id: &[u8; 32]) -> [u8; 32] {
        self.0.hmac("l402 root key", &[token_id])
    }
}

/// All must hold, those that a holder appended, too.
fn check_caveats(caveats: &[String], wanted: Wanted<'_>, now: Timestamp) -> Result<(), Refused> {
    let name = wanted.resource.as_str();
    let mut is_named = false;
    for caveat in caveats {
        let (condition, value) = caveat.split_once('=').ok_or(Refused::UnknownCaveat)?;
        if condition == "services" {
            let names = value.split(',').map(|service| {
                let (name, _tier) = service.split_once(':').unwrap_or((service, ""));
                name.trim()
            });
            if !names.into_iter().any(|service| service == name) {
                return Err(Refused::OtherResource);
            }
            is_named = true;
            continue;
        }
        let constraint = condition
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('_'));
        let number = || value.parse::<i64>().map_err(|_| Refused::UnknownCaveat);
        match constraint {
            Some("valid_until") if now.as_second() >= number()? => return Err(Refused::Expired),
            Some("valid_until") => {}
            Some("price_msat") => {
                let least = wanted.least.map_or(0, Msat::msat);
                // A holder may append a higher one: each must be enough.
                if !u64::try_from(number()?).is_ok_and(|price| price >= least) {
                    return Err(Refused::LowerPrice);
                }
            }
            _ => return Err(Refused::UnknownCaveat),
        }
    }
    is_named.then_some(()).ok_or(Refused::OtherResource)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::label::LabelKey;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn name(text: &str) -> ResourceName {
        ResourceName::parse(text).unwrap()
    }

    fn key() -> PaywallKey {
        PaywallKey::new(LabelKey::parse(&"07".repeat(32)).unwrap())
    }

    fn preimage() -> Preimage {
        Preimage::from_bytes([9; 32])
    }

    fn token() -> String {
        let price = Msat::from_msat(5000).unwrap();
        key().token(&name("article"), price, at(100), preimage().payment_hash())
    }

    fn check(token: &str, resource: &str, least: Option<u64>, now: i64) -> Result<(), Refused> {
        let credential = format!("{token}:{}", preimage().to_hex());
        let wanted = Wanted {
            resource: &name(resource),
            least: least.and_then(Msat::from_msat),
        };
        key().check_l402(&credential, wanted, at(now))
    }

    fn narrowed(caveat: &str) -> String {
        Macaroon::parse(&token()).unwrap().narrowed(caveat).encode()
    }

    #[test]
    fn what_was_paid_opens_its_resource_until_it_is_over() {
        assert_eq!(check(&token(), "article", None, 99), Ok(()));
        assert_eq!(check(&token(), "article", Some(5000), 99), Ok(()));
        assert_eq!(check(&token(), "article", None, 100), Err(Refused::Expired));
        assert_eq!(
            check(&token(), "article", Some(5001), 99),
            Err(Refused::LowerPrice)
        );
        for other in ["articl", "article2", "other"] {
            assert_eq!(
                check(&token(), other, None, 99),
                Err(Refused::OtherResource)
            );
        }
    }

    #[test]
    fn holders_can_only_narrow_it() {
        for (caveat, expected) in [
            ("services=article:0", Ok(())),
            ("article_valid_until=99", Ok(())),
            ("article_valid_until=1000", Ok(())),
            ("article_price_msat=999999", Ok(())),
            ("article_valid_until=98", Err(Refused::Expired)),
            ("services=other:0", Err(Refused::OtherResource)),
            ("article_capabilities=read", Err(Refused::UnknownCaveat)),
            ("ip=192.0.2.1", Err(Refused::UnknownCaveat)),
            ("article_valid_until=soon", Err(Refused::UnknownCaveat)),
            ("", Err(Refused::UnknownCaveat)),
        ] {
            let found = check(&narrowed(caveat), "article", Some(5000), 98);
            assert_eq!(found, expected, "{caveat}");
        }
        let late = check(&narrowed("article_valid_until=1000"), "article", None, 100);
        assert_eq!(late, Err(Refused::Expired));
        let cheap = narrowed("article_price_msat=999999");
        let found = check(&cheap, "article", Some(6000), 98);
        assert_eq!(found, Err(Refused::LowerPrice));
    }

    #[test]
    fn what_is_forged_or_unpaid_opens_nothing() {
        let wanted = Wanted {
            resource: &name("article"),
            least: None,
        };
        let check = |credential: &str| key().check_l402(credential, wanted, at(50));
        let (token, preimage) = (token(), preimage().to_hex());
        assert_eq!(check(&format!("{token}:{preimage}")), Ok(()));
        let other = "00".repeat(32);
        assert_eq!(
            check(&format!("{token}:{other}")),
            Err(Refused::WrongPreimage)
        );
        let stranger = PaywallKey::new(LabelKey::random());
        let theirs = stranger.token(
            &name("article"),
            Msat::from_msat(5000).unwrap(),
            at(100),
            self::preimage().payment_hash(),
        );
        assert_eq!(check(&format!("{theirs}:{preimage}")), Err(Refused::Forged));
        // A macaroon without any caveat, by somebody who has no key.
        let bare = Macaroon::new(&[0; 32], vec![0; 66], Vec::new()).encode();
        assert_eq!(check(&format!("{bare}:{preimage}")), Err(Refused::Forged));
        let short = Macaroon::new(&[0; 32], vec![0; 65], Vec::new()).encode();
        for text in ["", ":", &token, &preimage, &format!("{short}:{preimage}")] {
            assert_eq!(check(text), Err(Refused::Malformed), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_change_of_a_token_is_seen(at in 0_usize..160, by in 1_u8..=255) {
            use base64::{Engine, engine::general_purpose::STANDARD};
            let token = token();
            let mut bytes = STANDARD.decode(&token).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= by;
            prop_assert!(check(&STANDARD.encode(bytes), "article", None, 50).is_err());
        }

        #[test]
        fn nothing_makes_the_check_panic(text in "\\PC{0,200}", caveat in "\\PC{0,40}") {
            let wanted = Wanted { resource: &name("article"), least: None };
            let _ = key().check_l402(&text, wanted, at(50));
            let _ = check(&narrowed(&caveat), "article", None, 50);
        }
    }
}
