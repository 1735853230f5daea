//! Every call that facture may make to LND, in one list. The connection takes a [`Method`] and nothing else, so what is
//! not here cannot be sent; none of these spends, opens a channel or changes how the node is set up.

use std::fmt;

/// A call of LND.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Who the node is, and whether it knows the newest block.
    GetInfo,
    /// Making an invoice.
    AddInvoice,
    /// Looking an invoice up by its payment hash.
    LookupInvoice,
    /// Pages of invoices, in the order in which they were made.
    ListInvoices,
    /// A stream of what is made and paid.
    SubscribeInvoices,
    /// Cancelling an invoice, and sending back what was paid for one that is held.
    CancelInvoice,
    /// Making an invoice whose payment is held until it is settled.
    AddHoldInvoice,
    /// Taking a payment that is held.
    SettleInvoice,
    /// How much the node can receive, at most.
    ChannelBalance,
}

/// Whether a checkout works without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It does not.
    Essential,
    /// It does, without hold invoices.
    Holds,
    /// It does: what the call would tell is left out where the node does not allow it.
    Spared,
}

/// HTTP's verbs, as far as they are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::GetInfo,
        Self::AddInvoice,
        Self::LookupInvoice,
        Self::ListInvoices,
        Self::SubscribeInvoices,
        Self::CancelInvoice,
        Self::AddHoldInvoice,
        Self::SettleInvoice,
        Self::ChannelBalance,
    ];

    /// The full name of the RPC: what a macaroon's permission `uri:` names.
    pub fn uri(self) -> &'static str {
        match self {
            Self::GetInfo => "/lnrpc.Lightning/GetInfo",
            Self::AddInvoice => "/lnrpc.Lightning/AddInvoice",
            Self::LookupInvoice => "/lnrpc.Lightning/LookupInvoice",
            Self::ListInvoices => "/lnrpc.Lightning/ListInvoices",
            Self::SubscribeInvoices => "/lnrpc.Lightning/SubscribeInvoices",
            Self::CancelInvoice => "/invoicesrpc.Invoices/CancelInvoice",
            Self::AddHoldInvoice => "/invoicesrpc.Invoices/AddHoldInvoice",
            Self::SettleInvoice => "/invoicesrpc.Invoices/SettleInvoice",
            Self::ChannelBalance => "/lnrpc.Lightning/ChannelBalance",
        }
    }

    /// What LND calls it.
    pub fn name(self) -> &'static str {
        let uri = self.uri();
        uri.rsplit_once('/').map_or(uri, |(_, name)| name)
    }

    /// The HTTP verb.
    pub(super) fn verb(self) -> Verb {
        match self {
            Self::AddInvoice | Self::CancelInvoice | Self::AddHoldInvoice | Self::SettleInvoice => {
                Verb::Post
            }
            _ => Verb::Get,
        }
    }

    /// The path of the URL, without the slash before it. A payment hash follows where it ends with a slash.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::GetInfo => "v1/getinfo",
            Self::AddInvoice | Self::ListInvoices => "v1/invoices",
            Self::LookupInvoice => "v1/invoice/",
            Self::SubscribeInvoices => "v1/invoices/subscribe",
            Self::CancelInvoice => "v2/invoices/cancel",
            Self::AddHoldInvoice => "v2/invoices/hodl",
            Self::SettleInvoice => "v2/invoices/settle",
            Self::ChannelBalance => "v1/balance/channels",
        }
    }

    /// Whether a checkout works without it.
    pub fn need(self) -> Need {
        match self {
            Self::AddHoldInvoice | Self::SettleInvoice => Need::Holds,
            Self::ChannelBalance => Need::Spared,
            _ => Need::Essential,
        }
    }

    /// Those that the macaroon is for: what a checkout needs, and what tells no more than that.
    pub fn in_macaroon() -> impl Iterator<Item = Self> {
        let all = Self::ALL.into_iter();
        all.filter(|method| method.need() != Need::Spared)
    }
}

/// The command that makes a macaroon for those calls and no others (permissions by URI, since lnd 0.11).
pub fn bakemacaroon() -> String {
    let permissions: Vec<_> = Method::in_macaroon()
        .map(|method| format!("uri:{}", method.uri()))
        .collect();
    format!(
        "lncli bakemacaroon --save_to facture.macaroon {}",
        permissions.join(" ")
    )
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_macaroon_allows_what_is_needed_and_nothing_that_spends() {
        let command = bakemacaroon();
        for method in Method::ALL {
            let allowed = command.contains(&format!(" uri:{}", method.uri()));
            let expected = method != Method::ChannelBalance;
            assert_eq!(allowed, expected, "{method}");
        }
        assert!(!command.contains("Send") && !command.contains("NewAddress"));
    }
}
