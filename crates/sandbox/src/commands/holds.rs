//! The calls of facture's plugin (`docs/decisions/2026-11-28-hold-calls.md`), which are there when the sandbox plays it.

use std::sync::Arc;

use super::command::{Command, Outcome};
use super::invoice::amount;
use crate::bolt11::{self, Features, Terms};
use crate::ledger::{
    CreateError, Wait,
    invoice::{Draft, Overpayment, Takes},
    plugin_holds::{HoldRefusal, HoldState, PluginHold},
};
use crate::node::Node;
use crate::params::{
    self, INVALID_PARAMS, Param, escaped_string, hex32, integer, label, optional, read, required,
};
use crate::reply::{Object, Reply, RpcError, Value};
use crate::token::Token;

/// All of them.
pub(super) static COMMANDS: [Command; 5] = [
    Command {
        name: "facture-hold-cancel",
        params: LABEL,
        check: |params| parse_label(params).map(drop),
        run: cancel,
    },
    Command {
        name: "facture-hold-create",
        params: CREATE,
        check: |params| parse_create(params).map(drop),
        run: create,
    },
    Command {
        name: "facture-hold-list",
        params: LIST,
        check: |params| parse_list(params).map(drop),
        run: list,
    },
    Command {
        name: "facture-hold-settle",
        params: SETTLE,
        check: |params| parse_settle(params).map(drop),
        run: settle,
    },
    Command {
        name: "facture-hold-wait",
        params: WAIT,
        check: |params| parse_wait(params).map(drop),
        run: wait,
    },
];

const LABEL: &[Param] = &[required("label")];
const LIST: &[Param] = &[optional("label"), optional("status")];
const SETTLE: &[Param] = &[required("label"), required("preimage")];
const WAIT: &[Param] = &[required("next")];
const CREATE: &[Param] = &[
    required("label"),
    required("amount_msat"),
    required("description"),
    required("expiry"),
    required("cltv"),
    required("preimage"),
    optional("exposeprivatechannels"),
];

/// The parameters of `facture-hold-create`.
#[derive(Debug, Default)]
struct NewHold {
    label: String,
    amount_msat: Option<u64>,
    description: String,
    expiry: u64,
    cltv: u32,
    preimage: [u8; 32],
}

fn create(_: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let new = parse_create(params)?;
    // After the calls before it, as all of a plugin's work.
    Ok(Outcome::Job(Box::new(move |node| complete(node, new))))
}

fn complete(node: &Node, new: NewHold) -> Reply {
    let payment_hash = bolt11::payment_hash(&new.preimage);
    let created_at = node.clock.now().as_secs();
    let described = bolt11::described(new.description.clone());
    let failed = |error: String| RpcError::new(-1, error);
    let bolt11 = node.key.sign(Terms {
        amount_msat: new.amount_msat,
        payment_hash,
        payment_secret: bolt11::payment_secret(&new.preimage),
        description: described.map_err(|error| failed(error.to_string()))?,
        created_at,
        expiry: new.expiry,
        min_final_cltv_expiry: new.cltv,
        fallbacks: Vec::new(),
        hints: Vec::new(),
        features: Features::default(),
    });
    let draft = Draft {
        label: new.label.clone(),
        bolt11: bolt11.map_err(|error| failed(error.to_string()))?,
        payment_hash,
        // It stays with facture until the payment is taken.
        preimage: None,
        amount_msat: new.amount_msat,
        description: new.description,
        expires_at: created_at.saturating_add(new.expiry),
        overpayment: Overpayment::default(),
        takes: Takes::default(),
        offer_id: None,
        payer_note: None,
    };
    let made = node.books()?.make_hold(draft, new.cltv)?;
    node.expiry_moved();
    made.map(Value::from).map_err(|error| match error {
        CreateError::DuplicatePreimage => RpcError::new(901, "preimage already used"),
        CreateError::DuplicateLabel => {
            RpcError::new(900, format!("Duplicate label '{}'", new.label))
        }
    })
}

fn settle(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let (label, preimage) = parse_settle(params)?;
    let now = node.clock.now().as_secs();
    let mut books = node.books()?;
    books.settle(&label, &preimage, now)??;
    Ok(done(books.ledger().hold(&label)))
}

