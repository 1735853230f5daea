//! Every RPC that facture may call, in one list. A transport takes a [`Method`] and nothing else, so what is not here
//! cannot be sent; none of these spends, opens a channel or changes how the node is set up.

use std::fmt;

/// An RPC of lightningd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Who the node is, and whether it is there.
    Getinfo,
    /// Making an invoice.
    Invoice,
    /// Looking an invoice up after a lost answer; pages of what was updated and created.
    Listinvoices,
    /// The next update of an invoice, or the present index.
    Wait,
    /// The next payment, with the invoice that it is for.
    Waitanyinvoice,
    /// Cancelling an invoice, deleting one that is over.
    Delinvoice,
    /// What an offer or another BOLT 12 string says.
    Decode,
    /// Making an offer.
    Offer,
    /// Offers that are ours, and whose an offer is.
    Listoffers,
    /// Taking an offer back.
    Disableoffer,
    /// What a bitcoin costs in another currency, as each source says.
    Listcurrencyrates,
    /// The same as one number, for runes that do not have `listcurrencyrates` yet.
    Currencyconvert,
    /// How much the node can receive.
    Listpeerchannels,
    /// Whether the node deletes paid invoices by itself.
    AutocleanStatus,
    /// facture's plugin: making a hold invoice.
    FactureHoldCreate,
    /// facture's plugin: taking a held payment.
    FactureHoldSettle,
    /// facture's plugin: sending a held payment back.
    FactureHoldCancel,
    /// facture's plugin: how hold invoices stand.
    FactureHoldList,
    /// facture's plugin: the next change of a hold invoice.
    FactureHoldWait,
}

/// Whether a checkout works without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It does not.
    Essential,
    /// It does, a little later: the same is asked for otherwise where the node does not allow it.
    Quicker,
    /// It does: what the call would tell is left out where the node does not allow it.
    Spared,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Getinfo,
        Self::Invoice,
        Self::Listinvoices,
        Self::Wait,
        Self::Waitanyinvoice,
        Self::Delinvoice,
        Self::Decode,
        Self::Offer,
        Self::Listoffers,
        Self::Disableoffer,
        Self::Listcurrencyrates,
        Self::Currencyconvert,
        Self::Listpeerchannels,
        Self::AutocleanStatus,
        Self::FactureHoldCreate,
        Self::FactureHoldSettle,
        Self::FactureHoldCancel,
        Self::FactureHoldList,
        Self::FactureHoldWait,
    ];

    /// Those of facture's plugin, which a lightningd without it does not have.
    pub const OF_PLUGIN: [Self; 5] = [
        Self::FactureHoldCreate,
        Self::FactureHoldSettle,
        Self::FactureHoldCancel,
        Self::FactureHoldList,
        Self::FactureHoldWait,
    ];

    /// What lightningd calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Getinfo => "getinfo",
            Self::Invoice => "invoice",
            Self::Listinvoices => "listinvoices",
            Self::Wait => "wait",
            Self::Waitanyinvoice => "waitanyinvoice",
            Self::Delinvoice => "delinvoice",
            Self::Decode => "decode",
            Self::Offer => "offer",
            Self::Listoffers => "listoffers",
            Self::Disableoffer => "disableoffer",
            Self::Listcurrencyrates => "listcurrencyrates",
            Self::Currencyconvert => "currencyconvert",
            Self::Listpeerchannels => "listpeerchannels",
            Self::AutocleanStatus => "autoclean-status",
            Self::FactureHoldCreate => "facture-hold-create",
            Self::FactureHoldSettle => "facture-hold-settle",
            Self::FactureHoldCancel => "facture-hold-cancel",
            Self::FactureHoldList => "facture-hold-list",
            Self::FactureHoldWait => "facture-hold-wait",
        }
    }

    /// The one that lightningd calls this; `None` when it is not in the list.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// Whether a checkout works without it.
    pub fn need(self) -> Need {
        match self {
            Self::Waitanyinvoice => Need::Quicker,
            Self::Listpeerchannels
            | Self::AutocleanStatus
            | Self::Currencyconvert
            | Self::Decode => Need::Spared,
            Self::Offer | Self::Listoffers | Self::Disableoffer => Need::Spared,
            method if Self::OF_PLUGIN.contains(&method) => Need::Spared,
            _ => Need::Essential,
        }
    }

    /// Those that the rune is for: what a checkout needs, and what tells no more than that. `decode` tells nothing about the
    /// node; offers are a way to be paid.
    pub fn in_rune() -> impl Iterator<Item = Self> {
        let all = Self::ALL.into_iter();
        all.filter(|method| {
            let harmless = [
                Self::Decode,
                Self::Offer,
                Self::Listoffers,
                Self::Disableoffer,
            ];
            method.need() != Need::Spared || harmless.contains(method)
        })
    }
}

/// Which calls a rune is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuneScope {
    /// Those of a checkout: [`Method::in_rune`].
    Checkout,
    /// Those of a checkout that holds payments, too: the commands of the plugin that holds them.
    CheckoutWithHolds,
}

/// The command that makes a rune for those calls and no others (`createrune`, since v23.08; the alternatives of one
/// restriction stand in one list).
pub fn createrune(scope: RuneScope) -> String {
    let of_plugin = match scope {
        RuneScope::Checkout => &[][..],
        RuneScope::CheckoutWithHolds => &Method::OF_PLUGIN,
    };
    let alternatives: Vec<_> = Method::in_rune()
        .chain(of_plugin.iter().copied())
        .map(|method| format!("\"method={method}\""))
        .collect();
    format!(
        "lightning-cli createrune restrictions='[[{}]]'",
        alternatives.join(",")
    )
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
