//! Which call a request is. The list is that of the calls that facture makes; what else LND has is "Not Found" here.

use hyper::Method;

use super::refusal::Refusal;

/// A call, and the part of the path that is an argument.
#[derive(Clone, Copy)]
pub(super) enum Call<'a> {
    GetState,
    GetInfo,
    ChannelBalance,
    AddInvoice,
    AddHoldInvoice,
    LookupInvoice(&'a str),
    ListInvoices,
    CancelInvoice,
    SettleInvoice,
    SubscribeInvoices,
    SendPaymentV2,
    TrackPaymentV2(&'a str),
}

impl<'a> Call<'a> {
    pub(super) fn of(verb: &Method, path: &'a str) -> Result<Self, Refusal> {
        let last = |prefix| path.strip_prefix(prefix);
        let (right, call) = match path {
            "/v1/state" => (Method::GET, Self::GetState),
            "/v1/getinfo" => (Method::GET, Self::GetInfo),
            "/v1/balance/channels" => (Method::GET, Self::ChannelBalance),
            "/v1/invoices" if verb == Method::GET => (Method::GET, Self::ListInvoices),
            "/v1/invoices" => (Method::POST, Self::AddInvoice),
            "/v1/invoices/subscribe" => (Method::GET, Self::SubscribeInvoices),
            "/v2/invoices/hodl" => (Method::POST, Self::AddHoldInvoice),
            "/v2/invoices/cancel" => (Method::POST, Self::CancelInvoice),
            "/v2/router/send" => (Method::POST, Self::SendPaymentV2),
            "/v2/invoices/settle" => (Method::POST, Self::SettleInvoice),
            _ => {
                let call = if let Some(hash) = last("/v1/invoice/") {
                    Self::LookupInvoice(hash)
                } else if let Some(hash) = last("/v2/router/track/") {
                    Self::TrackPaymentV2(hash)
                } else {
                    return Err(Refusal::not_found("Not Found"));
                };
                (Method::GET, call)
            }
        };
        if *verb == right {
            Ok(call)
        } else {
            Err(Refusal::new(12, "Method Not Allowed"))
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::GetState => "GetState",
            Self::GetInfo => "GetInfo",
            Self::ChannelBalance => "ChannelBalance",
            Self::AddInvoice => "AddInvoice",
            Self::AddHoldInvoice => "AddHoldInvoice",
            Self::LookupInvoice(_) => "LookupInvoice",
            Self::ListInvoices => "ListInvoices",
            Self::CancelInvoice => "CancelInvoice",
            Self::SettleInvoice => "SettleInvoice",
            Self::SubscribeInvoices => "SubscribeInvoices",
            Self::SendPaymentV2 => "SendPaymentV2",
            Self::TrackPaymentV2(_) => "TrackPaymentV2",
        }
    }

    /// Its full name, which a permission may give.
    pub(super) fn uri(self) -> String {
        let service = match self {
            Self::AddHoldInvoice | Self::CancelInvoice | Self::SettleInvoice => {
                "invoicesrpc.Invoices"
            }
            Self::SendPaymentV2 | Self::TrackPaymentV2(_) => "routerrpc.Router",
            Self::GetState => "lnrpc.State",
            _ => "lnrpc.Lightning",
        };
        format!("/{service}/{}", self.name())
    }

    /// The entity and the action that a permission gives otherwise.
    pub(super) fn permission(self) -> (&'static str, &'static str) {
        match self {
            Self::GetState | Self::GetInfo => ("info", "read"),
            Self::ChannelBalance | Self::TrackPaymentV2(_) => ("offchain", "read"),
            Self::SendPaymentV2 => ("offchain", "write"),
            Self::LookupInvoice(_) | Self::ListInvoices | Self::SubscribeInvoices => {
                ("invoices", "read")
            }
            Self::AddInvoice | Self::AddHoldInvoice | Self::CancelInvoice | Self::SettleInvoice => {
                ("invoices", "write")
            }
        }
    }

    pub(super) fn is_stream(self) -> bool {
        matches!(
            self,
            Self::SubscribeInvoices | Self::SendPaymentV2 | Self::TrackPaymentV2(_)
        )
    }
}
