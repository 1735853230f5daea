//! A QR code, and how it is drawn as SVG: one path, a module a unit, the quiet zone that the standard asks for.

use qrcode::{Color, EcLevel, QrCode, types::QrError};

use crate::{http::error::Problem, invoice::Bolt11};

/// Modules of white around the code (ISO/IEC 18004 §6.3.8).
pub(in crate::http) const QUIET_ZONE: usize = 4;

/// The modules of a code.
pub(in crate::http) struct Matrix {
    width: usize,
    modules: Vec<Color>,
}

impl Matrix {
    /// The code for wallets of a BOLT 11 string.
    pub(in crate::http) fn of(bolt11: &Bolt11) -> Result<Self, Problem> {
        Self::of_text(&bolt11.qr_text()).map_err(|error| {
            tracing::error!(%error, "no QR code for a BOLT 11 string");
            Problem::Internal
        })
    }

    fn of_text(text: &str) -> Result<Self, QrError> {
        // A screen is never dirty or torn: the lowest error correction makes the largest modules.
        let code = QrCode::with_error_correction_level(text, EcLevel::L)?;
        Ok(Self {
            width: code.width(),
            modules: code.into_colors(),
        })
    }

    /// How many modules a side has, without the quiet zone.
    pub(in crate::http) fn width(&self) -> usize {
        self.width
    }

    /// Whether the module in that column and row is dark; outside of the code none is.
    pub(in crate::http) fn is_dark(&self, x: usize, y: usize) -> bool {
        let module = self.modules.get(y * self.width + x);
        x < self.width && module == Some(&Color::Dark)
    }

    /// As SVG; `name` is what a screen reader says of it, plain text. Edges may fall between pixels: rounding them there
    /// would make some modules wider than others, which cameras read worse than soft edges. The colours are fixed, dark
    /// on white: cameras do not read the inverse reliably.
    pub(in crate::http) fn svg(&self, name: &str) -> String {
        let side = self.width + 2 * QUIET_ZONE;
        // A thousand runs of four numbers each, of which there are few.
        let numbers: Vec<String> = (0..side).map(|number| number.to_string()).collect();
        let mut path = String::with_capacity(side * side * 4);
        for (y, row) in self.modules.chunks(self.width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|left, right| left == right) {
                if run[0] == Color::Dark {
                    let (x, y) = (&numbers[x + QUIET_ZONE], &numbers[y + QUIET_ZONE]);
                    let length = &numbers[run.len()];
                    for part in ["M", x, " ", y, "h", length, "v1h-", length, "z"] {
                        path.push_str(part);
                    }
                }
                x += run.len();
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{name}\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
        )
    }

    /// How many bytes it takes.
    pub(in crate::http) fn size(&self) -> usize {
        self.modules.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rxing::{BarcodeFormat, helpers::detect_in_luma};

    use super::*;

    /// Reads the SVG's path back into modules and these, by another library than the one that drew them, into text.
    fn read(svg: &str) -> String {
        let side: usize = svg
            .split("viewBox=\"0 0 ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next())
            .unwrap()
            .parse()
            .unwrap();
        let mut dark = BTreeSet::new();
        let path = svg
            .rsplit("<path d=\"")
            .next()
            .and_then(|rest| rest.split('"').next())
            .unwrap();
        for run in path.split_terminator('z') {
            let numbers: Vec<usize> = run
                .split(|c: char| !c.is_ascii_digit())
                .filter(|text| !text.is_empty())
                .map(|n| n.parse().unwrap())
                .collect();
            let [x, y, width, 1, back] = numbers[..] else {
                panic!("{run}")
            };
            assert_eq!(width, back);
            dark.extend((x..x + width).map(|x| (x, y)));
        }
        // Three pixels a module, as on a small screen.
        let pixels = (0..side * 3).flat_map(|y| (0..side * 3).map(move |x| (x / 3, y / 3)));
        let grey = pixels.map(|module| if dark.contains(&module) { 0 } else { 255 });
        let pixels = u32::try_from(side * 3).unwrap();
        let format = Some(BarcodeFormat::QR_CODE);
        let code = detect_in_luma(grey.collect(), pixels, pixels, format);
        code.unwrap().getText().to_owned()
    }

    #[test]
    fn another_library_reads_the_exact_text() {
        // The shortest BOLT 11 strings have some 180 characters, the longest of ours some 1,400.
        for length in [180, 300, 700, 1400] {
            let text = format!("LIGHTNING:LNBC{}", "QPZRY9X8GF".repeat(length / 10));
            assert_eq!(read(&Matrix::of_text(&text).unwrap().svg("QR")), text);
        }
    }

    #[test]
    fn capitals_make_the_code_small() {
        let bytes = |text: &str| Matrix::of_text(text).unwrap().width();
        let text = "LIGHTNING:LNBC".to_owned() + &"QPZRY9X8GF".repeat(30);
        assert!(bytes(&text) < bytes(&text.to_lowercase()));
    }
}
