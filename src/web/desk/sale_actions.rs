//! What can be done with a sale. Whatever came of it, the sale's page shows it; nothing here pays anybody.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    frame::Frames,
    payment_query::PATH,
    permit::{ManageSales, OrderRefunds, Permit},
    posted::Posted,
    refund_form::{RefundError, RefundForm},
    sale::{Refused, SaleState, find, page},
};
use crate::{
    invoices::{Cancelled, Settled},
    web::error::Problem,
};
use facture_domain::{
    Label,
    desk::{AuditAction, NoteText},
    hook::{DeliveryId, Queued},
};

/// `POST /desk/payments/{label}/note`
pub(crate) async fn write_note(
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<ManageSales>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let found = find(&permit, &state.invoicing, &label).await?;
    let typed = fields.text("note");
    let Ok(text) = NoteText::parse(typed) else {
        let refused = Refused {
            note: Some(typed.to_owned()),
            ..Refused::default()
        };
        return page(&permit, &state, &frames, found, refused).await;
    };
    let label = &found.invoice.label;
    let written = state
        .bookkeeping
        .write_note(label, text, &permit.actor())
        .await?;
    match written {
        true => Ok(back(&frames, label)),
        false => Err(Problem::InvoiceNotFound),
    }
}

/// `POST /desk/payments/{label}/cancel`: nobody can pay it any more; a held payment is sent back.
pub(crate) async fn cancel(
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<ManageSales>,
) -> Result<Response, Problem> {
    let permit = posted.permit;
    let label = find(&permit, &state.invoicing, &label).await?;
    let label = &label.invoice.label;
    let cancelled = state.invoicing.cancel(label).await?;
    if let Cancelled::Done(_) = cancelled.ok_or(Problem::InvoiceNotFound)? {
        audit(&state, &permit, AuditAction::SaleCancelled, label, "").await?;
    }
    Ok(back(&frames, label))
}

/// `POST /desk/payments/{label}/capture`: takes the payment that is held.
pub(crate) async fn capture(
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<ManageSales>,
) -> Result<Response, Problem> {
    let permit = posted.permit;
    let label = find(&permit, &state.invoicing, &label).await?;
    let label = &label.invoice.label;
    let settled = state.invoicing.settle(label, None).await?;
    if let Settled::Done(_) = settled.ok_or(Problem::InvoiceNotFound)? {
        audit(&state, &permit, AuditAction::SaleCaptured, label, "").await?;
    }
    Ok(back(&frames, label))
}

/// `POST /desk/payments/{label}/redeliver`: sends a delivery of this sale once more.
pub(crate) async fn redeliver(
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<ManageSales>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let found = find(&permit, &state.invoicing, &label).await?;
    let label = &found.invoice.label;
    let id = DeliveryId::parse(fields.text("delivery")).ok_or(Problem::DeliveryNotFound)?;
    let own = state.bookkeeping.deliveries(label).await?;
    if !own.iter().any(|delivery| delivery.id == id) {
        return Err(Problem::DeliveryNotFound);
    }
    if let Queued::Due(_) = state.webhooks.redeliver(&id).await? {
        let action = AuditAction::DeliveryRepeated;
        audit(&state, &permit, action, label, id.as_str()).await?;
    }
    Ok(back(&frames, label))
}

/// `POST /desk/payments/{label}/refund`: writes the order down. The payer pays it, within its own limits, or does not.
pub(crate) async fn order_refund(
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<OrderRefunds>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let found = find(&permit, &state.invoicing, &label).await?;
    let label = found.invoice.label.clone();
    let mut form = RefundForm::sent(&fields);
    if form.key.is_empty() {
        return Err(Problem::BadRequest);
    }
    let ordered = match form.order(&label, &permit.staff) {
        Ok(request) => match state.payouts.order(request).await {
            Ok(ordered) => Ok(ordered),
            Err(error) => Err(RefundError::of(error)?),
        },
        Err(error) => Err(error),
    };
    match ordered {
        Ok(_) => {
            let detail = format!("{} sat", form.amount);
            audit(&state, &permit, AuditAction::RefundOrdered, &label, &detail).await?;
            Ok(back(&frames, &label))
        }
        Err(error) => {
            form.error = Some(error);
            let refused = Refused {
                refund: Some(form),
                ..Refused::default()
            };
            page(&permit, &state, &frames, found, refused).await
        }
    }
}

/// Adds to the audit log what they did to a sale.
async fn audit<R>(
    state: &SaleState,
    permit: &Permit<R>,
    action: AuditAction,
    label: &Label,
    detail: &str,
) -> Result<(), Problem> {
    let entry = permit.actor().did(action, label.as_str()).with(detail);
    Ok(state.bookkeeping.audit(entry).await?)
}

fn back(frames: &Frames, label: &Label) -> Response {
    Redirect::to(&frames.link(&format!("{PATH}/{label}"))).into_response()
}
