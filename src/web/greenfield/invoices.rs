//! `/api/v1/stores/{store}/invoices`.

use std::sync::Arc;

use axum::{
    Json,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use url::form_urlencoded;

use super::{
    access::{CreateInvoice, InvoiceOfStore, Key, ModifyInvoices, StoreKey, ViewInvoices},
    invoice_json::{InvoiceJson, InvoiceStatus},
    new_invoice::{CreateState, Details, Sent},
    refusal::{Refusal, Thing},
};
use crate::{
    invoices::{Cancelled, Invoicing},
    web::origin::Origin,
};
use facture_domain::{Invoice, OrderId, listing::Filter};

/// How many invoices are listed if nothing else is asked for, and the most that are looked at for one list.
const DEFAULT_LISTED: usize = 50;
const MAX_SEEN: usize = 1000;
const PAGE: u32 = 100;

/// `POST …/invoices`: 200 with the new invoice.
pub(crate) async fn create(
    StoreKey { key, .. }: StoreKey<CreateInvoice>,
    State(state): State<CreateState>,
    origin: Origin,
    Sent(sent): Sent,
) -> Result<Response, Refusal> {
    let new = state.new_invoice(&key, &sent).await?;
    let invoice = state.invoicing.create(new).await?;
    Ok(Json(InvoiceJson::new(&invoice, &origin)).into_response())
}

/// `GET …/invoices/{invoice}`
pub(crate) async fn read(
    InvoiceOfStore { found, .. }: InvoiceOfStore<ViewInvoices>,
    origin: Origin,
) -> Response {
    Json(InvoiceJson::new(&found.invoice, &origin)).into_response()
}

/// `PUT …/invoices/{invoice}`: the metadata is replaced as a whole.
pub(crate) async fn update(
    InvoiceOfStore { found, .. }: InvoiceOfStore<ModifyInvoices>,
    State(invoicing): State<Arc<Invoicing>>,
    origin: Origin,
    Sent(sent): Sent,
) -> Result<Response, Refusal> {
    let details = Details::read(&sent)?;
    let label = &found.invoice.label;
    let updated = invoicing.replace_metadata(label, details.metadata, details.order_id);
    let updated = updated.await?.ok_or(Refusal::NotFound(Thing::Invoice))?;
    Ok(Json(InvoiceJson::new(&updated, &origin)).into_response())
}

/// `POST …/invoices/{invoice}/status`: an unpaid invoice can be made invalid, so that nobody can pay it any more. What it is
/// already is no error.
pub(crate) async fn mark(
    InvoiceOfStore { found, .. }: InvoiceOfStore<ModifyInvoices>,
    State(invoicing): State<Arc<Invoicing>>,
    origin: Origin,
    Sent(sent): Sent,
) -> Result<Response, Refusal> {
    let wanted = sent.text("status")?.unwrap_or_default();
    let is = InvoiceStatus::of(&found.invoice);
    let refused = || {
        let reason = format!("an invoice that is {is:?} cannot be marked {wanted}");
        Refusal::invalid("status", reason)
    };
    let wanted = match wanted.to_lowercase().as_str() {
        "invalid" => InvoiceStatus::Invalid,
        "settled" => InvoiceStatus::Settled,
        _ => return Err(Refusal::invalid("status", "must be Invalid or Settled")),
    };
    let invoice = match (is, wanted) {
        (is, wanted) if is == wanted => found.invoice,
        (InvoiceStatus::New, InvoiceStatus::Invalid) => {
            match invoicing.cancel(&found.invoice.label).await? {
                Some(Cancelled::Done(invoice)) => invoice,
                Some(Cancelled::Paid | Cancelled::Expired | Cancelled::Settling) | None => {
                    return Err(refused());
                }
            }
        }
        _ => return Err(refused()),
    };
    Ok(Json(InvoiceJson::new(&invoice, &origin)).into_response())
}

/// `GET …/invoices`: the newest first; `orderId`, `textSearch`, `status`, `startDate`, `endDate`, `take`, `skip`.
pub(crate) async fn list(
    StoreKey { key, .. }: StoreKey<ViewInvoices>,
    State(invoicing): State<Arc<Invoicing>>,
    origin: Origin,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let asked = Asked::read(&key, &query.unwrap_or_default())?;
    let (mut listed, mut skipped, mut seen) = (Vec::new(), 0, 0);
    let mut after = None;
    while listed.len() < asked.take && seen < MAX_SEEN {
        let page = invoicing
            .list(&asked.filter, after.as_ref(), PAGE)
            .await?
            .page;
        seen += page.invoices.len();
        for invoice in page.invoices.iter().filter(|invoice| asked.is_for(invoice)) {
            if skipped < asked.skip {
                skipped += 1;
            } else if listed.len() < asked.take {
                listed.push(InvoiceJson::new(invoice, &origin));
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(Json(listed).into_response())
}

/// Which invoices are to be listed.
struct Asked {
    filter: Filter,
    order_ids: Vec<String>,
    statuses: Vec<String>,
    take: usize,
    skip: usize,
}

impl Asked {
    fn read(key: &Key, query: &str) -> Result<Self, Refusal> {
        let mut asked = Self {
            filter: key.invoices(),
            order_ids: Vec::new(),
            statuses: Vec::new(),
            take: DEFAULT_LISTED,
            skip: 0,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let number = |max: usize| {
                let number = value.parse().ok().filter(|number| *number <= max);
                number.ok_or_else(|| {
                    Refusal::invalid(&name, format_args!("must be a number from 0 to {max}"))
                })
            };
            let time = || {
                let seconds: Option<i64> = value.parse().ok();
                seconds.ok_or_else(|| Refusal::invalid(&name, "must be seconds since 1970"))
            };
            match &*name {
                "take" => asked.take = number(MAX_SEEN)?,
                "skip" => asked.skip = number(MAX_SEEN)?,
                "startDate" => asked.filter.created.start = Some(time()?),
                "endDate" => asked.filter.created.end = Some(time()?.saturating_add(1)),
                "orderId" => asked.order_ids.push(value.into_owned()),
                "status" => asked.statuses.push(value.to_lowercase()),
                "textSearch" if (1..=OrderId::MAX_BYTES).contains(&value.len()) => {
                    asked.filter.text = Some(value.into_owned());
                }
                _ => {}
            }
        }
        if let [one] = asked.order_ids.as_slice() {
            asked.filter.order_id = OrderId::parse(one.clone()).ok();
        }
        Ok(asked)
    }

    fn is_for(&self, invoice: &Invoice) -> bool {
        let order_id = invoice.order.order_id.as_ref().map(OrderId::as_str);
        let status = format!("{:?}", InvoiceStatus::of(invoice)).to_lowercase();
        (self.order_ids.is_empty()
            || self
                .order_ids
                .iter()
                .any(|id| Some(id.as_str()) == order_id))
            && (self.statuses.is_empty() || self.statuses.contains(&status))
    }
}
