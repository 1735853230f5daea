//! What was agreed and decided about a hold invoice's payment, as the JSON of a column.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use facture_domain::{Decision, Hold, HoldDeadline, HoldNonce, HoldSecret};

/// What was agreed and decided about a hold invoice's payment, as JSON.
#[derive(Deserialize, Serialize)]
struct HoldJson<'a> {
    /// From which the preimage follows; the shop has it when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nonce: Option<Cow<'a, str>>,
    deadline_blocks: u32,
    on_deadline: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decision: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    warned_at: Option<i64>,
}

/// The text of the column.
pub(super) fn write(hold: &Hold) -> Result<String, Error> {
    serde_json::to_string(&HoldJson::of(hold)).map_err(|_| Error::Corrupt("hold"))
}

/// Reads the column.
pub(super) fn read(column: &str) -> Result<Hold, Error> {
    HoldJson::read(column)
}

impl HoldJson<'_> {
    fn of(hold: &Hold) -> Self {
        Self {
            nonce: match hold.secret {
                HoldSecret::Ours(nonce) => Some(nonce.as_text().into()),
                HoldSecret::OfShop => None,
            },
            deadline_blocks: hold.deadline.blocks,
            on_deadline: hold.deadline.on_deadline.as_str().into(),
            decision: hold.decision.map(|decision| decision.as_str().into()),
            warned_at: hold.warned_at.map(Timestamp::as_second),
        }
    }

    fn read(column: &str) -> Result<Hold, Error> {
        let corrupt = || Error::Corrupt("hold");
        let row: HoldJson<'_> = serde_json::from_str(column).map_err(|_| corrupt())?;
        let decision = |text: &str| Decision::parse(text).ok_or_else(corrupt);
        Ok(Hold {
            secret: match row.nonce {
                Some(text) => HoldSecret::Ours(HoldNonce::parse(&text).ok_or_else(corrupt)?),
                None => HoldSecret::OfShop,
            },
            deadline: HoldDeadline {
                blocks: row.deadline_blocks,
                on_deadline: decision(&row.on_deadline)?,
            },
            decision: row.decision.as_deref().map(decision).transpose()?,
            warned_at: row.warned_at.map(time).transpose()?,
        })
    }
}

fn time(seconds: i64) -> Result<Timestamp, Error> {
    Timestamp::from_second(seconds).map_err(|_| Error::Corrupt("time"))
}
