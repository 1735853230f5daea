//! Where the log of events ends.

use serde::Deserialize;

use super::api::Api;

/// The largest sequence that the API takes.
const MAX_SEQUENCE: u64 = 9_223_372_036_854_775_807;

/// The sequence of an event.
#[derive(Deserialize)]
struct SequenceJson {
    sequence: u64,
}

#[derive(Deserialize)]
struct EventsJson {
    events: Vec<SequenceJson>,
}

/// How a number lies to the newest event.
enum Position {
    /// There is an event after it, such as this one.
    Before(u64),
    /// It is the newest, or there is none.
    AtEnd,
    /// No event has it yet.
    Beyond,
}

/// The sequence of the newest event; 0 when there is none. The API lists from any place on, so it is searched for: some forty
/// requests for a log of a million events.
pub(super) async fn newest(api: &Api) -> anyhow::Result<u64> {
    let mut known = match position(api, 0).await? {
        Position::Before(sequence) => sequence,
        Position::AtEnd | Position::Beyond => return Ok(0),
    };
    let mut beyond = known.saturating_mul(2).min(MAX_SEQUENCE);
    loop {
        match position(api, beyond).await? {
            Position::Before(sequence) => known = sequence,
            Position::AtEnd => return Ok(beyond),
            Position::Beyond => break,
        }
        beyond = known.saturating_mul(2).min(MAX_SEQUENCE);
    }
    while beyond - known > 1 {
        let middle = known + (beyond - known) / 2;
        match position(api, middle).await? {
            Position::Before(sequence) => known = sequence,
            Position::AtEnd => return Ok(middle),
            Position::Beyond => beyond = middle,
        }
        // An event that happens meanwhile moves the end.
        beyond = beyond.max(known);
    }
    Ok(known)
}

async fn position(api: &Api, after: u64) -> anyhow::Result<Position> {
    let path = format!("/api/v1/events?after={after}&limit=1");
    let EventsJson { events } = api.get(&path).await?;
    Ok(match events.first() {
        Some(first) if first.sequence > after => Position::Before(first.sequence),
        // The list begins anew where a number was never assigned.
        Some(_) => Position::Beyond,
        None => Position::AtEnd,
    })
}
