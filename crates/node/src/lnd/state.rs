//! LND's words for where things stand.

use serde::Deserialize;

/// Where an invoice stands (`lnrpc.Invoice.InvoiceState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum InvoiceState {
    /// It can be paid, unless its time is over, which LND notices a moment later.
    Open,
    /// It is paid.
    Settled,
    /// It was cancelled, or its time is over: LND does not tell these apart.
    Canceled,
    /// It is a hold invoice, and all of its payment is there.
    Accepted,
}

/// How far LND has started (`lnrpc.WalletState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ServerState {
    /// There is no wallet yet.
    NonExisting,
    /// The wallet waits for its password.
    Locked,
    /// The wallet is open; calls are not served yet.
    Unlocked,
    /// Some calls are served.
    RpcActive,
    /// All calls are served.
    ServerActive,
    /// It waits to become the leader of a cluster.
    WaitingToStart,
}
