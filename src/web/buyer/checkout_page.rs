//! The page of an invoice, which is also its status page: what to pay and how, or that it is authorised, paid, expired, or
//! cancelled by the shop.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRef;
use jiff::Timestamp;

use super::{
    description::{Description, Length},
    pages::{Money, Pages, ReturnMode},
    payable::{Payable, TimeLeft},
    price_view::PriceView,
    receipt_view::ReceiptView,
    sale_view::{SaleView, Sold},
    shell::Shell,
    verdict::{Proof, Verdict},
};
use crate::{
    invoices::{Found, Freshness, Invoicing, Succession},
    links::Links,
    reveal::Reveals,
    web::{
        error::Problem,
        extract::visitor::Visitor,
        fast_path::{CachedAnswer, CountdownPage, RenderCache, Rendered, SECONDS, Variant, WORDS},
        origin::OwnAddress,
        paths::status_path,
    },
};
use facture_domain::{Amount, Invoice, Label, Msat, Refunded, Settlement, Status};

#[derive(Template)]
#[template(path = "checkout.html")]
pub(crate) struct CheckoutPage {
    shell: Shell,
    label: Label,
    /// The targets of the forms: the proof of payment and the new invoice.
    proof_action: String,
    renew_action: String,
    amount: Amount,
    /// The price in another currency.
    price: Option<PriceView>,
    description: Description,
    order_id: Option<String>,
    payment_hash: String,
    /// Of the payment of an offer: what the payer wrote to the shop.
    payer_note: Option<String>,
    view: View,
    /// The node could not be reached: this is the state as of then.
    stale_since: Option<Timestamp>,
    /// The node's warnings, verbatim, for the creator of a new invoice.
    warnings: Vec<String>,
    script: String,
    /// The sites that may be notified of the payment when this is in a frame.
    origins: String,
}

/// What the page shows in each state.
enum View {
    Unpaid {
        pay: Payable,
    },
    /// The payment is held.
    Accepted {
        held: Msat,
        since: Timestamp,
        /// Where a browser without scripts reads the status.
        status: String,
    },
    Paid {
        received: Msat,
        asked: Option<Msat>,
        paid_at: Timestamp,
        receipt: ReceiptView,
        refunded: Refunded,
        onward: Option<Onward>,
        proof: Option<Proof>,
        sold: Option<Sold>,
    },
    /// Paid, but the node does not have the payment.
    Proven,
    Expired {
        next: Next,
        proof: Option<Proof>,
    },
    /// The shop cancelled it.
    Cancelled {
        proof: Option<Proof>,
    },
    /// The shop cancelled a hold invoice: what was held went back.
    SentBack,
}

/// The link back to the shop.
struct Onward {
    url: String,
    by: ReturnMode,
}

/// What a buyer can do after expiry.
enum Next {
    Renewable,
    /// Continue to the new invoice at this path.
    Renewed(String),
    /// Buy the item at this path.
    BuyAgain(String),
    /// Contact the shop.
    Closed,
}

/// Dependencies of the invoice pages.
#[derive(Clone)]
pub(crate) struct CheckoutState {
    pub(crate) invoicing: Arc<Invoicing>,
    pub(crate) reveals: Reveals,
    pub(crate) links: Links,
    pub(crate) pages: Pages,
    pub(crate) cache: Arc<RenderCache>,
    pub(crate) address: OwnAddress,
}

impl<S> FromRef<S> for CheckoutState
where
    Arc<Invoicing>: FromRef<S>,
    Reveals: FromRef<S>,
    Links: FromRef<S>,
    Pages: FromRef<S>,
    Arc<RenderCache>: FromRef<S>,
    OwnAddress: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            reveals: FromRef::from_ref(state),
            links: FromRef::from_ref(state),
            pages: FromRef::from_ref(state),
            cache: FromRef::from_ref(state),
            address: FromRef::from_ref(state),
        }
    }
}

impl CheckoutPage {
    /// The page, cached or rendered now.
    pub(super) async fn answer(
        state: &CheckoutState,
        visitor: Visitor,
        found: &Found,
    ) -> Result<Arc<CachedAnswer>, Problem> {
        let succession = state.invoicing.succession(&found.invoice).await?;
        let variant = Variant::Page(visitor, succession.clone());
        let sale = SaleView::of(&state.reveals, &state.links, &found.invoice).await?;
        state.cache.answer(found, variant, || {
            Self::new(state, visitor, found, succession, None, sale)?.rendered()
        })
    }

