//! LNURL-pay of payment links: a wallet orders one piece without the link's page. It is the same order. Reading makes nothing.

use std::sync::Arc;

use axum::{
    extract::{FromRef, Path, RawQuery, State},
    response::Response,
};

use super::{
    again::{RecentRequests, is_payable},
    link::of_payment_link,
    parameters::{amount, comment, payer_data},
    pay_answers::{PAY_REQUEST, PayRequest, asked_of_payers, pay_response},
    reply::{LnurlError, reply},
    session::Session,
    success::SuccessAction,
};
use crate::{
    invoices::Invoicing,
    links::{Error as LinkError, Links, WalletError, WalletOffer, WalletOrder},
    web::{
        error::Problem, extract::client::Client, limits::creation::CreationLimit, origin::Origin,
        paths::link_path,
    },
};
use facture_domain::{
    Ask, Buyer, Invoice, LnurlMetadata, PayerData, PayerField, PaymentLink, Slug,
};

/// The most characters of a note: they come in an address, which must not be too long for what is in between.
const MAX_COMMENT: usize = 200;

/// What separates the reading from the price that it was told.
const QUOTE_MARK: char = '.';

/// Dependencies of the routes.
#[derive(Clone)]
pub(super) struct LinkPayState {
    links: Links,
    invoicing: Arc<Invoicing>,
    creation: Arc<CreationLimit>,
    recent: Arc<RecentRequests>,
}

impl<S> FromRef<S> for LinkPayState
where
    Links: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
    Arc<CreationLimit>: FromRef<S>,
    Arc<RecentRequests>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            links: FromRef::from_ref(state),
            invoicing: FromRef::from_ref(state),
            creation: FromRef::from_ref(state),
            recent: FromRef::from_ref(state),
        }
    }
}

/// `GET /lnurl/l/{slug}`.
pub(super) async fn show(
    State(state): State<LinkPayState>,
    origin: Origin,
    Path(slug): Path<String>,
) -> Result<Response, LnurlError> {
    let link = state.find(&slug).await?;
    let offer = state.links.offer_to_wallet(&link).await;
    let offer = offer.map_err(|error| explain(error, &link, &origin))?;
    let metadata = shown(&link);
    let mut request = Session::new(&metadata).as_str().to_owned();
    if let Some(quote) = state.links.quote_for_wallet(&link, &offer) {
        request.push(QUOTE_MARK);
        request.push_str(&quote);
    }
    let comment = max_comment(&link);
    Ok(reply(&PayRequest {
        tag: PAY_REQUEST,
        callback: format!("{}/{request}", of_payment_link(&origin, &link.slug)),
        min_sendable: offer.least.msat(),
        max_sendable: offer.most.msat(),
        metadata: metadata.as_str().to_owned(),
        comment_allowed: (comment > 0).then_some(comment),
        payer_data: asked_of_payers(&fields(&link)),
    }))
}

