//! What all these texts have in common.

/// The longest text that is read, in bytes. BOLT 11 strings and offers of real wallets have less than 2,000.
pub const MAX_BYTES: usize = 8192;

/// The scheme of a URI that is one of those we know, in small letters, and what follows its colon.
pub(super) fn scheme(text: &str) -> Option<(&'static str, &str)> {
    const KNOWN: [&str; 8] = [
        "bitcoin",
        "lightning",
        "https",
        "http",
        "lnurlp",
        "lnurlw",
        "lnurlc",
        "keyauth",
    ];
    let (before, rest) = text.split_once(':')?;
    let known = KNOWN
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(before))?;
    Some((known, rest))
}

/// Whether a text begins with this, in small or capital letters.
pub(super) fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}
