//! What a resolver answers about a name, and what wallets would make of it.

use super::record::{SCHEME, offer_in};
use facture_domain::payment_string::Bolt12;

/// An answer of a resolver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// The texts of the TXT records, each of its strings joined.
    pub(super) texts: Vec<String>,
    pub(super) signatures: Signatures,
}

/// What a resolver says about the signatures of an answer (RFC 4035 §3.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signatures {
    /// It has checked them up to the root.
    Checked,
    /// There are none, or it checks none.
    NotChecked,
}

/// Why a wallet would not pay this offer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("there is no TXT record that begins with bitcoin:")]
    Missing,
    #[error("there are {0} TXT records that begin with bitcoin:, and wallets take none of several")]
    Several(usize),
    #[error("the record names no offer (lno=…): {0}")]
    NoOffer(String),
    #[error("the record names another offer: {0}")]
    OtherOffer(String),
    #[error(
        "the resolver does not say that it has checked signatures (DNSSEC), without which wallets do not pay: the domain is not \
         signed, or the resolver checks none"
    )]
    NotSigned,
}

impl Answer {
    /// Everything that is wrong with it, for this offer.
    pub(super) fn faults(&self, offer: &Bolt12) -> Vec<Fault> {
        let ours = |text: &&String| {
            let head = text.get(..SCHEME.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(SCHEME))
        };
        let records: Vec<_> = self.texts.iter().filter(ours).collect();
        let content = match records[..] {
            [] => Some(Fault::Missing),
            [text] => match offer_in(text) {
                None => Some(Fault::NoOffer(text.clone())),
                Some(named) if named.eq_ignore_ascii_case(offer.as_str()) => None,
                Some(named) => Some(Fault::OtherOffer(named.to_owned())),
            },
            [..] => Some(Fault::Several(records.len())),
        };
        let signatures = match self.signatures {
            Signatures::Checked => None,
            Signatures::NotChecked => Some(Fault::NotSigned),
        };
        content.into_iter().chain(signatures).collect()
    }
}
