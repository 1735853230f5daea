//! By keyboard alone: every control is reached, in the order of the page, and is seen to be.

use crate::{
    chromium::{Browser, Key, Screen},
    shop::{Face, Shop},
};

/// Numbers what Tab must reach; returns how many there are.
const NUMBER: &str = "(() => {
    document.activeElement?.blur();
    const all = document.querySelectorAll('a[href], button, input, select, summary, textarea, [tabindex]');
    // Of radio buttons with a choice, Tab leads to the chosen one; arrows lead to the others.
    const passed = (one) => one.type == 'radio' && !one.checked && document.querySelector(`input[name=${one.name}]:checked`);
    const reachable = [...all].filter((one) => one.tabIndex >= 0 && !one.disabled && one.type != 'hidden' && !passed(one) && one.checkVisibility());
    reachable.forEach((one, number) => one.dataset.number = number);
    getSelection().collapse(document.body, 0);
    return reachable.length;
})()";

/// What has the focus: its number, and whether one can see that.
const FOCUSED: &str = "(() => {
    const one = document.activeElement;
    if (one === document.body || one === document.documentElement) return null;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const marked = (outlineStyle != 'none' && parseFloat(outlineWidth) >= 2) || boxShadow != 'none';
    const inside = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
    return { number: Number(one.dataset.number), seen: marked && inside, name: one.outerHTML.slice(0, 80) };
})()";

/// What a visitor with a keyboard cannot reach or see on the open page.
pub(crate) async fn complaints(browser: &Browser) -> Vec<String> {
    let count = browser.evaluate(NUMBER).await.as_u64().expect("a number");
    let mut complaints = Vec::new();
    // From where the page put the focus the first Tab may lead out of it, and the next back to the top.
    let mut outside = 1;
    let mut number = 0;
    while number < count {
        browser.press(Key::Tab).await;
        let focused = browser.evaluate(FOCUSED).await;
        if focused.is_null() && number == 0 && outside > 0 {
            outside -= 1;
            continue;
        }
        if focused["number"].as_u64() != Some(number) {
            complaints.push(format!("Tab {number} of {count} leads to {focused}"));
        } else if focused["seen"] != true {
            complaints.push(format!("the focus is not seen on {focused}"));
        }
        number += 1;
    }
    complaints
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_made_and_its_wallet_link_reached_by_keyboard() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    browser.look(Screen::DESKTOP).await;
    browser.open(&shop.at("/")).await;
    tab_to(&browser, "#amount").await;
    browser.insert("77").await;
    tab_to(&browser, "#description").await;
    browser.insert("Typed").await;
    browser.press(Key::Enter).await;
    browser.until_there(".state.unpaid").await;
    assert_eq!(shop.node.invoice_count(), 1);
    tab_to(&browser, "a[href^='lightning:']").await;
    tab_to(&browser, "#bolt11").await;
}

/// Presses Tab until what fits the selector has the focus.
pub(crate) async fn tab_to(browser: &Browser, selector: &str) {
    for _ in 0..30 {
        browser.press(Key::Tab).await;
        let there = format!("document.activeElement.matches(\"{selector}\")");
        if browser.evaluate(&there).await == true {
            return;
        }
    }
    panic!("Tab does not reach {selector}");
}
