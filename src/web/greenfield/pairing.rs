//! `/api-keys/authorize`: an owner of the shop gives a plug-in a key, which goes to the plug-in by a form of the browser.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use url::form_urlencoded;

use super::{
    pairing_request::{PairingError, PairingRequest},
    server::in_store,
};
use crate::{
    auth::Access,
    invoices::Error as InvoicingError,
    web::{
        buyer::{pages::Money, shell::html},
        desk::{
            frame::{Frame, Frames},
            permit::{PairShops, Permit},
            posted::Posted,
            settings::Desk,
        },
        error::Problem,
        middleware::FormTarget,
    },
};
use facture_domain::{
    ShopId, StorePermission,
    desk::AuditAction,
    token::{Grant, Scope, Scopes, TokenId},
};

/// What a plug-in asks for, and the form to agree to it.
#[derive(Template)]
#[template(path = "desk/pair.html")]
struct PairPage {
    frame: Frame,
    request: PairingRequest,
    host: String,
    shop_error: Option<String>,
}

/// The form that takes the key to the plug-in.
#[derive(Template)]
#[template(path = "desk/paired.html")]
struct PairedPage {
    frame: Frame,
    request: PairingRequest,
    host: String,
    key: String,
    user: String,
    /// For the store.
    permissions: Vec<String>,
}

/// Why there is no key.
#[derive(Template)]
#[template(path = "desk/not_paired.html")]
struct NotPairedPage {
    frame: Frame,
    reason: String,
    /// What to do on the server instead.
    command: Option<&'static str>,
}

/// What does without the page.
const COMMAND: &str = r#"facture token create --name "web shop" --scope greenfield"#;

/// `GET /api-keys/authorize`: makes nothing.
pub(crate) async fn show(
    permit: Permit<PairShops>,
    frames: Frames,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let fields = fields
        .iter()
        .map(|(name, value)| (name.as_ref(), value.as_ref()));
    match PairingRequest::read(fields) {
        Ok(request) => form(frames.of(&permit), request, None),
        Err(error) => refused(frames.of(&permit), &error),
    }
}

/// `POST /api-keys/authorize`: makes the key, once for each form.
pub(crate) async fn agree(
    State(access): State<Access>,
    frames: Frames,
    posted: Posted<PairShops>,
) -> Result<Response, Problem> {
    let permit = &posted.permit;
    let frame = frames.of(permit);
    let request = match PairingRequest::read(posted.fields.pairs()) {
        Ok(request) => request,
        Err(error) => return refused(frame, &error),
    };
    let Ok(shop) = request.shop.parse::<ShopId>() else {
        let error = frame.say("pair-shop-invalid").into_owned();
        return form(frame, request, Some(error));
    };
    let scopes = request.permissions.iter().copied().map(Scope::Store);
    let host = request.target.host();
    let grant = Grant {
        id: TokenId::of_form(posted.form_token()),
        name: host.clone(),
        scopes: Scopes::new(scopes).map_err(|_| Problem::Internal)?,
        shop: Some(shop),
    };
    let entry = permit.actor().did(AuditAction::ShopPaired, &host);
    let entry = entry.with(format!("{} {}", grant.id.as_str(), grant.scopes));
    let issued = access.issue_once(&grant, entry).await;
    let Some(key) = issued.map_err(InvoicingError::Store)? else {
        let reason = frame.say("pair-used").into_owned();
        return not_paired(frame, reason, None, StatusCode::CONFLICT);
    };
    let shop = grant.shop.unwrap_or_default();
    let permissions = request.permissions.iter();
    let target = FormTarget(request.target.source());
    let mut response = html(&PairedPage {
        permissions: permissions
            .map(|permission| in_store(*permission, &shop))
            .collect(),
        user: permit.staff.id.as_str().to_owned(),
        key: key.expose().to_owned(),
        frame,
        request,
        host,
    })?;
    response.extensions_mut().insert(target);
    Ok(response)
}

/// `GET /api-keys/authorize` where there is no desk, or where it is not.
pub(crate) async fn closed(State(desk): State<Desk>, frames: Frames) -> Result<Response, Problem> {
    let frame = frames.of_stranger();
    let reason = match desk.is_enabled() {
        true => frame.say("pair-elsewhere"),
        false => frame.say("pair-off"),
    };
    let reason = reason.into_owned();
    not_paired(frame, reason, Some(COMMAND), StatusCode::NOT_FOUND)
}

fn form(
    frame: Frame,
    request: PairingRequest,
    shop_error: Option<String>,
) -> Result<Response, Problem> {
    let is_wrong = shop_error.is_some();
    let mut response = html(&PairPage {
        host: request.target.host(),
        frame,
        request,
        shop_error,
    })?;
    if is_wrong {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn refused(frame: Frame, error: &PairingError) -> Result<Response, Problem> {
    let reason = match error {
        PairingError::Target => frame.say("pair-target-invalid").into_owned(),
        PairingError::NoPermission => frame.say("pair-permission-none").into_owned(),
        PairingError::Permission(name) => {
            frame.say_with("pair-permission-unknown", &[("permission", name.clone())])
        }
    };
    not_paired(frame, reason, None, StatusCode::UNPROCESSABLE_ENTITY)
}

fn not_paired(
    frame: Frame,
    reason: String,
    command: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut response = html(&NotPairedPage {
        frame,
        reason,
        command,
    })?;
    *response.status_mut() = status;
    Ok(response)
}

/// For the template.
impl Frame {
    /// What a permission allows, in words.
    fn permission(&self, permission: &StorePermission) -> String {
        let words = match permission {
            StorePermission::ViewInvoices => self.say("pair-view-invoices"),
            StorePermission::CreateInvoice => self.say("pair-create-invoice"),
            StorePermission::ModifyInvoices => self.say("pair-modify-invoices"),
            StorePermission::ViewStoreSettings => self.say("pair-view-settings"),
            StorePermission::ModifyStoreSettings => self.say("pair-modify-settings"),
            StorePermission::ModifyWebhooks => self.say("pair-webhooks"),
            StorePermission::CreatePullPayments => self.say("pair-refunds"),
        };
        words.into_owned()
    }
}
