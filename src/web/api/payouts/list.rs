//! Lists of payouts.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    payouts::Payouts,
    web::{
        api::lists::{Limit, invalid},
        error::Problem,
        extract::{
            bearer::{Caller, ReadPayouts},
            query::Query,
        },
        payout_json::PayoutJson,
    },
};
use facture_domain::payout::PayoutState;

/// Which payouts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PayoutListQuery {
    /// In this state.
    #[param(inline, nullable = false)]
    state: Option<StateJson>,
    /// The maximum number of payouts to return.
    #[param(inline, nullable = false)]
    limit: Option<Limit>,
    /// The `next_cursor` of the previous response. The other parameters should be the same.
    #[param(pattern = "^[0-9]{1,19}$", nullable = false)]
    cursor: Option<String>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum StateJson {
    Ordered,
    Approved,
    Paying,
    Paid,
    Failed,
    Cancelled,
    Expired,
    Unknown,
}

/// A page of payouts, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = PayoutList)]
pub(crate) struct PayoutsJson {
    payouts: Vec<PayoutJson>,
    /// The `cursor` for the next page, or `null` on the last page.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// List payouts
///
/// Newest first. Following the cursors returns each payout once, even if payouts are ordered in between.
#[utoipa::path(
    get,
    path = "/payouts",
    operation_id = "listPayouts",
    tag = "Payouts",
    security(("token" = ["payouts:order"]), ("token" = ["payouts:approve"]), ("token" = ["payouts:execute"])),
    params(PayoutListQuery),
    responses((status = 200, description = "A page of payouts, newest first.", body = PayoutsJson)),
)]
pub(crate) async fn list(
    _: Caller<ReadPayouts>,
    State(payouts): State<Payouts>,
    Query(query): Query<PayoutListQuery>,
) -> Result<Json<PayoutsJson>, Problem> {
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let state = query.state.map(PayoutState::from);
    let limit = Limit::or_default(query.limit);
    let page = payouts.list(state, after, limit).await?;
    let shown = page
        .payouts
        .iter()
        .map(|payout| PayoutJson::new(payout, payouts.standing(payout)));
    Ok(Json(PayoutsJson {
        payouts: shown.collect(),
        next_cursor: page.next.map(|next| next.to_string()),
    }))
}

pub(crate) fn read_cursor(text: &str) -> Result<u64, Problem> {
    let digits = (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let read = text.parse().ok().filter(|_| digits);
    read.ok_or_else(|| {
        invalid(
            "cursor",
            "The cursor must be the next_cursor of an earlier response.",
        )
    })
}

impl From<StateJson> for PayoutState {
    fn from(state: StateJson) -> Self {
        match state {
            StateJson::Ordered => Self::Ordered,
            StateJson::Approved => Self::Approved,
            StateJson::Paying => Self::Paying,
            StateJson::Paid => Self::Paid,
            StateJson::Failed => Self::Failed,
            StateJson::Cancelled => Self::Cancelled,
            StateJson::Expired => Self::Expired,
            StateJson::Unknown => Self::Unknown,
        }
    }
}
