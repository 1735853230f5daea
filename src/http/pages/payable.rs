//! How an invoice is paid: its QR code, wallet links and the time that is left, the same on both pages that show one
//! (`pay.html`).

use jiff::Timestamp;

use super::wallets::{WALLETS, Wallet};
use crate::{
    http::{App, error::Problem, visitor::Visitor},
    invoice::{Bolt11, Invoice},
};

/// What an unpaid page shows.
pub(super) struct Payable {
    pub(super) bolt11: Bolt11,
    /// What opens the wallet.
    pub(super) button: String,
    /// The QR code, as SVG and where to find it as PNG: Tor Browser at its safest shows no SVG.
    pub(super) svg: String,
    pub(super) png: String,
    /// Where a browser without script reads how it stands, in a frame that loads again by itself.
    pub(super) status: String,
    pub(super) wallets: &'static [Wallet],
    pub(super) left: Left,
    /// From the beginning to the end, in seconds.
    pub(super) lasts: i64,
    /// Where the sandbox's button leads.
    pub(super) sandbox: String,
    pub(super) expires_at: Timestamp,
}

/// The time that is left: in seconds, and as people read it.
pub(super) struct Left {
    pub(super) seconds: String,
    pub(super) words: String,
}

impl Payable {
    /// `page` is the path of the page it is on.
    pub(super) fn of(
        app: &App,
        invoice: &Invoice,
        visitor: Visitor,
        page: &str,
        left: Left,
    ) -> Result<Self, Problem> {
        let language = visitor.language;
        Ok(Self {
            bolt11: invoice.bolt11.clone(),
            button: language.say("open-wallet").into_owned(),
            svg: app.kept.code(invoice)?.svg(&language.say("qr-code")),
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
