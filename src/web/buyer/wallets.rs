//! Wallets with their own link schemes, for buyers whose phone opens plain `lightning:` links in another one.

/// A wallet and the prefix of its links, before the BOLT 11 string.
pub(crate) struct Wallet {
    pub(crate) name: &'static str,
    pub(crate) link: &'static str,
}

/// The schemes that these wallets register; Blink still uses that of its former name.
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
    /// The target of a link. In a shop's frame it must not replace this page: the shop's policy may allow nothing else
    /// there. An app replaces nothing; a website opens in its own window.
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
