//! `decode` of BOLT 11 strings, of any network, and of BOLT 12 strings.

use std::sync::Arc;

use bitcoin::hashes::Hash;
use bitcoin::hex::DisplayHex;
use bitcoin::{Address, Network, ScriptBuf, WitnessProgram};
use lightning_invoice::{Fallback, SignedRawBolt11Invoice};

use super::command::{Command, Outcome};
use super::decode_bolt12;
use crate::bolt11;
use crate::bolt12::{self, Bolt12};
use crate::node::Node;
use crate::params::{Param, bad, read, required};
use crate::reply::{Object, RpcError, Value};
use crate::token::Token;

const PARAMS: &[Param] = &[required("string")];

/// `decode`.
pub(super) const COMMAND: Command = Command {
    name: "decode",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run,
};

fn run(_: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let members = match parse(params)? {
        Decodable::Bolt11(invoice) => describe(&invoice),
        Decodable::Bolt12(string) => Some(decode_bolt12::describe(&string)),
    };
    let members =
        members.ok_or_else(|| RpcError::new(-1, "The sandbox cannot decode this invoice"))?;
    Ok(Outcome::Done(Ok(members.into())))
}

/// What can be decoded.
enum Decodable {
    Bolt11(Box<SignedRawBolt11Invoice>),
    Bolt12(Bolt12),
}

fn parse(params: &Token<'_>) -> Result<Decodable, RpcError> {
    let mut decodable = None;
    read(params, PARAMS, |name, token| {
        let text = bolt11::canonical(token.text());
        if !text
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case("ln"))
        {
            return Err(bad(name, token, "Unparsable string"));
        }
        if let Some(string) = bolt12::read(text) {
            decodable = Some(Decodable::Bolt12(string));
            return Ok(());
        }
        let read = bolt11::read(text).map_err(|error| bad(name, token, &error.to_string()))?;
        let hrp = &read.raw_invoice().hrp;
        if let (Some(pico), Some(amount)) = (read.raw_invoice().amount_pico_btc(), hrp.raw_amount)
            && pico % 10 != 0
        {
            return Err(bad(
                name,
                token,
                &format!("Invalid sub-millisatoshi amount '{amount}p'"),
            ));
        }
        decodable = Some(Decodable::Bolt11(Box::new(read)));
        Ok(())
    })?;
    decodable.ok_or_else(|| RpcError::new(-1, "The sandbox cannot decode this"))
}

fn describe(invoice: &SignedRawBolt11Invoice) -> Option<Object> {
    let raw = invoice.raw_invoice();
    let payee = match raw.payee_pub_key() {
        Some(key) => key.0,
        None => invoice.recover_payee_pub_key().ok()?.0,
    };
    let (description, hash) = match (raw.description(), raw.description_hash()) {
        (Some(description), _) => (Some(description.as_inner().0.clone()), None),
        (None, hash) => (None, hash.map(|hash| hash.0.to_string())),
    };
    let cltv = raw
        .min_final_cltv_expiry_delta()
        .map_or(18, |delta| delta.0);
    let features = raw.features().map(|features| {
        let bytes: Vec<u8> = features.le_flags().iter().rev().copied().collect();
        bytes.to_lower_hex_string()
    });
    let fallbacks: Vec<Value> = raw
        .fallbacks()
        .into_iter()
        .filter_map(|fallback| show(fallback, invoice))
        .collect();
    Some(
        Object::new()
            .with("type", "bolt11 invoice")
            .with("currency", bolt11::prefix(invoice))
            .with("created_at", raw.data.timestamp.as_unix_timestamp())
            .with(
                "expiry",
                raw.expiry_time().map_or(3600, |expiry| expiry.as_seconds()),
            )
            .with("payee", payee.to_string())
            .with_some("amount_msat", bolt11::amount_msat(invoice))
            .with_some("description", description)
            .with_some("description_hash", hash)
            .with("min_final_cltv_expiry", cltv)
            .with_some(
                "payment_secret",
                raw.payment_secret()
                    .map(|secret| secret.0.to_lower_hex_string()),
            )
            .with_some("features", features)
            .with_some("fallbacks", (!fallbacks.is_empty()).then_some(fallbacks))
            .with(
                "payment_hash",
                raw.payment_hash()?.0.to_byte_array().to_lower_hex_string(),
            )
            .with(
                "signature",
                invoice
                    .signature()
                    .0
                    .to_standard()
                    .serialize_der()
                    .to_string(),
            )
            .with("valid", true),
    )
}

fn show(fallback: &Fallback, invoice: &SignedRawBolt11Invoice) -> Option<Value> {
    let network = match bolt11::prefix(invoice) {
        "bc" => Network::Bitcoin,
        "tb" => Network::Testnet,
        "tbs" => Network::Signet,
        _ => Network::Regtest,
    };
    let script = match fallback {
        Fallback::PubKeyHash(hash) => ScriptBuf::new_p2pkh(hash),
        Fallback::ScriptHash(hash) => ScriptBuf::new_p2sh(hash),
        Fallback::SegWitProgram { version, program } => {
            ScriptBuf::new_witness_program(&WitnessProgram::new(*version, program).ok()?)
        }
    };
    let address = Address::from_script(&script, network).ok()?;
    let kind = address.address_type()?.to_string().to_uppercase();
    Some(
        Object::new()
            .with("type", kind)
            .with("addr", address.to_string())
            .with("hex", script.as_bytes().to_lower_hex_string())
            .into(),
    )
}
