//! The scheme `Payment` (draft-httpauth-payment-00 with draft-lightning-charge-00): a challenge whose `id` is an HMAC of all its
//! parameters, so that none are stored before they are paid, and a credential that repeats the challenge and has the preimage.
//! Whoever lets somebody in has to see to it that each payment hash is used once.

use base64::{
    Engine, alphabet,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::{
    resource::ResourceName,
    terms::{PaywallKey, Refused, Wanted},
};
use crate::{
    amount::Msat,
    bolt11::{Bolt11, PaymentHash},
    preimage::Preimage,
};

const METHOD: &str = "lightning";
const INTENT: &str = "charge";

/// The most characters of a credential.
const MAX_CREDENTIAL: usize = 8192;

/// Padding is not sent, and must be accepted.
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What is charged.
#[derive(Clone, Copy, Debug)]
pub struct Charge<'a> {
    /// What for.
    pub resource: &'a ResourceName,
    /// In words.
    pub description: &'a str,
    /// In whole satoshis.
    pub price_sat: u64,
    /// What is to be paid.
    pub bolt11: &'a Bolt11,
    /// Its payment hash.
    pub payment_hash: PaymentHash,
    /// Until when, at most as long as the invoice.
    pub expires: Timestamp,
}

/// The parameters of a challenge. None of them has a character that ends a quoted string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge(Echo);

/// A challenge that was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// What was paid: to be used once.
    pub payment_hash: PaymentHash,
    /// Until when it could be used.
    pub expires: Timestamp,
    challenge_id: String,
}

/// The header `Payment-Receipt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt(String);

/// A challenge, as a credential repeats it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Echo {
    id: String,
    realm: String,
    method: String,
    intent: String,
    request: String,
    expires: String,
}

#[derive(Deserialize)]
struct Credential {
    challenge: Echo,
    payload: Payload,
}

#[derive(Deserialize)]
struct Payload {
    preimage: String,
}

/// In the order of RFC 8785.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    amount: String,
    currency: String,
    description: String,
    external_id: String,
    method_details: MethodDetails,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MethodDetails {
    invoice: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    payment_hash: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptFields<'a> {
    challenge_id: &'a str,
    method: &'static str,
    reference: String,
    status: &'static str,
    timestamp: String,
}

impl PaywallKey {
    /// A challenge of this realm. `None`: it cannot be written down.
    pub fn challenge(&self, realm: &str, charge: Charge<'_>) -> Option<Challenge> {
        let request = Request {
            amount: charge.price_sat.to_string(),
            currency: "sat".to_owned(),
            description: charge.description.to_owned(),
            external_id: charge.resource.as_str().to_owned(),
            method_details: MethodDetails {
                invoice: charge.bolt11.as_str().to_owned(),
                network: network(charge.bolt11).map(str::to_owned),
                payment_hash: charge.payment_hash.to_string(),
            },
        };
        let mut echo = Echo {
            id: String::new(),
            // In a quoted string.
            realm: realm.replace(['"', '\\'], ""),
            method: METHOD.to_owned(),
            intent: INTENT.to_owned(),
            request: URL_SAFE_NO_PAD.encode(serde_json::to_vec(&request).ok()?),
            expires: Timestamp::from_second(charge.expires.as_second())
                .ok()?
                .to_string(),
        };
        echo.id = self.challenge_id(&echo);
        Some(Challenge(echo))
    }

