//! Codes can be read back; seals carry their organ or say why not.

use document::{Fonts, QrError, SealError, SealImage, qr_svg};
use rqrr::PreparedImage;

const MODULE: usize = 4;

/// Paints the rectangles `Mx yhNv1h-Nz` of the code's second path.
fn paint(svg: &str) -> (usize, Vec<bool>) {
    let side: usize = svg
        .split("viewBox=\"0 0 ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let path = svg
        .split("fill=\"#000\" d=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let mut dark = vec![false; side * side];
    for bar in path.split('M').filter(|bar| !bar.is_empty()) {
        let numbers: Vec<usize> = bar
            .split([' ', 'h', 'v'])
            .take(3)
            .map(|word| word.parse().unwrap())
            .collect();
        for x in numbers[0]..numbers[0] + numbers[2] {
            dark[numbers[1] * side + x] = true;
        }
    }
    (side, dark)
}

fn decode(svg: &str) -> String {
    let (side, dark) = paint(svg);
    let pixels = side * MODULE;
    let mut image = PreparedImage::prepare_from_greyscale(pixels, pixels, |x, y| {
        if dark[y / MODULE * side + x / MODULE] {
            0
        } else {
            255
        }
    });
    let grids = image.detect_grids();
    grids[0].decode().unwrap().1
}

#[test]
fn a_code_reads_back_as_the_text_it_was_made_of() {
    for text in [
        "https://hall.example/certificates/verify/0000000171001",
        "办件编号 3710992026112300120000017，查询码 482915",
    ] {
        assert_eq!(decode(&qr_svg(text).unwrap()), text);
    }
}

#[test]
fn a_text_longer_than_any_code_is_refused_with_its_length() {
    assert_eq!(
        qr_svg(&"长".repeat(2000)),
        Err(QrError::TooLong { bytes: 6000 })
    );
}

#[test]
fn a_seal_is_a_picture_that_needs_no_font() {
    let svg = SealImage::new("云澄县行政审批服务局")
        .with_purpose("行政审批专用章")
        .with_number("3710990012345")
        .to_svg()
        .unwrap();
    assert!(svg.starts_with("<svg") && !svg.contains("<text") && !svg.contains("NaN"));
    let empty = SealImage::new("云").to_svg().unwrap();
    assert!(empty.len() < svg.len());
}

#[test]
fn a_seal_without_name_with_too_long_a_name_or_with_an_unknown_character_is_refused() {
    assert_eq!(SealImage::new(" ").to_svg(), Err(SealError::Empty));
    let long = SealImage::new("局".repeat(31)).to_svg();
    assert_eq!(
        long,
        Err(SealError::TooLong {
            characters: 31,
            limit: 30
        })
    );
    assert_eq!(
        SealImage::new("云澄县𠮷局").to_svg(),
        Err(SealError::MissingGlyph('𠮷'))
    );
}

#[test]
fn the_embedded_fonts_know_the_characters_of_chinese_names_and_name_those_they_lack() {
    assert_eq!(
        Fonts::embedded().missing("犇喆镕〔2026〕第０号，“公共场所”\n"),
        Vec::<char>::new()
    );
    assert_eq!(Fonts::embedded().missing("李𠮷吉𠮷"), vec!['𠮷']);
    assert!(Fonts::embedded().with_face(b"not a font".to_vec()).is_err());
}
