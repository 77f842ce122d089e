//! An office's own templates → PDF with embedded Chinese fonts, seal image, QR and signature frame.
//!
//! A template is typst source text that an office can edit. Rendering is a pure function of
//! template, data and assets: no file system, no network, no packages, no clock. A page with a
//! missing glyph is never made. Deliberately absent: any rule of any room, the signature
//! algorithm (bytes of a CMS come from the caller), OFD.

mod assets;
mod fonts;
mod pdf_object;
mod pdf_sign;
mod qr;
mod render;
mod seal_image;
mod template;
mod world;

pub use assets::{Assets, QR_FILE, SEAL_FILE};
pub use fonts::{FontError, Fonts};
pub use pdf_sign::{ByteRange, Prepared, SignError, Signature, Signed, extract, prepare, sign};
pub use qr::{QrError, qr_svg};
pub use render::{Pdf, RenderError, render};
pub use seal_image::{SealError, SealImage};
pub use template::{STANDARD, Standard, Template};
