//! `[metrics]`: where Prometheus reads what is counted.

use std::net::SocketAddr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::parsed;

/// `[metrics]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Address and port of a listener that serves nothing but `/metrics`; port 0 takes a free one. Empty: there is none.
    #[serde(deserialize_with = "listen", serialize_with = "written")]
    pub listen: Option<SocketAddr>,
}

pub(super) fn listen<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    parsed(deserializer, |text| match text {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| "must be empty or an IP address and a port, such as 127.0.0.1:9113"),
    })
}

pub(super) fn written<S: Serializer>(
    listen: &Option<SocketAddr>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match listen {
        Some(address) => serializer.collect_str(address),
        None => serializer.serialize_str(""),
    }
}
