//! nginx and Caddy, with the lines of docs/paywall.md, in front of a website.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use axum::{Router, routing::get};
use facture_test_support::report::skipped;
use reqwest::{Client, StatusCode, header};
use tempfile::TempDir;

use super::{Answer, Site};
use crate::contract::World;

const GUIDE: &str = include_str!("../../../docs/paywall.md");

/// A proxy in front of a website, which asks facture.
struct Proxy {
    address: SocketAddr,
    process: Child,
    visitor: Client,
    _directory: TempDir,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Proxy {
    async fn visit(&self, path: &str, authorization: Option<&str>) -> Answer {
        let mut request = self.visitor.get(format!("http://{}{path}", self.address));
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        Answer::read(request.send().await).await
    }

    /// Waits until it answers.
    async fn started(mut self) -> Self {
        let begun = async {
            let mut tick = tokio::time::interval(Duration::from_millis(20));
            while tokio::net::TcpStream::connect(self.address).await.is_err() {
                let ended = self.process.try_wait().unwrap();
                assert!(ended.is_none(), "the proxy ended: {ended:?}");
                tick.tick().await;
            }
        };
        let begun = tokio::time::timeout(Duration::from_secs(30), begun).await;
        begun.expect("the proxy starts in time");
        self
    }
}

fn is_installed(program: &str) -> bool {
    let version = match program {
        "nginx" => "-v",
        _ => "version",
    };
    let mut command = Command::new(program);
    command
        .arg(version)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The lines of the guide in this language.
fn lines(language: &str) -> String {
    let (_, rest) = GUIDE
        .split_once(&format!("```{language}\n"))
        .expect("the lines");
    let (lines, _) = rest.split_once("```").expect("their end");
    lines.to_owned()
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

async fn website() -> SocketAddr {
    let routes = Router::new()
        .route("/article/{*rest}", get(async || "the article"))
        .route("/", get(async || "the front page"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

async fn start(
    site: &Site,
    command: impl FnOnce(&Path, SocketAddr, &str) -> Command,
    language: &str,
) -> Proxy {
    let (address, website) = (free_address(), website().await);
    let facture = site.server.origin.trim_start_matches("http://");
    let lines = lines(language)
        .replace("127.0.0.1:8080", &website.to_string())
        .replace("127.0.0.1:9112", facture);
    let directory = tempfile::tempdir().unwrap();
    let mut command = command(directory.path(), address, &lines);
    command
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let proxy = Proxy {
        address,
        process: command.spawn().unwrap(),
        visitor: Client::builder().no_proxy().build().unwrap(),
        _directory: directory,
    };
    proxy.started().await
}

/// What a visitor sees through a proxy.
async fn visit(site: &Site, proxy: &Proxy) {
    let front = proxy.visit("/", None).await;
    assert_eq!(
        (front.status, &*front.page.text),
        (StatusCode::OK, "the front page")
    );
    let offer = proxy.visit("/article/1", None).await;
    assert_eq!(
        offer.status,
        StatusCode::PAYMENT_REQUIRED,
        "{}",
        offer.page.text
    );
    assert_eq!(
        offer.page.header("content-type"),
        "application/problem+json"
    );
    assert_eq!(offer.page.header("cache-control"), "no-store");
    assert_eq!(site.sandbox.invoices().await, 1, "one visit, one invoice");
    let preimage = site.pay(&offer).await;
    let (token, payment) = (offer.l402(&preimage), offer.payment(&preimage));
    for _ in 0..2 {
        let paid = proxy.visit("/article/1", Some(&token)).await;
        assert_eq!(
            (paid.status, &*paid.page.text),
            (StatusCode::OK, "the article")
        );
    }
    let once = proxy.visit("/article/1", Some(&payment)).await;
    assert_eq!(
        (once.status, &*once.page.text),
        (StatusCode::OK, "the article")
    );
    let again = proxy.visit("/article/1", Some(&payment)).await;
    assert_eq!(again.status, StatusCode::PAYMENT_REQUIRED);
    assert_eq!(again.problem(), "unknown-challenge");
    // Nobody gets around it by the addresses that the proxy itself uses.
    for path in [
        "/paywall/check",
        "/paywall/offer",
        "/article/../article/1",
        "//article/1",
    ] {
        let answer = proxy.visit(path, None).await;
        assert_ne!(answer.page.text, "the article", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_lets_in_who_has_paid() {
    if !is_installed("nginx") {
        return skipped("nginx is not on PATH");
    }
    let site = Site::open(&[("SERVER__TRUSTED_PROXIES", "127.0.0.1")]).await;
    let run = |directory: &Path, address: SocketAddr, lines: &str| {
        let server = lines.replace("listen 80;", &format!("listen {address};"));
        let own = directory.display();
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let paths = paths.map(|name| format!("{name}_temp_path {own}/{name};"));
        let file = directory.join("nginx.conf");
        let text = format!(
            "daemon off; master_process off; pid {own}/pid; error_log {own}/error.log;\nevents {{}}\nhttp {{ access_log off; {}\n{server} }}\n",
            paths.join(" ")
        );
        fs::write(&file, text).unwrap();
        let mut command = Command::new("nginx");
        command
            .arg("-e")
            .arg(directory.join("error.log"))
            .arg("-p")
            .arg(directory)
            .arg("-c")
            .arg(file);
        command
    };
    let proxy = start(&site, run, "nginx").await;
    visit(&site, &proxy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy_lets_in_who_has_paid() {
    if !is_installed("caddy") {
        return skipped("caddy is not on PATH");
    }
    let site = Site::open(&[("SERVER__TRUSTED_PROXIES", "127.0.0.1")]).await;
    let run = |directory: &Path, address: SocketAddr, lines: &str| {
        let server = lines.replace("shop.example {", &format!("http://{address} {{"));
        let file = directory.join("Caddyfile");
        fs::write(&file, format!("{{\nadmin off\n}}\n{server}")).unwrap();
        let mut command = Command::new("caddy");
        command
            .arg("run")
            .arg("--adapter")
            .arg("caddyfile")
            .arg("--config")
            .arg(file);
        command.env("HOME", directory);
        command
    };
    let proxy = start(&site, run, "caddyfile").await;
    visit(&site, &proxy).await;
}
