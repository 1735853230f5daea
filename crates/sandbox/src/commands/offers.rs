//! `offer`, `disableoffer` and `fetchinvoice`. Offers are in bitcoin and not recurrent.

use std::sync::Arc;

use bitcoin::hex::DisplayHex;

use super::command::{Command, Outcome};
use super::invoice::amount;
use crate::bolt11;
use crate::bolt12::{self, Bolt12, Kind};
use crate::node::Node;
use crate::offering::{self, InvoiceRequest};
use crate::offers::NewOffer;
use crate::params::{
    self, INVALID_PARAMS, Param, bad, escaped_string, hex32, optional, read, required,
};
use crate::reply::{Object, RpcError};
use crate::token::Token;

const OFFER: &[Param] = &[
    required("amount"),
    optional("description"),
    optional("issuer"),
    optional("label"),
    optional("quantity_max"),
    optional("absolute_expiry"),
];

const DISABLE: &[Param] = &[required("offer_id")];

const FETCH: &[Param] = &[
    required("offer"),
    optional("amount_msat"),
    optional("quantity"),
    optional("recurrence_counter"),
    optional("recurrence_start"),
    optional("recurrence_label"),
    optional("timeout"),
    optional("payer_note"),
    optional("payer_metadata"),
    optional("bip353"),
];

/// lightningd's codes (`common/jsonrpc_errors.h`).
const EXPIRED: i32 = 1002;
const NO_ROUTE: i32 = 1003;
const REFUSED: i32 = 1004;
const NO_ANSWER: i32 = 1005;

/// `offer`.
pub(super) const MAKE: Command = Command {
    name: "offer",
    params: OFFER,
    check: |params| new(params).map(drop),
    run: |node, params| {
        let (id, bolt12) = node.offers.make(&node.key, new(params)?);
        let made = Object::new()
            .with("offer_id", id.to_lower_hex_string())
            .with("active", true)
            .with("single_use", false)
            .with("bolt12", bolt12)
            .with("used", false)
            .with("created", true);
        Ok(Outcome::Done(Ok(made.into())))
    },
};

/// `disableoffer`.
pub(super) const DISABLE_OFFER: Command = Command {
    name: "disableoffer",
    params: DISABLE,
    check: |params| id(params).map(drop),
    run: |node, params| {
        let id = id(params)?;
        if !node.offers.disable(&id) {
            return Err(RpcError::new(INVALID_PARAMS, "Unknown offer"));
        }
        let disabled = Object::new()
            .with("offer_id", id.to_lower_hex_string())
            .with("active", false);
        Ok(Outcome::Done(Ok(disabled.into())))
    },
};

/// `fetchinvoice`.
pub(super) const FETCH_INVOICE: Command = Command {
    name: "fetchinvoice",
    params: FETCH,
    check: |params| wanted(params).map(drop),
    run: |node, params| {
        let (offer, request) = wanted(params)?;
        let invoice = fetch(node, &offer, request)?;
        let fetched = Object::new()
            .with("invoice", invoice)
            .with("changes", Object::new());
        Ok(Outcome::Done(Ok(fetched.into())))
    },
};

fn fetch(node: &Arc<Node>, offer: &Bolt12, request: InvoiceRequest) -> Result<String, RpcError> {
    let invalid = |message: &str| Err(RpcError::new(INVALID_PARAMS, message));
    if offer.number(8).is_none() && request.amount_msat.is_none() {
        return invalid("amount_msat parameter required");
    }
    match (offer.bytes(20), request.quantity) {
        (Some(_), None) => return invalid("quantity parameter required"),
        (None, Some(_)) => return invalid("quantity parameter unnecessary"),
        _ => {}
    }
    let now = node.clock.now().as_secs();
    if offer.number(14).is_some_and(|end| end < now) {
        return Err(RpcError::new(EXPIRED, "Offer expired"));
    }
    let issuer = offer.bytes(22).map(DisplayHex::to_lower_hex_string);
    let issuer = issuer.unwrap_or_default();
    let owner = match node.id() == issuer {
        true => Some(Arc::clone(node)),
        false => node.peer(&issuer),
    };
    let owner = owner.ok_or_else(|| RpcError::new(NO_ROUTE, "No route to the offer's node"))?;
    if !owner.is_running() {
        return Err(RpcError::new(NO_ANSWER, "Timeout waiting for response"));
    }
    offering::invoice(&owner, offer, request).map_err(|why| {
        let data = Object::new().with("error", format!("Failed invreq lnr1qqqq: {why}"));
        RpcError::new(REFUSED, "Remote node sent failure message").with_data(data)
    })
}

fn new(params: &Token<'_>) -> Result<NewOffer, RpcError> {
    let mut new = NewOffer::default();
    read(params, OFFER, |name, token| {
        match name {
            "amount" => new.amount_msat = amount(name, token)?,
            "description" => new.description = escaped_string(name, token)?,
            "quantity_max" => new.quantity_max = Some(params::u64(name, token)?),
            "absolute_expiry" => new.absolute_expiry = Some(params::u64(name, token)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(new)
}

fn id(params: &Token<'_>) -> Result<[u8; 32], RpcError> {
    let mut id = [0; 32];
    read(params, DISABLE, |name, token| {
        id = hex32(name, token, "should be a 32 byte hex value")?;
        Ok(())
    })?;
    Ok(id)
}

fn wanted(params: &Token<'_>) -> Result<(Bolt12, InvoiceRequest), RpcError> {
    let mut offer = None;
    let mut request = InvoiceRequest {
        amount_msat: None,
        quantity: None,
    };
    read(params, FETCH, |name, token| {
        match name {
            "offer" => {
                let read = bolt12::read(bolt11::canonical(token.text()));
                let read = read.filter(|read| read.kind == Kind::Offer);
                let unreadable = "Unparsable offer: invalid offer data";
                let read = read.ok_or_else(|| bad(name, token, unreadable))?;
                if !read.is_for_regtest() {
                    return Err(bad(name, token, "Unparsable offer: wrong chain"));
                }
                offer = Some(read);
            }
            "amount_msat" => request.amount_msat = amount(name, token)?,
            "quantity" => request.quantity = Some(params::u64(name, token)?),
            _ => {}
        }
        Ok(())
    })?;
    let offer =
        offer.ok_or_else(|| RpcError::new(INVALID_PARAMS, "missing required parameter: offer"))?;
    Ok((offer, request))
}
