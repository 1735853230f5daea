//! Which destinations can be ordered, as far as the text itself tells. The payer checks again before it pays: an offer or
//! an address tells the rest only to whoever asks.

use jiff::Timestamp;

use super::error::OrderRefused;
use facture_domain::{
    Amount, Msat, NodeId, PaymentHash,
    payment_string::{Bolt12Kind, Lnurl, LnurlKind, PaymentRequest, PaymentString, Way},
    payout::{Destination, DestinationKind},
};

/// The node that is to pay.
#[derive(Clone, Debug)]
pub(super) struct PayingNode {
    pub(super) id: NodeId,
    pub(super) network: String,
}

/// A destination whose text was read.
#[derive(Debug)]
pub(super) struct Readable {
    pub(super) destination: Destination,
    /// How much is to be paid; `None`: only an offer may leave that open.
    pub(super) amount: Option<Msat>,
    /// Of a BOLT 11 invoice.
    pub(super) request: Option<Box<PaymentRequest>>,
}

impl Readable {
    /// Reads a destination that is to receive this amount, or what it asks for.
    ///
    /// # Errors
    /// [`OrderRefused`], with which nothing was asked of anybody.
    pub(super) fn parse(
        text: &str,
        amount: Option<Msat>,
        now: Timestamp,
    ) -> Result<Self, OrderRefused> {
        let PaymentString { way, uri } =
            PaymentString::parse(text).map_err(OrderRefused::Destination)?;
        let named = uri.and_then(|terms| terms.amount);
        Self::of(way, text, agreed(amount, named)?, now)
    }

    /// The same of a text that was read before.
    ///
    /// # Errors
    /// [`OrderRefused`].
    pub(super) fn of(
        way: Way,
        text: &str,
        amount: Option<Msat>,
        now: Timestamp,
    ) -> Result<Self, OrderRefused> {
        match way {
            Way::Bolt11(request) => {
                if request.expires_at <= now {
                    return Err(OrderRefused::InvoiceExpired);
                }
                let asked = match request.decoded.amount {
                    Amount::Exact(asked) => Some(asked),
                    Amount::Any => None,
                };
                let text = request.decoded.bolt11.as_str().to_owned();
                Ok(Self {
                    destination: Destination {
                        kind: DestinationKind::Bolt11,
                        text,
                    },
                    amount: Some(agreed(amount, asked)?.ok_or(OrderRefused::AmountMissing)?),
                    request: Some(request),
                })
            }
            Way::Bolt12(bolt12) => match bolt12.kind {
                Bolt12Kind::Offer => Ok(Self::plain(
                    DestinationKind::Offer,
                    bolt12.as_str().to_owned(),
                    amount,
                )),
                _ => Err(OrderRefused::Unsupported(
                    "a BOLT 12 string that is no offer",
                )),
            },
            Way::Lnurl(lnurl) => match lnurl.kind {
                // Only its server knows whether it is one for paying.
                LnurlKind::Unknown | LnurlKind::Pay => {
                    Self::asked(DestinationKind::LnurlPay, lnurl_text(&lnurl, text), amount)
                }
                _ => Err(OrderRefused::Unsupported("an LNURL that is not for paying")),
            },
            Way::LightningAddress(address) => Self::asked(
                DestinationKind::LightningAddress,
                address.to_string(),
                amount,
            ),
            Way::Onchain(_) => Err(OrderRefused::Unsupported("an address on the chain")),
        }
    }

    fn plain(kind: DestinationKind, text: String, amount: Option<Msat>) -> Self {
        Self {
            destination: Destination { kind, text },
            amount,
            request: None,
        }
    }

    /// One that gives an invoice for whatever amount it is asked for.
    fn asked(
        kind: DestinationKind,
        text: String,
        amount: Option<Msat>,
    ) -> Result<Self, OrderRefused> {
        match amount {
            Some(amount) => Ok(Self::plain(kind, text, Some(amount))),
            None => Err(OrderRefused::AmountMissing),
        }
    }

    /// Checks that this node can pay it.
    ///
    /// # Errors
    /// [`OrderRefused`].
    pub(super) fn check_payable_by(&self, node: &PayingNode) -> Result<(), OrderRefused> {
        let Some(request) = &self.request else {
            return Ok(());
        };
        if !request.network.is_called(&node.network) {
            return Err(OrderRefused::WrongNetwork {
                destination: request.network.as_str(),
                node: node.network.clone(),
            });
        }
        match request.payee.to_string() == node.id.as_str() {
            true => Err(OrderRefused::OwnInvoice),
            false => Ok(()),
        }
    }

    /// Of a BOLT 11 invoice: its payment hash.
    pub(super) fn payment_hash(&self) -> Option<PaymentHash> {
        let request = self.request.as_ref();
        request.map(|request| request.decoded.payment_hash)
    }
}

/// An LNURL in the form that shows where it leads (LUD-17), if that form leads to the same place: it leaves the URL's scheme to
/// the host.
fn lnurl_text(lnurl: &Lnurl, text: &str) -> String {
    let (_, rest) = lnurl.url.as_str().split_once(':').unwrap_or_default();
    let plain = format!("lnurlp:{rest}");
    match PaymentString::parse(&plain) {
        Ok(PaymentString {
            way: Way::Lnurl(read),
            ..
        }) if read.url == lnurl.url => plain,
        _ => text.trim().to_owned(),
    }
}

/// The one amount that both name.
fn agreed(ordered: Option<Msat>, asked: Option<Msat>) -> Result<Option<Msat>, OrderRefused> {
    match (ordered, asked) {
        (Some(ordered), Some(asked)) if ordered != asked => {
            Err(OrderRefused::AmountNotAllowed(asked))
        }
        (ordered, asked) => Ok(ordered.or(asked)),
    }
}
