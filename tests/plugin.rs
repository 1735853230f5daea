//! facture as a plugin of a real lightningd: the merchant of a regtest pair, whose other node pays.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

#[path = "harness/receiver.rs"]
mod receiver;

/// What the receiver shares with the harness of the other tests.
mod harness {
    /// No test waits longer than this for anything.
    pub(crate) const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);
}

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use cln_rpc::ClnRpc;
use facture_domain::EventKind;
use facture_store::Store;
use facture_test_support::{cln::Regtest, report::measured};
use harness::TIMEOUT;
use receiver::Receiver;
use serde_json::{Value, json};
use tokio::{
    task::JoinSet,
    time::{interval, timeout},
};

const FACTURE: &str = env!("CARGO_BIN_EXE_facture");

/// What everything costs under load: 3 sat.
const PRICE_MSAT: u64 = 3000;

/// How many sell at once.
const SELLERS: usize = 4;

/// The pair, and where the plugin's pages are.
struct World {
    pair: Regtest,
    address: String,
}

/// An invoice, and whether the payer's node says that it has paid it.
struct Sale {
    invoice: Value,
    paid: bool,
}

impl World {
    async fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        Self {
            pair: Regtest::start().await.expect("a regtest pair"),
            address: free.local_addr().expect("it is bound").to_string(),
        }
    }

    /// The merchant's directory of the network.
    fn network_dir(&self) -> PathBuf {
        let rpc_file = self.pair.merchant_rpc();
        rpc_file.parent().expect("a directory").to_owned()
    }

    /// Where both nodes are.
    fn parent(&self) -> PathBuf {
        self.network_dir().join("../..")
    }

    fn data_dir(&self) -> PathBuf {
        self.network_dir().join("facture")
    }

    /// A configuration of facture's for tests.
    fn configure(&self) {
        let text = "[webhooks]\nallow_private = true\n\
                    [limits]\ninvoices_per_client_per_minute = 0\ninvoices_per_minute = 0\n";
        fs::write(self.network_dir().join("facture.toml"), text).expect("a file");
    }

    /// Adds these lines to the merchant's configuration.
    fn configure_node(&self, lines: &[String]) {
        let file = self.network_dir().join("../config");
        fs::write(file, lines.join("\n") + "\n").expect("a file");
    }

    /// The lines that make facture the merchant's plugin.
    fn as_plugin(&self) -> Vec<String> {
        vec![
            format!("plugin={FACTURE}"),
            format!("facture-listen={}", self.address),
            "facture-config=facture.toml".to_owned(),
        ]
    }

    async fn restart(&mut self) {
        self.pair.stop_merchant().await.expect("a stop in order");
        self.pair.start_merchant().await.expect("a start");
    }

    async fn cli(&self, args: &[&str]) -> Value {
        let answer = self.pair.merchant_cli(args).await;
        answer.unwrap_or_else(|error| panic!("{args:?}: {error:#}"))
    }

    /// What lightning-cli says when it fails.
    async fn refused(&self, args: &[&str]) -> String {
        let answer = self.pair.merchant_cli(args).await;
        format!("{:#}", answer.expect_err("refused"))
    }

    /// `lightning-cli plugin start` with these options.
    fn start_arguments(options: &[&str]) -> Vec<String> {
        let fixed = ["-k", "plugin", "subcommand=start"].map(str::to_owned);
        let plugin = format!("plugin={FACTURE}");
        let options = options.iter().map(|option| (*option).to_owned());
        fixed.into_iter().chain([plugin]).chain(options).collect()
    }

    async fn plugin_start(&self, options: &[&str]) {
        let arguments = Self::start_arguments(options);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        self.cli(&arguments).await;
    }

    fn node_log(&self) -> String {
        let log = fs::read(self.parent().join("merchant.log")).expect("a log");
        String::from_utf8_lossy(&log).into_owned()
    }

    /// What lightningd calls broken.
    fn bugs(&self) -> Vec<String> {
        let log = self.node_log();
        let bugs = log.lines().filter(|line| line.contains("BROKEN"));
        bugs.map(str::to_owned).collect()
    }

    /// Waits until lightningd's log has this line of the plugin's.
    async fn until_logged(&self, text: &str) -> String {
        until(text, || {
            let log = self.node_log();
            let mut lines = log.lines().rev();
            let found = lines.find(|line| line.contains("plugin-facture") && line.contains(text));
            found.map(str::to_owned)
        })
        .await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Waits until the pages are there and the checkout follows the node.
    async fn ready(&self) {
        let visitor = visitor();
        let mut tick = interval(Duration::from_millis(20));
        let waiting = async {
            loop {
                tick.tick().await;
                let answer = visitor.get(self.url("/readyz")).send().await;
                if answer.is_ok_and(|answer| answer.status().is_success()) {
                    return;
                }
            }
        };
        let ready = timeout(TIMEOUT, waiting).await;
        assert!(ready.is_ok(), "not ready: {}", self.node_log());
    }

    /// The plugin's process and its web server's.
    async fn processes(&self) -> (u32, u32) {
        let data_dir = self.data_dir();
        until("both processes", || {
            let web_server = process_with(&data_dir)?;
            Some((parent_of(web_server)?, web_server))
        })
        .await
    }
}

