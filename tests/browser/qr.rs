//! The QR code, read from the picture of the screen by another library than the one that drew it.

use rxing::{BarcodeFormat, helpers::detect_in_luma};
use serde_json::json;

use crate::{
    chromium::{Browser, Scheme, Screen, Scripts},
    shop::{Face, Shop},
    states::{TOKEN, by_program, longest},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_reads_the_exact_invoice_from_the_screen() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let most = "1000000000000000";
    let shop = Shop::open(Face::Live, &[("INVOICE__MAXIMUM_SAT", most)]).await;
    for (amount, description) in [("1", "x"), ("999999999999999", &longest())] {
        let invoice = shop.server.create(amount, description).await;
        let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
        let exact = format!("LIGHTNING:{}", bolt11.to_uppercase());
        browser.open(&shop.page_of(&invoice)).await;
        // High enough for the whole page.
        for screen in [Screen::of(360, 1600), Screen::of(1280, 1600)] {
            for density in [1, 2] {
                for scheme in [Scheme::Light, Scheme::Dark] {
                    let screen = screen.density(density).scheme(scheme);
                    browser.look(screen).await;
                    let picture = browser.picture(json!({ "format": "png" })).await;
                    assert_eq!(read(&picture), exact, "{screen}: {description}");
                }
            }
        }
    }
}

/// The second tab, with and without script: its code is the only one in sight, and where there is script it is asked for when it is.
#[tokio::test(flavor = "multi_thread")]
async fn the_code_for_any_wallet_is_in_a_tab_of_its_own() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[("SITE__ANY_WALLET", "true")]).await;
    let invoice = shop.server.create("1234", "One coffee").await;
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11").to_uppercase();
    let (lightning, any) = (
        format!("LIGHTNING:{bolt11}"),
        format!("bitcoin:?amount=0.00001234&lightning={bolt11}"),
    );
    for scripts in [Scripts::On, Scripts::Off] {
        browser.scripts(scripts).await;
        browser.exchanges().await;
        browser.open(&shop.page_of(&invoice)).await;
        let exchanges = browser.exchanges().await;
        let asked = exchanges.iter().any(|one| one.url.ends_with("any.svg"));
        // Browsers load everything at once where script is off, so that nobody learns what was looked at.
        assert_eq!(asked, matches!(scripts, Scripts::Off));
        for screen in [Screen::of(360, 1600), Screen::of(1280, 1600)] {
            for scheme in [Scheme::Light, Scheme::Dark] {
                browser.look(screen.scheme(scheme)).await;
                let picture = async || browser.picture(json!({ "format": "png" })).await;
                browser.click(".ways input:not([data-any])").await;
                assert_eq!(read(&picture().await), lightning, "{screen}");
                browser.click("[data-any]").await;
                let drawn = "(() => { const code = document.querySelector('.qr.any > img'); \
                     return code.complete && code.naturalWidth > 0; })()";
                browser.until(drawn).await;
                assert_eq!(read(&picture().await), any, "{screen}");
                let seen = "[...document.querySelectorAll('.lightning')].filter((one) => one.offsetParent).length";
                assert_eq!(browser.evaluate(seen).await, 0);
            }
        }
    }
}

/// What is printed and stuck to a counter.
#[tokio::test(flavor = "multi_thread")]
async fn a_camera_reads_an_offer_from_the_screen_and_from_paper() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Sandbox, &[("API_TOKEN", TOKEN)]).await;
    let new = json!({ "amount_msat": "any", "description": "A tip", "issuer": "shop.example" });
    let offer = by_program(&shop, "/api/v1/offers", &new).await;
    let exact = offer["bolt12"].as_str().expect("a string").to_uppercase();
    browser
        .open(offer["page_url"].as_str().expect("an address"))
        .await;
    for screen in [Screen::of(360, 1600), Screen::of(1280, 1600)] {
        for scheme in [Scheme::Light, Scheme::Dark] {
            browser.look(screen.scheme(scheme)).await;
            let picture = browser.picture(json!({ "format": "png" })).await;
            assert_eq!(read(&picture), exact, "{screen}");
        }
    }
    let print = json!({ "media": "print" });
    browser.command("Emulation.setEmulatedMedia", print).await;
    let picture = browser.picture(json!({ "format": "png" })).await;
    assert_eq!(read(&picture), exact, "on paper");
    let hidden = "[...document.querySelectorAll('.how, form, .button')].filter((one) => one.offsetParent).length";
    assert_eq!(browser.evaluate(hidden).await, 0);
}

/// As Tor Browser at its safest: neither script nor SVG.
#[tokio::test(flavor = "multi_thread")]
async fn without_svg_and_script_there_is_a_code_too() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let shop = Shop::open(Face::Live, &[]).await;
    let invoice = shop.server.create("1234", "Safest").await;
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    let exact = format!("LIGHTNING:{}", bolt11.to_uppercase());
    browser.scripts(Scripts::Off).await;
    browser.open(&shop.page_of(&invoice)).await;
    browser
        .until("document.querySelector('.qr img').complete")
        .await;
    let both = "JSON.stringify([...document.querySelectorAll('.qr img, .qr svg')].map((code) => code.getBoundingClientRect()))";
    let both: Vec<serde_json::Value> =
        serde_json::from_str(browser.evaluate(both).await.as_str().expect("a text")).expect("JSON");
    assert_eq!(both[0], both[1], "one covers the other");
    browser
        .evaluate("document.querySelectorAll('svg').forEach((svg) => svg.remove())")
        .await;
    for screen in [Screen::of(360, 1600), Screen::of(1280, 1600)] {
        browser.look(screen).await;
        let picture = browser.picture(json!({ "format": "png" })).await;
        assert_eq!(read(&picture), exact, "{screen}");
    }
}

/// The code in a picture.
pub(crate) fn read(png: &[u8]) -> String {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let frame = reader.next_frame(&mut pixels).expect("a picture");
    let grey = pixels.chunks(frame.color_type.samples()).map(|pixel| {
        let sum: u32 = pixel.iter().take(3).map(|&part| u32::from(part)).sum();
        u8::try_from(sum / 3).expect("a mean")
    });
    let grey = grey.collect();
    let code = detect_in_luma(
        grey,
        frame.width,
        frame.height,
        Some(BarcodeFormat::QR_CODE),
    );
    code.expect("a readable code").getText().to_owned()
}
