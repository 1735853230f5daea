//! How to pay an invoice: its QR code, wallet links and the time left, the same on both pages that show one
//! (`pay.html`).

use jiff::Timestamp;

use super::wallets::{WALLETS, Wallet};
use crate::web::{error::Problem, extract::visitor::Visitor, fast_path::RenderCache};
use facture_domain::{Bolt11, Invoice};

/// The content of an unpaid page.
pub(crate) struct Payable {
    pub(crate) bolt11: Bolt11,
    /// The link that opens the wallet.
    pub(crate) button: String,
    /// The QR code as SVG, and the path of the PNG: Tor Browser at its safest level shows no SVG.
    pub(crate) svg: String,
    pub(crate) png: String,
    /// Where a browser without scripts reads the status, in a frame that reloads automatically.
    pub(crate) status: String,
    pub(crate) wallets: &'static [Wallet],
    pub(crate) left: TimeLeft,
    /// The total lifetime, in seconds.
    pub(crate) lasts: i64,
    /// The target of the sandbox's button.
    pub(crate) sandbox: String,
    pub(crate) expires_at: Timestamp,
}

/// The time left: in seconds, and in words.
pub(crate) struct TimeLeft {
    pub(crate) seconds: String,
    pub(crate) words: String,
}

impl Payable {
    /// `page` is the path of the page showing the invoice.
    pub(crate) fn of(
        cache: &RenderCache,
        invoice: &Invoice,
        visitor: Visitor,
        page: &str,
        left: TimeLeft,
    ) -> Result<Self, Problem> {
        let language = visitor.language;
        Ok(Self {
            bolt11: invoice.bolt11().ok_or(Problem::NotPayable)?.clone(),
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
