//! A Lightning Address of ours (LUD-16).

use crate::{
    config::{FormConfig, LightningAddressConfig},
    web::origin::Origin,
};
use facture_domain::{LnurlMetadata, payment_string::LightningAddress};

/// What stands before the @: one of our names, and perhaps a tag, as in `shop+table5`.
pub(super) struct User(String);

impl User {
    /// Reads it. `None`: nobody of that name is here. People type capitals, which the standard does not know.
    pub(super) fn parse(
        text: &str,
        config: &LightningAddressConfig,
        form: &FormConfig,
    ) -> Option<Self> {
        let user = text.to_ascii_lowercase();
        let name = user.split_once('+').map_or(&*user, |(name, _)| name);
        let is_ours = LightningAddress::is_user(&user) && config.has(name, form);
        is_ours.then_some(Self(user))
    }

    /// The text, with its tag.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The whole address.
    pub(super) fn at(&self, origin: &Origin) -> String {
        format!("{}@{}", self.0, origin.host())
    }

    /// What a wallet is shown. The same bytes for each request to the same host.
    pub(super) fn metadata(
        &self,
        origin: &Origin,
        config: &LightningAddressConfig,
    ) -> LnurlMetadata {
        LnurlMetadata::new(config.description.clone(), &self.at(origin))
    }
}