/// Asks again until there is something.
async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let mut tick = interval(Duration::from_millis(20));
    let waiting = async {
        loop {
            tick.tick().await;
            if let Some(found) = look() {
                return found;
            }
        }
    };
    let found = timeout(TIMEOUT, waiting).await;
    found.unwrap_or_else(|_| panic!("no {what} in time"))
}

/// A process that runs and has this path as an argument.
fn process_with(path: &Path) -> Option<u32> {
    let mut processes = fs::read_dir("/proc").expect("processes");
    processes.find_map(|process| {
        let process = process.ok()?;
        let id = process.file_name().to_str()?.parse().ok()?;
        let line = fs::read_to_string(process.path().join("cmdline")).ok()?;
        let path = path.to_str()?;
        line.split('\0').any(|part| part == path).then_some(id)
    })
}

fn parent_of(process: u32) -> Option<u32> {
    status_of(process, "PPid")
}

/// A number in the status of a process, such as kilobytes of memory.
fn status_of(process: u32, key: &str) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(key))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn kill(process: u32) {
    let killed = Command::new("kill")
        .args(["-9", &process.to_string()])
        .status();
    assert!(killed.expect("kill").success());
}

async fn until_ended(process: u32) {
    until("end of a process", || {
        let stat = fs::read_to_string(format!("/proc/{process}/stat"));
        stat.map_or(true, |stat| stat.contains(") Z "))
            .then_some(())
    })
    .await;
}

