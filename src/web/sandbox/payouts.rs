//! A payer, played: it begins a payout and reports what came of it, as `facture payer` does. It pays invoices of the buyer's
//! wallet; where it would have to ask a server for an invoice, nobody is paid.

use axum::{Json, extract::State};
use sha2::{Digest, Sha256};

use crate::{
    payouts::{Payouts, Standing},
    web::{
        api::payouts::parameters::{PayoutInPath, PayoutPath},
        error::Problem,
        error_json::ErrorJson,
        extract::bearer::{Caller, Create},
        mode::Mode,
        payout_json::PayoutJson,
    },
};
use facture_domain::{
    Msat, Preimage,
    payout::{Attempt, FailureCode, PayerId, Payout, PayoutFailure, PayoutId, PayoutMove, Report},
};

/// The name of the payer that is played.
const PAYER: &str = "sandbox";

/// What the payer reports.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ending {
    Paid,
    Failed,
    Unknown,
}

/// Pay a payout
///
/// Plays the payer: it begins the payout and reports that it is paid. An invoice of the buyer's wallet (`/wallet/invoices`,
/// `/wallet/claims`) is really paid, by the sandbox's node. Of destinations whose invoice the payer would ask for (Lightning
/// Addresses, LNURLs, offers) nobody is paid.
#[utoipa::path(
    post,
    path = "/payouts/{payout}/pay",
    operation_id = "payPayout",
    security(("token" = ["invoices:create"])),
    params(PayoutPath),
    responses(
        (status = 200, description = "The payout.", body = PayoutJson),
        (status = 404, description = "`payout_not_found`", body = ErrorJson),
        (status = 409, description = "`payout_state`, `begun_by_another`: a payer has it, or it is over.", body = ErrorJson),
        (status = 422, description = "`sandbox_refused`: its destination is an invoice of somebody else.", body = ErrorJson),
    ),
)]
pub(super) async fn pay(
    _: Caller<Create>,
    State(payouts): State<Payouts>,
    State(mode): State<Mode>,
    PayoutInPath(id): PayoutInPath,
) -> Result<Json<PayoutJson>, Problem> {
    let payout = match payouts.find(&id).await?.order.payment_hash {
        Some(_) => pay_buyer(&payouts, &mode, &id).await,
        None => end(&payouts, &id, Ending::Paid).await,
    };
    payout.map(answer)
}

/// Report that a payout has failed
///
/// Plays the payer: it begins the payout and reports that there is no route.
#[utoipa::path(
    post,
    path = "/payouts/{payout}/fail",
    operation_id = "failPayout",
    security(("token" = ["invoices:create"])),
    params(PayoutPath),
    responses(
        (status = 200, description = "The payout.", body = PayoutJson),
        (status = 404, description = "`payout_not_found`", body = ErrorJson),
        (status = 409, description = "`payout_state`, `begun_by_another`: a payer has it, or it is over.", body = ErrorJson),
    ),
)]
pub(super) async fn fail(
    _: Caller<Create>,
    State(payouts): State<Payouts>,
    PayoutInPath(id): PayoutInPath,
) -> Result<Json<PayoutJson>, Problem> {
    end(&payouts, &id, Ending::Failed).await.map(answer)
}

/// Report that a payout's end is not known
///
/// Plays the payer: it begins the payout and cannot tell what came of it. Paying or failing it afterwards ends it.
#[utoipa::path(
    post,
    path = "/payouts/{payout}/unknown",
    operation_id = "loseTrackOfPayout",
    security(("token" = ["invoices:create"])),
    params(PayoutPath),
    responses(
        (status = 200, description = "The payout.", body = PayoutJson),
        (status = 404, description = "`payout_not_found`", body = ErrorJson),
        (status = 409, description = "`payout_state`, `begun_by_another`: a payer has it, or it is over.", body = ErrorJson),
    ),
)]
pub(super) async fn lose_track(
    _: Caller<Create>,
    State(payouts): State<Payouts>,
    PayoutInPath(id): PayoutInPath,
) -> Result<Json<PayoutJson>, Problem> {
    end(&payouts, &id, Ending::Unknown).await.map(answer)
}

fn answer(payout: Payout) -> Json<PayoutJson> {
    Json(PayoutJson::new(&payout, Standing::default()))
}

/// Begins a payout.
pub(super) async fn begin(payouts: &Payouts, id: &PayoutId) -> Result<Payout, Problem> {
    let payout = payouts.find(id).await?;
    let hash = payout.order.payment_hash;
    let attempt = Attempt {
        payer: payer()?,
        payment_hash: hash.unwrap_or_else(|| preimage(id).payment_hash()),
        bolt11: None,
    };
    Ok(payouts.advance(id, PayoutMove::Begin(attempt)).await?)
}

/// Has the node pay an invoice of the buyer's wallet.
async fn pay_buyer(payouts: &Payouts, mode: &Mode, id: &PayoutId) -> Result<Payout, Problem> {
    let order = payouts.find(id).await?.order;
    let bolt11 = &order.destination.text;
    if !mode.is_of_buyer(bolt11) {
        let message = "The destination is no invoice of the sandbox's wallet.";
        return Err(Problem::invalid("payout", "sandbox_refused", message));
    }
    begin(payouts, id).await?;
    let amount = order.amount.map(Msat::msat);
    let report = match mode.pay_buyer(bolt11, amount).await {
        Ok(payment) => Report::Paid {
            preimage: Preimage::parse(&payment.payment_preimage).map_err(|_| Problem::Internal)?,
            amount: Msat::from_msat(payment.amount_msat).ok_or(Problem::Internal)?,
            fee: Msat::from_msat(0).ok_or(Problem::Internal)?,
        },
        Err(_) => Report::Failed(PayoutFailure::new(FailureCode::NoRoute, None)),
    };
    Ok(payouts
        .advance(id, PayoutMove::Report(payer()?, report))
        .await?)
}

/// Begins a payout and reports its end.
pub(super) async fn end(
    payouts: &Payouts,
    id: &PayoutId,
    ending: Ending,
) -> Result<Payout, Problem> {
    let report = match ending {
        Ending::Paid => {
            let order = payouts.find(id).await?.order;
            if order.payment_hash.is_some() {
                let message = "The destination is a BOLT 11 invoice, whose preimage only its node knows: pay it with facture payer.";
                return Err(Problem::invalid("payout", "sandbox_refused", message));
            }
            Report::Paid {
                preimage: preimage(id),
                amount: order
                    .amount
                    .or(Msat::from_sat(1))
                    .ok_or(Problem::Internal)?,
                fee: Msat::from_msat(0).ok_or(Problem::Internal)?,
            }
        }
        Ending::Failed => Report::Failed(PayoutFailure::new(FailureCode::NoRoute, None)),
        Ending::Unknown => Report::Unknown(Some(PayoutFailure::new(FailureCode::Timeout, None))),
    };
    begin(payouts, id).await?;
    Ok(payouts
        .advance(id, PayoutMove::Report(payer()?, report))
        .await?)
}

/// The preimage of the payment that is said to be made for a payout: always the same.
fn preimage(id: &PayoutId) -> Preimage {
    Preimage::from_bytes(Sha256::digest(id.as_str()).into())
}

fn payer() -> Result<PayerId, Problem> {
    PayerId::parse(PAYER).ok_or(Problem::Internal)
}
