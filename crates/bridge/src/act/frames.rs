//! What answers to frames say, in the source's words: LND's `PayReq` and `SendResponse`. Amounts are whole satoshis, rounded
//! down, unless a name says otherwise; hashes are small hexadecimal digits.

use facture_domain::payment_string::{PaymentMemo, PaymentRequest};
use facture_domain::{Amount, Msat};
use serde::Serialize;
use utoipa::ToSchema;

/// What a payment request says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecodedRequest)]
pub(super) struct DecodedJson {
    /// The node that is paid: its public key in hexadecimal.
    destination: String,
    payment_hash: String,
    /// 0: the payer chooses.
    num_satoshis: u64,
    /// When it was made, in seconds since 1970.
    timestamp: i64,
    /// How long it can be paid, in seconds.
    expiry: i64,
    /// Empty if there is only a hash of it.
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description_hash: Option<String>,
    cltv_expiry: u64,
}

/// How a payment was made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub(super) struct PaidJson {
    /// The proof of payment.
    #[schema(required = true)]
    payment_preimage: Option<String>,
    payment_route: RouteJson,
    #[schema(required = true)]
    payment_hash: Option<String>,
}

/// A payment that was made.
#[derive(Clone, Debug)]
pub(super) struct Payment {
    pub(super) amount_msat: Option<u64>,
    pub(super) fee_msat: Option<u64>,
    pub(super) payment_hash: Option<String>,
    pub(super) preimage: Option<String>,
}

/// The sums of a payment. Its hops are not told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentRoute)]
struct RouteJson {
    /// Not known.
    #[schema(required = true)]
    total_time_lock: Option<u64>,
    /// In satoshis, rounded down.
    #[schema(required = true)]
    total_fees: Option<u64>,
    /// In satoshis, rounded down, with the fees.
    #[schema(required = true)]
    total_amt: Option<u64>,
    /// Not known: empty.
    #[schema(value_type = Vec<Value>, max_items = 0)]
    hops: [(); 0],
    #[schema(required = true)]
    total_fees_msat: Option<u64>,
    #[schema(required = true)]
    total_amt_msat: Option<u64>,
}

impl DecodedJson {
    pub(super) fn of(request: &PaymentRequest) -> Self {
        let decoded = &request.decoded;
        let (description, description_hash) = match &request.memo {
            PaymentMemo::Text(text) => (text.clone(), None),
            PaymentMemo::Hash(hash) => (String::new(), Some(hash.clone())),
        };
        Self {
            destination: request.payee.to_string(),
            payment_hash: decoded.payment_hash.to_string(),
            num_satoshis: match decoded.amount {
                Amount::Any => 0,
                Amount::Exact(amount) => Msat::msat(amount) / 1000,
            },
            timestamp: decoded.created_at.as_second(),
            expiry: request.expires_at.as_second() - decoded.created_at.as_second(),
            description,
            description_hash,
            cltv_expiry: request.min_final_cltv,
        }
    }
}

impl PaidJson {
    /// Of an amount and its fee in millisatoshis. LND's totals include the fees.
    pub(super) fn of(payment: Payment) -> Self {
        let fees = payment.fee_msat;
        let total = payment.amount_msat.zip(fees);
        let total = total.and_then(|(amount, fee)| amount.checked_add(fee));
        Self {
            payment_preimage: payment.preimage,
            payment_route: RouteJson {
                total_time_lock: None,
                total_fees: fees.map(|msat| msat / 1000),
                total_amt: total.map(|msat| msat / 1000),
                hops: [],
                total_fees_msat: fees,
                total_amt_msat: total,
            },
            payment_hash: payment.payment_hash,
        }
    }
}
