//! `invoice`: makes an invoice. It warns about missing capacity only where a test wants it.

use std::sync::Arc;

use bitcoin::address::{Address, NetworkUnchecked};
use bitcoin::hex::DisplayHex;
use bitcoin::{AddressType, Network, WitnessVersion};
use lightning_invoice::Fallback;

use super::command::{Command, Outcome};
use crate::bolt11::{self, Features, Terms};
use crate::ledger::{
    CreateError,
    invoice::{Draft, Overpayment, Takes},
};
use crate::liquidity::{Liquidity, OnchainFallback};
use crate::node::Node;
use crate::params::{
    self, INVALID_PARAMS, Param, bad, boolean, escaped_string, hex32, integer, label, optional,
    read, required,
};
use crate::reply::{Object, Reply, RpcError};
use crate::token::{Kind, Token};

const PARAMS: &[Param] = &[
    required("amount_msat"),
    required("label"),
    required("description"),
    optional("expiry"),
    optional("fallbacks"),
    optional("preimage"),
    optional("exposeprivatechannels"),
    optional("cltv"),
    optional("deschashonly"),
    optional("dev-routes"),
];

const LONGEST_LABEL: usize = 128;
const LONGEST_DESCRIPTION: usize = 639;
/// 10 years: the sandbox's own bound. Far longer expiries are not safe for lightningd, so no program should send them.
const MAX_EXPIRY: u64 = 10 * 365 * 24 * 3600;

/// `invoice`.
pub(super) const COMMAND: Command = Command {
    name: "invoice",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run,
};

/// The parameters.
#[derive(Debug)]
struct NewInvoice {
    amount_msat: Option<u64>,
    label: String,
    description: String,
    expiry: u64,
    /// `None`: there was no list, which is not the same as an empty one.
    fallbacks: Option<Vec<String>>,
    preimage: Option<[u8; 32]>,
    hints: Hints,
    cltv: u32,
    shown: Shown,
}

/// Which private channels the invoice is to name.
#[derive(Debug)]
enum Hints {
    /// Whatever there is: nothing, in the sandbox.
    Any,
    /// Named channels, which the sandbox does not have.
    Channels,
}

/// What of the description the invoice shows.
#[derive(Debug, Clone, Copy)]
enum Shown {
    Text,
    Hash,
}

fn run(_: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let new = parse(params)?;
    let fallbacks = new
        .fallbacks
        .iter()
        .flatten()
        .map(|address| fallback(address))
        .collect::<Result<_, _>>()?;
    Ok(Outcome::Job(Box::new(move |node| {
        complete(node, new, fallbacks)
    })))
}

fn complete(node: &Node, new: NewInvoice, mut fallbacks: Vec<Fallback>) -> Reply {
    if let Hints::Channels = new.hints {
        return Err(RpcError::new(
            902,
            "None of those hints were suitable local channels",
        ));
    }
    let Liquidity {
        warning, onchain, ..
    } = *node.liquidity();
    if onchain == OnchainFallback::On && new.fallbacks.is_none() {
        fallbacks.push(own_address());
    }
    let of_addresses = match (onchain, &new.fallbacks) {
        (OnchainFallback::On, Some(_)) => Some(OnchainFallback::WARNING),
        _ => None,
    };
    let issued = issue(node, new, fallbacks)?;
    let made = Object::new()
        .with("payment_hash", issued.payment_hash.to_lower_hex_string())
        .with("expires_at", issued.expires_at)
        .with("bolt11", issued.bolt11)
        .with(
            "payment_secret",
            issued.payment_secret.to_lower_hex_string(),
        )
        .with("created_index", issued.created_index);
    let warning = warning.map(|warning| (warning.name(), warning.text()));
    let warnings = warning.into_iter().chain(of_addresses);
    Ok(warnings
        .fold(made, |made, (name, text)| made.with(name, text))
        .into())
}

/// An invoice that the node has made.
struct Issued {
    bolt11: String,
    payment_hash: [u8; 32],
    payment_secret: [u8; 32],
    expires_at: u64,
    created_index: u64,
}

/// Makes an invoice.
fn issue(node: &Node, new: NewInvoice, fallbacks: Vec<Fallback>) -> Result<Issued, RpcError> {
    let preimage = new.preimage.unwrap_or_else(rand::random);
    let payment_hash = bolt11::payment_hash(&preimage);
    let payment_secret = bolt11::payment_secret(&preimage);
    let created_at = node.clock.now().as_secs();
    let terms = Terms {
        amount_msat: new.amount_msat,
        payment_hash,
        payment_secret,
        description: match new.shown {
            Shown::Hash => bolt11::hashed(&new.description),
            Shown::Text => {
                bolt11::described(new.description.clone()).map_err(|error| failed(&error))?
            }
        },
        created_at,
        expiry: new.expiry,
        min_final_cltv_expiry: new.cltv,
        fallbacks,
        hints: Vec::new(),
        features: Features::default(),
    };
    let bolt11 = node.key.sign(terms).map_err(|error| failed(&error))?;
    let expires_at = created_at.saturating_add(new.expiry);
    let draft = Draft {
        label: new.label.clone(),
        bolt11: bolt11.clone(),
        payment_hash,
        preimage: Some(preimage),
        amount_msat: new.amount_msat,
        description: new.description,
        expires_at,
        overpayment: Overpayment::default(),
        takes: Takes::default(),
        offer_id: None,
        payer_note: None,
    };
    let created_index = node
        .books()?
        .create(draft)?
        .map(|invoice| invoice.created_index());
    node.expiry_moved();
    match created_index {
        Ok(created_index) => Ok(Issued {
            bolt11,
            payment_hash,
            payment_secret,
            expires_at,
            created_index,
        }),
        Err(CreateError::DuplicatePreimage) => Err(RpcError::new(901, "preimage already used")),
        Err(CreateError::DuplicateLabel) => Err(RpcError::new(
            900,
            format!("Duplicate label '{}'", new.label),
        )),
    }
}

