//! The hook `htlc_accepted`: what lightningd asks, and the answers that we give. lightningd ends when an answer is not
//! well-formed, so there is one place that writes them, and nothing but these.

use serde_json::{Value, json};

use crate::{
    bytes::Bytes32,
    hold::{HtlcId, Part},
};

/// An incoming HTLC that pays a hash, as far as the hook tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Htlc {
    pub(crate) payment_hash: Bytes32,
    pub(crate) part: Part,
    /// What the payer's onion says that should arrive, at least.
    pub(crate) forward_msat: u64,
    /// The earliest expiry that the payer's onion allows.
    pub(crate) outgoing_cltv_value: u32,
    /// What all parts of this payment are to add up to.
    pub(crate) total_msat: u64,
    pub(crate) payment_secret: Bytes32,
}

/// A request of the hook, as far as it is known what to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// It does not pay us: it is forwarded, or cannot be read.
    Foreign,
    /// It pays this hash.
    Pays(Bytes32, Box<Paying>),
}

/// What is known of an HTLC that pays us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Paying {
    Complete(Htlc),
    /// It lacks what a payer of a BOLT 11 string knows, or has what no such payer sends. With its amount, if that is known.
    Unfit(u64),
}

/// An answer to the hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// lightningd goes on as if we were not there.
    Continue,
    /// `incorrect_or_unknown_payment_details`: with the HTLC's amount and a height that is not above the chain's, or the
    /// payer would wait for that block.
    Unknown { amount_msat: u64, height: u32 },
    /// `temporary_node_failure`: the payer may try again.
    TemporaryFailure,
    /// `mpp_timeout`: the other parts of the payment did not come.
    MppTimeout,
}

impl Request {
    /// Reads what the hook was called with.
    pub(crate) fn read(request: &Value) -> Self {
        let (onion, htlc) = (&request["onion"], &request["htlc"]);
        let hash = htlc["payment_hash"].as_str().map(str::parse);
        let Some(Ok(payment_hash)) = hash else {
            return Self::Foreign;
        };
        let forwarded = |name: &str| onion.get(name).is_some_and(|value| !value.is_null());
        if forwarded("short_channel_id") || forwarded("next_node_id") {
            return Self::Foreign;
        }
        let paying = Htlc::read(payment_hash, onion, htlc);
        let unfit = || Paying::Unfit(msat(&htlc["amount_msat"]).unwrap_or_default());
        let paying = paying.map_or_else(unfit, Paying::Complete);
        Self::Pays(payment_hash, Box::new(paying))
    }
}

impl Htlc {
    fn read(payment_hash: Bytes32, onion: &Value, htlc: &Value) -> Option<Self> {
        if !onion["payment_metadata"].is_null() {
            // No string of ours has any.
            return None;
        }
        let height = |value: &Value| value.as_u64().and_then(|height| u32::try_from(height).ok());
        Some(Self {
            payment_hash,
            part: Part {
                htlc: HtlcId {
                    short_channel_id: htlc["short_channel_id"].as_str()?.to_owned(),
                    id: htlc["id"].as_u64()?,
                },
                amount_msat: msat(&htlc["amount_msat"])?,
                // Not the relative one: it is wrong while lightningd catches up with the chain.
                cltv_expiry: height(&htlc["cltv_expiry"])?,
            },
            forward_msat: msat(&onion["forward_msat"])?,
            outgoing_cltv_value: height(&onion["outgoing_cltv_value"])?,
            total_msat: msat(&onion["total_msat"])?,
            payment_secret: onion["payment_secret"].as_str()?.parse().ok()?,
        })
    }
}

impl Verdict {
    /// The same as JSON.
    pub(crate) fn answer(self) -> Value {
        let failure = match self {
            Self::Continue => return json!({ "result": "continue" }),
            Self::Unknown {
                amount_msat,
                height,
            } => format!("400f{amount_msat:016x}{height:08x}"),
            Self::TemporaryFailure => "2002".to_owned(),
            Self::MppTimeout => "0017".to_owned(),
        };
        json!({ "result": "fail", "failure_message": failure })
    }
}

