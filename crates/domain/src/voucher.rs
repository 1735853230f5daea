//! Vouchers: links that whoever has them may claim once, by LNURL-withdraw (LUD-03). A refund by a link is a voucher for a
//! sale. Claiming one orders a payout; nothing here pays.

use std::fmt;

use bitcoin::hex::DisplayHex;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    amount::Msat,
    bolt11::PaymentHash,
    label::{Label, LabelKey},
    payout::{PayoutId, PayoutState, Reason},
};

/// The id of a voucher: `vo_` and 32 hexadecimal digits. It is no secret, and claims nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VoucherId(String);

/// The id of vouchers that were issued together: `vb_` and 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BatchId(String);

/// What claims a voucher: 32 hexadecimal digits, in its link and as its `k1`. It follows from the id and the label key, and the
/// records have only its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct VoucherSecret(String);

/// A voucher, and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Its id.
    pub id: VoucherId,
    /// Those that it was issued with.
    pub batch: BatchId,
    /// Which of them it is, from 1.
    pub number: u32,
    /// What was issued.
    pub terms: VoucherTerms,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it was taken back.
    pub cancelled_at: Option<Timestamp>,
    /// The last claim of it.
    pub claim: Option<Claim>,
}

/// What vouchers are to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherTerms {
    /// What each of them pays, exactly.
    pub amount: Msat,
    /// The most that a payment may cost on top; `None`: the default of payouts.
    pub max_fee: Option<Msat>,
    /// Why; whoever claims it sees this.
    pub reason: Option<Reason>,
    /// The sale that it refunds.
    pub invoice: Option<Label>,
    /// The name of the token that asked for it.
    pub asked_by: String,
    /// It cannot be claimed after this.
    pub expires_at: Timestamp,
}

/// A claim of a voucher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The payout that was ordered for it.
    pub payout: PayoutId,
    /// Where that stands.
    pub state: PayoutState,
    /// The payment hash of the invoice that claimed it.
    pub payment_hash: PaymentHash,
    /// When it was claimed.
    pub claimed_at: Timestamp,
}

/// Where a voucher stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoucherState {
    /// It can be claimed.
    Open,
    /// It was claimed, and its payout is not over.
    Claimed,
    /// It is paid.
    Paid,
    /// It was taken back, or its payout was.
    Cancelled,
    /// Its time ran out.
    Expired,
}

const DIGITS: usize = 32;

impl VoucherId {
    const PREFIX: &str = "vo_";

    /// The id of the voucher of this number of a batch.
    pub fn of_batch(label_key: &LabelKey, batch: &BatchId, number: u32) -> Self {
        let parts = [batch.0.as_bytes(), &number.to_be_bytes()];
        Self(digits(label_key, Self::PREFIX, "voucher", &parts))
    }

    /// Reads one; `None` for what cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        is_id(text, Self::PREFIX).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The payout of the claim after so many that failed. It is the same one in records that were restored from a backup,
    /// whatever invoice comes then: a payer that has paid it does not pay it again.
    pub fn payout(&self, label_key: &LabelKey, failed_claims: u32) -> PayoutId {
        PayoutId::of_request(label_key, &self.0, &failed_claims.to_string())
    }
}

impl BatchId {
    const PREFIX: &str = "vb_";

    /// The id of the batch of the request that `scope` calls `key`.
    pub fn of_request(label_key: &LabelKey, scope: &str, key: &str) -> Self {
        // With its length, no two scopes and keys are the same bytes.
        let length = u64::try_from(scope.len()).unwrap_or(u64::MAX);
        let parts = [&length.to_be_bytes()[..], scope.as_bytes(), key.as_bytes()];
        Self(digits(label_key, Self::PREFIX, "voucher batch", &parts))
    }

    /// Reads one; `None` for what cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        is_id(text, Self::PREFIX).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl VoucherSecret {
    /// The secret of a voucher.
    pub fn of(label_key: &LabelKey, id: &VoucherId) -> Self {
        let parts = [id.0.as_bytes()];
        Self(digits(label_key, "", "voucher secret", &parts))
    }

    /// Reads one; `None` for what cannot be one. Wallets may write it in capital letters.
    pub fn parse(text: &str) -> Option<Self> {
        let small = text.to_ascii_lowercase();
        is_id(&small, "").then_some(Self(small))
    }

