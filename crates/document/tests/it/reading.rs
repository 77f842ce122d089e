//! Reads finished files, independently of how they were made.

use std::collections::BTreeMap;

use document::{Assets, SealImage};
use lopdf::{Document, Object};

/// Assets of a fixed moment, with the demo seal.
pub fn assets() -> Assets {
    let seal = SealImage::new("云澄县行政审批服务局").with_purpose("行政审批专用章");
    bare_assets().with_seal(seal.to_svg().unwrap())
}

/// Assets of a fixed moment, without any file.
pub fn bare_assets() -> Assets {
    Assets::new("2026-11-23T10:25:00+08:00[+08:00]".parse().unwrap())
}

/// The text of all pages, through the fonts' own maps to Unicode.
pub fn text_of(pdf: &[u8]) -> String {
    let document = Document::load_mem(pdf).unwrap();
    let mut text = String::new();
    for page in document.page_iter() {
        let fonts = document.get_page_fonts(page).unwrap();
        let maps: BTreeMap<Vec<u8>, BTreeMap<u16, String>> = fonts
            .into_iter()
            .map(|(name, font)| {
                let map = font.get_deref(b"ToUnicode", &document).unwrap();
                (
                    name,
                    characters(&map.as_stream().unwrap().decompressed_content().unwrap()),
                )
            })
            .collect();
        let content = document.get_and_decode_page_content(page).unwrap();
        let mut current = Vec::new();
        for operation in content.operations {
            match operation.operator.as_str() {
                "Tf" => current = operation.operands[0].as_name().unwrap().to_vec(),
                "Tj" | "TJ" => {
                    let mut codes = Vec::new();
                    operation
                        .operands
                        .iter()
                        .for_each(|operand| strings(operand, &mut codes));
                    for code in codes.chunks_exact(2) {
                        let code = u16::from_be_bytes([code[0], code[1]]);
                        text.push_str(maps[&current].get(&code).map_or("\u{fffd}", |s| s));
                    }
                }
                _ => {}
            }
        }
    }
    text
}

fn strings(operand: &Object, found: &mut Vec<u8>) {
    match operand {
        Object::String(bytes, _) => found.extend_from_slice(bytes),
        Object::Array(items) => items.iter().for_each(|item| strings(item, found)),
        _ => {}
    }
}

/// Reads `<0001> <4E91>` lines of a CMap.
fn characters(map: &[u8]) -> BTreeMap<u16, String> {
    let map = String::from_utf8_lossy(map);
    let mut characters = BTreeMap::new();
    for line in map.lines().filter(|line| line.starts_with('<')) {
        let words: Vec<&str> = line
            .split(['<', '>'])
            .filter(|word| !word.trim().is_empty())
            .collect();
        if let [code, text] = words[..] {
            let units: Vec<u16> = text
                .as_bytes()
                .chunks(4)
                .map(|unit| u16::from_str_radix(std::str::from_utf8(unit).unwrap(), 16).unwrap())
                .collect();
            let code = u16::from_str_radix(code, 16).unwrap();
            characters.insert(code, String::from_utf16(&units).unwrap());
        }
    }
    characters
}
