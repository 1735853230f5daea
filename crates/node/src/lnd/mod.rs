//! LND, seen through its REST interface: connections, deadlines, the translation of its answers into the domain's words
//! (`invoices.rs`), and following it (`feed/`). Knows nothing of the web or of the store. What is written here of LND's behaviour was measured with lnd
//! 0.21.2-beta (`tests/fixtures/lnd`).

mod calls;
pub(crate) mod client;
mod connection;
mod endpoint;
pub(crate) mod error;
pub(crate) mod feed;
mod hints;
mod holds;
mod info;
pub(crate) mod invoice;
mod invoices;
mod macaroon;
mod method;
mod pool;
mod refusal;
mod request;
mod rights;
pub(crate) mod state;
mod subscription;
mod texts;
mod version;
mod wire;

pub(crate) use self::invoices::MAX_AMOUNT;
pub use self::{
    calls::{AddHoldInvoice, AddInvoice, Added, Cancelled, Description, Page, Settled},
    client::{Client, Options},
    endpoint::Endpoint,
    error::{CredentialFile, Error},
    feed::{Feed, watch::Watch},
    hints::Hints,
    info::{ChainSync, NodeInfo},
    invoice::{Invoice, Kind, Listed, Settlement},
    method::{Method, Need, bakemacaroon},
    state::InvoiceState,
    subscription::{Cursor, Subscription},
    version::Version,
};
