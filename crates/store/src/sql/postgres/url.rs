//! The address of a database of PostgreSQL.

use std::{fmt, fs, path::PathBuf, str::FromStr, time::Duration};

use facture_runtime::tls::{self, TlsError};
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

/// How long making a connection to one address may take.
const CONNECT: Duration = Duration::from_secs(5);

/// A connection that says nothing is tried after this time, and then so often. It is lost when nobody answers.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(5);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(2);
const KEEPALIVE_RETRIES: u32 = 3;

/// A connection is lost when what was sent has not arrived after this time.
const UNACKNOWLEDGED: Duration = Duration::from_secs(10);

/// Which database of PostgreSQL, as whom, and how the way there is secured:
/// `postgres://user:password@host:port/database`, with what libpq knows of `sslmode` (`disable`, `require`), `sslrootcert`,
/// `host` (a directory of Unix sockets), `options` and the like behind `?`.
///
/// A certificate is always checked: by the authorities in `sslrootcert`, or by those that this system trusts. Without
/// `sslmode`, TLS is required but on a Unix socket or a loopback address.
#[derive(Clone)]
pub struct PostgresUrl {
    config: Config,
    root_certificates: Option<PathBuf>,
}

/// An address that cannot be used. It does not tell the password.
#[derive(Debug, thiserror::Error)]
pub enum PostgresUrlError {
    /// It is no URL.
    #[error("it is not of the form postgres://user:password@host:port/database")]
    NotUrl,
    /// Something in it is unknown or missing.
    #[error("{0}")]
    Invalid(String),
    /// The file of `sslrootcert` cannot be used.
    #[error("sslrootcert cannot be used: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It vouches for nobody.
    #[error("sslrootcert cannot be used: {0}")]
    Certificates(#[from] TlsError),
}

impl FromStr for PostgresUrl {
    type Err = PostgresUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut url = Url::parse(text).map_err(|_| PostgresUrlError::NotUrl)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(PostgresUrlError::NotUrl);
        }
        let mut root_certificates = None;
        let mut names_mode = false;
        let mut rest = Vec::new();
        for (name, value) in url.query_pairs() {
            match &*name {
                "sslrootcert" => root_certificates = Some(PathBuf::from(&*value)),
                _ => {
                    names_mode |= name == "sslmode";
                    rest.push((name.into_owned(), value.into_owned()));
                }
            }
        }
        url.set_query(None);
        if !rest.is_empty() {
            url.query_pairs_mut().extend_pairs(rest);
        }
        // A space is `+` in a form, and libpq does not know that.
        let query = url.query().map(|query| query.replace('+', "%20"));
        url.set_query(query.as_deref());
        let mut config = Config::from_str(url.as_str()).map_err(|error| {
            let source = std::error::Error::source(&error);
            PostgresUrlError::Invalid(source.map_or_else(|| error.to_string(), ToString::to_string))
        })?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(PostgresUrlError::Invalid("it names no host".to_owned()));
        }
        if config.get_dbname().is_none() {
            return Err(PostgresUrlError::Invalid("it names no database".to_owned()));
        }
        if !names_mode {
            config.ssl_mode(match config.get_hosts().iter().all(is_local) {
                true => SslMode::Disable,
                false => SslMode::Require,
            });
        }
        config
            .application_name("facture")
            .connect_timeout(CONNECT)
            .keepalives(true)
            .keepalives_idle(KEEPALIVE_IDLE)
            .keepalives_interval(KEEPALIVE_INTERVAL)
            .keepalives_retries(KEEPALIVE_RETRIES)
            .tcp_user_timeout(UNACKNOWLEDGED);
        Ok(Self {
            config,
            root_certificates,
        })
    }
}

impl PostgresUrl {
    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Whom it trusts.
    pub(super) fn tls(&self) -> Result<MakeRustlsConnect, PostgresUrlError> {
        let config = match &self.root_certificates {
            Some(file) => tls::only(&fs::read(file)?)?,
            None => tls::system()?,
        };
        Ok(MakeRustlsConnect::new(config))
    }
}

/// Which database it is, without user and password.
impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.config.get_dbname().unwrap_or_default())?;
        for (number, host) in self.config.get_hosts().iter().enumerate() {
            f.write_str(if number == 0 { " on " } else { ", " })?;
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                Host::Unix(directory) => write!(f, "{}", directory.display())?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({self})")
    }
}

/// Whether nobody else can listen on the way.
fn is_local(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            let address = name.trim_start_matches('[').trim_end_matches(']').parse();
            name == "localhost"
                || address.is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> PostgresUrl {
        text.parse().unwrap()
    }

    #[test]
    fn a_password_leaves_the_machine_only_within_tls_unless_that_is_asked_for() {
        let mode = |text: &str| parsed(text).config.get_ssl_mode();
        assert_eq!(mode("postgres://u:p@db.example/shop"), SslMode::Require);
        assert_eq!(mode("postgres://u:p@127.0.0.1/shop"), SslMode::Disable);
        assert_eq!(mode("postgres://u:p@[::1]:5433/shop"), SslMode::Disable);
        assert_eq!(
            mode("postgres:///shop?host=/run/postgresql"),
            SslMode::Disable
        );
        let asked = "postgresql://u:p@db.example/shop?sslmode=disable";
        assert_eq!(mode(asked), SslMode::Disable);
    }

    #[test]
    fn what_is_shown_of_it_has_no_password() {
        let url = parsed("postgres://user:secret@db.example:6432/shop?sslrootcert=/etc/ca.pem");
        assert_eq!(url.to_string(), "shop on db.example");
        assert!(!format!("{url:?}").contains("secret"));
        assert_eq!(url.root_certificates, Some(PathBuf::from("/etc/ca.pem")));
    }

    #[test]
    fn what_it_lacks_or_nobody_knows_is_named() {
        for (text, reason) in [
            ("host=db dbname=shop", "it is not of the form"),
            ("http://db.example/shop", "it is not of the form"),
            ("postgres://u:secret@db.example", "it names no database"),
            ("postgres:///shop", "it names no host"),
            ("postgres://u:secret@db.example/shop?colour=red", "colour"),
        ] {
            let error = text.parse::<PostgresUrl>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
