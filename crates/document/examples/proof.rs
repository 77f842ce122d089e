//! Renders every standard template with its sample into a folder, plain and framed for a
//! signature, for an eye to judge.

use std::error::Error;
use std::{env, fs};

use document::{Assets, STANDARD, SealImage, SignError, Signature, render, sign};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("usage: proof FOLDER")?;
    fs::create_dir_all(&folder)?;
    let seal = SealImage::new("云澄县行政审批服务局")
        .with_purpose("行政审批专用章")
        .with_number("3710990012345")
        .to_svg()?;
    fs::write(format!("{folder}/seal.svg"), &seal)?;
    let made_at: jiff::Zoned = "2026-11-23T10:25+08:00[+08:00]".parse()?;
    let assets = Assets::new(made_at.clone()).with_seal(seal);
    for standard in &STANDARD {
        match render(&standard.template(), &standard.sample_data(), &assets) {
            Ok(pdf) => {
                fs::write(format!("{folder}/{}.pdf", standard.name), pdf.bytes())?;
                let told = Signature::new("云澄县行政审批服务局", "样张", made_at.clone());
                // An empty DER sequence: enough to judge the frame, not a signature.
                let framed = sign::<SignError>(pdf.bytes(), &told, |_| Ok(vec![0x30, 0]))?;
                fs::write(format!("{folder}/{}-framed.pdf", standard.name), framed)?;
            }
            Err(error) => eprintln!("{}: {error}", standard.name),
        }
    }
    Ok(())
}
