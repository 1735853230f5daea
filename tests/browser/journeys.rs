//! What impatient people and tired phones do: twice, back, again, in two windows, offline, asleep. Always the right page,
//! never a second invoice.

use std::time::Duration;

use facture_sandbox::Calls;
use serde_json::json;

use crate::{
    chromium::{Browser, Screen, Scripts},
    shop::{Face, Shop},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_twice_makes_one_invoice() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    // While the first is on its way, there is time for a second.
    let invoice = Calls::of("invoice");
    shop.node.faults().slow(invoice, Duration::from_millis(500));
    for (count, scripts) in [(1, Scripts::On), (2, Scripts::Off)] {
        browser.scripts(scripts).await;
        browser.open(&shop.at("/?amount=5&description=Twice")).await;
        tap_twice(&browser, "main button").await;
        browser.until_there(".state.unpaid").await;
        assert_eq!(shop.node.invoice_count(), count, "{scripts:?}");
        let sent = browser.exchanges().await.into_iter();
        let sent = sent.filter(|one| one.method == "POST").count();
        // With script the page may keep the second to itself.
        assert!(sent == 2 || scripts == Scripts::On, "sent {sent} times");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reload_back_and_forward_make_no_invoice() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    browser
        .open(&shop.at("/?amount=5&description=Around"))
        .await;
    browser
        .evaluate("document.querySelector('main form').requestSubmit()")
        .await;
    browser.until_there(".state.unpaid").await;
    let url = browser.url().await;
    browser.reload().await;
    browser.until_there(".state.unpaid").await;
    browser.back().await;
    browser.until_there("#amount").await;
    browser.forward().await;
    browser.until_there(".state.unpaid").await;
    assert_eq!(browser.url().await, url);
    // What was paid while the page was out of sight is paid when it comes back.
    browser.back().await;
    browser.until_there("#amount").await;
    pay_shown(&shop, &url).await;
    browser.forward().await;
    browser.until_there(".state.paid").await;
    browser.reload().await;
    browser.until_there(".state.paid").await;
    assert_eq!(browser.url().await, url);
    assert_eq!(shop.node.invoice_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_show_the_same() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let url = shop.invoice("5", "Seen twice").await;
    let first = browser.window().await;
    browser.follow(&url).await;
    browser.new_window().await;
    browser.follow(&url).await;
    pay_shown(&shop, &url).await;
    browser.until_there(".state.paid").await;
    browser.switch_to(&first).await;
    browser.until_there(".state.paid").await;
    assert_eq!(shop.node.invoice_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_invoice_is_renewed_once_by_two_taps_in_two_windows() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[("INVOICE__EXPIRY_SECONDS", "60")]).await;
    let url = shop.invoice("5", "Late").await;
    let first = browser.window().await;
    browser.follow(&url).await;
    browser.new_window().await;
    browser.follow(&url).await;
    shop.node.advance(Duration::from_secs(61));
    let invoice = Calls::of("invoice");
    shop.node.faults().slow(invoice, Duration::from_millis(500));
    browser.until_there(".state.expired form").await;
    tap_twice(&browser, ".state.expired form button").await;
    browser.until_there(".state.unpaid").await;
    let fresh = browser.url().await;
    assert_ne!(fresh, url);
    browser.switch_to(&first).await;
    browser.until_there(".state.expired form").await;
    tap_twice(&browser, ".state.expired form button").await;
    browser.until_there(".state.unpaid").await;
    assert_eq!(browser.url().await, fresh);
    assert_eq!(
        shop.node.invoice_count(),
        2,
        "the expired and the fresh one"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_offline_or_asleep_shows_what_happened() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;

    let url = shop.invoice("5", "In the lift").await;
    browser.follow(&url).await;
    offline(&browser, true).await;
    pay_shown(&shop, &url).await;
    let unpaid = "document.querySelector('.state.unpaid') !== null";
    assert_eq!(browser.evaluate(unpaid).await, true, "nobody told it");
    offline(&browser, false).await;
    browser.until_there(".state.paid").await;

    let url = shop.invoice("6", "In the pocket").await;
    browser.follow(&url).await;
    lifecycle(&browser, "frozen").await;
    pay_shown(&shop, &url).await;
    lifecycle(&browser, "active").await;
    browser.until_there(".state.paid").await;
    assert_eq!(shop.node.invoice_count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_a_frame_comes_to_paid_and_the_page_stays() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let url = shop.invoice("5", "Safest").await;
    browser.scripts(Scripts::Off).await;
    browser.open(&url).await;
    browser.until_there(".state.unpaid").await;
    let inside = "document.querySelector('iframe.status')?.contentDocument";
    browser
        .until(&format!("{inside}.querySelector('.waiting')"))
        .await;
    // It looks like a line of the page: of one colour with what it stands on, and as wide.
    let ground = "getComputedStyle(document.querySelector('main')).backgroundColor";
    let inner = format!("getComputedStyle({inside}.documentElement).backgroundColor");
    assert_eq!(
        browser.evaluate(&inner).await,
        browser.evaluate(ground).await
    );
    let room = format!(
        "document.querySelector('iframe.status').clientWidth - {inside}.body.getBoundingClientRect().width"
    );
    assert_eq!(browser.evaluate(&room).await, 0);
    // Somebody has begun to select the invoice.
    browser.evaluate("window.same = true").await;
    pay_shown(&shop, &url).await;
    browser
        .until(&format!("{inside}.querySelector('.paid a')"))
        .await;
    assert_eq!(browser.evaluate("window.same").await, true, "no reload");
    browser.enter_frame(0).await;
    browser.click(".paid a").await;
    browser.until_there(".state.paid").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_turns_to_paid_keeps_its_place() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let url = shop.invoice("5", "Do not jump").await;
    browser.follow(&url).await;
    let shifts = browser.promised(SHIFTS).await;
    assert_eq!(shifts, json!([]), "while it loaded");
    let focus = "window.same = true; document.querySelector('body > header a').focus()";
    browser.evaluate(focus).await;
    // The paid page is shorter: it needs no scroll bar any more.
    let place = "document.querySelector('body > header a').getBoundingClientRect().x";
    let before = browser.evaluate(place).await;
    pay_shown(&shop, &url).await;
    browser.until_there(".state.paid").await;
    let kept =
        "window.same && document.activeElement === document.querySelector('body > header a')";
    assert_eq!(
        browser.evaluate(kept).await,
        true,
        "no reload, and the focus stays"
    );
    assert_eq!(browser.evaluate(place).await, before, "nothing moves");
    let announced = "[...document.querySelectorAll('[role=status], [aria-live]')].some((one) => one.textContent.includes(document.querySelector('main h1').textContent))";
    assert_eq!(browser.evaluate(announced).await, true, "it is announced");
}

/// The last test sees a shift only when the browser happens to paint between two parts of the page. Here the page is taken
/// apart from its end, which is how it looked on its way here.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_arrived_of_a_page_has_its_final_place() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let invoice = shop.invoice("5", "Do not jump").await;
    for screen in [Screen::PHONE, Screen::DESKTOP] {
        browser.look(screen).await;
        for page in [&shop.at("/"), &shop.at("/api/docs"), &invoice] {
            for language in ["en", "ar"] {
                let url = format!("{page}?lang={language}");
                browser.open(&url).await;
                browser.until_there("footer a").await;
                browser.evaluate(TAKE_APART).await;
                // In slices: the API's document is long, and each call has a deadline.
                while browser.evaluate("takeApart.slice(100)").await == true {}
                let moved = browser.evaluate("takeApart.moved").await;
                assert_eq!(moved, json!([]), "{url} at {} pixels", screen.width);
            }
        }
    }
}

/// `takeApart.slice(n)` removes the last `n` elements, one by one, and says whether there are more. `takeApart.moved` is
/// what moved meanwhile and can be read: a list of the form `Deutsch: 8,600 not 208,600`.
const TAKE_APART: &str = "window.takeApart = (() => {
    const start = document.dir === 'rtl' ? 'right' : 'left';
    const place = (one) => { const box = one.getBoundingClientRect(); return `${box[start]},${box.top}`; };
    const arrived = '.sandbox, header, header a, main, main > *, .state > *, footer, footer > *, .languages a';
    const places = new Map([...document.querySelectorAll(arrived)].map((one) => [one, place(one)]));
    const all = [...document.querySelectorAll('body *')];
    const moved = [];
    const slice = (count) => {
        for (; count && all.length; count--) {
            all.pop().remove();
            for (const [one, final] of places) {
                if (!one.isConnected) places.delete(one);
                // Its text is asked for last: that takes long.
                else if (place(one) !== final && one.innerText?.trim()) {
                    moved.push(`${one.textContent.slice(0, 40)}: ${place(one)} not ${final}`);
                    places.delete(one);
                }
            }
        }
        return all.length > 0;
    };
    return { moved, slice };
})(); 0";

/// What moved on the page by itself so far, and where from and to.
const SHIFTS: &str = "new Promise((told) => {
    const shifts = [];
    const place = ({ x, y, width, height }) => `${x},${y} ${width}x${height}`;
    new PerformanceObserver((list) => list.getEntries().forEach(({ sources }) => sources.forEach((one) =>
        shifts.push(`${one.node?.outerHTML?.slice(0, 80)} ${place(one.previousRect)} to ${place(one.currentRect)}`),
    ))).observe({ type: 'layout-shift', buffered: true });
    // Observers are told between frames.
    requestAnimationFrame(() => setTimeout(() => told(shifts)));
})";

/// The buyer pays the invoice of that page.
pub(crate) async fn pay_shown(shop: &Shop, url: &str) {
    let path = url.strip_prefix(&shop.server.origin).expect("its own");
    let (_, invoice) = shop.server.json(path).await;
    shop.pay(&invoice, None);
}

/// A finger that is not sure whether it was felt.
async fn tap_twice(browser: &Browser, selector: &str) {
    let middle = format!(
        "(({{ x, y, width, height }}) => ({{ x: x + width / 2, y: y + height / 2 }}))
            (document.querySelector({}).getBoundingClientRect())",
        json!(selector)
    );
    let at = browser.evaluate(&middle).await;
    let tap = json!({ "x": at["x"], "y": at["y"], "tapCount": 2, "gestureSourceType": "mouse" });
    browser.command("Input.synthesizeTapGesture", tap).await;
}

async fn offline(browser: &Browser, offline: bool) {
    let conditions = json!({
        "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
    });
    browser
        .command("Network.emulateNetworkConditions", conditions)
        .await;
}

async fn lifecycle(browser: &Browser, state: &str) {
    browser
        .command("Page.setWebLifecycleState", json!({ "state": state }))
        .await;
}
