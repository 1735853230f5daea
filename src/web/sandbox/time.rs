//! The node's clock and its chain.

use std::time::Duration;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::web::{
    api::body::JsonBody,
    error::Problem,
    error_json::ErrorJson,
    extract::bearer::{Caller, Create},
    mode::Mode,
};

/// The most that the clock moves at once: a year, in seconds.
const MAX_SECONDS: u32 = 31_536_000;

/// The most blocks at once: a fortnight of them.
const MAX_BLOCKS: u32 = 2016;

/// How far.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClockAdvance, example = json!({ "seconds": 3600 }))]
pub(super) struct AdvanceJson {
    /// In seconds.
    #[schema(minimum = 1, maximum = 31_536_000)]
    seconds: u32,
}

/// The clock.
#[derive(Serialize, ToSchema)]
#[schema(as = Clock)]
pub(super) struct ClockJson {
    /// The node's time, in seconds since 1970.
    now: u64,
}

/// How many.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewBlocks, example = json!({ "count": 6 }))]
pub(super) struct BlocksJson {
    /// The number of blocks.
    #[schema(minimum = 1, maximum = 2016)]
    count: u32,
}

/// What was mined.
#[derive(Serialize, ToSchema)]
#[schema(as = MinedBlocks)]
pub(super) struct MinedJson {
    /// The number of blocks.
    mined: u32,
}

/// Move the clock forward
///
/// The node's clock: its invoices expire by it. It goes on from there until the sandbox ends. facture's own clock, by which webhooks
/// are retried and payouts expire, stays the system's.
#[utoipa::path(
    post,
    path = "/clock/advance",
    operation_id = "advanceClock",
    security(("token" = ["invoices:create"])),
    request_body = AdvanceJson,
    responses(
        (status = 200, description = "The node's time.", body = ClockJson),
        (status = 422, description = "`seconds_invalid`", body = ErrorJson),
    ),
)]
pub(super) async fn advance(
    _: Caller<Create>,
    State(mode): State<Mode>,
    body: JsonBody<AdvanceJson>,
) -> Result<Json<ClockJson>, Problem> {
    let seconds = body.content.seconds;
    if !(1..=MAX_SECONDS).contains(&seconds) {
        let message = format!("The seconds must be 1 to {MAX_SECONDS}.");
        return Err(Problem::invalid("seconds", "seconds_invalid", message));
    }
    let now = mode.advance(Duration::from_secs(seconds.into()))?;
    Ok(Json(ClockJson { now: now.as_secs() }))
}

/// Mine blocks
///
/// Held payments come nearer to their deadlines.
#[utoipa::path(
    post,
    path = "/blocks",
    operation_id = "mineBlocks",
    security(("token" = ["invoices:create"])),
    request_body = BlocksJson,
    responses(
        (status = 200, description = "What was mined.", body = MinedJson),
        (status = 422, description = "`count_invalid`", body = ErrorJson),
    ),
)]
pub(super) async fn mine(
    _: Caller<Create>,
    State(mode): State<Mode>,
    body: JsonBody<BlocksJson>,
) -> Result<Json<MinedJson>, Problem> {
    let count = body.content.count;
    if !(1..=MAX_BLOCKS).contains(&count) {
        let message = format!("The count must be 1 to {MAX_BLOCKS}.");
        return Err(Problem::invalid("count", "count_invalid", message));
    }
    mode.mine(count)?;
    Ok(Json(MinedJson { mined: count }))
}
