//! What a rune allows, as far as it shows: its restrictions are readable in it. What the node has revoked does not show.
//!
//! Format (`github.com/rustyrussell/runes`): 32 bytes of authentication, then the restrictions as text, all in base64 with
//! `-` and `_`. Every restriction must hold (`&` between them), by one of its alternatives (`|`): a field, a condition, a
//! value. The first one may be the rune's number, which has no field.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::method::Method;

/// The bytes before the restrictions.
const AUTHENTICATION: usize = 32;

/// Some tools leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What is said of a rune that limits no methods.
const EVERYTHING: &str = "every method";

/// The rights that facture does not need, such as `method=pay`; none for what cannot be read as a rune.
pub(super) fn excess_rights(rune: &str) -> Vec<String> {
    let Some(restrictions) = restrictions(rune) else {
        return Vec::new();
    };
    let of_methods = restrictions.split('&').filter(|restriction| {
        let mut alternatives = restriction.split('|');
        alternatives.all(|alternative| alternative.starts_with("method"))
    });
    // All of them must hold: the narrowest counts.
    let narrowest = of_methods.map(excess_of).min_by_key(Vec::len);
    narrowest.unwrap_or_else(|| vec![EVERYTHING.to_owned()])
}

fn restrictions(rune: &str) -> Option<String> {
    let bytes = BASE64.decode(rune).ok()?;
    String::from_utf8(bytes.get(AUTHENTICATION..)?.to_owned()).ok()
}

fn excess_of(restriction: &str) -> Vec<String> {
    let alternatives = restriction.split('|');
    let excess = alternatives.filter(|alternative| {
        let named = alternative.strip_prefix("method=");
        named.and_then(Method::named).is_none()
    });
    excess.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn excess(restrictions: &str) -> Vec<String> {
        let text = [&[7; AUTHENTICATION][..], restrictions.as_bytes()].concat();
        excess_rights(&BASE64.encode(text))
    }

    /// The master rune of a lightningd v26.06.6 on regtest.
    #[test]
    fn a_rune_without_restrictions_allows_everything() {
        let master = "fWy7KhSrLtBxon9BLV22E605PFdIu_fW-jd0lx9EWeE9MA==";
        for rune in [master, master.trim_end_matches('=')] {
            assert_eq!(excess_rights(rune), [EVERYTHING]);
        }
    }

    #[test]
    fn what_is_more_than_a_checkout_needs_is_named() {
        assert!(excess("=1&method=invoice|method=getinfo").is_empty());
        assert!(excess("=1&method=listpeerchannels&time<9").is_empty());
        assert_eq!(excess("=1&method=invoice|method=pay"), ["method=pay"]);
        assert_eq!(excess("=1&method^list|method=wait"), ["method^list"]);
        // An alternative that limits something else allows every method.
        assert_eq!(excess("=1&method=invoice|rate=9"), [EVERYTHING]);
        assert_eq!(excess("=1&rate=60"), [EVERYTHING]);
        // The narrowest counts.
        assert!(excess("=1&method^list|method=invoice&method=invoice").is_empty());
    }

    proptest! {
        #[test]
        fn whatever_the_text_it_does_not_panic(text in "[ -~]{0,120}") {
            let _ = excess_rights(&text);
        }
    }
}