    /// Checks what follows `Payment `: JSON in base64url.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn check_payment(
        &self,
        credential: &str,
        wanted: Wanted<'_>,
        now: Timestamp,
    ) -> Result<Paid, Refused> {
        let malformed = Refused::Malformed;
        if credential.len() > MAX_CREDENTIAL {
            return Err(malformed);
        }
        let json = BASE64_URL.decode(credential).map_err(|_| malformed)?;
        let credential: Credential = serde_json::from_slice(&json).map_err(|_| malformed)?;
        let preimage = Preimage::parse(&credential.payload.preimage).map_err(|_| malformed)?;
        let echo = credential.challenge;
        let expected = self.challenge_id(&echo);
        let is_ours: bool = expected.as_bytes().ct_eq(echo.id.as_bytes()).into();
        if !is_ours || echo.method != METHOD || echo.intent != INTENT {
            return Err(Refused::Forged);
        }
        // From here on it is what we wrote.
        let request = BASE64_URL.decode(&echo.request).map_err(|_| malformed)?;
        let request: Request = serde_json::from_slice(&request).map_err(|_| malformed)?;
        let expires: Timestamp = echo.expires.parse().map_err(|_| malformed)?;
        let hash: PaymentHash = request
            .method_details
            .payment_hash
            .parse()
            .map_err(|_| malformed)?;
        let price = request.amount.parse().ok().and_then(Msat::from_sat);
        if preimage.payment_hash() != hash {
            Err(Refused::WrongPreimage)
        } else if request.external_id != wanted.resource.as_str() {
            Err(Refused::OtherResource)
        } else if wanted
            .least
            .is_some_and(|least| price.is_none_or(|price| price < least))
        {
            Err(Refused::LowerPrice)
        } else if now >= expires {
            Err(Refused::Expired)
        } else {
            Ok(Paid {
                payment_hash: hash,
                expires,
                challenge_id: echo.id,
            })
        }
    }

    /// The seven slots of the draft; we use neither a digest nor `opaque`.
    fn challenge_id(&self, echo: &Echo) -> String {
        let slots = [
            &*echo.realm,
            &*echo.method,
            &*echo.intent,
            &*echo.request,
            &*echo.expires,
            "",
            "",
        ];
        let id: [u8; 32] = self
            .0
            .hmac("payment challenge", &[slots.join("|").as_bytes()]);
        URL_SAFE_NO_PAD.encode(id)
    }
}

impl Challenge {
    /// The value of `WWW-Authenticate`.
    pub fn header(&self) -> String {
        let Self(Echo {
            id,
            realm,
            method,
            intent,
            request,
            expires,
        }) = self;
        format!(
            "Payment id=\"{id}\", realm=\"{realm}\", method=\"{method}\", intent=\"{intent}\", request=\"{request}\", expires=\"{expires}\""
        )
    }
}

impl Paid {
    /// What the payer gets for it. `None`: it cannot be written down.
    pub fn receipt(&self, now: Timestamp) -> Option<Receipt> {
        let now = Timestamp::from_second(now.as_second()).ok()?;
        let fields = ReceiptFields {
            challenge_id: &self.challenge_id,
            method: METHOD,
            reference: self.payment_hash.to_string(),
            status: "success",
            timestamp: now.to_string(),
        };
        let json = serde_json::to_vec(&fields).ok()?;
        Some(Receipt(URL_SAFE_NO_PAD.encode(json)))
    }
}

impl Receipt {
    /// The value of `Payment-Receipt`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The draft's name of the network that the invoice is on; `None` for those that it has no name for.
fn network(bolt11: &Bolt11) -> Option<&'static str> {
    let named = [
        ("lnbcrt", "regtest"),
        ("lntbs", "signet"),
        ("lnbc", "mainnet"),
    ];
    let mut named = named.into_iter();
    named
        .find(|(prefix, _)| bolt11.as_str().starts_with(prefix))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

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

    fn challenge() -> Challenge {
        let charge = Charge {
            resource: &name("article"),
            description: "An \"article\" with ☕",
            price_sat: 5,
            bolt11: &Bolt11::stored("lnbcrt50n1example".to_owned()),
            payment_hash: preimage().payment_hash(),
            expires: at(1000),
        };
        key().challenge("shop.example", charge).unwrap()
    }

    fn echo(Challenge(echo): &Challenge) -> Value {
        json!({
            "id": echo.id, "realm": echo.realm, "method": echo.method, "intent": echo.intent,
            "request": echo.request, "expires": echo.expires,
        })
    }

    fn credential(challenge: &Value, preimage: &Value) -> String {
        let json = json!({ "challenge": challenge, "payload": { "preimage": preimage } });
        BASE64_URL.encode(json.to_string())
    }

    fn check(
        credential: &str,
        resource: &str,
        least: Option<u64>,
        now: i64,
    ) -> Result<Paid, Refused> {
        let wanted = Wanted {
            resource: &name(resource),
            least: least.and_then(Msat::from_sat),
        };
        key().check_payment(credential, wanted, at(now))
    }

