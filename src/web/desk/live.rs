//! `GET /desk/events`: an event stream that says that something happened, so that a page asks again. It says nothing more,
//! and it ends with the session.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::{
        Response,
        sse::{Event, KeepAlive},
    },
};
use facture_domain::desk::SecretText;
use futures_util::stream;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::permit::{Permit, ReadSales};
use crate::{
    invoices::Invoicing,
    users::Users,
    web::{fast_path::StreamTransport, limits::streams::StreamSlot, streams},
};

/// The interval between comments, which make proxies keep the connection open.
const COMMENT_INTERVAL: Duration = Duration::from_secs(15);

/// At most so often something is said: what happens meanwhile is one event.
const PAUSE: Duration = Duration::from_secs(1);

/// At least so often it is looked whether the session goes on.
const CHECK_INTERVAL: Duration = Duration::from_secs(30);

/// `GET /desk/events`
pub(crate) async fn events(
    permit: Permit<ReadSales>,
    State(invoicing): State<Arc<Invoicing>>,
    State(users): State<Users>,
    State(stopping): State<CancellationToken>,
    slot: StreamSlot,
    transport: StreamTransport,
) -> Response {
    let listener = invoicing.listen_all();
    let cookie = SecretText::new(permit.form_key.clone());
    let state = (listener, users, cookie, stopping, slot, Instant::now());
    let events = stream::unfold(state, |state| async move {
        let (mut listener, users, cookie, stopping, slot, mut next) = state;
        let happened = loop {
            let check = sleep_until(Instant::now() + CHECK_INTERVAL);
            let happened = tokio::select! {
                () = stopping.cancelled() => return None,
                () = async {
                    sleep_until(next).await;
                    listener.changed().await;
                } => true,
                () = check => false,
            };
            // Whose session has ended is told nothing more.
            users.signed_in(&cookie).await.ok().flatten()?;
            if happened {
                break Event::default().event("changed").data("{}");
            }
        };
        next = Instant::now() + PAUSE;
        let state = (listener, users, cookie, stopping, slot, next);
        Some((Ok::<_, Infallible>(happened), state))
    });
    let keep_alive = KeepAlive::new().interval(COMMENT_INTERVAL);
    streams::answer(events, keep_alive, transport)
}