    /// The text, for the link.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the records have of it. It has 128 random bits, so that nothing slower is needed against guessing.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

impl VoucherState {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::Claimed,
        Self::Paid,
        Self::Cancelled,
        Self::Expired,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

impl Voucher {
    /// Where it stands at this time. One whose payout failed, or expired before a payer began it, can be claimed again, with
    /// another invoice: nothing was paid, and nothing will be.
    pub fn state(&self, now: Timestamp) -> VoucherState {
        if self.cancelled_at.is_some() {
            return VoucherState::Cancelled;
        }
        match self.claim.as_ref().map(|claim| claim.state) {
            Some(PayoutState::Paid) => VoucherState::Paid,
            Some(PayoutState::Cancelled) => VoucherState::Cancelled,
            Some(
                PayoutState::Ordered
                | PayoutState::Approved
                | PayoutState::Paying
                | PayoutState::Unknown,
            ) => VoucherState::Claimed,
            Some(PayoutState::Failed | PayoutState::Expired) | None => {
                match self.terms.expires_at > now {
                    true => VoucherState::Open,
                    false => VoucherState::Expired,
                }
            }
        }
    }
}

fn digits(label_key: &LabelKey, prefix: &str, purpose: &str, parts: &[&[u8]]) -> String {
    let digits: [u8; DIGITS / 2] = label_key.hmac(purpose, parts);
    format!("{prefix}{}", digits.to_lower_hex_string())
}

fn is_id(text: &str, prefix: &str) -> bool {
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix(prefix)
        .is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(hex))
}

/// Never shown in logs.
impl fmt::Debug for VoucherSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VoucherSecret")
    }
}

impl fmt::Display for VoucherId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_voucher_can_be_claimed_until_a_payout_may_pay_it() {
        let key = LabelKey::random();
        let batch = BatchId::of_request(&key, "token", "1");
        let id = VoucherId::of_batch(&key, &batch, 1);
        let mut voucher = Voucher {
            id: id.clone(),
            batch,
            number: 1,
            terms: VoucherTerms {
                amount: Msat::from_msat(1).unwrap(),
                max_fee: None,
                reason: None,
                invoice: None,
                asked_by: "shop".to_owned(),
                expires_at: at(100),
            },
            created_at: at(0),
            cancelled_at: None,
            claim: None,
        };
        assert_eq!(voucher.state(at(99)), VoucherState::Open);
        assert_eq!(voucher.state(at(100)), VoucherState::Expired);
        for (payout, now, state) in [
            (PayoutState::Ordered, 99, VoucherState::Claimed),
            (PayoutState::Unknown, 200, VoucherState::Claimed),
            (PayoutState::Paid, 200, VoucherState::Paid),
            (PayoutState::Failed, 99, VoucherState::Open),
            (PayoutState::Failed, 100, VoucherState::Expired),
            (PayoutState::Expired, 99, VoucherState::Open),
            (PayoutState::Cancelled, 99, VoucherState::Cancelled),
        ] {
            voucher.claim = Some(Claim {
                payout: id.payout(&key, 0),
                state: payout,
                payment_hash: PaymentHash::from_bytes([1; 32]),
                claimed_at: at(1),
            });
            assert_eq!(voucher.state(at(now)), state, "{payout:?}");
        }
        voucher.cancelled_at = Some(at(2));
        assert_eq!(voucher.state(at(3)), VoucherState::Cancelled);
    }

    #[test]
    fn a_secret_follows_from_the_key_and_claims_one_voucher() {
        let key = LabelKey::random();
        let batch = BatchId::of_request(&key, "token", "1");
        let [one, two] = [1, 2].map(|number| VoucherId::of_batch(&key, &batch, number));
        let secret = VoucherSecret::of(&key, &one);
        assert_eq!(VoucherSecret::of(&key, &one), secret);
        assert_ne!(VoucherSecret::of(&key, &two), secret);
        assert_ne!(VoucherSecret::of(&LabelKey::random(), &one), secret);
        let upper = secret.expose().to_uppercase();
        assert_eq!(VoucherSecret::parse(&upper), Some(secret.clone()));
        assert!(!format!("{secret:?}").contains(secret.expose()));
        assert!(!one.as_str().contains(secret.expose()));
        assert_ne!(one.payout(&key, 0), one.payout(&key, 1));
        assert_ne!(one.payout(&key, 0), two.payout(&key, 0));
        for text in ["", "00", &"g".repeat(32), &format!("{upper}0")] {
            assert_eq!(VoucherSecret::parse(text), None, "{text:?}");
        }
    }
}
