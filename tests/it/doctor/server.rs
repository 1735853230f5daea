//! A running server: what it says of itself, and by which way its public address leads to it.

use std::path::Path;

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use super::{Examined, doctor, examine};
use crate::{
    program::{Running, Visitor, serve},
    world::Sandbox,
};

/// A server in a process of its own, on a sandbox in this one.
struct Shop {
    sandbox: Sandbox,
    directory: TempDir,
    visitor: Visitor,
    _running: Running,
}

impl Shop {
    async fn open(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await;
        let directory = tempfile::tempdir().expect("a directory");
        let mut command = serve(sandbox.node.rpc_file(), &directory.path().join("records"));
        for (key, value) in settings {
            command.env(format!("FACTURE_{key}"), value);
        }
        let mut running = Running::spawn(command);
        let visitor = running.visitor().await;
        visitor.ready().await;
        Self {
            sandbox,
            directory,
            visitor,
            _running: running,
        }
    }

    async fn examine(&self, public_url: &str) -> Examined {
        self.examine_at(public_url, &self.directory.path().join("records"))
            .await
    }

    async fn examine_at(&self, public_url: &str, records: &Path) -> Examined {
        let mut command = doctor(&[("SERVER__PUBLIC_URL", public_url)]);
        command.arg("--data-dir").arg(records);
        command.arg("--rpc-file").arg(self.sandbox.node.rpc_file());
        examine(command).await
    }
}

/// A proxy on this machine that adds these lines to the head of each connection's first request; its address.
async fn proxy(to: &str, lines: &'static str) -> String {
    let to = to.strip_prefix("http://").expect("an address").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((mut visitor, _)) = listener.accept().await {
            let to = to.clone();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(to).await.expect("a server");
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n") {
                    head.push(visitor.read_u8().await.expect("a request"));
                }
                head.extend(lines.as_bytes());
                server.write_all(&head).await.expect("sent");
                let _ = copy_bidirectional(&mut visitor, &mut server).await;
            });
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_server_that_is_well() {
    let shop = Shop::open(&[]).await;
    let examined = shop.examine(shop.visitor.origin()).await;
    assert!(examined.is_well);
    examined.says("server", "ok", &[env!("CARGO_PKG_VERSION")]);
    examined.says("follower", "ok", &["seconds ago"]);
    examined.says("webhooks", "ok", &["0 deliveries wait"]);
    examined.says("payer", "not_checked", &["facture payer"]);
    examined.says("public_url", "ok", &[shop.visitor.origin()]);
    examined.says("proxy", "ok", &["no proxy"]);
    // Not on other records.
    let examined = shop
        .examine_at(shop.visitor.origin(), shop.directory.path())
        .await;
    examined.says("server", "not_checked", &[]);
    examined.says("public_url", "not_checked", &["once the server runs"]);
}

#[tokio::test]
async fn a_server_that_has_lost_its_node() {
    let shop = Shop::open(&[]).await;
    shop.sandbox.node.stop().await;
    let unready = |answer: &serde_json::Value| answer["status"] == "unready";
    shop.visitor.json_until("/readyz", unready).await;
    let examined = shop.examine("").await;
    assert!(!examined.is_well);
    examined.says("node", "problem", &[]);
    examined.says("follower", "problem", &["has lost its node"]);
}

#[tokio::test]
async fn a_public_address_that_leads_elsewhere_or_nowhere() {
    let shop = Shop::open(&[]).await;
    let another = Shop::open(&[]).await;
    let examined = shop.examine(another.visitor.origin()).await;
    assert!(!examined.is_well);
    examined.says("public_url", "problem", &["not by this server"]);

    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", nobody.local_addr().expect("bound"));
    drop(nobody);
    let examined = shop.examine(&address).await;
    examined.says(
        "public_url",
        "problem",
        &["cannot be reached", &address, "phone"],
    );

    let examined = shop.examine("http://shop.invalid").await;
    examined.says(
        "public_url",
        "problem",
        &["cannot be reached from this machine"],
    );
    let onion = "http://shopshopshopshopshopshop.onion";
    let examined = shop.examine(onion).await;
    examined.says("public_url", "not_checked", &["webhooks.onion_proxy"]);
}

#[tokio::test]
async fn a_proxy_is_to_be_trusted_and_to_say_for_whom_it_asks() {
    let forwarding = "X-Forwarded-For: 203.0.113.7\r\n";
    for (trusted, lines, state, words) in [
        ("127.0.0.1", forwarding, "ok", &["127.0.0.1 is trusted"][..]),
        ("", forwarding, "warning", &["trusted_proxies"]),
        (
            "127.0.0.1",
            "",
            "warning",
            &["X-Forwarded-For", "rate limit"],
        ),
        (
            "127.0.0.1",
            "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n",
            "warning",
            &["come by https", "begins with http"],
        ),
    ] {
        let shop = Shop::open(&[("SERVER__TRUSTED_PROXIES", trusted)]).await;
        let address = proxy(shop.visitor.origin(), lines).await;
        let examined = shop.examine(&address).await;
        assert!(examined.is_well);
        examined.says("public_url", "ok", &[]);
        examined.says("proxy", state, words);
    }
}

/// Strangers can neither announce a visit nor see one, and a visit that nobody announced is an ordinary one.
#[tokio::test]
async fn visitors_see_nothing_of_it() {
    let shop = Shop::open(&[]).await;
    let (plain, with_probe) = tokio::join!(
        shop.visitor.json("/healthz"),
        shop.visitor
            .json("/healthz?probe=00000000000000000000000000000000")
    );
    assert_eq!(plain.expect("an answer"), with_probe.expect("an answer"));
    for path in ["/visits", "/visits/x", "/status"] {
        let (status, _) = shop.visitor.json(path).await.expect("an answer");
        assert_eq!(status, 404, "{path}");
    }
}
