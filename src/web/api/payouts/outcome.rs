//! What a payer reports.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    orders::answer,
    parameters::{PayoutInPath, PayoutPath},
    work::payer,
};
use crate::{
    payouts::Payouts,
    web::{
        api::body::JsonBody,
        error::Problem,
        error_json::ErrorJson,
        extract::bearer::{Caller, ExecutePayouts},
        payout_json::{PayoutJson, nullable_code_schema},
        whole_number::WholeNumber,
    },
};
use facture_domain::{
    Msat, Preimage,
    payout::{ApprovalCode, FailureCode, PayoutFailure, PayoutMove, Report},
};

/// What came of a payout.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PayoutOutcome, example = json!({
    "payer": "payer_1",
    "state": "failed",
    "code": "no_route",
}))]
pub(crate) struct OutcomeJson {
    /// The payer's id.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,64}$")]
    payer: String,
    /// How it went. `unknown`: the payer cannot tell yet. `approval_required`: the payer wants it to be approved before it
    /// begins. `approval_refused`: the payer does not take the code that came with an approval, and still wants one; the `message`
    /// says why.
    state: OutcomeStateJson,
    /// If `paid`, and needed then: the proof, 64 hexadecimal digits.
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    preimage: Option<String>,
    /// If `paid`, and needed then: what the destination received, in millisatoshis.
    #[schema(value_type = Option<u64>, minimum = 0, maximum = 2_100_000_000_000_000_000_u64)]
    amount_msat: Option<WholeNumber>,
    /// If `paid`, and needed then: what it cost on top, in millisatoshis.
    #[schema(value_type = Option<u64>, minimum = 0, maximum = 2_100_000_000_000_000_000_u64)]
    fee_msat: Option<WholeNumber>,
    /// If `failed`, and needed then: why. If `unknown`: what is known.
    #[schema(schema_with = nullable_code_schema)]
    code: Option<String>,
    /// The same for people. Absent: a sentence that explains the code. At most 1024 bytes are kept.
    message: Option<String>,
    /// If `approval_refused`: the code that is refused, so that one which came since is not. Absent: whichever came last.
    #[schema(pattern = "^[0-9]{6}$")]
    approval_code: Option<String>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PayoutOutcomeState)]
pub(crate) enum OutcomeStateJson {
    Paid,
    Failed,
    Unknown,
    ApprovalRequired,
    ApprovalRefused,
}

/// What is said of a payout.
enum Said {
    Report(Report),
    /// A code that came with an approval is not taken.
    CodeRefused {
        /// Which one, if it is said.
        code: Option<ApprovalCode>,
        reason: String,
    },
}

/// Report what came of a payout
///
/// For payers. `paid` and `unknown` need a payout that this payer began; `failed` also refuses one that nobody began, and
/// `approval_required` and `approval_refused` are for those only. The same report again has no effect. What is over does not change.
#[utoipa::path(
    post,
    path = "/payouts/{payout}/outcome",
    operation_id = "reportPayout",
    tag = "Payouts",
    security(("token" = ["payouts:execute"])),
    params(PayoutPath),
    request_body = OutcomeJson,
    responses(
        (status = 200, description = "The payout.", body = PayoutJson),
        (status = 409, body = ErrorJson, description = "`begun_by_another`: another payer began it. `payout_state`: this cannot \
            be reported of it, because nobody has begun it, or it was begun already, or it is over."),
    ),
)]
pub(crate) async fn report(
    _: Caller<ExecutePayouts>,
    State(payouts): State<Payouts>,
    PayoutInPath(id): PayoutInPath,
    body: JsonBody<OutcomeJson>,
) -> Result<Json<PayoutJson>, Problem> {
    let payer = payer(&body.content.payer)?;
    let payout = match body.content.parse()? {
        Said::Report(report) => {
            let step = PayoutMove::Report(payer, report);
            payouts.advance(&id, step).await?
        }
        Said::CodeRefused { code, reason } => {
            let refused = payouts.refuse_code(&id, payer, code.as_ref(), reason);
            refused.await?
        }
    };
    Ok(answer(&payouts, &payout))
}

impl OutcomeJson {
    fn parse(self) -> Result<Said, Problem> {
        let code = self.code.as_deref().map(code).transpose()?;
        let approval_code = self
            .approval_code
            .as_deref()
            .map(approval_code)
            .transpose()?;
        // Whatever the state is, what was sent is sound.
        let preimage = self.preimage.as_deref().map(preimage).transpose()?;
        let amount = self.amount_msat.map(|amount| msat("amount_msat", amount));
        let fee = self.fee_msat.map(|fee| msat("fee_msat", fee));
        let (amount, fee) = (amount.transpose()?, fee.transpose()?);
        let report = match self.state {
            OutcomeStateJson::Paid => Report::Paid {
                preimage: preimage.ok_or_else(preimage_missing)?,
                amount: needed("amount_msat", amount)?,
                fee: needed("fee_msat", fee)?,
            },
            OutcomeStateJson::Failed => {
                Report::Failed(PayoutFailure::new(needed("code", code)?, self.message))
            }
            OutcomeStateJson::Unknown => {
                Report::Unknown(code.map(|code| PayoutFailure::new(code, self.message)))
            }
            OutcomeStateJson::ApprovalRequired => Report::ApprovalRequired,
            OutcomeStateJson::ApprovalRefused => {
                let reason = self
                    .message
                    .unwrap_or_else(|| "The code is not accepted.".to_owned());
                let reason = PayoutFailure::new(FailureCode::LimitExceeded, Some(reason));
                return Ok(Said::CodeRefused {
                    code: approval_code,
                    reason: reason.message,
                });
            }
        };
        Ok(Said::Report(report))
    }
}

fn needed<T>(field: &'static str, value: Option<T>) -> Result<T, Problem> {
    value.ok_or_else(|| {
        let message = format!("The field {field} is missing: this state needs it.");
        Problem::invalid(field, "body_invalid", message)
    })
}

fn preimage_missing() -> Problem {
    let message = "The preimage is needed: it proves that the payout is paid.".to_owned();
    Problem::invalid("preimage", "preimage_required", message)
}

fn preimage(text: &str) -> Result<Preimage, Problem> {
    Preimage::parse(text).map_err(|error| {
        let message = format!("The preimage {error}.");
        Problem::invalid("preimage", "preimage_invalid", message)
    })
}

fn msat(field: &'static str, WholeNumber(msat): WholeNumber) -> Result<Msat, Problem> {
    Msat::from_msat(msat).ok_or_else(|| {
        let message = format!("The {field} must be at most {}.", Msat::MAX.msat());
        Problem::invalid(field, "body_invalid", message)
    })
}

fn code(text: &str) -> Result<FailureCode, Problem> {
    FailureCode::parse(text).ok_or_else(|| {
        let codes = FailureCode::ALL.map(FailureCode::as_str).join(", ");
        Problem::invalid(
            "code",
            "body_invalid",
            format!("The code must be one of {codes}."),
        )
    })
}

fn approval_code(text: &str) -> Result<ApprovalCode, Problem> {
    ApprovalCode::parse(text).ok_or_else(|| {
        let message = "The approval_code must be six digits.".to_owned();
        Problem::invalid("approval_code", "approval_code_invalid", message)
    })
}
