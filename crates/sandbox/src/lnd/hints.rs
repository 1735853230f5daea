//! The way to the node that is not public: over its one channel, which was never announced.

use lightning_invoice::{RouteHint, RouteHintHop, RoutingFees};
use serde_json::{Value, json};

use bitcoin::secp256k1::{Secp256k1, SecretKey};

/// The channel, as LND writes its id.
pub(super) const CHANNEL: u64 = 280_375_465_148_416;

/// The other end's secret key: any.
const PEER: [u8; 32] = [0x11; 32];

/// Over the node's own channel.
pub(super) fn own() -> RouteHint {
    let secp = Secp256k1::new();
    let peer = SecretKey::from_slice(&PEER).map(|key| key.public_key(&secp));
    let hop = peer.map(|src_node_id| RouteHintHop {
        src_node_id,
        short_channel_id: CHANNEL,
        fees: RoutingFees {
            base_msat: 1000,
            proportional_millionths: 1,
        },
        cltv_expiry_delta: 80,
        htlc_minimum_msat: None,
        htlc_maximum_msat: None,
    });
    RouteHint(hop.into_iter().collect())
}

/// As LND writes one.
pub(super) fn to_json(hint: &RouteHint) -> Value {
    let hops = hint.0.iter().map(|hop| {
        json!({
            "node_id": hop.src_node_id.to_string(),
            "chan_id": hop.short_channel_id.to_string(),
            "fee_base_msat": hop.fees.base_msat,
            "fee_proportional_millionths": hop.fees.proportional_millionths,
            "cltv_expiry_delta": hop.cltv_expiry_delta,
        })
    });
    json!({ "hop_hints": hops.collect::<Vec<_>>() })
}
