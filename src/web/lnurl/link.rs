//! The link of a voucher.

use url::Url;

use crate::web::origin::Origin;
use facture_domain::{
    VoucherSecret,
    payment_string::{Lnurl, LnurlKind},
};

/// Where wallets claim vouchers.
pub(crate) fn callback(origin: &Origin) -> String {
    origin.url("/lnurl/withdraw/callback")
}

/// The address of a voucher.
pub(crate) fn url(origin: &Origin, secret: &VoucherSecret) -> String {
    origin.url(&format!("/lnurl/withdraw/{}", secret.expose()))
}

/// The same as a wallet reads it, in bech32 (LUD-01). In capital letters, which make the smallest QR code. `None` when the
/// address is none that wallets ask.
pub(crate) fn lnurl(url: &str) -> Option<String> {
    let lnurl = Lnurl {
        kind: LnurlKind::Unknown,
        url: Url::parse(url).ok()?,
    };
    Some(lnurl.to_string().to_uppercase())
}
