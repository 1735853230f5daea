//! What a buyer says about themselves.

/// What a buyer says about themselves. None of it is in events, webhooks or streams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buyer {
    /// Their name.
    pub name: Option<String>,
    /// Their mail address.
    pub mail: Option<String>,
    /// What they wrote to the shop.
    pub note: Option<String>,
}

impl Buyer {
    /// Whether a text is a mail address, as far as that can be told without sending mail.
    pub fn is_mail_address(text: &str) -> bool {
        text.rsplit_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_has_two_parts() {
        for text in ["ada@example.com", "\"a@b\"@example.com"] {
            assert!(Buyer::is_mail_address(text), "{text}");
        }
        for text in ["", "ada", "@example.com", "ada@", "ada @example.com"] {
            assert!(!Buyer::is_mail_address(text), "{text}");
        }
    }
}
