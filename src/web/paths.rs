//! Paths used outside the router, too.

use facture_domain::{ItemId, Label, OfferId, Slug, VoucherSecret};

/// The prefix of the API's paths.
pub(crate) const API_PREFIX: &str = "/api/v1";

/// The prefix of the paths of the sandbox's controls.
pub(crate) const SANDBOX_PREFIX: &str = "/sandbox/v1";

/// The path of an invoice's page.
pub(crate) fn status_path(label: &Label) -> String {
    format!("/check_invoice/{label}")
}

/// The path of an item's page.
pub(crate) fn item_path(item: &ItemId) -> String {
    format!("/reveal/{item}")
}

/// The path of a payment link's page.
pub(crate) fn link_path(slug: &Slug) -> String {
    format!("/l/{slug}")
}

/// The path of an offer's page.
pub(crate) fn offer_path(offer: &OfferId) -> String {
    format!("/offer/{offer}")
}

/// The path of a voucher's page. Whoever knows it can claim the voucher.
pub(crate) fn voucher_path(secret: &VoucherSecret) -> String {
    format!("/voucher/{}", secret.expose())
}
