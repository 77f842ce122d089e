//! QR codes 二维码 (GB/T 18284) as SVG, for pages and for templates alike.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around the code; GB/T 18284 asks for four.
const QUIET_ZONE: usize = 4;
/// How wide a module is on a page that says nothing else: a telephone reads it off a screen.
const MODULE_PIXELS: usize = 4;

/// A text that cannot become a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// More than the largest code holds at level M.
    #[error("二维码内容过长（{bytes} 字节），最多约 2,300 字节")]
    TooLong {
        /// Length of the text.
        bytes: usize,
    },
}

/// The code of `text` as an SVG image without XML declaration, so that it may stand in a page.
///
/// # Errors
/// When `text` is longer than a code can hold.
pub fn qr_svg(text: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| QrError::TooLong { bytes: text.len() })?;
    let width = code.width();
    let side = width + 2 * QUIET_ZONE;
    let pixels = side * MODULE_PIXELS;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         width=\"{pixels}\" height=\"{pixels}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\""
    );
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let (left, top, length) = (x + QUIET_ZONE, y + QUIET_ZONE, run.len());
                write!(svg, "M{left} {top}h{length}v1h-{length}z")
                    .expect("writing to a string cannot fail");
            }
            x += run.len();
        }
    }
    svg.push_str("\"/></svg>");
    Ok(svg)
}
