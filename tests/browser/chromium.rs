//! One Chromium with a profile of its own, and what a test does with it: look at a page on some screen, press keys, read
//! what the browser wrote down.

use std::{
    env, fmt,
    future::Future,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver, WindowHandle,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::harness::TIMEOUT;
use facture_test_support::report::skipped;

/// Dropping it ends the browser, after a panic too.
pub(crate) struct Browser {
    // Dropped in this order: the session, which closes Chromium, before its driver.
    session: WebDriver,
    _driver: Child,
    _temporary: TempDir,
}

/// What a visitor looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// CSS pixels.
    pub(crate) width: u32,
    /// CSS pixels.
    pub(crate) height: u32,
    /// Pixels of the screen for one of CSS, in each direction.
    pub(crate) density: u32,
    pub(crate) scheme: Scheme,
}

/// The colours that a visitor prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scripts {
    On,
    Off,
}

/// A key that moves around or decides.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Key {
    Tab,
    Enter,
}

impl fmt::Display for Screen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} px x{} {:?}",
            self.width, self.density, self.scheme
        )
    }
}

impl Screen {
    pub(crate) const PHONE: Self = Self::of(360, 780);
    pub(crate) const DESKTOP: Self = Self::of(1280, 900);

    pub(crate) const fn of(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            density: 1,
            scheme: Scheme::Light,
        }
    }

    pub(crate) const fn density(self, density: u32) -> Self {
        Self { density, ..self }
    }

    pub(crate) const fn scheme(self, scheme: Scheme) -> Self {
        Self { scheme, ..self }
    }
}

impl Browser {
    /// Starts one, or says that the test was skipped and why.
    pub(crate) async fn start() -> Option<Self> {
        let (Some(chromium), Some(chromedriver)) = (on_path("chromium"), on_path("chromedriver"))
        else {
            skipped("no chromium/chromedriver on PATH");
            return None;
        };
        // Both leave things behind.
        let temporary = tempfile::tempdir().expect("a directory");
        let started = driver(&chromedriver, temporary.path());
        let (driver, port) = in_time("chromedriver's port", started).await;
        let session = in_time("a browser", session(&port, &chromium)).await;
        let browser = Self {
            session,
            _driver: driver,
            _temporary: temporary,
        };
        browser.look(Screen::DESKTOP).await;
        Some(browser)
    }

