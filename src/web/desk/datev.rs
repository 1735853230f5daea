//! The DATEV export: a Buchungsstapel of the days that are asked for. It is refused, and the page says why, where bookings cannot be
//! made of all that there is: a file does not say that it lacks something.

use axum::{
    body::{Body, Bytes},
    extract::{RawQuery, State},
    response::Response,
};
use futures_util::stream;
use jiff::Timestamp;
use url::form_urlencoded;

use super::{
    datev_bookings::{self, Obstacle, Obstacles},
    datev_lines,
    exports::{ExportQuery, ExportState, refused},
    frame::{Frame, Frames},
    permit::{Permit, ReadAllSales},
    settings::Desk,
};
use crate::{bookkeeping::Entries, config::DatevConfig, web::error::Problem};

/// `GET /desk/exports/datev.csv`
pub(crate) async fn csv(
    permit: Permit<ReadAllSales>,
    State(state): State<ExportState>,
    frames: Frames,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let config = state.desk.datev().ok_or(Problem::PageNotFound)?;
    let pairs = query.as_deref().unwrap_or_default().as_bytes();
    let leaves_out =
        form_urlencoded::parse(pairs).any(|pair| pair == ("rest".into(), "leave".into()));
    let query = ExportQuery::parse(query.as_deref())?;
    let frame = frames.of(&permit);
    let year = config.fiscal_year_start.of(query.days.from);
    if config.fiscal_year_start.of(query.days.to) != year {
        let words = frame.say("datev-two-years").into_owned();
        return refused(&permit, &state.desk, &frames, query.days, words);
    }
    let obstacles = obstacles(state.entries(&query).await?, config).await?;
    if let Some(words) = obstacles.words(leaves_out, &frame) {
        return refused(&permit, &state.desk, &frames, query.days, words);
    }
    let head = datev_lines::head(config, query.days, year, Timestamp::now());
    let entries = state.entries(&query).await?;
    let rest = match leaves_out {
        true => Rest::LeftOut,
        false => Rest::Refused,
    };
    let body = lines(entries, state.desk.clone(), rest, head);
    query.file(
        "text/csv; charset=windows-1252",
        "EXTF_Buchungsstapel",
        "csv",
        body,
    )
}

/// What becomes of entries without a price in euros.
#[derive(Clone, Copy)]
enum Rest {
    LeftOut,
    Refused,
}

async fn obstacles(mut entries: Entries, config: &DatevConfig) -> Result<Obstacles, Problem> {
    let mut obstacles = Obstacles::default();
    while let Some(page) = entries.next().await? {
        for entry in page {
            if let Err(obstacle) = datev_bookings::of(&entry, config) {
                obstacles.add(obstacle);
            }
        }
    }
    Ok(obstacles)
}

impl Obstacles {
    /// Why there is no file; `None`: there can be one.
    fn words(&self, leaves_out: bool, frame: &Frame) -> Option<String> {
        if !self.without_account.is_empty() {
            let rates: Vec<_> = self.without_account.iter().map(String::as_str).collect();
            let gaps = [("rates", rates.join(", "))];
            return Some(frame.say_with("datev-no-account", &gaps));
        }
        if self.without_euros > 0 && !leaves_out {
            let gaps = [("count", self.without_euros.to_string())];
            return Some(frame.say_with("datev-no-euros", &gaps));
        }
        None
    }
}

/// The file, page by page.
fn lines(entries: Entries, desk: Desk, rest: Rest, head: Vec<u8>) -> Body {
    let body = stream::unfold(Some((entries, desk, Some(head))), move |state| async move {
        let (mut entries, desk, head) = state?;
        if let Some(head) = head {
            return Some((Ok(Bytes::from(head)), Some((entries, desk, None))));
        }
        match page(&mut entries, &desk, rest).await {
            Ok(Some(lines)) => Some((Ok(lines), Some((entries, desk, None)))),
            Ok(None) => None,
            // The file breaks off, so that nobody takes it for a whole one.
            Err(_) => Some((Err("the records cannot be read"), None)),
        }
    });
    Body::from_stream(body)
}

async fn page(entries: &mut Entries, desk: &Desk, rest: Rest) -> Result<Option<Bytes>, Problem> {
    let config = desk.datev().ok_or(Problem::Internal)?;
    let Some(page) = entries.next().await? else {
        return Ok(None);
    };
    let mut lines = Vec::new();
    for entry in page {
        let bookings = match (datev_bookings::of(&entry, config), rest) {
            (Ok(bookings), _) => bookings,
            (Err(Obstacle::NoEuros), Rest::LeftOut) => continue,
            // It came after all were looked at.
            (Err(_), _) => return Err(Problem::Internal),
        };
        for booking in bookings {
            lines.extend(datev_lines::line(&booking, desk.zone()));
        }
    }
    Ok(Some(lines.into()))
}