    #[test]
    fn the_request_is_canonical_and_says_what_is_paid() {
        let Challenge(echo) = challenge();
        let request = String::from_utf8(BASE64_URL.decode(&echo.request).unwrap()).unwrap();
        let hash = preimage().payment_hash();
        assert_eq!(
            request,
            format!(
                "{{\"amount\":\"5\",\"currency\":\"sat\",\"description\":\"An \\\"article\\\" with ☕\",\"externalId\":\"article\",\
                 \"methodDetails\":{{\"invoice\":\"lnbcrt50n1example\",\"network\":\"regtest\",\"paymentHash\":\"{hash}\"}}}}"
            )
        );
        assert_eq!(echo.expires, "1970-01-01T00:16:40Z");
        assert!(!echo.request.contains('='));
    }

    #[test]
    fn what_was_paid_lets_in_until_it_is_over() {
        let paid = credential(&echo(&challenge()), &preimage().to_hex().into());
        let accepted = check(&paid, "article", Some(5), 999).unwrap();
        assert_eq!(accepted.payment_hash, preimage().payment_hash());
        let receipt = accepted.receipt(at(999)).unwrap();
        let receipt: Value =
            serde_json::from_slice(&BASE64_URL.decode(receipt.as_str()).unwrap()).unwrap();
        assert_eq!(receipt["reference"], accepted.payment_hash.to_string());
        assert_eq!(receipt["challengeId"], echo(&challenge())["id"]);
        assert_eq!(check(&paid, "article", None, 1000), Err(Refused::Expired));
        assert_eq!(check(&paid, "other", None, 9), Err(Refused::OtherResource));
        assert_eq!(
            check(&paid, "article", Some(6), 9),
            Err(Refused::LowerPrice)
        );
        let wrong = credential(&echo(&challenge()), &"00".repeat(32).into());
        assert_eq!(
            check(&wrong, "article", None, 9),
            Err(Refused::WrongPreimage)
        );
    }

    #[test]
    fn every_changed_parameter_is_seen() {
        let original = echo(&challenge());
        for name in ["id", "realm", "method", "intent", "request", "expires"] {
            let mut changed = original.clone();
            changed[name] = format!("{}A", original[name].as_str().unwrap()).into();
            let credential = credential(&changed, &preimage().to_hex().into());
            assert_eq!(
                check(&credential, "article", None, 9),
                Err(Refused::Forged),
                "{name}"
            );
            let mut missing = original.clone();
            missing.as_object_mut().unwrap().remove(name);
            let credential = self::credential(&missing, &preimage().to_hex().into());
            assert_eq!(
                check(&credential, "article", None, 9),
                Err(Refused::Malformed),
                "{name}"
            );
        }
        // What ends one slot and begins the next.
        let mut shifted = original;
        shifted["realm"] = "shop.example|lightning".into();
        shifted["method"] = "".into();
        let credential = credential(&shifted, &preimage().to_hex().into());
        assert_eq!(check(&credential, "article", None, 9), Err(Refused::Forged));
    }

    #[test]
    fn what_cannot_be_read_is_malformed() {
        let short = credential(&echo(&challenge()), &"09".into());
        let number = credential(&echo(&challenge()), &9.into());
        let long = "A".repeat(MAX_CREDENTIAL + 1);
        for text in ["", "e30", "!", "bnVsbA", &short, &number, &long] {
            assert_eq!(
                check(text, "article", None, 9),
                Err(Refused::Malformed),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_the_check_panic(text in "\\PC{0,200}", json in "\\PC{0,200}") {
            let _ = check(&text, "article", None, 9);
            let _ = check(&BASE64_URL.encode(json), "article", None, 9);
        }

        #[test]
        fn no_realm_can_break_the_header(realm in "[ -~]{0,40}") {
            let charge = Charge {
                resource: &name("article"), description: "", price_sat: 1,
                bolt11: &Bolt11::stored(String::new()), payment_hash: preimage().payment_hash(), expires: at(9),
            };
            let header = key().challenge(&realm, charge).unwrap().header();
            prop_assert_eq!(header.matches('"').count(), 12);
        }
    }
}
