//! The shop's theme: its colour, logo and stylesheet, applied on top of ours once, at startup. The colour is served as
//! part of the stylesheet, so pages need no inline style.

use std::{fs, path::Path};

use palette::{Mix, Srgb, color_difference::Wcag21RelativeContrast};

use super::assets::Assets;
use crate::config::SiteConfig;
use crate::web::fast_path::FastPath;

/// The stylesheet of the pages, to which the theme is added.
const STYLESHEET: &str = "facture.css";

/// The assets and logo of the pages.
pub(crate) struct Theme {
    pub(crate) assets: Assets,
    /// The path of the logo among the assets.
    pub(crate) logo: Option<String>,
}

/// A file of the shop's theme that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// It cannot be read.
    #[error("cannot read {key} {path}: {source}")]
    Unreadable {
        /// The key in the configuration.
        key: &'static str,
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// No image that all browsers show.
    #[error("site.logo {path}: must be an .svg, .png, .jpg, .jpeg or .webp file of at most {} kB", MAX_LOGO / 1000)]
    NoImage {
        /// The file.
        path: String,
    },
}

/// The maximum size of a logo, in bytes: it is on every page.
const MAX_LOGO: usize = 500_000;

impl Theme {
    /// Loads the configured theme.
    ///
    /// # Errors
    /// [`ThemeError`].
    pub(crate) fn load(site: &SiteConfig, fast_path: FastPath) -> Result<Self, ThemeError> {
        let mut assets = Assets::embedded(fast_path);
        if let Some(colour) = site.accent.0 {
            assets.append(STYLESHEET, accent(colour).as_bytes());
        }
        if let Some(own) = read("site.stylesheet", &site.stylesheet)? {
            assets.append(STYLESHEET, &own);
        }
        let mut logo = None;
        if let Some(image) = read("site.logo", &site.logo)? {
            let ending = site.logo.extension().and_then(|ending| ending.to_str());
            let ending = ending.map(str::to_ascii_lowercase).unwrap_or_default();
            let shown = matches!(ending.as_str(), "svg" | "png" | "jpg" | "jpeg" | "webp");
            if !shown || image.len() > MAX_LOGO {
                return Err(ThemeError::NoImage {
                    path: site.logo.display().to_string(),
                });
            }
            let path = format!("logo.{ending}");
            assets.put(&path, image);
            logo = Some(path);
        }
        Ok(Self { assets, logo })
    }
}

fn read(key: &'static str, path: &Path) -> Result<Option<Vec<u8>>, ThemeError> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    fs::read(path)
        .map(Some)
        .map_err(|source| ThemeError::Unreadable {
            key,
            path: path.display().to_string(),
            source,
        })
}

/// The backgrounds of links and frames, as in `facture.css`: light ones, then dark ones.
const LIGHT: [&str; 2] = ["#ffffff", "#f3f4f7"];
const DARK: [&str; 2] = ["#191c23", "#0f1115"];

/// The minimum contrast of text (WCAG 2.2, 1.4.3).
const MIN_CONTRAST: f64 = 4.5;

/// Buttons use the colour itself, with black or white text, one of which is always readable. Links and outlines use the
/// nearest colour that is readable on our backgrounds.
fn accent(colour: Srgb<u8>) -> String {
    let exact: Srgb<f64> = colour.into_format();
    let (black, white) = (Srgb::new(0.0, 0.0, 0.0), Srgb::new(1.0, 1.0, 1.0));
    let on = if exact.relative_contrast(white) >= MIN_CONTRAST {
        white
    } else {
        black
    };
    let light = readable(exact, black, &LIGHT);
    let dark = readable(exact, white, &DARK);
    let hex = |colour: Srgb<f64>| format!("#{:x}", colour.into_format::<u8>());
    let (button, on, light, dark) = (hex(exact), hex(on), hex(light), hex(dark));
    format!(
        "\n:root {{ --button: {button}; --on-button: {on}; --accent: {light}; }}\n\
         @media (prefers-color-scheme: dark) {{ :root {{ --button: {button}; --on-button: {on}; --accent: {dark}; }} }}\n"
    )
}

/// Moves `colour` towards `end` until it is readable on all `grounds`.
fn readable(colour: Srgb<f64>, end: Srgb<f64>, grounds: &[&str]) -> Srgb<f64> {
    let grounds: Vec<Srgb<f64>> = grounds
        .iter()
        .filter_map(|ground| ground.parse::<Srgb<u8>>().ok())
        .map(Srgb::into_format)
        .collect();
    let steps = (0..=50).map(|step| colour.mix(end, f64::from(step) / 50.0));
    // Rounded, as in the stylesheet.
    let mut written = steps.map(|colour| colour.into_format::<u8>().into_format::<f64>());
    written
        .find(|colour| {
            grounds
                .iter()
                .all(|ground| colour.relative_contrast(*ground) >= MIN_CONTRAST)
        })
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(css: &str, name: &str) -> Vec<Srgb<f64>> {
        css.split(&format!("{name}: "))
            .skip(1)
            .map(|rest| rest[..7].parse::<Srgb<u8>>().unwrap().into_format())
            .collect()
    }

    #[test]
    fn the_grounds_are_those_of_the_stylesheet() {
        let css = include_str!("../../static/facture.css");
        for (name, light, dark) in [
            ("--card", LIGHT[0], DARK[0]),
            ("--ground", LIGHT[1], DARK[1]),
        ] {
            let light = if light == "#ffffff" { "#fff" } else { light };
            let found: Vec<_> = css
                .split(&format!("{name}: "))
                .skip(1)
                .map(|rest| rest.split(';').next().unwrap())
                .collect();
            assert_eq!(found[..2], [light, dark], "{name}");
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let css = accent(Srgb::new(0x1f, 0x5e, 0xff));
        assert!(
            css.contains("--button: #1f5eff; --on-button: #ffffff; --accent: #1f5eff;"),
            "{css}"
        );
    }

    proptest! {
        #[test]
        fn every_colour_can_be_read(red: u8, green: u8, blue: u8) {
            let css = accent(Srgb::new(red, green, blue));
            let (button, on) = (value(&css, "--button"), value(&css, "--on-button"));
            prop_assert!(button[0].relative_contrast(on[0]) >= MIN_CONTRAST);
            let links = value(&css, "--accent");
            for (link, grounds) in links.iter().zip([LIGHT, DARK]) {
                for ground in grounds {
                    let ground: Srgb<f64> = ground.parse::<Srgb<u8>>().unwrap().into_format();
                    prop_assert!(link.relative_contrast(ground) >= MIN_CONTRAST, "{}", css);
                }
            }
        }
    }
}
