//! What must hold for any page on any screen: axe-core finds nothing, nothing is cut off, every control can be hit.

use std::{env, fs, path::PathBuf};

use serde_json::Value;

use crate::chromium::Browser;
use facture_test_support::report::skipped;

/// axe-core's rules for WCAG 2.2, levels A and AA.
const RUN: &str = "axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    resultTypes: ['violations'],
}).then(({ passes, violations }) => ({
    rules: passes.length,
    violations: violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' ')}`),
}))";

/// Where the page is wider than the screen, and controls that cannot be seen whole or hit in their middle.
const LAYOUT: &str = "(() => {
    const wrong = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) wrong.push(`${scrollWidth} px in ${clientWidth}`);
    for (const control of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, textarea')) {
        if (!control.checkVisibility({ visibilityProperty: true })) continue;
        const name = control.outerHTML.slice(0, 80);
        control.scrollIntoView({ block: 'center', behavior: 'instant' });
        // A link over two lines is hit in the first.
        const { left, right, top, bottom, width, height } = control.getClientRects()[0];
        // Something for screen readers, shown on focus.
        if (width <= 1 || height <= 1) continue;
        if (left < 0 || right > clientWidth) wrong.push(`from ${left} to ${right} px: ${name}`);
        const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (!control.contains(hit)) wrong.push(`under ${hit?.outerHTML.slice(0, 80)}: ${name}`);
    }
    scrollTo(0, 0);
    return wrong;
})()";

/// axe-core's source, if it is installed.
pub(crate) struct Axe(Option<String>);

impl Axe {
    /// From `FACTURE_AXE` or where `.ci/run` puts it.
    pub(crate) fn find() -> Self {
        let installed = "target/node/node_modules/axe-core/axe.min.js";
        let file = env::var_os("FACTURE_AXE").map_or_else(|| installed.into(), PathBuf::from);
        let source = fs::read_to_string(&file).ok();
        if source.is_none() {
            let file = file.display();
            skipped(&format!(
                "no axe-core at {file} (npm install --prefix target/node axe-core)"
            ));
        }
        Self(source)
    }

    /// Puts it into the page, where it stays until the next load.
    pub(crate) async fn enter(&self, browser: &Browser) {
        if let Some(source) = &self.0 {
            browser.evaluate(&format!("{source}; true")).await;
        }
    }

    /// What it has against the page.
    pub(crate) async fn complaints(&self, browser: &Browser) -> Vec<String> {
        if self.0.is_none() {
            return Vec::new();
        }
        let found = browser.promised(RUN).await;
        let rules = found["rules"].as_u64();
        assert!(rules.is_some_and(|rules| rules > 5), "it looked: {found}");
        texts(&found["violations"])
    }
}

/// What does not fit on the screen.
pub(crate) async fn layout(browser: &Browser) -> Vec<String> {
    texts(&browser.evaluate(LAYOUT).await)
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list").iter();
    list.map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}
