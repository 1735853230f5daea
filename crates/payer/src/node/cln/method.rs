//! Every RPC that the payer may send to lightningd, in one list: a session takes a [`Method`] and nothing else. One of them
//! spends.

use std::fmt;

/// An RPC of lightningd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Who the node is.
    Getinfo,
    /// What became of a payment.
    Listpays,
    /// Paying. It alone spends.
    Xpay,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Getinfo, Self::Listpays, Self::Xpay];

    /// What lightningd calls it.
    pub fn name(self) -> &'static str {
        match self {
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