    /// The page for the merchant right after creating the invoice.
    pub(super) fn created(
        state: &CheckoutState,
        visitor: Visitor,
        found: &Found,
    ) -> Result<Arc<CachedAnswer>, Problem> {
        state.cache.answer(found, Variant::Created(visitor), || {
            let mut page = Self::new(
                state,
                visitor,
                found,
                Succession::Over,
                None,
                SaleView::None,
            )?;
            let warnings = found.invoice.order.warnings.iter();
            page.warnings = warnings.map(|warning| warning.message.clone()).collect();
            page.rendered()
        })
    }

    pub(crate) fn new(
        state: &CheckoutState,
        visitor: Visitor,
        Found { invoice, freshness }: &Found,
        succession: Succession,
        proof: Option<Proof>,
        sale: SaleView,
    ) -> Result<Self, Problem> {
        let path = status_path(&invoice.label);
        let view = match &invoice.status {
            Status::Unpaid => View::unpaid(state, invoice, visitor, &path)?,
            Status::Accepted(held) => View::Accepted {
                held: held.amount,
                since: held.accepted_at,
                status: visitor.link(&format!("{path}/status")),
            },
            Status::Paid(settlement) => View::paid(
                state.pages.onward(),
                invoice,
                settlement,
                ReceiptView::of(&state.pages, invoice, visitor.language),
                proof,
                sale.sold(&path),
            ),
            Status::Expired if invoice.payment_proven_at.is_some() => View::Proven,
            Status::Expired if invoice.cancelled_at.is_some() && invoice.hold.is_some() => {
                View::SentBack
            }
            Status::Expired if invoice.cancelled_at.is_some() => View::Cancelled { proof },
            Status::Expired => View::Expired {
                proof,
                next: match succession {
                    Succession::Open => Next::Renewable,
                    Succession::Renewed(label) => Next::Renewed(visitor.link(&status_path(&label))),
                    Succession::Over => {
                        sale.item_page(visitor).map_or(Next::Closed, Next::BuyAgain)
                    }
                },
            },
        };
        Ok(Self {
            stale_since: match freshness {
                Freshness::Current => None,
                Freshness::AsOf(since) => Some(*since),
            },
            warnings: Vec::new(),
            script: state.pages.checkout_script().to_owned(),
            origins: state.pages.origins(),
            shell: Shell::new(&state.pages, visitor, &path),
            proof_action: visitor.link(&format!("{path}/proof")),
            renew_action: visitor.link(&format!("{path}/renew")),
            payment_hash: invoice.payment_hash.to_string(),
            payer_note: invoice.offer().and_then(|paid| paid.payer_note.clone()),
            amount: invoice.amount,
            price: PriceView::of(&invoice.order, visitor.language),
            label: invoice.label.clone(),
            order_id: invoice
                .order
                .order_id
                .as_ref()
                .map(|id| id.as_str().to_owned()),
            description: Description::of(&invoice.description),
            view,
        })
    }

    fn rendered(&self) -> Result<Rendered, Problem> {
        let page = self.render()?;
        let language = self.shell.language();
        Ok(match &self.view {
            View::Unpaid { pay } => {
                Rendered::Countdown(CountdownPage::new(&page, pay.expires_at, language))
            }
            View::Accepted { .. }
            | View::Paid { .. }
            | View::Proven
            | View::Expired { .. }
            | View::Cancelled { .. }
            | View::SentBack => Rendered::Whole(page.into()),
        })
    }
}

impl View {
    fn unpaid(
        state: &CheckoutState,
        invoice: &Invoice,
        visitor: Visitor,
        path: &str,
    ) -> Result<Self, Problem> {
        // Filled in when the page is sent.
        let left = TimeLeft {
            seconds: SECONDS.to_owned(),
            words: WORDS.to_owned(),
        };
        let pay = Payable::of(&state.pages, &state.cache, invoice, visitor, path, left)?;
        Ok(Self::Unpaid { pay })
    }

    fn paid(
        by: ReturnMode,
        invoice: &Invoice,
        settlement: &Settlement,
        receipt: ReceiptView,
        proof: Option<Proof>,
        sold: Option<Sold>,
    ) -> Self {
        let received = settlement.amount_received;
        Self::Paid {
            received,
            asked: match invoice.amount {
                Amount::Exact(asked) if asked != received => Some(asked),
                _ => None,
            },
            paid_at: settlement.paid_at,
            receipt,
            refunded: Refunded::of(invoice.refunded, received),
            onward: invoice.order.redirect_url.as_ref().map(|url| Onward {
                url: url.as_str().to_owned(),
                by,
            }),
            proof,
            sold,
        }
    }
}
