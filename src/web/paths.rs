//! Paths that more than the router names.

use facture_domain::Label;

/// What the paths of the API begin with.
pub(crate) const API_PREFIX: &str = "/api/v1";

/// The path of an invoice's page.
pub(crate) fn status_path(label: &Label) -> String {
    format!("/check_invoice/{label}")
}
