//! A request as calls of the API.

mod info;
mod list;
mod lookup;
mod make;
mod page;
mod patience;

use std::sync::Arc;

use facture_sidecar::Server;
use nostr::event::EventId;
use serde::Serialize;
use serde_json::Value;

use crate::{
    connection::Connection,
    wire::{Code, Failure, Method, Request},
};

/// What carries out requests.
pub(crate) struct Actor {
    server: Arc<Server>,
}

impl Actor {
    /// By this server.
    pub(crate) fn new(server: Arc<Server>) -> Self {
        Self { server }
    }

    /// Carries out a request of a connection; `id` is that of its event.
    pub(crate) async fn act(
        &self,
        connection: &Connection,
        id: EventId,
        request: &Request,
    ) -> Result<Value, Failure> {
        match request.known() {
            Method::GetInfo => result(&info::read(&self.server).await?),
            Method::ListTransactions => {
                let params = request.params()?;
                result(&list::list(&self.server, connection, &params).await?)
            }
            Method::LookupInvoice => {
                let params = request.params()?;
                result(&lookup::look_up(&self.server, connection, &params).await?)
            }
            Method::MakeInvoice => {
                let params = request.params()?;
                result(&make::make(&self.server, connection, id, params).await?)
            }
            Method::Restricted => {
                let message = "this connection can only receive";
                Err(Failure::new(Code::Restricted, message))
            }
            Method::Unknown => {
                let message = format!("there is no method {}", request.name());
                Err(Failure::new(Code::NotImplemented, message))
            }
        }
    }
}

fn result(value: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(|error| Failure::new(Code::Internal, error.to_string()))
}
