//! All payments as they arrive, as server-sent events or over a WebSocket, for shops with a token.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::{
        Response,
        sse::{Event, KeepAlive},
    },
};
use futures_util::stream;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};

use super::{access::Caller, refusal::Refusal, wire::InvoiceJson};
use crate::{
    invoices::{Invoicing, Payments},
    web::{
        extract::bearer::Read, fast_path::StreamTransport, limits::streams::StreamSlot, streams,
    },
};
use facture_domain::{Invoice, Status};

/// The interval between comments, which make proxies keep the connection open.
const COMMENT_INTERVAL: Duration = Duration::from_secs(25);

/// `GET /payment-stream`: each paid invoice, with its pay index as the id.
pub(crate) async fn events(
    _: Caller<Read>,
    State(invoicing): State<Arc<Invoicing>>,
    State(stopping): State<CancellationToken>,
    slot: StreamSlot,
    transport: StreamTransport,
) -> Result<Response, Refusal> {
    let payments = invoicing.payments().await?;
    // Log lines written later still belong to this request.
    let span = Span::current();
    let events = stream::unfold(
        (stopping, payments, slot),
        move |(stopping, mut payments, slot)| {
            let next = async move {
                let invoice = next(&stopping, &mut payments).await?;
                let event = match &invoice.status {
                    Status::Paid(paid) => Event::default().id(paid.pay_index.to_string()),
                    Status::Unpaid | Status::Expired => Event::default(),
                };
                let event = event.json_data(InvoiceJson::new(&invoice)).ok()?;
                Some((Ok::<_, Infallible>(event), (stopping, payments, slot)))
            };
            next.instrument(span.clone())
        },
    );
    let keep_alive = KeepAlive::new()
        .interval(COMMENT_INTERVAL)
        .text("keepalive");
    Ok(streams::answer(events, keep_alive, transport))
}

/// `GET /ws`: each paid invoice, one per frame.
pub(crate) async fn socket(
    _: Caller<Read>,
    State(invoicing): State<Arc<Invoicing>>,
    State(stopping): State<CancellationToken>,
    slot: StreamSlot,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let payments = invoicing.payments().await?;
    Ok(upgrade
        // The shop is not expected to send anything.
        .max_message_size(1024)
        .on_upgrade(async move |socket| {
            send_payments(stopping, payments, socket).await;
            drop(slot);
        }))
}

async fn send_payments(stopping: CancellationToken, mut payments: Payments, mut socket: WebSocket) {
    loop {
        tokio::select! {
            // Also answers pings; the end or an error means that the shop has left.
            heard = socket.recv() => match heard {
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
            paid = next(&stopping, &mut payments) => {
                let Some(invoice) = paid else { return };
                let Ok(frame) = serde_json::to_string(&InvoiceJson::new(&invoice)) else {
                    return;
                };
                if socket.send(Message::text(frame)).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// The next payment; `None` on shutdown, or if it cannot be determined: the shop then reconnects.
async fn next(stopping: &CancellationToken, payments: &mut Payments) -> Option<Invoice> {
    tokio::select! {
        () = stopping.cancelled() => None,
        paid = payments.next() => paid
            .inspect_err(|error| tracing::error!(%error, "a stream of payments ends"))
            .ok(),
    }
}
