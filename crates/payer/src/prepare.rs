//! From an order to what would be begun for it: the amount and the fee limit, then the invoice. Nothing is written here.

use facture_domain::{
    Amount, Msat, PaymentHash, payment_string::PaymentRequest, payout::DestinationKind,
};
use facture_runtime::fetch::Fetcher;
use jiff::Timestamp;

use crate::{
    config::LimitsConfig,
    destination::{NoInvoice, invoice, lnurl, offer},
    journal::{AmountBy, Begun},
    limits,
    node::{Node, NodeInfo, Offer, OfferInvoice},
    wire::Order,
};

/// What is known of a payment before anybody else is asked about it.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    /// What the destination is to receive.
    pub(crate) amount: Msat,
    /// The most that it may cost on top.
    pub(crate) max_fee: Msat,
    /// The node that would pay.
    node: NodeInfo,
    /// Where its invoice comes from.
    pub(crate) source: Source,
}

/// Where the invoice of a payment comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// It was ordered.
    Order(Box<PaymentRequest>),
    /// From the server of an LNURL or a Lightning Address.
    Server,
    /// From the owner of an offer.
    Offer(Offer),
}

/// What an order asks for. Nobody but our own node is asked.
pub(crate) async fn terms(
    order: &Order,
    node: &Node,
    limits: &LimitsConfig,
    now: Timestamp,
) -> Result<Terms, NoInvoice> {
    let info = node.info().await.map_err(NoInvoice::NodeAway)?;
    let (amount, source) = match order.kind {
        DestinationKind::Bolt11 => {
            let request = invoice::parse(&order.destination)?;
            invoice::check(&request, &info, now)?;
            let amount = invoice::amount(&request, order.amount)?;
            (amount, Source::Order(Box::new(request)))
        }
        DestinationKind::LnurlPay | DestinationKind::LightningAddress => {
            (lnurl::amount(order.amount)?, Source::Server)
        }
        DestinationKind::Offer => {
            let offer = node.offer(&info.id, &order.destination).await?;
            (
                offer::amount(&offer, order.amount, &info)?,
                Source::Offer(offer),
            )
        }
    };
    Ok(Terms {
        amount,
        max_fee: limits::max_fee(limits, amount, order.max_fee),
        node: info,
        source,
    })
}

/// What would be begun for an order; for that, the destination is asked for an invoice, unless it is one.
pub(crate) async fn begun(
    order: &Order,
    terms: &Terms,
    node: &Node,
    fetcher: &Fetcher,
    now: Timestamp,
) -> Result<Begun, NoInvoice> {
    match &terms.source {
        Source::Order(request) => Ok(paying(order, terms, (&**request).into())),
        Source::Server => {
            let request = lnurl::invoice(fetcher, &order.destination, terms.amount).await?;
            invoice::check(&request, &terms.node, now)?;
            invoice::amount(&request, Some(terms.amount))?;
            Ok(paying(order, terms, (&request).into()))
        }
        Source::Offer(offer) => {
            let asked = node.offer_invoice(
                &terms.node.id,
                &order.destination,
                terms.amount,
                offer.quantity,
            );
            let invoice = asked.await?;
            offer::check(&invoice, offer, terms.amount)?;
            Ok(paying(order, terms, invoice.into()))
        }
    }
}

/// What is paid for an order.
struct Invoice {
    text: String,
    payment_hash: PaymentHash,
    expires_at: Timestamp,
    /// What says how much is paid.
    amount: AmountBy,
}

impl From<&PaymentRequest> for Invoice {
    fn from(request: &PaymentRequest) -> Self {
        Self {
            text: request.decoded.bolt11.as_str().to_owned(),
            payment_hash: request.decoded.payment_hash,
            expires_at: request.expires_at,
            amount: match request.decoded.amount {
                Amount::Exact(_) => AmountBy::Invoice,
                Amount::Any => AmountBy::Order,
            },
        }
    }
}

impl From<OfferInvoice> for Invoice {
    fn from(invoice: OfferInvoice) -> Self {
        Self {
            text: invoice.text,
            payment_hash: invoice.payment_hash,
            expires_at: invoice.expires_at,
            amount: AmountBy::Invoice,
        }
    }
}

fn paying(order: &Order, terms: &Terms, invoice: Invoice) -> Begun {
    Begun {
        payout: order.id.clone(),
        asked_by: order.asked_by.clone(),
        kind: order.kind,
        destination: order.destination.clone(),
        invoice: invoice.text,
        payment_hash: invoice.payment_hash,
        expires_at: invoice.expires_at,
        amount: terms.amount,
        amount_by: invoice.amount,
        max_fee: terms.max_fee,
        node: terms.node.id.clone(),
    }
}
