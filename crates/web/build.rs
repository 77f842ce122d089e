//! Puts the committed `web/dist` into the binary: a table of files for `src/assets.rs`, so that a
//! build needs no node. Deliberately absent: bundling; `npm run build` under `web/` does that.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let dist = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=templates");
    let mut files = Vec::new();
    for entry in fs::read_dir(&dist)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|ending| ending != "gz" && ending != "br" && ending != "json")
        {
            files.push(path);
        }
    }
    files.sort();
    let mut table = String::from("&[\n");
    for path in &files {
        writeln!(table, "{}", row(path)?)?;
    }
    table.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("assets.rs"), table)?;
    Ok(())
}

/// One `Asset { … }` of the table; `app.0123456789.css` is asked for as `app.css`.
fn row(path: &Path) -> Result<String, Box<dyn Error>> {
    let path = path.canonicalize()?;
    let file = path
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or("a name that is not UTF-8")?;
    let mut parts = file.splitn(3, '.');
    let (Some(stem), Some(_), Some(ending)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(format!("{file}: a file of web/dist is named stem.hash.ending").into());
    };
    let kind = match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => return Err(format!("{file}: no media type is known for it").into()),
    };
    let packed = |ending: &str| {
        let packed = format!("{}.{ending}", path.display());
        format!("include_bytes!({packed:?})")
    };
    let plain = path.display().to_string();
    Ok(format!(
        "Asset {{ name: {:?}, file: {file:?}, kind: {kind:?}, plain: include_bytes!({plain:?}), \
         gzip: {}, brotli: {} }},",
        format!("{stem}.{ending}"),
        packed("gz"),
        packed("br"),
    ))
}