fn cancel(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let label = parse_label(params)?;
    let now = node.clock.now().as_secs();
    let mut books = node.books()?;
    books.send_back(&label, now)??;
    Ok(done(books.ledger().hold(&label)))
}

fn list(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let (label, chosen) = parse_list(params)?;
    let books = node.books()?;
    let holds: Vec<Value> = books
        .ledger()
        .all_holds()
        .filter(|hold| chosen == Chosen::All || hold.is_open())
        .map(PluginHold::members)
        .map(Value::from)
        .collect();
    let holds = match &label {
        None => holds,
        Some(label) => {
            let hold = books.ledger().hold(label);
            hold.map(PluginHold::members)
                .into_iter()
                .map(Value::from)
                .collect()
        }
    };
    Ok(Outcome::Done(Ok(Object::new()
        .with("holds", holds)
        .with("change", books.ledger().hold_changes())
        .into())))
}

fn wait(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let next = parse_wait(params)?;
    let mut books = node.books()?;
    if next == 0 {
        let now = Object::new().with("change", books.ledger().hold_changes());
        return Ok(Outcome::Done(Ok(now.into())));
    }
    Ok(match books.wait_hold(next) {
        Wait::Now(changed) => Outcome::Done(Ok(changed.into())),
        Wait::Later(changed) => Outcome::Later(Box::pin(async move {
            changed.await.ok().map(|changed| Ok(Value::from(changed)))
        })),
    })
}

fn done(hold: Option<&PluginHold>) -> Outcome {
    Outcome::Done(match hold {
        Some(hold) => Ok(hold.members().into()),
        None => Err(HoldRefusal::Unknown.into()),
    })
}

impl From<HoldRefusal> for RpcError {
    fn from(refusal: HoldRefusal) -> Self {
        match refusal {
            HoldRefusal::Unknown => RpcError::new(905, "Unknown invoice"),
            HoldRefusal::OtherPreimage => {
                RpcError::new(INVALID_PARAMS, "preimage: it is another invoice's")
            }
            HoldRefusal::State(state) => {
                let state: HoldState = state;
                let message = format!("Invoice status is {}", state.name());
                let data = Object::new().with("current_status", state.name());
                RpcError::new(906, message).with_data(data)
            }
        }
    }
}

fn parse_create(params: &Token<'_>) -> Result<NewHold, RpcError> {
    let mut new = NewHold::default();
    read(params, CREATE, |name, token| {
        match name {
            "label" => new.label = label(name, token)?,
            "amount_msat" => new.amount_msat = amount(name, token)?,
            "description" => new.description = escaped_string(name, token)?,
            "expiry" => new.expiry = params::u64(name, token)?,
            "cltv" => new.cltv = integer(name, token)?,
            "preimage" => new.preimage = hex32(name, token, "should be 64 hex digits")?,
            // There are no private channels in the sandbox.
            _ => {}
        }
        Ok(())
    })?;
    Ok(new)
}

fn parse_settle(params: &Token<'_>) -> Result<(String, [u8; 32]), RpcError> {
    let (mut wanted, mut preimage) = (String::new(), [0; 32]);
    read(params, SETTLE, |name, token| {
        match name {
            "label" => wanted = label(name, token)?,
            _ => preimage = hex32(name, token, "should be 64 hex digits")?,
        }
        Ok(())
    })?;
    Ok((wanted, preimage))
}

fn parse_label(params: &Token<'_>) -> Result<String, RpcError> {
    let mut wanted = String::new();
    read(params, LABEL, |name, token| {
        wanted = label(name, token)?;
        Ok(())
    })?;
    Ok(wanted)
}

/// Which ones are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chosen {
    All,
    Open,
}

fn parse_list(params: &Token<'_>) -> Result<(Option<String>, Chosen), RpcError> {
    let (mut wanted, mut chosen) = (None, Chosen::All);
    read(params, LIST, |name, token| {
        match (name, token.text()) {
            ("label", _) => wanted = Some(label(name, token)?),
            (_, "open") => chosen = Chosen::Open,
            _ => return Err(params::bad(name, token, "should be 'open'")),
        }
        Ok(())
    })?;
    Ok((wanted, chosen))
}

fn parse_wait(params: &Token<'_>) -> Result<u64, RpcError> {
    let mut next = 0;
    read(params, WAIT, |name, token| {
        next = params::u64(name, token)?;
        Ok(())
    })?;
    Ok(next)
}
