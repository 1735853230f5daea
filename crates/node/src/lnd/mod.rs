//! LND, seen through its REST interface. Owns the connections, the deadlines and the translation of its answers into our
//! types; knows nothing of labels, pages or storage. What is written here of LND's behaviour was measured with lnd
//! 0.21.2-beta (`tests/fixtures/lnd`).

mod calls;
mod client;
mod connection;
mod endpoint;
mod error;
mod info;
mod invoice;
mod method;
mod pool;
mod refusal;
mod request;
mod state;
mod subscription;
mod texts;
mod wire;

pub use self::{
    calls::{AddHoldInvoice, AddInvoice, Added, Cancelled, Description, Hints, Page, Settled},
    client::{Client, Options},
    endpoint::{Endpoint, EndpointError},
    error::{CredentialFile, Error},
    info::{ChainSync, NodeInfo, Version},
    invoice::{Invoice, Kind, Listed, Settlement},
    method::{Method, Need, bakemacaroon},
    state::{InvoiceState, ServerState},
    subscription::{Cursor, Subscription},
};
