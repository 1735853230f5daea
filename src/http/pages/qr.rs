//! A QR code as SVG: one path, a module a unit, the quiet zone of four modules that the standard asks for.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode, types::QrError};

/// Modules of white around the code (ISO/IEC 18004 §6.3.8).
const QUIET_ZONE: usize = 4;

/// Draws `text`. The colours are fixed, dark on white: cameras do not read the inverse reliably.
pub(super) fn svg(text: &str) -> Result<String, QrError> {
    // A screen is never dirty or torn: the lowest error correction makes the largest modules.
    let code = QrCode::with_error_correction_level(text, EcLevel::L)?;
    let width = code.width();
    let side = width + 2 * QUIET_ZONE;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|left, right| left == right) {
            if run[0] == Color::Dark {
                // Writing to a String cannot fail.
                let _ = write!(
                    path,
                    "M{} {}h{}v1h-{}z",
                    x + QUIET_ZONE,
                    y + QUIET_ZONE,
                    run.len(),
                    run.len()
                );
            }
            x += run.len();
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" \
         role=\"img\" aria-label=\"QR code\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}
