//! Server-sent events (WHATWG HTML §9.2): `GET /check_invoice/{label}/events` for the buyer of one invoice, and all
//! invoices for the shop in `/api/v1`.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{FromRef, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive},
    },
};
use futures_util::stream;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};

use crate::{
    invoices::{Error, Invoicing},
    web::{
        error::Problem,
        event_json::EventJson,
        extract::invoice::{OurLabel, find},
        fast_path::StreamTransport,
        limits::streams::StreamSlot,
        origin::{Origin, OwnAddress},
    },
};
use facture_domain::{Event as LogEvent, EventKind, Label, Status};
use facture_store::hub::{AllListener, Listener};

/// The interval between heartbeats on an idle buyer's stream. They are events, so that the page's script notices a dead
/// connection: `checkout.js` waits for 25 seconds.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(10);

/// The interval between comments on a shop's stream, which make proxies keep the connection open.
const COMMENT_INTERVAL: Duration = Duration::from_secs(15);

/// How long a browser waits before reconnecting.
const RECONNECT_DELAY: Duration = Duration::from_secs(2);

/// The maximum number of events read at once.
const MAX_BATCH: u32 = 250;

/// Dependencies of event streams.
#[derive(Clone)]
pub(crate) struct EventStreams {
    invoicing: Arc<Invoicing>,
    address: OwnAddress,
    /// Cancelled when streams must end.
    stopping: CancellationToken,
}

impl<S> FromRef<S> for EventStreams
where
    Arc<Invoicing>: FromRef<S>,
    OwnAddress: FromRef<S>,
    CancellationToken: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            address: FromRef::from_ref(state),
            stopping: FromRef::from_ref(state),
        }
    }
}

/// The invoice's past events, followed by new ones, each with its sequence as the id. Ends after the invoice is paid,
/// expired or cancelled, and on shutdown. `Last-Event-ID` continues where it left off; if nothing more can happen, 204 tells the
/// browser not to reconnect.
pub(crate) async fn events(
    State(streams): State<EventStreams>,
    slot: StreamSlot,
    transport: StreamTransport,
    headers: HeaderMap,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    // Listen first: from here on, events wake us.
    let listener = streams.invoicing.listen(&label);
    let found = find(&streams.invoicing, &label).await?;
    let mut past = streams.invoicing.events(&label, 0).await?;
    let mut after = last_event_id(&headers).unwrap_or(0);
    if past.last().is_none_or(|last| last.sequence < after) {
        // A number from another log: ours was lost and recreated.
        after = 0;
    }
    past.retain(|event| event.sequence > after);
    let is_open = matches!(found.invoice.status, Status::Unpaid | Status::Accepted(_));
    if past.is_empty() && !is_open {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let reader = Reader {
        origin: Origin::of(&streams.address, &headers),
        streams,
        topic: Topic::Invoice(label, listener),
        after,
        ready: past.into(),
        state: StreamState::Open,
        _slot: slot,
    };
    Ok(reader.respond(transport))
}

/// All events of all invoices after the event number `after`, or after `Last-Event-ID`, followed by new ones, without
/// end. Only events of these kinds.
pub(crate) async fn all_events(
    streams: EventStreams,
    slot: StreamSlot,
    transport: StreamTransport,
    headers: HeaderMap,
    after: u64,
    kinds: Vec<EventKind>,
) -> Result<Response, Problem> {
    let listener = streams.invoicing.listen_all();
    let mut reader = Reader {
        after: last_event_id(&headers).unwrap_or(after),
        origin: Origin::of(&streams.address, &headers),
        streams,
        topic: Topic::All(kinds, listener),
        ready: VecDeque::new(),
        state: StreamState::Open,
        _slot: slot,
    };
    // Report a read error now, instead of starting a stream that ends.
    reader.ready = reader.read().await?.into();
    Ok(reader.respond(transport))
}

/// A stream, and the position up to which it has been read.
struct Reader {
    streams: EventStreams,
    // Not the headers: they would keep the whole request in memory.
    origin: Origin,
    topic: Topic,
    /// The last event read.
    after: u64,
    /// Read, but not sent yet.
    ready: VecDeque<LogEvent>,
    state: StreamState,
    _slot: StreamSlot,
}

/// The topic of a stream.
enum Topic {
    Invoice(Label, Listener),
    All(Vec<EventKind>, AllListener),
}

#[derive(PartialEq)]
enum StreamState {
    Open,
    /// The invoice's final state was sent.
    Final,
}

impl Reader {
    fn respond(self, transport: StreamTransport) -> Response {
        let keep_alive = match self.topic {
            Topic::Invoice(..) => KeepAlive::new()
                .interval(HEARTBEAT_INTERVAL)
                .event(Event::default().event("heartbeat").data("{}")),
            Topic::All(..) => KeepAlive::new().interval(COMMENT_INTERVAL),
        };
        // Log lines written later still belong to this request.
        let span = Span::current();
        let events = stream::unfold(self, move |mut reader| {
            let next = async move {
                let event = reader.next().await?;
                Some((Ok::<_, Infallible>(event), reader))
            };
            next.instrument(span.clone())
        });
        super::answer(events, keep_alive, transport)
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.after = event.sequence;
                return self.write(&event);
            }
            if self.state == StreamState::Final || self.streams.stopping.is_cancelled() {
                return None;
            }
            // A client whose stream breaks off reconnects.
            self.ready = self.read().await.ok()?.into();
            if self.ready.is_empty() {
                let stopping = self.streams.stopping.clone();
                tokio::select! {
                    () = stopping.cancelled() => return None,
                    () = self.topic.changed() => {}
                }
            }
        }
    }

    async fn read(&self) -> Result<Vec<LogEvent>, Error> {
        let invoicing = &self.streams.invoicing;
        match &self.topic {
            Topic::Invoice(label, _) => invoicing.events(label, self.after).await,
            Topic::All(kinds, _) => invoicing.all_events(self.after, kinds, MAX_BATCH).await,
        }
    }

    fn write(&mut self, event: &LogEvent) -> Option<Event> {
        let written = Event::default()
            .id(event.sequence.to_string())
            .event(event.kind.as_str())
            .retry(RECONNECT_DELAY);
        let data = match &self.topic {
            Topic::Invoice(..) => {
                match event.kind {
                    EventKind::Created
                    | EventKind::Accepted
                    | EventKind::HoldExpiring
                    | EventKind::Payout(_) => {}
                    EventKind::Paid
                    | EventKind::Expired
                    | EventKind::Cancelled
                    | EventKind::PaymentProven
                    | EventKind::Renewed => {
                        self.state = StreamState::Final;
                    }
                }
                EventJson::public(event, &self.origin)
            }
            Topic::All(..) => EventJson::of_shop(event, &self.origin),
        };
        written.json_data(data.ok()?).ok()
    }
}

impl Topic {
    async fn changed(&mut self) {
        match self {
            Self::Invoice(_, listener) => listener.changed().await,
            Self::All(_, listener) => listener.changed().await,
        }
    }
}

/// Anything that is not one of our numbers is ignored.
fn last_event_id(headers: &HeaderMap) -> Option<u64> {
    let id = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    id.and_then(|id| id.parse().ok())
}
