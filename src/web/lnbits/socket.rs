//! `/api/v1/ws/{item}`: payments as they arrive. With a key: each payment that it sees. With a payment hash: that this one
//! was paid, and no more, since who knows the hash need not have a key.

use std::sync::Arc;

use axum::{
    extract::{
        FromRef, Path, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    access::InvoiceKey,
    payment_json::{PaymentJson, PaymentStatus},
    payments::find,
    refusal::Refusal,
    wallet::BALANCE,
};
use crate::{
    invoices::{Invoicing, Payments},
    web::{extract::bearer::Authenticator, limits::streams::StreamSlot},
};
use facture_domain::{Label, PaymentHash, token::Token};

/// Nothing is expected from the client.
const MAX_MESSAGE_BYTES: usize = 1024;

/// What the socket needs.
#[derive(Clone)]
pub(crate) struct SocketState {
    invoicing: Arc<Invoicing>,
    authenticator: Arc<Authenticator>,
    /// Cancelled on shutdown.
    stopping: CancellationToken,
}

impl<S> FromRef<S> for SocketState
where
    Arc<Invoicing>: FromRef<S>,
    Arc<Authenticator>: FromRef<S>,
    CancellationToken: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            authenticator: FromRef::from_ref(state),
            stopping: FromRef::from_ref(state),
        }
    }
}

/// What is listened to.
enum Item {
    /// All payments that a key sees.
    Key(InvoiceKey, Box<Payments>),
    /// One.
    Payment(Label),
}

/// `GET /api/v1/ws/{item}`
pub(crate) async fn socket(
    State(state): State<SocketState>,
    Path(item): Path<String>,
    slot: StreamSlot,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let item = match item.parse::<PaymentHash>() {
        Ok(hash) => Item::Payment(find(&state.invoicing, hash).await?.invoice.label.clone()),
        Err(_) => {
            let key = InvoiceKey::admit(&state.authenticator, &Token::new(item)).await?;
            Item::Key(key, Box::new(state.invoicing.payments().await?))
        }
    };
    Ok(upgrade
        .max_message_size(MAX_MESSAGE_BYTES)
        .on_upgrade(async move |mut socket| {
            let stopping = state.stopping.clone();
            tokio::select! {
                () = stopping.cancelled() => {}
                () = state.serve(item, &mut socket) => {}
            }
            drop(slot);
        }))
}

impl SocketState {
    async fn serve(&self, item: Item, socket: &mut WebSocket) {
        match item {
            Item::Key(key, payments) => send_payments(&key, *payments, socket).await,
            Item::Payment(label) => {
                let paid = unless_it_leaves(socket, self.paid(&label)).await;
                if let Some(Some(message)) = paid
                    && socket.send(Message::text(message)).await.is_ok()
                {
                    // Until it leaves.
                    unless_it_leaves(socket, std::future::pending::<()>()).await;
                }
            }
        }
    }

    /// The message once an invoice is paid; `None`: that cannot be told.
    async fn paid(&self, label: &Label) -> Option<String> {
        let mut listener = self.invoicing.listen(label);
        loop {
            let found = self.invoicing.find(label).await;
            let found =
                found.inspect_err(|error| tracing::error!(%error, "a payment cannot be followed"));
            let status = PaymentStatus::of(&found.ok()??.invoice);
            if status == PaymentStatus::Success {
                return Some(json!({ "pending": false, "status": status }).to_string());
            }
            listener.changed().await;
        }
    }
}

async fn send_payments(key: &InvoiceKey, mut payments: Payments, socket: &mut WebSocket) {
    loop {
        let Some(paid) = unless_it_leaves(socket, payments.next()).await else {
            return;
        };
        let paid = paid.inspect_err(|error| tracing::error!(%error, "a stream of payments ends"));
        let Ok(invoice) = paid else { return };
        if !key.sees(&invoice) {
            continue;
        }
        let message = json!({ "wallet_balance": BALANCE, "payment": PaymentJson::new(&invoice) });
        if socket
            .send(Message::text(message.to_string()))
            .await
            .is_err()
        {
            return;
        }
    }
}

/// What is waited for; `None`: the client has left. Also answers pings.
async fn unless_it_leaves<T>(
    socket: &mut WebSocket,
    waiting: impl Future<Output = T>,
) -> Option<T> {
    tokio::pin!(waiting);
    loop {
        tokio::select! {
            heard = socket.recv() => match heard {
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            },
            done = &mut waiting => return Some(done),
        }
    }
}
