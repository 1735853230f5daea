//! `GET /check_invoice/{label}/events`: server-sent events (WHATWG HTML §9.2).

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::stream;
use serde::Serialize;

use crate::{
    events::Listener,
    http::{App, error::Problem, extract::OurLabel, invoice_json::InvoiceJson},
    invoice::{EventKind, InvoiceEvent, Label, Status},
};

/// Comments in between, so that proxies and phones keep the connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long a browser waits before it comes back.
const RETRY: Duration = Duration::from_secs(2);

/// An event's data: the same for every channel.
#[derive(Serialize)]
struct EventJson {
    sequence: u64,
    r#type: &'static str,
    /// Seconds since 1970.
    time: i64,
    invoice: InvoiceJson,
}

/// What happened to the invoice so far, then what happens, each with its sequence as the id. Ends after the invoice was
/// paid or expired, and when we stop. `Last-Event-ID` goes on where it was; when nothing more can come, 204 tells the
/// browser not to return.
pub(in crate::http) async fn events(
    State(app): State<App>,
    headers: HeaderMap,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    // Listening comes first: what happens from here on wakes us.
    let listener = app.invoicing.listen(&label);
    let found = app.find(&label).await?;
    let mut past = app.invoicing.events(&label, 0).await?;
    let mut after = last_event_id(&headers);
    if past.last().is_none_or(|last| last.sequence < after) {
        // A number from another log: ours was lost and made anew.
        after = 0;
    }
    past.retain(|event| event.sequence > after);
    if past.is_empty() && found.invoice.status != Status::Unpaid {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let reader = Reader {
        app,
        headers,
        label,
        listener,
        after,
        ready: past.into(),
        state: Following::GoesOn,
    };
    let events = stream::unfold(reader, |mut reader| async {
        let event = reader.next().await?;
        Some((Ok::<_, Infallible>(event), reader))
    });
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::new().interval(HEARTBEAT))
        .into_response())
}

/// One that reads the stream.
struct Reader {
    app: App,
    headers: HeaderMap,
    label: Label,
    listener: Listener,
    /// The last event that was read.
    after: u64,
    /// Read, not sent yet.
    ready: VecDeque<InvoiceEvent>,
    state: Following,
}

#[derive(PartialEq)]
enum Following {
    GoesOn,
    /// The final state was sent.
    Over,
}

impl Reader {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.after = event.sequence;
                return self.write(event);
            }
            if self.state == Following::Over {
                return None;
            }
            tokio::select! {
                () = self.app.stopping.cancelled() => return None,
                () = self.listener.news() => {}
            }
            // A browser whose stream breaks off comes back and asks again.
            self.ready = self
                .app
                .invoicing
                .events(&self.label, self.after)
                .await
                .ok()?
                .into();
        }
    }

    fn write(&mut self, event: InvoiceEvent) -> Option<Event> {
        match event.kind {
            EventKind::Created => {}
            EventKind::Paid | EventKind::Expired | EventKind::Cancelled => {
                self.state = Following::Over
            }
        }
        let data = EventJson {
            sequence: event.sequence,
            r#type: event.kind.as_str(),
            time: event.recorded_at.as_second(),
            invoice: InvoiceJson::new(&self.app, event.invoice, &self.headers),
        };
        let written = Event::default()
            .id(event.sequence.to_string())
            .event(event.kind.as_str())
            .retry(RETRY);
        written.json_data(data).ok()
    }
}

/// Anything that is not one of our numbers starts from the first event.
fn last_event_id(headers: &HeaderMap) -> u64 {
    let id = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    id.and_then(|id| id.parse().ok()).unwrap_or(0)
}
