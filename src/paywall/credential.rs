//! What a visitor shows: the header `Authorization`.

/// How a program pays and shows that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// A token that lets in until it is over.
    L402,
    /// A payment that lets in once.
    Payment,
}

/// A credential of one of our schemes, unchecked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential<'a> {
    /// Its scheme.
    pub scheme: Scheme,
    /// What follows the scheme.
    pub value: &'a str,
}

impl<'a> Credential<'a> {
    /// Reads the value of a header. `None`: it is of another scheme, which is no business of ours.
    pub fn parse(header: &'a str) -> Option<Self> {
        let (scheme, value) = header.trim().split_once(' ')?;
        let is = |name: &str| scheme.eq_ignore_ascii_case(name);
        // LSAT is what L402 was called before.
        let scheme = match () {
            () if is("L402") || is("LSAT") => Scheme::L402,
            () if is("Payment") => Scheme::Payment,
            () => return None,
        };
        let value = value.trim();
        Some(Self { scheme, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_schemes_are_no_business_of_ours() {
        for (header, expected) in [
            ("L402 a:b", Some((Scheme::L402, "a:b"))),
            ("lsat  a:b ", Some((Scheme::L402, "a:b"))),
            ("Payment e30", Some((Scheme::Payment, "e30"))),
            ("Basic e30", None),
            ("Payments e30", None),
            ("L402", None),
            ("", None),
        ] {
            let found = Credential::parse(header);
            let found = found.map(|found| (found.scheme, found.value));
            assert_eq!(found, expected, "{header}");
        }
    }
}
