//! The page of a voucher, by which a refund or another payment is claimed, once: its code, for the wallet. Looking makes
//! nothing.

use askama::Template;
use axum::{
    extract::{FromRef, Path, State},
    response::Response,
};
use jiff::Timestamp;

use super::{
    pages::{Money, Pages},
    qr::Matrix,
    shell::{Shell, html},
};
use crate::{
    payouts::Payouts,
    web::{
        error::Problem, extract::visitor::Visitor, lnurl::link, origin::Origin, paths::voucher_path,
    },
};
use facture_domain::{Msat, Voucher, VoucherSecret, VoucherState};

#[derive(Template)]
#[template(path = "voucher.html")]
struct VoucherPage {
    shell: Shell,
    title: String,
    amount: Msat,
    reason: Option<String>,
    expires_at: Timestamp,
    view: View,
}

enum View {
    /// The link for wallets, in capital letters, and its QR code.
    Open { lnurl: String, svg: String },
    /// Nothing can be claimed now, for this reason.
    Closed(String),
}

/// Dependencies of the page.
#[derive(Clone)]
pub(crate) struct VoucherPageState {
    payouts: Payouts,
    pages: Pages,
}

impl<S> FromRef<S> for VoucherPageState
where
    Payouts: FromRef<S>,
    Pages: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            payouts: FromRef::from_ref(state),
            pages: FromRef::from_ref(state),
        }
    }
}

/// `GET /voucher/{secret}`
pub(crate) async fn show(
    State(state): State<VoucherPageState>,
    visitor: Visitor,
    origin: Origin,
    Path(secret): Path<String>,
) -> Result<Response, Problem> {
    let secret = VoucherSecret::parse(&secret).ok_or(Problem::VoucherNotFound)?;
    let voucher = state.payouts.voucher_of(&secret).await?;
    let shell = Shell::new(&state.pages, visitor, &voucher_path(&secret));
    let view = match state.payouts.voucher_state(&voucher) {
        VoucherState::Open => open(&link::url(&origin, &secret), &shell)?,
        VoucherState::Claimed => View::Closed(shell.say("voucher-claimed").into_owned()),
        VoucherState::Paid => View::Closed(shell.say("voucher-paid").into_owned()),
        VoucherState::Cancelled | VoucherState::Expired => {
            View::Closed(shell.say("voucher-over").into_owned())
        }
    };
    html(&VoucherPage::new(shell, voucher, view))
}

fn open(url: &str, shell: &Shell) -> Result<View, Problem> {
    let lnurl = link::lnurl(url).ok_or(Problem::Internal)?;
    Ok(View::Open {
        svg: Matrix::of_secret(&lnurl)?.svg(&shell.say("qr-code")),
        lnurl,
    })
}

impl VoucherPage {
    fn new(shell: Shell, voucher: Voucher, view: View) -> Self {
        let terms = voucher.terms;
        let title = match terms.invoice {
            Some(_) => shell.say("voucher-refund"),
            None => shell.say("voucher-title"),
        };
        Self {
            title: title.into_owned(),
            shell,
            amount: terms.amount,
            reason: terms.reason.map(|reason| reason.as_str().to_owned()),
            expires_at: terms.expires_at,
            view,
        }
    }
}
