//! `[notices]`: by which ways the shop's people are told what happens, and when something is worth telling.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    error::ConfigError,
    number::Bounded,
    text::{Line, origin, parsed},
};
use facture_domain::notice::MailAddress;
use facture_runtime::secret_file::home;

/// `[notices]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoticesConfig {
    /// Name of the SMTP server. Empty: there is no mail.
    pub smtp_host: Line,
    /// Its port. 0: the usual one.
    pub smtp_port: Bounded<0, 65_535>,
    /// How the connection to it is secured.
    #[serde(deserialize_with = "security", serialize_with = "security_text")]
    pub smtp_security: SmtpSecurity,
    /// Who we say that we are there. Empty: nobody.
    pub smtp_user: Line,
    /// The file with the password of that user.
    pub smtp_password_file: PathBuf,
    /// The address that mail is from.
    pub mail_from: SenderAddress,
    /// The file with the token of a Telegram bot. Empty: there is no Telegram.
    pub telegram_token_file: PathBuf,
    /// The address of Telegram's Bot API.
    pub telegram_url: BotApiUrl,
    /// For how many minutes the node must be away until that is told.
    pub node_away_minutes: Bounded<1, 1440>,
    /// Below how many satoshis that the node can receive it is told that it is little.
    pub receivable_below_sat: Bounded<1, 4_000_000_000>,
}

/// How a connection to an SMTP server is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the beginning (RFC 8314).
    #[default]
    Tls,
    /// By STARTTLS, without which nothing is sent.
    StartTls,
    /// Not at all.
    None,
}

/// The address that mail is from, or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SenderAddress(Option<MailAddress>);

/// The origin of a server of Telegram's Bot API.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct BotApiUrl(String);

/// How mail is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct SmtpServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: SmtpSecurity,
    /// Who we say that we are, and the file with the password.
    pub login: Option<(String, PathBuf)>,
    /// The address that mail is from.
    pub from: MailAddress,
}

impl Default for NoticesConfig {
    fn default() -> Self {
        Self {
            smtp_host: Line::default(),
            smtp_port: Bounded::new(0),
            smtp_security: SmtpSecurity::default(),
            smtp_user: Line::default(),
            smtp_password_file: PathBuf::new(),
            mail_from: SenderAddress::default(),
            telegram_token_file: PathBuf::new(),
            telegram_url: BotApiUrl::default(),
            node_away_minutes: Bounded::new(5),
            receivable_below_sat: Bounded::new(100_000),
        }
    }
}

impl NoticesConfig {
    /// How mail is sent; `None`: not at all.
    pub fn smtp(&self) -> Option<SmtpServer> {
        let from = self.mail_from.0.clone()?;
        let host = Some(self.smtp_host.as_str()).filter(|host| !host.is_empty())?;
        let user = Some(self.smtp_user.as_str()).filter(|user| !user.is_empty());
        let port = match (self.smtp_port.value(), self.smtp_security) {
            (0, SmtpSecurity::Tls) => 465,
            (0, SmtpSecurity::StartTls) => 587,
            (0, SmtpSecurity::None) => 25,
            (port, _) => u16::try_from(port).ok()?,
        };
        Some(SmtpServer {
            host: host.to_owned(),
            port,
            security: self.smtp_security,
            login: user.map(|user| (user.to_owned(), home(&self.smtp_password_file))),
            from,
        })
    }

    /// The file with the token of a Telegram bot, and the address of the Bot API; `None`: there is none.
    pub fn telegram(&self) -> Option<(PathBuf, BotApiUrl)> {
        let file = &self.telegram_token_file;
        let is_named = !file.as_os_str().is_empty();
        is_named.then(|| (home(file), self.telegram_url.clone()))
    }

    /// For how long the node must be away until that is told.
    pub fn node_away(&self) -> Duration {
        Duration::from_secs(u64::from(self.node_away_minutes.value()) * 60)
    }

