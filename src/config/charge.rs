//! `[charge]`: the API of Lightning Charge.

use serde::{Deserialize, Serialize};

use super::PublicUrl;

/// `[charge]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChargeConfig {
    /// Whether there is such an API.
    pub enabled: bool,
    /// The site that may show `/checkout/…` in a frame and is told what happens there; empty: none.
    pub frame_origin: FrameOrigin,
}

/// The origin of a site, or none.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct FrameOrigin(PublicUrl);

impl Default for ChargeConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            frame_origin: FrameOrigin::default(),
        }
    }
}

impl FrameOrigin {
    /// As browsers write it, such as `https://shop.example`.
    pub fn origin(&self) -> Option<String> {
        match &self.0 {
            PublicUrl::Fixed(url) => Some(url.origin().ascii_serialization()),
            PublicUrl::AsVisited => None,
        }
    }
}
