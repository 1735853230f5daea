//! A QR code, drawn as SVG: for each row a line with gaps, one unit per module, surrounded by the quiet zone that the
//! standard requires.

use qrcode::{Color, EcLevel, QrCode, types::QrError};

use crate::web::error::Problem;
use facture_domain::{
    Bolt11,
    payment_string::{Bolt12, PaymentUri},
};

/// Modules of white around the code (ISO/IEC 18004 §6.3.8).
pub(crate) const QUIET_ZONE: usize = 4;

/// The modules of a code.
pub(crate) struct Matrix {
    width: usize,
    /// One bit per module, row by row.
    dark: Vec<u8>,
}

impl Matrix {
    /// The code of a BOLT 11 string, for wallets.
    pub(crate) fn of(bolt11: &Bolt11) -> Result<Self, Problem> {
        Self::for_wallets(&bolt11.qr_text())
    }

    /// The code of an offer, for wallets that know them.
    pub(crate) fn of_offer(bolt12: &Bolt12) -> Result<Self, Problem> {
        Self::for_wallets(&bolt12.qr_text())
    }

    /// The code of a link, for any wallet.
    pub(crate) fn of_uri(uri: &PaymentUri) -> Result<Self, Problem> {
        Self::for_wallets(uri.as_str())
    }

    fn for_wallets(text: &str) -> Result<Self, Problem> {
        Self::of_text(text).map_err(|error| {
            tracing::error!(%error, "no QR code");
            Problem::Internal
        })
    }

    /// The code of the address of a page of ours.
    pub(crate) fn of_address(url: &str) -> Result<Self, Problem> {
        Self::for_wallets(url)
    }

    /// The code of an address for an authenticator app.
    pub(crate) fn of_secret(uri: &str) -> Result<Self, Problem> {
        Self::of_text(uri).map_err(|error| {
            tracing::error!(%error, "no QR code for an address");
            Problem::Internal
        })
    }

    fn of_text(text: &str) -> Result<Self, QrError> {
        // Screens are never dirty or torn: the lowest error correction gives the largest modules.
        let code = QrCode::with_error_correction_level(text, EcLevel::L)?;
        let width = code.width();
        let modules = code.into_colors();
        let packed = modules.chunks(8).map(|eight| {
            let bits = eight
                .iter()
                .rev()
                .map(|module| u8::from(*module == Color::Dark));
            bits.fold(0, |byte, bit| byte << 1 | bit)
        });
        Ok(Self {
            width,
            dark: packed.collect(),
        })
    }

    /// The number of modules per side, without the quiet zone.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Whether the module in that column and row is dark; none outside the code is.
    pub(crate) fn is_dark(&self, x: usize, y: usize) -> bool {
        let at = y * self.width + x;
        let byte = self.dark.get(at / 8);
        x < self.width && byte.is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }

    /// The code as SVG; `name` is the plain text for screen readers. Edges may fall between pixels: rounding them would
    /// make some modules wider than others, which cameras read less well than soft edges. The colours are fixed, dark
    /// on white: cameras do not read the inverse reliably.
    pub(crate) fn svg(&self, name: &str) -> String {
        let side = self.width + 2 * QUIET_ZONE;
        // About a thousand runs, with few distinct lengths.
        let lengths = || 0..=self.width;
        let lines: Vec<_> = lengths().map(|length| format!("h{length}")).collect();
        let gaps: Vec<_> = lengths().map(|length| format!("m{length} 0")).collect();
        let mut path = String::with_capacity(self.width * self.width * 2);
        for y in 0..self.width {
            // The centre of a line as thick as a module.
            path.push_str(&format!("M{QUIET_ZONE} {}.5", y + QUIET_ZONE));
            let row: Vec<_> = (0..self.width).map(|x| self.is_dark(x, y)).collect();
            for run in row.chunk_by(|left, right| left == right) {
                let strokes = if run[0] { &lines } else { &gaps };
                path.push_str(&strokes[run.len()]);
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{name}\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path stroke=\"#000\" d=\"{path}\"/></svg>"
        )
    }

    /// Its size in bytes.
    pub(crate) fn size(&self) -> usize {
        self.dark.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rxing::{BarcodeFormat, helpers::detect_in_luma};

    use super::*;

    /// Reads the SVG's path back into modules, and decodes them with a different library than the one that encoded
    /// them.
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
            .rsplit(" d=\"")
            .next()
            .and_then(|rest| rest.split('"').next())
            .unwrap();
        for (row, strokes) in path.split_terminator('M').skip(1).enumerate() {
            let (place, strokes) = strokes.split_once(".5").unwrap();
            let (left, y) = place.split_once(' ').unwrap();
            let (mut x, y) = (left.parse::<usize>().unwrap(), y.parse::<usize>().unwrap());
            assert_eq!((x, y), (QUIET_ZONE, row + QUIET_ZONE));
            for stroke in strokes
                .split_inclusive(['h', 'm'])
                .collect::<Vec<_>>()
                .windows(2)
            {
                let is_line = stroke[0].ends_with('h');
                let length = stroke[1]
                    .trim_end_matches(['h', 'm'])
                    .trim_end_matches(" 0");
                let end = x + length.parse::<usize>().unwrap();
                if is_line {
                    dark.extend((x..end).map(|x| (x, y)));
                }
                x = end;
            }
        }
        // Three pixels per module, as on a small screen.
        let pixels = (0..side * 3).flat_map(|y| (0..side * 3).map(move |x| (x / 3, y / 3)));
        let grey = pixels.map(|module| if dark.contains(&module) { 0 } else { 255 });
        let pixels = u32::try_from(side * 3).unwrap();
        let format = Some(BarcodeFormat::QR_CODE);
        let code = detect_in_luma(grey.collect(), pixels, pixels, format);
        code.unwrap().getText().to_owned()
    }

    #[test]
    fn another_library_reads_the_exact_text() {
        // The shortest BOLT 11 strings have about 180 characters, our longest about 1,400.
        for length in [180, 300, 700, 1400] {
            let text = format!("LIGHTNING:LNBC{}", "QPZRY9X8GF".repeat(length / 10));
            assert_eq!(read(&Matrix::of_text(&text).unwrap().svg("QR")), text);
        }
    }

    #[test]
    fn capitals_make_the_code_small() {
        let bytes = |text: &str| Matrix::of_text(text).unwrap().width();
        let text = format!("LIGHTNING:LNBC{}", "QPZRY9X8GF".repeat(30));
        assert!(bytes(&text) < bytes(&text.to_lowercase()));
    }
}