    /// A command of the DevTools protocol, to the page in the window that is used.
    pub(crate) async fn command(&self, method: &str, params: Value) -> Value {
        let cdp = self.session.cdp();
        let answer = in_time(method, cdp.send_raw(method, params)).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Opens a page and waits until it is loaded.
    pub(crate) async fn open(&self, url: &str) {
        in_time(url, self.session.goto(url))
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    pub(crate) async fn back(&self) {
        self.session.back().await.expect("a page before");
    }

    pub(crate) async fn forward(&self) {
        self.session.forward().await.expect("a page after");
    }

    pub(crate) async fn reload(&self) {
        self.session.refresh().await.expect("the same page");
    }

    pub(crate) async fn url(&self) -> String {
        self.session
            .current_url()
            .await
            .expect("an address")
            .to_string()
    }

    /// Opens a window beside this one and goes on in it.
    pub(crate) async fn new_window(&self) -> WindowHandle {
        let window = self.session.new_window().await.expect("a window");
        self.switch_to(&window).await;
        window
    }

    pub(crate) async fn window(&self) -> WindowHandle {
        self.session.window().await.expect("a window")
    }

    pub(crate) async fn switch_to(&self, window: &WindowHandle) {
        let switched = self.session.switch_to_window(window.clone()).await;
        switched.expect("the window is there");
    }

    /// The value of an expression. The page's policy does not bind it, and it works where the page may run no script.
    pub(crate) async fn evaluate(&self, expression: &str) -> Value {
        let params = json!({ "expression": expression, "returnByValue": true });
        let answer = self.command("Runtime.evaluate", params).await;
        let thrown = &answer["exceptionDetails"];
        assert!(thrown.is_null(), "{thrown}");
        answer["result"]["value"].clone()
    }

    /// What a promise comes to. Needs a page that may run scripts.
    pub(crate) async fn promised(&self, promise: &str) -> Value {
        // Not awaited by the browser: chromedriver would wait for ever for one that is never kept, and never quit.
        let keep =
            "(value) => window.kept = { value }, (error) => window.kept = { error: String(error) }";
        self.evaluate(&format!(
            "window.kept = null; void ({promise}).then({keep})"
        ))
        .await;
        self.until("window.kept").await;
        let kept = self.evaluate("window.kept").await;
        assert!(kept["error"].is_null(), "{promise}: {kept}");
        kept["value"].clone()
    }

    /// Evaluates an expression again and again, over page loads too, until it is true.
    pub(crate) async fn until(&self, condition: &str) {
        self.until_within(TIMEOUT, condition).await;
    }

    /// The same for what takes longer, such as noticing that nothing comes any more.
    pub(crate) async fn until_within(&self, longest: Duration, condition: &str) {
        let expression = format!("Boolean({condition})");
        let params = json!({ "expression": expression, "returnByValue": true });
        let waiting = async {
            let mut tick = tokio::time::interval(Duration::from_millis(20));
            loop {
                tick.tick().await;
                let cdp = self.session.cdp();
                let answer = cdp.send_raw("Runtime.evaluate", params.clone()).await;
                if answer.is_ok_and(|answer| answer["result"]["value"] == true) {
                    return;
                }
            }
        };
        if tokio::time::timeout(longest, waiting).await.is_err() {
            let shown = self.evaluate("document.body.innerText").await;
            panic!("never: {condition}; the page says {shown}");
        }
    }

    pub(crate) async fn until_there(&self, selector: &str) {
        self.until(&format!("document.querySelector({})", json!(selector)))
            .await;
    }

    /// Goes on inside the frame with this place among the page's, for [`Browser::click`] and [`Browser::run`].
    pub(crate) async fn enter_frame(&self, place: u16) {
        let entered = self.session.enter_frame(place).await;
        entered.expect("the page has the frame");
    }

    /// A click, as a person's, in the frame that is entered.
    pub(crate) async fn click(&self, selector: &str) {
        let link = self.session.find(thirtyfour::By::Css(selector)).await;
        let clicked = link.expect("it is there").click().await;
        clicked.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// The value of an expression in the frame that is entered.
    pub(crate) async fn run(&self, expression: &str) -> Value {
        let script = format!("return {expression}");
        let run = self.session.execute(script, Vec::new()).await;
        run.expect("it runs").json().clone()
    }

    /// How many windows there are.
    pub(crate) async fn windows(&self) -> usize {
        self.session.windows().await.expect("windows").len()
    }

    /// Changes the screen and the colours; the open page adapts. Phones are touched.
    pub(crate) async fn look(&self, screen: Screen) {
        let phone = screen.width < 500;
        let touch = json!({ "enabled": phone, "maxTouchPoints": 1 });
        self.command("Emulation.setTouchEmulationEnabled", touch)
            .await;
        let metrics = json!({
            "width": screen.width,
            "height": screen.height,
            "deviceScaleFactor": screen.density,
            "mobile": phone,
        });
        self.command("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let scheme = match screen.scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.command(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    /// For pages opened from now on.
    pub(crate) async fn scripts(&self, scripts: Scripts) {
        let off = json!({ "value": scripts == Scripts::Off });
        self.command("Emulation.setScriptExecutionDisabled", off)
            .await;
    }

    pub(crate) async fn press(&self, key: Key) {
        let (name, code, text) = match key {
            Key::Tab => ("Tab", 9, ""),
            Key::Enter => ("Enter", 13, "\r"),
        };
        for (kind, text) in [("keyDown", text), ("keyUp", "")] {
            let event = json!({
                "type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code, "text": text,
            });
            self.command("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Types into the field that has the focus.
    pub(crate) async fn insert(&self, text: &str) {
        self.command("Input.insertText", json!({ "text": text }))
            .await;
    }

    /// A picture of what is on the screen.
    pub(crate) async fn picture(&self, options: Value) -> Vec<u8> {
        let answer = self.command("Page.captureScreenshot", options).await;
        let data = answer["data"].as_str().expect("a picture");
        BASE64_STANDARD.decode(data).expect("base64")
    }

    /// What the browser wrote down since the last time, `"browser"` for the console, `"performance"` for the network.
    pub(crate) async fn log(&self, kind: &str) -> Vec<thirtyfour::BrowserLogEntry> {
        self.session.get_log(kind).await.expect("a log")
    }
}

async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(TIMEOUT, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: not in time"))
}

/// Starts chromedriver, and says at which port it listens. It takes a free port of one kind of address and ends at once if somebody
/// else has the same port of the other kind: then it is started again.
async fn driver(program: &Path, temporary: &Path) -> (Child, String) {
    for _ in 0..5 {
        let mut driver = Command::new(program)
            .arg("--port=0")
            .env("TMPDIR", temporary)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver starts");
        if let Some(port) = port_of(&mut driver).await {
            return (driver, port);
        }
    }
    panic!("chromedriver ends at once");
}

/// `None`: it has ended.
async fn port_of(driver: &mut Child) -> Option<String> {
    let mut lines = BufReader::new(driver.stdout.take().expect("its output")).lines();
    while let Some(line) = lines.next_line().await.expect("readable") {
        if let Some((_, port)) = line.rsplit_once("successfully on port ") {
            return Some(port.trim_end_matches('.').to_owned());
        }
    }
    None
}

async fn session(port: &str, chromium: &Path) -> WebDriver {
    let mut wishes = DesiredCapabilities::chrome();
    let binary = chromium.to_str().expect("a plain path");
    wishes.set_binary(binary).expect("a wish");
    for argument in [
        "--headless=new",
        // Root, in a container, may not use it; the pages are our own.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        // Nothing but the pages may reach for the network.
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // A name that is no secure context, as in a shop's own network without TLS.
        "--host-resolver-rules=MAP shop.test 127.0.0.1",
    ] {
        wishes.add_arg(argument).expect("a wish");
    }
    for kind in ["browser", "performance"] {
        let all = LoggingPrefsLogLevel::All;
        wishes.set_logging_prefs(kind, all).expect("a wish");
    }
    let client = reqwest::Client::builder().no_proxy().build();
    WebDriver::builder(format!("http://127.0.0.1:{port}"), wishes)
        .client(client.expect("a client"))
        .request_timeout(TIMEOUT)
        .await
        .expect("a session")
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
}
