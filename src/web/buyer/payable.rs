//! How to pay an invoice: its QR code, wallet links and the time left, the same on both pages that show one
//! (`pay.html`).

use jiff::Timestamp;

use super::{
    pages::{Codes, Pages},
    wallets::{WALLETS, Wallet},
};
use crate::web::{
    error::Problem, extract::visitor::Visitor, fast_path::RenderCache, paths::status_path,
};
use facture_domain::{Bolt11, Invoice, payment_string::PaymentUri};

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
    /// The second way to pay, if the shop offers it.
    pub(crate) any: Option<AnyWallet>,
    pub(crate) wallets: &'static [Wallet],
    pub(crate) left: TimeLeft,
    /// The total lifetime, in seconds.
    pub(crate) lasts: i64,
    /// The target of the sandbox's button.
    pub(crate) sandbox: String,
    pub(crate) expires_at: Timestamp,
}

/// The same invoice for any wallet.
pub(crate) struct AnyWallet {
    pub(crate) uri: PaymentUri,
    /// The paths of its QR code. It is loaded when it is looked at.
    pub(crate) svg: String,
    pub(crate) png: String,
}

/// The time left: in seconds, and in words.
pub(crate) struct TimeLeft {
    pub(crate) seconds: String,
    pub(crate) words: String,
}

impl Payable {
    /// `page` is the path of the page showing the invoice.
    pub(crate) fn of(
        pages: &Pages,
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
            any: AnyWallet::of(pages, invoice)?,
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

impl AnyWallet {
    fn of(pages: &Pages, invoice: &Invoice) -> Result<Option<Self>, Problem> {
        let path = status_path(&invoice.label);
        Ok(match pages.codes() {
            Codes::Lightning => None,
            Codes::AndAnyWallet => Some(Self {
                uri: uri(invoice)?,
                svg: format!("{path}/any.svg"),
                png: format!("{path}/any.png"),
            }),
        })
    }
}

/// The link by which any wallet can pay an invoice.
///
/// # Errors
/// [`Problem::NotPayable`]: it is the payment of an offer.
pub(super) fn uri(invoice: &Invoice) -> Result<PaymentUri, Problem> {
    let bolt11 = invoice.bolt11().ok_or(Problem::NotPayable)?;
    Ok(PaymentUri::of(bolt11, invoice.amount))
}
