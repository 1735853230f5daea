//! Wallets that a phone can open by their own links, for buyers whose phone gives plain `lightning:` links to another one.

/// A wallet and what its links begin with, before the BOLT 11 string.
pub(crate) struct Wallet {
    pub(crate) name: &'static str,
    pub(crate) link: &'static str,
}

/// As these wallets register them; Blink kept the scheme of its first name.
pub(crate) const WALLETS: [Wallet; 10] = [
    wallet("Phoenix", "phoenix:"),
    wallet("Wallet of Satoshi", "walletofsatoshi:lightning:"),
    wallet("ZEUS", "zeusln:lightning:"),
    wallet("Breez", "breez:"),
    wallet("Muun", "muun:"),
    wallet("BlueWallet", "bluewallet:lightning:"),
    wallet("Blink", "bitcoinbeach://"),
    wallet("Blixt", "blixtwallet:lightning:"),
    wallet("Strike", "strike:lightning:"),
    wallet("Cash App", "https://cash.app/launch/lightning/"),
];

impl Wallet {
    /// Where a link opens. In a shop's frame it must not take the place of this page: the shop's policy may allow
    /// nothing else there. An app takes nobody's place; a website gets a window of its own.
    pub(crate) fn target(&self) -> &'static str {
        match self.link.starts_with("https:") {
            true => "_blank",
            false => "_top",
        }
    }
}

const fn wallet(name: &'static str, link: &'static str) -> Wallet {
    Wallet { name, link }
}
