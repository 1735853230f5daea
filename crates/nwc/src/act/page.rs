//! Pages of the API's list of invoices.

use facture_sidecar::Server;
use serde::Deserialize;

use super::patience::patiently;
use crate::wire::{ApiInvoice, Code, Failure};

/// A page of `GET /api/v1/invoices`.
#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) invoices: Vec<ApiInvoice>,
    /// The `cursor` of the next one.
    pub(super) next_cursor: Option<String>,
    stale_since: Option<i64>,
}

impl Page {
    /// Reads one. What is not settled may have been paid since when the node could not be asked: that is told to nobody.
    pub(super) async fn read(server: &Server, query: &str) -> Result<Self, Failure> {
        let path = format!("/invoices?{query}");
        let page: Self = patiently(|| server.get(&path)).await?;
        if page.stale_since.is_some() && !page.invoices.iter().all(ApiInvoice::is_settled) {
            let message = "the shop's node does not answer: what is paid is not known";
            return Err(Failure::new(Code::Internal, message));
        }
        Ok(page)
    }
}
