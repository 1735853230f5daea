//! A QR code as PNG: black and white, one bit per pixel.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use png::{BitDepth, ColorType, Encoder};

use super::qr::{Matrix, QUIET_ZONE};
use crate::web::error::Problem;

/// Pixels per module.
const SCALE: usize = 4;

/// The code as an image response.
pub(crate) fn answer(code: &Matrix) -> Result<Response, Problem> {
    let file = draw(code).map_err(|error| {
        tracing::error!(%error, "no PNG of a QR code");
        Problem::Internal
    })?;
    let png = HeaderValue::from_static("image/png");
    Ok(([(header::CONTENT_TYPE, png)], file).into_response())
}

/// Draws the code. Every code fits into a PNG.
fn draw(code: &Matrix) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let side = (code.width() + 2 * QUIET_ZONE) * SCALE;
    let size = u32::try_from(side)?;
    let mut pixels = Vec::with_capacity(side * side.div_ceil(8));
    for y in 0..side {
        let dark = |x: usize| {
            let module = |at: usize| (at / SCALE).checked_sub(QUIET_ZONE);
            match (module(x), module(y)) {
                (Some(x), Some(y)) => code.is_dark(x, y),
                _ => false,
            }
        };
        for byte in 0..side.div_ceil(8) {
            let light = (0..8).filter(|bit| !dark(byte * 8 + bit));
            pixels.push(light.fold(0_u8, |byte, bit| byte | (0x80 >> bit)));
        }
    }
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, size, size);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(file)
}
