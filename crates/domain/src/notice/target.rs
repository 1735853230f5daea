//! Who is told: addresses of the channels.

use std::fmt;

use url::Url;

use crate::hook::HookUrl;

/// By which way something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeChannel {
    /// Mail, by an SMTP server.
    Mail,
    /// A topic of an ntfy server.
    Ntfy,
    /// A chat of Telegram, by a bot.
    Telegram,
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NoticeTarget {
    /// A mailbox.
    Mail(MailAddress),
    /// A topic of an ntfy server.
    Ntfy(NtfyTopic),
    /// A chat of Telegram.
    Telegram(ChatId),
}

/// The address of a mailbox, in ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MailAddress(String);

/// A topic of an ntfy server, and what lets us write there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NtfyTopic {
    server: String,
    name: String,
    token: Option<NtfyToken>,
}

/// An access token of an ntfy server.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NtfyToken(String);

/// A chat of Telegram: a number, or the name of a public channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChatId(String);

/// The text is no address of this channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// It cannot be an address there.
    #[error("it is no address of this channel")]
    Address,
    /// It cannot be an access token.
    #[error("it is no access token")]
    Token,
}

impl NoticeChannel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Ntfy, Self::Telegram];

    /// Its name in the store and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Ntfy => "ntfy",
            Self::Telegram => "telegram",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == name)
    }
}

impl NoticeTarget {
    /// Reads an address of this channel. Only ntfy has tokens; an empty text is none.
    ///
    /// # Errors
    /// [`TargetError`].
    pub fn parse(channel: NoticeChannel, address: &str, token: &str) -> Result<Self, TargetError> {
        Ok(match channel {
            NoticeChannel::Mail => Self::Mail(MailAddress::parse(address)?),
            NoticeChannel::Ntfy => Self::Ntfy(NtfyTopic::parse(address, token)?),
            NoticeChannel::Telegram => Self::Telegram(ChatId::parse(address)?),
        })
    }

    /// By which way.
    pub fn channel(&self) -> NoticeChannel {
        match self {
            Self::Mail(_) => NoticeChannel::Mail,
            Self::Ntfy(_) => NoticeChannel::Ntfy,
            Self::Telegram(_) => NoticeChannel::Telegram,
        }
    }

    /// The address, without a token.
    pub fn address(&self) -> String {
        match self {
            Self::Mail(address) => address.as_str().to_owned(),
            Self::Ntfy(topic) => topic.address(),
            Self::Telegram(chat) => chat.as_str().to_owned(),
        }
    }

    /// The token, if there is one.
    pub fn token(&self) -> Option<&str> {
        match self {
            Self::Ntfy(topic) => topic.token().map(NtfyToken::expose),
            Self::Mail(_) | Self::Telegram(_) => None,
        }
    }
}

impl MailAddress {
    /// The longest address (RFC 5321 §4.5.3.1.3, without the brackets), and the longest name in one.
    const MAX_BYTES: usize = 254;
    const MAX_LOCAL_BYTES: usize = 64;

