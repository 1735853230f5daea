//! A stand-in of either kind, for a program that runs one as its node.

#[cfg(feature = "lnd")]
use crate::SandboxLnd;
use crate::{PayError, Payment, SandboxNode};

/// A running sandbox node of either kind. Clones are the same node.
#[derive(Debug, Clone)]
pub enum Sandbox {
    /// It speaks as lightningd.
    Cln(SandboxNode),
    /// It speaks as LND.
    #[cfg(feature = "lnd")]
    Lnd(SandboxLnd),
}

/// What a payment became at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayOutcome {
    /// It arrived.
    Paid(Payment),
    /// It is held: it will be taken or sent back.
    Held,
}

impl Sandbox {
    /// Pays an invoice as a buyer's wallet does: `amount_msat`, or the invoice's own amount. When this returns, the node
    /// knows; a payment that is held is not waited for.
    ///
    /// # Errors
    /// When the payment does not arrive.
    pub fn pay(&self, bolt11: &str, amount_msat: Option<u64>) -> Result<PayOutcome, PayError> {
        let paid = match self {
            Self::Cln(node) => node.pay(bolt11, amount_msat),
            #[cfg(feature = "lnd")]
            Self::Lnd(node) => node.pay_or_hold(bolt11, amount_msat),
        };
        match paid {
            Ok(payment) => Ok(PayOutcome::Paid(payment)),
            Err(PayError::Held) => Ok(PayOutcome::Held),
            Err(error) => Err(error),
        }
    }

    /// The node's id: its public key in hexadecimal.
    pub fn id(&self) -> String {
        match self {
            Self::Cln(node) => node.id(),
            #[cfg(feature = "lnd")]
            Self::Lnd(node) => node.id(),
        }
    }

    /// Where it listens, for people: the path of a socket, or an address.
    pub fn place(&self) -> String {
        match self {
            Self::Cln(node) => node.rpc_file().display().to_string(),
            #[cfg(feature = "lnd")]
            Self::Lnd(node) => node.url(),
        }
    }
}

impl From<SandboxNode> for Sandbox {
    fn from(node: SandboxNode) -> Self {
        Self::Cln(node)
    }
}

#[cfg(feature = "lnd")]
impl From<SandboxLnd> for Sandbox {
    fn from(node: SandboxLnd) -> Self {
        Self::Lnd(node)
    }
}