/// A number, or a text such as `1000msat`, as old versions wrote.
fn msat(value: &Value) -> Option<u64> {
    let text = || value.as_str()?.strip_suffix("msat")?.parse().ok();
    value.as_u64().or_else(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Value {
        json!({
            "onion": {
                "payload": "00", "type": "tlv", "forward_msat": 1000, "outgoing_cltv_value": 200, "total_msat": 1000,
                "payment_secret": "ab".repeat(32), "shared_secret": "00", "next_onion": "00",
            },
            "htlc": {
                "short_channel_id": "103x1x0", "id": 7, "amount_msat": 1000, "cltv_expiry": 201,
                "cltv_expiry_relative": 41, "payment_hash": "cd".repeat(32),
            },
        })
    }

    #[test]
    fn a_payment_is_read() {
        let Request::Pays(hash, paying) = Request::read(&request()) else {
            panic!("it pays us");
        };
        assert_eq!(hash, Bytes32([0xcd; 32]));
        let Paying::Complete(htlc) = *paying else {
            panic!("all is there");
        };
        assert_eq!(htlc.part.htlc.id, 7);
        assert_eq!((htlc.part.amount_msat, htlc.part.cltv_expiry), (1000, 201));
        assert_eq!(htlc.payment_secret, Bytes32([0xab; 32]));
    }

    #[test]
    fn what_is_forwarded_is_foreign() {
        for name in ["short_channel_id", "next_node_id"] {
            let mut forwarded = request();
            forwarded["onion"][name] = "1x1x1".into();
            assert_eq!(Request::read(&forwarded), Request::Foreign);
        }
    }

    #[test]
    fn what_cannot_be_read_is_foreign_or_unfit() {
        for bad in [
            json!({}),
            json!(null),
            json!([]),
            json!({"htlc": {"payment_hash": 5}}),
        ] {
            assert_eq!(Request::read(&bad), Request::Foreign);
        }
        for (part, name) in [
            ("onion", "payment_secret"),
            ("onion", "total_msat"),
            ("onion", "forward_msat"),
            ("htlc", "id"),
            ("htlc", "cltv_expiry"),
        ] {
            for value in [json!(null), json!(-1), json!("x"), json!({}), json!(1.5)] {
                let mut bad = request();
                bad[part][name] = value;
                let Request::Pays(_, paying) = Request::read(&bad) else {
                    panic!("its hash can be read");
                };
                assert_eq!(*paying, Paying::Unfit(1000), "{name}");
            }
        }
        let mut with_metadata = request();
        with_metadata["onion"]["payment_metadata"] = "00".into();
        assert!(matches!(
            Request::read(&with_metadata),
            Request::Pays(_, paying) if *paying == Paying::Unfit(1000)
        ));
    }

    #[test]
    fn answers_are_what_lightningd_takes() {
        assert_eq!(Verdict::Continue.answer(), json!({"result": "continue"}));
        let unknown = Verdict::Unknown {
            amount_msat: 100_000,
            height: 126,
        };
        assert_eq!(
            unknown.answer(),
            json!({"result": "fail", "failure_message": "400f00000000000186a00000007e"})
        );
        let longest = Verdict::Unknown {
            amount_msat: u64::MAX,
            height: u32::MAX,
        };
        let answer = longest.answer();
        let message = answer["failure_message"].as_str().unwrap();
        assert_eq!(hex::decode(message).unwrap().len(), 2 + 8 + 4);
        for (verdict, code) in [
            (Verdict::TemporaryFailure, "2002"),
            (Verdict::MppTimeout, "0017"),
        ] {
            assert_eq!(
                verdict.answer(),
                json!({"result": "fail", "failure_message": code})
            );
        }
    }
}