    /// Reads an address as people have them: no quoted names, no numbers in place of a host.
    ///
    /// # Errors
    /// [`TargetError::Address`].
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let (local, domain) = text.split_once('@').ok_or(TargetError::Address)?;
        let is_atom =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
        let is_local = (1..=Self::MAX_LOCAL_BYTES).contains(&local.len())
            && local.bytes().all(is_atom)
            && local.split('.').all(|part| !part.is_empty());
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        match is_local && text.len() <= Self::MAX_BYTES && domain.split('.').all(is_label) {
            true => Ok(Self(text.to_owned())),
            false => Err(TargetError::Address),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl NtfyTopic {
    /// The longest name that ntfy takes.
    const MAX_NAME_BYTES: usize = 64;

    /// Reads the address of a topic, such as `https://ntfy.sh/my-shop`, and a token; an empty one is none.
    ///
    /// # Errors
    /// [`TargetError`].
    pub fn parse(address: &str, token: &str) -> Result<Self, TargetError> {
        let url = HookUrl::parse(address).map_err(|_| TargetError::Address)?;
        let mut server = Url::parse(url.as_str()).map_err(|_| TargetError::Address)?;
        let name = server.path().trim_start_matches('/').to_owned();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let is_name =
            (1..=Self::MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(is_plain);
        if !is_name || server.query().is_some() {
            return Err(TargetError::Address);
        }
        server.set_path("/");
        Ok(Self {
            server: server.into(),
            name,
            token: match token {
                "" => None,
                token => Some(NtfyToken::parse(token)?),
            },
        })
    }

    /// The address of the server, where messages for all its topics are taken as JSON.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The name of the topic there.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What lets us write there, if it needs something.
    pub fn token(&self) -> Option<&NtfyToken> {
        self.token.as_ref()
    }

    fn address(&self) -> String {
        format!("{}{}", self.server, self.name)
    }
}

impl NtfyToken {
    /// The longest token, in bytes.
    const MAX_BYTES: usize = 200;

    /// Reads a token.
    ///
    /// # Errors
    /// [`TargetError::Token`].
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        match (1..=Self::MAX_BYTES).contains(&text.len()) && text.bytes().all(is_token) {
            true => Ok(Self(text.to_owned())),
            false => Err(TargetError::Token),
        }
    }

    /// The text, for the server and the store.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl ChatId {
    /// Reads a chat's number, such as `-1001234567890`, or a channel's name, such as `@my_shop`.
    ///
    /// # Errors
    /// [`TargetError::Address`].
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number =
            (1..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_name = text.strip_prefix('@').is_some_and(|name| {
            (4..=32).contains(&name.len())
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        match is_number || is_name {
            true => Ok(Self(text.to_owned())),
            false => Err(TargetError::Address),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NtfyTopic {
    /// Who knows a topic's name can read it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NtfyTopic({}…)", self.server)
    }
}

impl fmt::Debug for NtfyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NtfyToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_their_channels_have_them() {
        for (channel, address) in [
            (NoticeChannel::Mail, "ada@shop.example"),
            (NoticeChannel::Mail, "ada+till.2@mail.shop-one.example"),
            (NoticeChannel::Ntfy, "https://ntfy.sh/my_shop-1"),
            (NoticeChannel::Ntfy, "http://192.168.1.2:8080/shop"),
            (NoticeChannel::Telegram, "-1001234567890"),
            (NoticeChannel::Telegram, "42"),
            (NoticeChannel::Telegram, "@my_shop"),
        ] {
            let target = NoticeTarget::parse(channel, address, "").unwrap();
            assert_eq!(
                (target.channel(), target.address()),
                (channel, address.to_owned())
            );
            assert_eq!(target.token(), None);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let long = format!("{}@shop.example", "x".repeat(65));
        for (channel, address) in [
            (NoticeChannel::Mail, ""),
            (NoticeChannel::Mail, "ada"),
            (NoticeChannel::Mail, "ada@"),
            (
                NoticeChannel::Mail,
                "ada@shop.example\r\nBcc: eve@evil.example",
            ),
            (NoticeChannel::Mail, "ada@shop.example, eve@evil.example"),
            (NoticeChannel::Mail, "Ada <ada@shop.example>"),
            (NoticeChannel::Mail, "ada@@shop.example"),
            (NoticeChannel::Mail, ".ada@shop.example"),
            (NoticeChannel::Mail, long.as_str()),
            (NoticeChannel::Ntfy, "ntfy.sh/shop"),
            (NoticeChannel::Ntfy, "https://ntfy.sh/"),
            (NoticeChannel::Ntfy, "https://ntfy.sh/a/b"),
            (NoticeChannel::Ntfy, "https://ntfy.sh/shop?x=1"),
            (NoticeChannel::Ntfy, "https://user:pass@ntfy.sh/shop"),
            (NoticeChannel::Telegram, ""),
            (NoticeChannel::Telegram, "-"),
            (NoticeChannel::Telegram, "my_shop"),
            (NoticeChannel::Telegram, "@a b c d"),
        ] {
            let read = NoticeTarget::parse(channel, address, "");
            assert_eq!(read, Err(TargetError::Address), "{address}");
        }
    }

    #[test]
    fn a_topic_is_sent_to_at_its_server_and_its_token_is_not_shown() {
        let topic = NtfyTopic::parse("https://ntfy.sh/shop", "tk_secret").unwrap();
        assert_eq!((topic.server(), topic.name()), ("https://ntfy.sh/", "shop"));
        let shown = format!("{topic:?} {:?}", topic.token().unwrap());
        assert!(
            !shown.contains("secret") && !shown.contains("shop"),
            "{shown}"
        );
        for wrong in ["a b", "a\nb", "ä"] {
            let read = NtfyTopic::parse("https://ntfy.sh/shop", wrong);
            assert_eq!(read, Err(TargetError::Token), "{wrong}");
        }
    }
}
