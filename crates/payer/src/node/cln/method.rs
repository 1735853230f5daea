//! Every RPC that the payer may send to lightningd, in one list: a session takes a [`Method`] and nothing else. One of them
//! spends.

use std::fmt;

/// An RPC of lightningd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// What an offer says, and the invoice that was given for it.
    Decode,
    /// Asking the owner of an offer for an invoice. It pays nothing.
    Fetchinvoice,
    /// Who the node is.
    Getinfo,
    /// What became of a payment.
    Listpays,
    /// Paying. It alone spends.
    Xpay,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Decode,
        Self::Fetchinvoice,
        Self::Getinfo,
        Self::Listpays,
        Self::Xpay,
    ];

    /// What lightningd calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Fetchinvoice => "fetchinvoice",
            Self::Getinfo => "getinfo",
            Self::Listpays => "listpays",
            Self::Xpay => "xpay",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The command that makes a rune for those calls and no others, which pays so much at most. The lists must all hold, and of
/// each list one member: what does not pay passes all of them by its name. The amount is that of the invoice, or of the call
/// where the invoice has none; with both, `xpay` itself refuses (tried with v26.06.6).
pub fn createrune(max_sat: u64, max_fee_sat: u64) -> String {
    let any = Method::ALL
        .map(|method| format!("\"method={method}\""))
        .join(",");
    let amount = max_sat.saturating_mul(1000).saturating_add(1);
    let fee = max_fee_sat.saturating_mul(1000).saturating_add(1);
    let pays = Method::Xpay;
    format!(
        "lightning-cli createrune restrictions='[[{any}],\
         [\"method/{pays}\",\"pinvinvstring_amount<{amount}\",\"pnameamount_msat<{amount}\"],\
         [\"method/{pays}\",\"pnamemaxfee<{fee}\"]]'"
    )
}