/// `GET /lnurl/l/{slug}/{request}?amount=…`: a GET that orders, as wallets ask (LUD-06).
pub(super) async fn invoice(
    State(state): State<LinkPayState>,
    origin: Origin,
    client: Client,
    Path((slug, request)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, LnurlError> {
    let link = state.find(&slug).await?;
    let (session, quote) = match request.split_once(QUOTE_MARK) {
        Some((session, quote)) => (session, Some(quote)),
        None => (&*request, None),
    };
    let session = Session::parse(session).ok_or_else(no_such_link)?;
    let mut shown = shown(&link);
    session.check(&shown)?;
    let offer = state.links.offered_to_wallet(&link, quote);
    let offer = offer.map_err(|error| explain(error, &link, &origin))?;
    let query = query.unwrap_or_default();
    let amount = amount(&query, offer.least, offer.most)?;
    let comment = comment(&query, max_comment(&link))?;
    let asked = fields(&link).into_iter().filter(|(_, ask)| *ask != Ask::No);
    let asked: Vec<_> = asked.map(|(field, _)| field).collect();
    let payer = payer_data(&query, &asked)?;
    let buyer = buyer(&link, payer.as_ref(), comment, &origin)?;
    if let Some(payer) = &payer {
        shown = shown.with_payer_data(payer);
    }
    state.creation.admit(&client, &state.invoicing).await?;
    let order = WalletOrder {
        key: format!("{} {}", session.as_str(), amount.msat()),
        amount,
        shown,
        buyer,
    };
    let invoice = state.payable(&link, &offer, order).await?;
    let action = SuccessAction::of_link(&link, &origin, &invoice.label);
    pay_response(&invoice, &origin, Some(action))
}

impl LinkPayState {
    async fn find(&self, slug: &str) -> Result<PaymentLink, LnurlError> {
        let slug = Slug::parse(slug).map_err(|_| no_such_link())?;
        self.links.find(&slug).await.map_err(|error| match error {
            LinkError::NotFound => no_such_link(),
            error => Problem::from(error).into(),
        })
    }

    /// The invoice of the last minute for an order, or another one when it can no longer be paid.
    async fn payable(
        &self,
        link: &PaymentLink,
        offer: &WalletOffer,
        order: WalletOrder,
    ) -> Result<Arc<Invoice>, LnurlError> {
        for key in self.recent.keys(&format!("lnurl {}", order.key)) {
            let order = WalletOrder {
                key,
                ..order.clone()
            };
            let made = self
                .links
                .order_by_wallet(link.clone(), offer.clone(), order);
            let made = made.await.map_err(Problem::from)?;
            if is_payable(&self.invoicing, &made).await? {
                return Ok(made);
            }
        }
        Err(Problem::TooManyUnpaid.into())
    }
}

/// What a wallet is shown. The same bytes for each request.
fn shown(link: &PaymentLink) -> LnurlMetadata {
    LnurlMetadata::of_text(link.terms.title.clone())
}

/// What a wallet is asked about the payer (LUD-18).
fn fields(link: &PaymentLink) -> [(PayerField, Ask); 2] {
    [
        (PayerField::Name, link.terms.name),
        (PayerField::Email, link.terms.mail),
    ]
}

/// How many characters a note may have (LUD-12).
fn max_comment(link: &PaymentLink) -> usize {
    match link.terms.note {
        Ask::No => 0,
        Ask::Optional | Ask::Required => MAX_COMMENT,
    }
}

/// Who orders.
fn buyer(
    link: &PaymentLink,
    payer: Option<&PayerData>,
    note: Option<String>,
    origin: &Origin,
) -> Result<Buyer, LnurlError> {
    let told = |field| payer.and_then(|payer| payer.get(field));
    for (field, ask) in fields(link) {
        if ask == Ask::Required && told(field).is_none() {
            let page = origin.url(&link_path(&link.slug));
            return Err(LnurlError(format!(
                "The shop needs the payer's {}, which the wallet did not tell. Order here: {page}",
                field.as_str()
            )));
        }
    }
    let mail = told(PayerField::Email);
    if mail.is_some_and(|mail| !Buyer::is_mail_address(mail)) {
        return Err(LnurlError::new(
            "The field email of the parameter payerdata must be a mail address.",
        ));
    }
    Ok(Buyer {
        name: told(PayerField::Name).map(str::to_owned),
        mail: mail.map(str::to_owned),
        note,
    })
}

/// The words for the person who holds the wallet.
fn explain(error: WalletError, link: &PaymentLink, origin: &Origin) -> LnurlError {
    match error {
        WalletError::Order(error) => Problem::from(error).into(),
        WalletError::PageNeeded => {
            let page = origin.url(&link_path(&link.slug));
            LnurlError(format!("This is ordered on its page: {page}"))
        }
        WalletError::QuoteOver => {
            LnurlError::new("The price has changed in the meantime. Scan the code once more.")
        }
    }
}

fn no_such_link() -> LnurlError {
    LnurlError::new("There is no such payment link here.")
}
