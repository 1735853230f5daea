//! Links that wallets ask: of vouchers, payment links and items.

use url::Url;

use crate::web::origin::Origin;
use facture_domain::{
    ItemId, Slug, VoucherSecret,
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

/// The address by which wallets order by a payment link.
pub(crate) fn of_payment_link(origin: &Origin, slug: &Slug) -> String {
    origin.url(&format!("/lnurl/l/{slug}"))
}

/// The address by which wallets buy an item.
pub(crate) fn of_item(origin: &Origin, item: &ItemId) -> String {
    origin.url(&format!("/lnurl/reveal/{item}"))
}

/// An address as a wallet reads it, in bech32 (LUD-01). In capital letters, which make the smallest QR code. `None` when the
/// address is none that wallets ask.
pub(crate) fn lnurl(url: &str) -> Option<String> {
    let lnurl = Lnurl {
        kind: LnurlKind::Unknown,
        url: Url::parse(url).ok()?,
    };
    Some(lnurl.to_string().to_uppercase())
}