    pub(super) fn check_consistency(&self) -> Result<(), ConfigError> {
        let wrong = |words: &str| Err(ConfigError::Inconsistent(words.to_owned()));
        let has_host = !self.smtp_host.as_str().is_empty();
        let has_user = !self.smtp_user.as_str().is_empty();
        let has_password = !self.smtp_password_file.as_os_str().is_empty();
        if has_host != self.mail_from.0.is_some() {
            return wrong("notices.smtp_host and notices.mail_from need each other");
        }
        if has_user != has_password {
            return wrong("notices.smtp_user and notices.smtp_password_file need each other");
        }
        let is_near = ["localhost", "127.0.0.1", "::1"].contains(&self.smtp_host.as_str());
        if has_user && self.smtp_security == SmtpSecurity::None && !is_near {
            return wrong(
                "notices.smtp_security = \"none\" would send the password in the clear: use \"tls\" or \"starttls\"",
            );
        }
        Ok(())
    }
}

fn security<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SmtpSecurity, D::Error> {
    parsed(deserializer, |text| match text {
        "tls" => Ok(SmtpSecurity::Tls),
        "starttls" => Ok(SmtpSecurity::StartTls),
        "none" => Ok(SmtpSecurity::None),
        _ => Err("must be \"tls\", \"starttls\" or \"none\""),
    })
}

fn security_text<S: Serializer>(security: &SmtpSecurity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match security {
        SmtpSecurity::Tls => "tls",
        SmtpSecurity::StartTls => "starttls",
        SmtpSecurity::None => "none",
    })
}

impl BotApiUrl {
    /// The text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Telegram's own.
impl Default for BotApiUrl {
    fn default() -> Self {
        Self("https://api.telegram.org".to_owned())
    }
}

impl<'de> Deserialize<'de> for BotApiUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| match origin(text) {
            Some(url) if matches!(url.scheme(), "http" | "https") => {
                Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
            }
            _ => Err(
                "must be a URL such as https://api.telegram.org, without path, user or password",
            ),
        })
    }
}

impl<'de> Deserialize<'de> for SenderAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| match text {
            "" => Ok(Self(None)),
            text => match MailAddress::parse(text) {
                Ok(address) => Ok(Self(Some(address))),
                Err(_) => Err("must be an address such as shop@shop.example"),
            },
        })
    }
}

impl Serialize for SenderAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_ref().map_or("", MailAddress::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn notices(text: &str) -> NoticesConfig {
        let config: Config = toml::from_str(&format!("[notices]\n{text}")).unwrap();
        config.notices
    }

    #[test]
    fn mail_needs_a_server_and_a_sender() {
        assert_eq!(NoticesConfig::default().smtp(), None);
        assert_eq!(NoticesConfig::default().telegram(), None);
        let mail = "smtp_host = \"mail.example\"\nmail_from = \"shop@shop.example\"\n";
        let with_user = "smtp_user = \"shop\"\nsmtp_password_file = \"/etc/facture/smtp\"\n";
        let server = notices(mail).smtp().unwrap();
        assert_eq!((server.port, server.login), (465, None));
        let starttls = notices(&format!("{mail}{with_user}smtp_security = \"starttls\""));
        assert_eq!(starttls.check_consistency().ok(), Some(()));
        let server = starttls.smtp().unwrap();
        assert_eq!((server.port, server.login.is_some()), (587, true));
        for (text, key) in [
            ("smtp_host = \"mail.example\"".to_owned(), "mail_from"),
            (format!("{mail}smtp_user = \"shop\""), "smtp_password_file"),
            (
                format!("{mail}{with_user}smtp_security = \"none\""),
                "in the clear",
            ),
        ] {
            let refused = notices(&text).check_consistency().unwrap_err().to_string();
            assert!(refused.contains(key), "{text}: {refused}");
        }
        let local = "smtp_host = \"127.0.0.1\"\nmail_from = \"shop@shop.example\"\n";
        let local = notices(&format!("{local}{with_user}smtp_security = \"none\""));
        assert!(local.check_consistency().is_ok());
    }
}
