//! How an invoice is paid: its QR code, wallet links and the time that is left, the same on both pages that show one
//! (`pay.html`).

use jiff::Timestamp;

use super::wallets::{WALLETS, Wallet};
use crate::web::{error::Problem, extract::visitor::Visitor, fast_path::RenderCache};
use facture_domain::{Bolt11, Invoice};

/// What an unpaid page shows.
pub(crate) struct Payable {
    pub(crate) bolt11: Bolt11,
    /// What opens the wallet.
    pub(crate) button: String,
    /// The QR code, as SVG and where to find it as PNG: Tor Browser at its safest shows no SVG.
    pub(crate) svg: String,
    pub(crate) png: String,
    /// Where a browser without script reads how it stands, in a frame that loads again by itself.
    pub(crate) status: String,
    pub(crate) wallets: &'static [Wallet],
    pub(crate) left: TimeLeft,
    /// From the beginning to the end, in seconds.
    pub(crate) lasts: i64,
    /// Where the sandbox's button leads.
    pub(crate) sandbox: String,
    pub(crate) expires_at: Timestamp,
}

/// The time that is left: in seconds, and as people read it.
pub(crate) struct TimeLeft {
    pub(crate) seconds: String,
    pub(crate) words: String,
}

impl Payable {
    /// `page` is the path of the page it is on.
    pub(crate) fn of(
        cache: &RenderCache,
        invoice: &Invoice,
        visitor: Visitor,
        page: &str,
        left: TimeLeft,
    ) -> Result<Self, Problem> {
        let language = visitor.language;
        Ok(Self {
            bolt11: invoice.bolt11.clone(),
            button: language.say("open-wallet").into_owned(),
            svg: cache.code(invoice)?.svg(&language.say("qr-code")),
            png: format!("{page}/qr.png"),
            status: visitor.link(&format!("{page}/status")),
            wallets: &WALLETS,
            left,
            lasts: invoice
                .expires_at
                .duration_since(invoice.created_at)
                .as_secs(),
            sandbox: visitor.link(&format!("/sandbox/{}/pay", invoice.label)),
            expires_at: invoice.expires_at,
        })
    }
}
