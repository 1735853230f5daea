//! The QR code, read from the picture of the screen by another library than the one that drew it.

use rxing::{BarcodeFormat, helpers::detect_in_luma};
use serde_json::json;

use crate::{
    chromium::{Browser, Scheme, Screen, Scripts},
    shop::{Face, Shop},
    states::longest,
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
fn read(png: &[u8]) -> String {
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
