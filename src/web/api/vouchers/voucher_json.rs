//! A voucher as programs read it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use crate::{
    payouts::Payouts,
    web::{lnurl::link, origin::Origin, schema::one_of},
};
use facture_domain::{Label, Msat, Voucher, VoucherState};

/// A voucher. Whoever has its `lnurl` can claim it, once.
#[derive(Serialize, ToSchema)]
#[schema(as = Voucher)]
pub(crate) struct VoucherJson {
    #[schema(example = "vo_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    id: String,
    /// Where it stands. `open`: it can be claimed. `claimed`: a payout was ordered for it. A voucher whose payout failed, or
    /// expired before a payer began it, is `open` again.
    #[schema(schema_with = state_schema)]
    state: &'static str,
    /// What it pays, in millisatoshis.
    amount_msat: u64,
    /// The most that its payment may cost on top. `null`: 1 percent of the amount or 5 satoshis, whichever is more.
    #[schema(required = true)]
    max_fee_msat: Option<u64>,
    /// Why it was issued. Whoever claims it sees this.
    #[schema(required = true)]
    reason: Option<String>,
    /// The label of the sale that it refunds.
    #[schema(required = true)]
    invoice: Option<String>,
    /// What the vouchers of one request have in common.
    #[schema(example = "vb_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    batch: String,
    /// Which of them it is, from 1.
    number: u32,
    /// The link for wallets (LUD-01), in capital letters: the text of a QR code. Treat it like money.
    #[schema(example = "LNURL1DP68GURN8GHJ7…")]
    lnurl: String,
    /// The address in it.
    url: String,
    /// The payout that was ordered when it was last claimed.
    #[schema(required = true)]
    payout: Option<String>,
    /// When it was last claimed, in seconds since 1970.
    #[schema(required = true)]
    claimed_at: Option<i64>,
    /// The name of the token that asked for it.
    asked_by: String,
    /// When it was issued, in seconds since 1970.
    created_at: i64,
    /// It cannot be claimed after this.
    expires_at: i64,
}

impl VoucherJson {
    pub(super) fn new(payouts: &Payouts, voucher: &Voucher, origin: &Origin) -> Self {
        let url = link::url(origin, &payouts.voucher_secret(&voucher.id));
        let (terms, claim) = (&voucher.terms, voucher.claim.as_ref());
        Self {
            id: voucher.id.to_string(),
            state: payouts.voucher_state(voucher).as_str(),
            amount_msat: terms.amount.msat(),
            max_fee_msat: terms.max_fee.map(Msat::msat),
            reason: terms
                .reason
                .as_ref()
                .map(|reason| reason.as_str().to_owned()),
            invoice: terms.invoice.as_ref().map(Label::to_string),
            batch: voucher.batch.to_string(),
            number: voucher.number,
            lnurl: link::lnurl(&url).unwrap_or_default(),
            url,
            payout: claim.map(|claim| claim.payout.to_string()),
            claimed_at: claim.map(|claim| claim.claimed_at.as_second()),
            asked_by: terms.asked_by.clone(),
            created_at: Timestamp::as_second(voucher.created_at),
            expires_at: terms.expires_at.as_second(),
        }
    }
}

fn state_schema() -> Object {
    one_of(VoucherState::ALL.map(VoucherState::as_str))
}