fn visitor() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy();
    client.timeout(TIMEOUT).build().expect("a client")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {value}"))
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_whole_checkout_with_plugin_start_and_plugin_stop() {
    let world = World::start().await;
    world.configure();
    let listen = format!("facture-listen={}", world.address);
    world
        .plugin_start(&[&listen, "facture-config=facture.toml"])
        .await;

    let help = world.cli(&["help"]).await;
    let commands: Vec<_> = help["help"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|command| text(command, "command"))
        .collect();
    for usage in [
        "facture-invoice amount description [expiry]",
        "facture-status label",
        "facture-list [status] [cursor]",
        "facture-token name [scopes]",
        "facture-getword url [max_msat]",
    ] {
        assert!(commands.contains(&usage), "{usage} is not in {commands:?}");
    }

    // At once: it is waited for.
    let sold = world.cli(&["facture-invoice", "2500sat", "Tea"]).await;
    assert_eq!(sold["amount_msat"], 2_500_000);
    world.ready().await;
    let (label, bolt11) = (text(&sold, "label"), text(&sold, "bolt11"));
    assert_eq!(
        text(&sold, "status_url"),
        world.url(&format!("/check_invoice/{label}"))
    );
    world.pair.pay(bolt11).await.expect("the payer pays");
    let paid = world.cli(&["facture-status", label]).await;
    assert_eq!(paid["status"], "paid");
    let page = visitor().get(text(&sold, "status_url")).send().await;
    let page = page.expect("an answer").text().await.expect("a page");
    assert!(page.contains("Paid"), "{page}");

    // By the API, with a webhook.
    let shop = Receiver::start().await;
    let token = world.cli(&["facture-token", "shop"]).await;
    let new = json!({ "amount_sat": 7, "description": "Cake", "webhook": shop.url("/paid") });
    let made = visitor()
        .post(world.url("/api/v1/invoices"))
        .bearer_auth(text(&token, "token"))
        .json(&new)
        .send();
    let made: Value = made.await.expect("an answer").json().await.expect("JSON");
    let bolt11 = text(&made, "bolt11");
    world.pair.pay(bolt11).await.expect("the payer pays");
    let received = shop
        .wait_until(|received| {
            let body = received.last().map(|last| last.body.to_vec());
            let text = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
            text.contains("invoice.paid")
        })
        .await;
    let told: Value = serde_json::from_slice(&received.last().expect("one").body).expect("JSON");
    assert_eq!(told["data"]["invoice"]["label"], made["label"], "{told}");

    let unknown = world.refused(&["facture-status", "no-such-label"]).await;
    assert!(unknown.contains("905"), "{unknown}");
    let wrong = world.refused(&["facture-invoice", "1,5", "Tea"]).await;
    assert!(
        wrong.contains("-32602") && wrong.contains("amount: "),
        "{wrong}"
    );
    let listed = world.cli(&["facture-list", "paid"]).await;
    assert_eq!(listed["invoices"].as_array().map(Vec::len), Some(2));

    let (plugin, web_server) = world.processes().await;
    for (name, process) in [("plugin", plugin), ("web server", web_server)] {
        let kilobytes = |key| status_of(process, key).expect("a figure");
        measured(&format!(
            "memory of the {name}: {} kB, at most {} kB, of its own {} kB",
            kilobytes("VmRSS"),
            kilobytes("VmHWM"),
            kilobytes("RssAnon")
        ));
    }

    world.cli(&["plugin", "stop", FACTURE]).await;
    until_ended(web_server).await;
    until_ended(plugin).await;
    let gone = world.refused(&["facture-list"]).await;
    assert!(gone.contains("-32601"), "{gone}");
    assert!(
        visitor().get(world.url("/")).send().await.is_err(),
        "nobody listens"
    );
    assert_eq!(world.bugs(), [""; 0]);
}

/// `facture payer`, which ends with the test.
struct Payer(std::process::Child);

impl Payer {
    /// Beside the payer's node, and the facture that is its plugin with this data directory.
    async fn start(world: &World, data_dir: &Path, scratch: &Path) -> Self {
        let scopes = ["facture-token", "payer", "payouts:execute"];
        let token = world.pair.payer_cli(&scopes).await.expect("a token");
        let token_file = scratch.join("token");
        fs::write(&token_file, text(&token, "token")).expect("a file");
        let config = scratch.join("payer.toml");
        let path = |path: &Path| path.display().to_string();
        let written = format!(
            "data_dir = {:?}\n[server]\nsocket = {:?}\ntoken_file = {:?}\n[node]\nrpc_file = {:?}\n\
             [limits]\nper_payout_sat = 1000\nper_hour_sat = 2000\nper_day_sat = 2000\n",
            path(&scratch.join("payer")),
            path(&data_dir.join("api.sock")),
            path(&token_file),
            path(world.pair.payer_rpc()),
        );
        fs::write(&config, written).expect("a file");
        for file in [&token_file, &config] {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("set");
        }
        let mut command = Command::new(FACTURE);
        command.args(["payer", "--config"]).arg(&config);
        Self(command.spawn().expect("it starts"))
    }
}