/// Makes an invoice as `invoice` does, with nothing but this set.
///
/// # Errors
/// As `invoice`.
pub(crate) fn make(
    node: &Node,
    amount_msat: Option<u64>,
    label: String,
    description: String,
) -> Result<String, RpcError> {
    let new = NewInvoice {
        amount_msat,
        description,
        ..NewInvoice::unset(label)
    };
    new.check()?;
    Ok(issue(node, new, Vec::new())?.bolt11)
}

impl NewInvoice {
    /// What `invoice` takes when nothing else is said.
    fn unset(label: String) -> Self {
        Self {
            amount_msat: None,
            label,
            description: String::new(),
            expiry: 7 * 24 * 3600,
            fallbacks: None,
            preimage: None,
            hints: Hints::Any,
            cltv: 10,
            shown: Shown::Text,
        }
    }

    /// Whether lightningd takes it.
    fn check(&self) -> Result<(), RpcError> {
        let invalid = |message: String| Err(RpcError::new(INVALID_PARAMS, message));
        if self.label.len() > LONGEST_LABEL {
            return invalid(format!("Label '{}' over {LONGEST_LABEL} bytes", self.label));
        }
        if self.description.len() > LONGEST_DESCRIPTION && matches!(self.shown, Shown::Text) {
            return invalid(format!(
                "Description greater than {LONGEST_DESCRIPTION} bytes invalid (description length {})",
                self.description.len()
            ));
        }
        if self.expiry > MAX_EXPIRY {
            return invalid(format!(
                "expiry: the sandbox takes at most {MAX_EXPIRY} seconds"
            ));
        }
        Ok(())
    }
}

fn parse(params: &Token<'_>) -> Result<NewInvoice, RpcError> {
    let mut new = NewInvoice::unset(String::new());
    read(params, PARAMS, |name, token| {
        match name {
            "amount_msat" => new.amount_msat = amount(name, token)?,
            "label" => new.label = label(name, token)?,
            "description" => new.description = escaped_string(name, token)?,
            "expiry" => new.expiry = params::u64(name, token)?,
            "fallbacks" => {
                let list = array(name, token)?;
                let list = list.iter().map(|item| item.text().to_owned());
                new.fallbacks = Some(list.collect());
            }
            "preimage" => new.preimage = Some(hex32(name, token, "should be 64 hex digits")?),
            "exposeprivatechannels" => new.hints = hints(name, token)?,
            "cltv" => new.cltv = integer(name, token)?,
            "deschashonly" => {
                new.shown = if boolean(name, token)? {
                    Shown::Hash
                } else {
                    Shown::Text
                }
            }
            // Routes for lightningd's own tests.
            _ => drop(array(name, token)?),
        }
        Ok(())
    })?;
    new.check()?;
    Ok(new)
}

pub(super) fn amount(name: &str, token: &Token<'_>) -> Result<Option<u64>, RpcError> {
    if token.text() == "any" {
        return Ok(None);
    }
    match params::msat(token) {
        Some(msat) if msat > 0 => Ok(Some(msat)),
        _ => Err(bad(name, token, "should be positive msat or 'any'")),
    }
}

fn hints(name: &str, token: &Token<'_>) -> Result<Hints, RpcError> {
    match token.kind() {
        Kind::Primitive if matches!(token.text(), "true" | "false") => Ok(Hints::Any),
        Kind::List(channels) => match channels
            .iter()
            .find(|channel| !is_channel_id(channel.text()))
        {
            Some(channel) => Err(bad(name, channel, "should be a short channel id")),
            None if channels.is_empty() => Ok(Hints::Any),
            None => Ok(Hints::Channels),
        },
        _ if is_channel_id(token.text()) => Ok(Hints::Channels),
        _ => Err(bad(
            name,
            token,
            "should be a short_channel_id of form NxNxN",
        )),
    }
}

fn is_channel_id(text: &str) -> bool {
    let parts: Vec<&str> = text.split('x').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok())
}

fn array<'t, 'a>(name: &str, token: &'t Token<'a>) -> Result<&'t [Token<'a>], RpcError> {
    match token.kind() {
        Kind::List(items) => Ok(items),
        _ => Err(bad(name, token, "should be an array")),
    }
}

/// An address of the node's own: P2TR.
fn own_address() -> Fallback {
    Fallback::SegWitProgram {
        version: WitnessVersion::V1,
        program: rand::random::<[u8; 32]>().to_vec(),
    }
}

fn fallback(text: &str) -> Result<Fallback, RpcError> {
    let invalid = || RpcError::new(-1, "Fallback address not valid");
    let address = text
        .parse::<Address<NetworkUnchecked>>()
        .map_err(|_| invalid())?;
    let address = address
        .require_network(Network::Regtest)
        .map_err(|_| invalid())?;
    if let Some(program) = address.witness_program() {
        return Ok(Fallback::SegWitProgram {
            version: program.version(),
            program: program.program().as_bytes().to_vec(),
        });
    }
    match address.address_type() {
        Some(AddressType::P2pkh) => address
            .pubkey_hash()
            .map(Fallback::PubKeyHash)
            .ok_or_else(invalid),
        Some(AddressType::P2sh) => address
            .script_hash()
            .map(Fallback::ScriptHash)
            .ok_or_else(invalid),
        _ => Err(invalid()),
    }
}

fn failed(error: &impl std::fmt::Display) -> RpcError {
    RpcError::new(
        -1,
        format!("The sandbox cannot write this invoice: {error}"),
    )
}
