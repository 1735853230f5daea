//! The lines for a proxy in front: those of `docs/install.md`, with the shop's own address in them.

use serde::Serialize;

use crate::config::{PublicUrl, ServerConfig};

const INSTALL: &str = include_str!("../../docs/install.md");

/// What the lines stand below there, and what they name.
const CADDY: &str = "\nWith Caddy,";
const NGINX: &str = "\nWith nginx,";
const HOST: &str = "pay.example";
const LISTEN: &str = "127.0.0.1:9112";

/// Lines for the configuration of a proxy.
#[derive(Debug, Serialize)]
pub(super) struct ProxyLines {
    pub(super) caddy: String,
    pub(super) nginx: String,
}

impl ProxyLines {
    /// For this server; `None` where it has no public address over https.
    pub(super) fn of(server: &ServerConfig) -> Option<Self> {
        let PublicUrl::Fixed(url) = &server.public_url else {
            return None;
        };
        let host = url.host_str().filter(|_| url.scheme() == "https")?;
        let own = |lines: &str| {
            let lines = lines.replace(LISTEN, &server.listen.to_string());
            lines.replace(HOST, host)
        };
        Some(Self {
            caddy: own(lines(CADDY)?),
            nginx: own(lines(NGINX)?),
        })
    }
}

/// The block of lines after a place in the document.
fn lines(after: &str) -> Option<&'static str> {
    let (_, rest) = INSTALL.split_once(after)?;
    let (_, block) = rest.split_once("```text\n")?;
    block.split_once("```").map(|(lines, _)| lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_the_document_name_the_shop() {
        let server: ServerConfig =
            toml::from_str("listen = \"127.0.0.1:80\"\npublic_url = \"https://shop.example\"")
                .unwrap();
        let ProxyLines { caddy, nginx } = ProxyLines::of(&server).unwrap();
        assert_eq!(caddy, "shop.example {\n    reverse_proxy 127.0.0.1:80\n}\n");
        assert!(nginx.contains("proxy_pass http://127.0.0.1:80;"), "{nginx}");
        assert!(nginx.contains("X-Forwarded-For"), "{nginx}");
        assert!(ProxyLines::of(&ServerConfig::default()).is_none());
    }
}