impl Drop for Payer {
    fn drop(&mut self) {
        // One that has ended needs no more.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The two nodes each have facture as their plugin: one sells, the other one buys by its payer.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_word_is_bought_by_the_payers_node_from_the_merchants() {
    let world = World::start().await;
    world.configure();
    let config = world.network_dir().join("facture.toml");
    let mut written = fs::read_to_string(&config).expect("a file");
    for (id, content) in [
        ("word", "word = \"swordfish ☕\""),
        ("poem", "text = \"Roses are red\""),
    ] {
        written += &format!(
            "[[reveal]]\nid = \"{id}\"\ntitle = \"The {id}\"\nprice_sat = 21\nstock = 1\n{content}\n"
        );
    }
    fs::write(&config, written).expect("a file");
    let listen = format!("facture-listen={}", world.address);
    world
        .plugin_start(&[&listen, "facture-config=facture.toml"])
        .await;
    world.ready().await;

    let scratch = tempfile::tempdir().expect("a directory");
    let data_dir = scratch.path().join("facture");
    let own = scratch.path().join("facture.toml");
    fs::write(&own, "[plugin]\ngetword_allow_private = true\n").expect("a file");
    let options = [
        "facture-listen=127.0.0.1:0".to_owned(),
        format!("facture-data-dir={}", data_dir.display()),
        format!("facture-config={}", own.display()),
    ];
    let options: Vec<_> = options.iter().map(String::as_str).collect();
    let arguments = World::start_arguments(&options);
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    world.pair.payer_cli(&arguments).await.expect("it starts");

    let buy = async |id: &str, max: &str| {
        let url = world.url(&format!("/reveal/{id}"));
        let bought = world.pair.payer_cli(&["facture-getword", &url, max]).await;
        bought.map_err(|error| format!("{error:#}"))
    };
    let dear = buy("word", "20sat").await.expect_err("refused");
    assert!(dear.contains("max_msat"), "{dear}");
    let alone = buy("poem", "21sat").await.expect_err("refused");
    assert!(alone.contains("no payer is running"), "{alone}");

    let _payer = Payer::start(&world, &data_dir, scratch.path()).await;
    // The invoices that were not paid reserve what there is: it is made free, as their expiry does.
    let open = world.cli(&["facture-list", "unpaid"]).await;
    let token = world.cli(&["facture-token", "till"]).await;
    for invoice in open["invoices"].as_array().expect("a list") {
        let path = format!("/api/v1/invoices/{}/cancel", text(invoice, "label"));
        let cancelled = visitor()
            .post(world.url(&path))
            .bearer_auth(text(&token, "token"));
        let cancelled = cancelled.json(&json!({})).send().await.expect("an answer");
        assert!(cancelled.status().is_success(), "{cancelled:?}");
    }
    let bought = buy("word", "21sat").await.expect("bought");
    assert_eq!(bought["word"], "swordfish ☕", "{bought}");
    let poem = buy("poem", "21sat").await.expect("bought");
    let download = visitor().get(text(&poem, "download")).send().await;
    let plain = download.expect("an answer").text().await.expect("text");
    assert_eq!(plain, "Roses are red");
    let sealed = visitor().get(text(&poem, "sealed")).send().await;
    let sealed = sealed.expect("an answer").bytes().await.expect("bytes");
    let file = scratch.path().join("poem.sealed");
    fs::write(&file, sealed).expect("a file");
    let mut open = Command::new(FACTURE);
    open.args(["reveal", "open"]).arg(&file);
    let opened = open.arg(text(&poem, "preimage")).output().expect("it ends");
    assert_eq!(opened.stdout, b"Roses are red", "{opened:?}");
    // Each was the only one.
    let again = buy("word", "21sat").await.expect_err("sold out");
    assert!(again.contains("sold out"), "{again}");
    assert_eq!(world.bugs(), [""; 0]);
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn by_configuration_it_starts_and_ends_with_the_node() {
    let mut world = World::start().await;
    world.configure();
    world.configure_node(&world.as_plugin());
    world.restart().await;
    world.ready().await;
    let sold = world.cli(&["facture-invoice", "any", "Tea"]).await;
    let (plugin, web_server) = world.processes().await;
    assert!(parent_of(plugin).is_some());

    // Whoever is not the web server gets nothing, whatever is asked.
    let socket = world.data_dir().join("node.sock");
    let stranger = async {
        let mut stranger = ClnRpc::new(&socket).await?;
        let asked = stranger.call_raw::<Value, _>("getinfo", &json!({})).await;
        Ok::<_, anyhow::Error>(asked?)
    };
    assert!(stranger.await.is_err());
    world.until_logged("another process").await;

    world.pair.stop_merchant().await.expect("a stop in order");
    until_ended(plugin).await;
    until_ended(web_server).await;
    let log = world.node_log();
    assert!(!log.contains("failed to self-terminate"), "{log}");
    world.pair.start_merchant().await.expect("a start");
    world.ready().await;
    let (plugin, web_server) = world.processes().await;
    world.pair.kill_merchant().await.expect("SIGKILL");
    until_ended(plugin).await;
    until_ended(web_server).await;
    world.pair.start_merchant().await.expect("a start");
    world.ready().await;
    let found = world.cli(&["facture-status", text(&sold, "label")]).await;
    assert_eq!(found["status"], "unpaid");
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn what_is_broken_is_in_the_nodes_log_and_the_node_goes_on() {
    let mut world = World::start().await;
    world.configure();
    let taken = TcpListener::bind(&world.address).expect("it is free");

    // A port that is taken: the plugin stays, and its commands say it.
    let listen = format!("facture-listen={}", world.address);
    world.plugin_start(&[&listen]).await;
    let reason = format!("cannot listen on {}", world.address);
    world.until_logged(&reason).await;
    let said = world.refused(&["facture-invoice", "1sat", "Tea"]).await;
    assert!(said.contains(&reason), "{said}");
    world.cli(&["plugin", "stop", FACTURE]).await;
    world.cli(&["getinfo"]).await;

    // A configuration that cannot be used: `plugin start` is told why.
    let broken = world.network_dir().join("broken.toml");
    fs::write(&broken, "[server]\nlistn = \"127.0.0.1:0\"\n").expect("a file");
    let options = World::start_arguments(&["facture-config=broken.toml"]);
    let options: Vec<_> = options.iter().map(String::as_str).collect();
    let said = world.refused(&options).await;
    assert!(
        said.contains("disabled itself") && said.contains("listn"),
        "{said}"
    );

    // The same by configuration: the node starts.
    let plugin = world.as_plugin();
    let [name, listen, _] = plugin.as_slice() else {
        panic!("{plugin:?}");
    };
    let lines = [name.clone(), "facture-config=broken.toml".to_owned()];
    world.configure_node(&lines);
    world.restart().await;
    world.until_logged("disabled itself").await;
    let said = world.refused(&["facture-list"]).await;
    assert!(said.contains("-32601"), "{said}");

    world.configure_node(&[name.clone(), listen.clone()]);
    world.restart().await;
    world.until_logged(&reason).await;
    world.cli(&["getinfo"]).await;
    drop(taken);
    world.ready().await;
    world.cli(&["facture-invoice", "1sat", "Tea"]).await;
}

/// Makes invoices and pays them until it is told to stop. What fails meanwhile is left open.
async fn sell(url: String, payer: PathBuf, enough: Arc<AtomicBool>) -> Vec<Sale> {
    let visitor = visitor();
    let mut sales = Vec::new();
    let mut tick = interval(Duration::from_millis(50));
    while !enough.load(Ordering::SeqCst) {
        tick.tick().await;
        let form = [("amount", "3"), ("description", "under load")];
        let made = visitor
            .post(&url)
            .header("accept", "application/json")
            .form(&form)
            .send()
            .await;
        let Ok(made) = made else { continue };
        if made.status() != 201 {
            continue;
        }
        let Ok(invoice) = made.json::<Value>().await else {
            continue;
        };
        let paid = pay(&payer, &invoice).await.is_ok();
        sales.push(Sale { invoice, paid });
    }
    sales
}

/// Returns once the payer's node has the preimage.
///
/// # Errors
/// lightningd's words when it has not.
async fn pay(payer: &Path, invoice: &Value) -> Result<(), String> {
    let mut payer = ClnRpc::new(payer).await.expect("the payer");
    let pay = json!({ "invstring": invoice["bolt11"], "retry_for": 5 });
    match payer.call_raw::<Value, _>("xpay", &pay).await {
        Ok(_) => Ok(()),
        // Paid before, while nobody waited for it.
        Err(error) if error.code == Some(219) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// The same, however long an earlier attempt is in progress, or the channel is away. Not with `xpay`: it remembers for an hour
/// that the channel had no room when the merchant was gone.
async fn pay_at_last(pair: &Regtest, invoice: &Value) {
    let mut last = String::new();
    let paying = async {
        let mut tick = interval(Duration::from_millis(100));
        loop {
            tick.tick().await;
            match pair.pay_amount(text(invoice, "bolt11"), PRICE_MSAT).await {
                Ok(_) => return,
                Err(error) => last = error.to_string(),
            }
        }
    };
    let paid = timeout(TIMEOUT, paying).await;
    let last = last.lines().next();
    assert!(paid.is_ok(), "not paid: {last:?}");
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn ten_restarts_under_load_and_nothing_is_lost() {
    let mut world = World::start().await;
    world.configure();
    world.configure_node(&world.as_plugin());
    world.restart().await;
    world.ready().await;
    let payer = world.parent().join("payer/regtest/lightning-rpc");
    let enough = Arc::new(AtomicBool::new(false));
    let mut selling = JoinSet::new();
    for _ in 0..SELLERS {
        let (url, payer) = (world.url("/create_invoice"), payer.clone());
        selling.spawn(sell(url, payer, Arc::clone(&enough)));
    }
    let listen = format!("facture-listen={}", world.address);
    for round in 0..10 {
        let (plugin, web_server) = world.processes().await;
        match round % 5 {
            0 => {
                world.cli(&["plugin", "stop", FACTURE]).await;
                world
                    .plugin_start(&[&listen, "facture-config=facture.toml"])
                    .await;
            }
            1 => kill(web_server),
            2 => {
                kill(plugin);
                until_ended(web_server).await;
                world
                    .plugin_start(&[&listen, "facture-config=facture.toml"])
                    .await;
            }
            3 => world.restart().await,
            _ => {
                world.pair.kill_merchant().await.expect("SIGKILL");
                world.pair.start_merchant().await.expect("a start");
            }
        }
        world.ready().await;
    }
    enough.store(true, Ordering::SeqCst);
    let sales: Vec<_> = selling.join_all().await.into_iter().flatten().collect();
    for sale in &sales {
        if !sale.paid {
            pay_at_last(&world.pair, &sale.invoice).await;
        }
        let label = text(&sale.invoice, "label");
        let found = world.cli(&["facture-status", label]).await;
        assert_eq!(found["status"], "paid", "{found}");
    }
    measured(&format!("sold in ten restarts: {}", sales.len()));
    assert!(sales.len() >= SELLERS);
    assert_eq!(world.bugs(), [""; 0]);

    // Each payment is one event.
    world.cli(&["plugin", "stop", FACTURE]).await;
    let store = Store::open(&world.data_dir()).await.expect("the records");
    let events = store
        .events(0, &EventKind::ALL, 10_000)
        .await
        .expect("the log");
    for sale in &sales {
        let label = text(&sale.invoice, "label");
        let payments = events.iter().filter(|event| {
            let invoice = event.payload.invoice();
            let of_sale = invoice.is_some_and(|invoice| invoice.label.as_str() == label);
            event.kind == EventKind::Paid && of_sale
        });
        assert_eq!(payments.count(), 1, "{label}");
    }
}

#[tokio::test]
#[ignore = "needs lightningd on PATH"]
async fn lightningd_helps_with_the_options() {
    let home = tempfile::tempdir().expect("a directory");
    let help = Command::new("lightningd")
        .arg(format!("--lightning-dir={}", home.path().display()))
        .args(["--network=regtest", "--help"])
        .arg(format!("--plugin={FACTURE}"))
        .output()
        .expect("it runs");
    let help = String::from_utf8_lossy(&help.stdout);
    for option in [
        "--facture-listen <arg>",
        "--facture-data-dir <arg>",
        "--facture-config <arg>",
    ] {
        assert!(help.contains(option), "{option} is not in {help}");
    }
}
