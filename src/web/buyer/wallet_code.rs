//! A code by which a wallet pays without a page (LNURL-pay), on the page of what it pays.

use super::{qr::Matrix, shell::Shell};
use crate::web::{error::Problem, lnurl::link};

/// The code, for `wallet_code.html`.
pub(super) struct WalletCode {
    /// What the wallet reads, in capital letters.
    pub(super) lnurl: String,
    pub(super) svg: String,
    /// What to do with it.
    pub(super) how: String,
}

impl WalletCode {
    /// Of the address that the wallet asks.
    ///
    /// # Errors
    /// [`Problem::Internal`] when it makes no code.
    pub(super) fn new(url: &str, how: String, shell: &Shell) -> Result<Self, Problem> {
        let lnurl = link::lnurl(url).ok_or(Problem::Internal)?;
        Ok(Self {
            svg: Matrix::of_address(&lnurl)?.svg(&shell.say("qr-code")),
            lnurl,
            how,
        })
    }
}
