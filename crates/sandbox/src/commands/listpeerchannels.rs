//! `listpeerchannels`: the one channel of the node, as it was recorded. What it can receive is what a test says; nothing
//! else in it changes.

use std::sync::Arc;

use super::command::{Command, Outcome};
use crate::node::Node;
use crate::params::{Param, optional, read};
use crate::reply::{Object, RpcError, Value};
use crate::token::Token;

const PARAMS: &[Param] = &[
    optional("id"),
    optional("short_channel_id"),
    optional("channel_id"),
];

const PEER: &str = "0201e934c27e3456977be7da2062ed58c6a0e45adc8d457bcb45b69e62f6a1dc6e";
const SHORT_CHANNEL_ID: &str = "112x1x0";
const CHANNEL_ID: &str = "e69200450d93a1421ec70aecfeff6a39ec5b77ee5352b004605ec4b5d7c4cb12";

/// `listpeerchannels`.
pub(super) const COMMAND: Command = Command {
    name: "listpeerchannels",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run,
};

/// Whether the channel is among those that are asked for.
enum Selected {
    Yes,
    No,
}

fn run(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let channels = match parse(params)? {
        Selected::Yes => vec![channel(node.liquidity().receivable_msat).into()],
        Selected::No => Vec::<Value>::new(),
    };
    Ok(Outcome::Done(Ok(Object::new()
        .with("channels", channels)
        .into())))
}

fn parse(params: &Token<'_>) -> Result<Selected, RpcError> {
    let mut selected = Selected::Yes;
    read(params, PARAMS, |name, token| {
        let own = match name {
            "id" => PEER,
            "short_channel_id" => SHORT_CHANNEL_ID,
            _ => CHANNEL_ID,
        };
        if token.text() != own {
            selected = Selected::No;
        }
        Ok(())
    })?;
    Ok(selected)
}

fn channel(receivable_msat: u64) -> Object {
    let side = Object::new()
        .with("htlc_minimum_msat", 0u64)
        .with("htlc_maximum_msat", 15_840_000_000u64)
        .with("cltv_expiry_delta", 6u64)
        .with("fee_base_msat", 1u64)
        .with("fee_proportional_millionths", 10u64);
    let updates = Object::new()
        .with("local", side.clone())
        .with("remote", side);
    let channel_type = Object::new()
        .with("bits", vec![Value::from(12u64), Value::from(22u64)])
        .with(
            "names",
            vec![
                Value::from("static_remotekey/even"),
                Value::from("anchors/even"),
            ],
        );
    let feerate = Object::new().with("perkw", 1250u64).with("perkb", 5000u64);
    let alias = Object::new()
        .with("local", "170070x2406498x34150")
        .with("remote", "689921x10292837x7128");
    let funding = Object::new()
        .with("local_funds_msat", 0u64)
        .with("remote_funds_msat", 16_000_000_000u64)
        .with("pushed_msat", 0u64)
        .with("withheld", false);
    let state_change = Object::new()
        .with("timestamp", "2026-11-20T17:19:11.749Z")
        .with("old_state", "CHANNELD_AWAITING_LOCKIN")
        .with("new_state", "CHANNELD_NORMAL")
        .with("cause", "remote")
        .with("message", "Lockin complete");
    Object::new()
        .with("peer_id", PEER)
        .with("peer_connected", true)
        .with("reestablished", true)
        .with("channel_type", channel_type)
        .with("ignore_fee_limits", true)
        .with("updates", updates)
        .with("state", "CHANNELD_NORMAL")
        .with(
            "scratch_txid",
            "f3ce202b13a72ac0795fa53d637f28c582819db072a730e58693fdaed92eeb79",
        )
        .with("last_tx_fee_msat", 1_735_000u64)
        .with("lost_state", false)
        .with("feerate", feerate)
        .with("owner", "channeld")
        .with("short_channel_id", SHORT_CHANNEL_ID)
        .with("direction", 1u64)
        .with("channel_id", CHANNEL_ID)
        .with(
            "funding_txid",
            "12cbc4d7b5c45e6004b05253ee775bec396afffeec0ac71e42a1930d450092e6",
        )
        .with("funding_outnum", 0u64)
        .with(
            "close_to_addr",
            "bcrt1pdprc6dgfhd6kq59zs6at8trecgzz5t5jyyzq6k3lgnnagsn8l6tsr6w0w7",
        )
        .with(
            "close_to",
            "512068478d3509bb756050a286bab3ac79c2042a2e9221040d5a3f44e7d44267fe97",
        )
        .with("private", false)
        .with("opener", "remote")
        .with("alias", alias)
        .with(
            "features",
            vec![
                Value::from("option_static_remotekey"),
                Value::from("option_anchors"),
            ],
        )
        .with("funding", funding)
        .with("to_us_msat", 0u64)
        .with("min_to_us_msat", 0u64)
        .with("max_to_us_msat", 0u64)
        .with("total_msat", 16_000_000_000u64)
        .with("fee_base_msat", 1u64)
        .with("fee_proportional_millionths", 10u64)
        .with("dust_limit_msat", 546_000u64)
        .with("their_max_htlc_value_in_flight_msat", u64::MAX)
        .with("our_max_htlc_value_in_flight_msat", u64::MAX)
        .with("their_reserve_msat", 160_000_000u64)
        .with("our_reserve_msat", 160_000_000u64)
        .with("spendable_msat", 0u64)
        .with("receivable_msat", receivable_msat)
        .with("minimum_htlc_in_msat", 0u64)
        .with("minimum_htlc_out_msat", 0u64)
        .with("maximum_htlc_out_msat", 15_840_000_000u64)
        .with("their_to_self_delay", 6u64)
        .with("our_to_self_delay", 6u64)
        .with("max_accepted_htlcs", 483u64)
        .with("state_changes", vec![Value::from(state_change)])
        .with(
            "status",
            vec![Value::from("CHANNELD_NORMAL:Channel ready for use.")],
        )
        .with("in_payments_offered", 0u64)
        .with("in_offered_msat", 0u64)
        .with("in_payments_fulfilled", 0u64)
        .with("in_fulfilled_msat", 0u64)
        .with("out_payments_offered", 0u64)
        .with("out_offered_msat", 0u64)
        .with("out_payments_fulfilled", 0u64)
        .with("out_fulfilled_msat", 0u64)
        .with("htlcs", Vec::<Value>::new())
}
