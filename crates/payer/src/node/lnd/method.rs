//! Every call that the payer may make to LND, in one list: a connection takes a [`Method`] and nothing else. One of them
//! spends.

use std::fmt;

/// A call of LND.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Who the node is.
    GetInfo,
    /// What became of a payment.
    TrackPaymentV2,
    /// Paying. It alone spends.
    SendPaymentV2,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::GetInfo, Self::TrackPaymentV2, Self::SendPaymentV2];

    /// The full name of the RPC: what a macaroon's permission `uri:` names.
    pub fn uri(self) -> &'static str {
        match self {
            Self::GetInfo => "/lnrpc.Lightning/GetInfo",
            Self::TrackPaymentV2 => "/routerrpc.Router/TrackPaymentV2",
            Self::SendPaymentV2 => "/routerrpc.Router/SendPaymentV2",
        }
    }

    /// The path of the URL, without the slash before it.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::GetInfo => "v1/getinfo",
            Self::TrackPaymentV2 => "v2/router/track/",
            Self::SendPaymentV2 => "v2/router/send",
        }
    }
}

/// The command that makes a macaroon for those calls and no others.
pub fn bakemacaroon() -> String {
    let permissions = Method::ALL.map(|method| format!("uri:{}", method.uri()));
    format!(
        "lncli bakemacaroon --save_to facture-payer.macaroon {}",
        permissions.join(" ")
    )
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.uri())
    }
}
