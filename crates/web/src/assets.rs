//! Style sheet, scripts and drawings of the pages, inside the binary. Names carry a hash of the
//! content, so a browser may keep a file for ever. Deliberately absent: files from a folder, and
//! anything a room or an office could change.

/// How long a browser may keep an asset: for ever, since a changed file has another name.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";
/// Where assets are served.
pub const FOLDER: &str = "/assets/";

/// One file of `web/dist` in its three forms.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// The name that templates ask for, `app.css`.
    pub name: &'static str,
    /// The name in its address, with the hash.
    pub file: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// The bytes as they are.
    pub plain: &'static [u8],
    /// The bytes, compressed with gzip.
    pub gzip: &'static [u8],
    /// The bytes, compressed with Brotli.
    pub brotli: &'static [u8],
}

/// Every asset, sorted by file name.
pub static ALL: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file of an address below [`FOLDER`].
#[must_use]
pub fn find(file: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.file == file)
}

/// The address of an asset by its plain name; an unknown name gives the folder itself, which
/// answers 404 and so shows in the browser suite.
#[must_use]
pub fn href(name: &str) -> String {
    let file = ALL
        .iter()
        .find(|asset| asset.name == name)
        .map_or("", |asset| asset.file);
    format!("{FOLDER}{file}")
}

impl Asset {
    /// The smallest form that a request with this `Accept-Encoding` understands, and the name of
    /// its encoding. Quality values are read only as far as `q=0`, which refuses.
    #[must_use]
    pub fn encoded(&self, accept: &str) -> (&'static [u8], Option<&'static str>) {
        let accepts = |name: &str| {
            accept.split(',').any(|part| {
                let mut words = part.split(';').map(str::trim);
                words.next() == Some(name) && !words.any(is_zero_quality)
            })
        };
        let forms = [(self.brotli, "br"), (self.gzip, "gzip")];
        let found = forms
            .into_iter()
            .find(|(bytes, name)| bytes.len() < self.plain.len() && accepts(name));
        found.map_or((self.plain, None), |(bytes, name)| (bytes, Some(name)))
    }
}

fn is_zero_quality(word: &str) -> bool {
    word.strip_prefix("q=0")
        .is_some_and(|rest| rest.trim_start_matches('.').chars().all(|c| c == '0'))
}

#[cfg(test)]
mod tests {
    use super::{ALL, find, href};

    #[test]
    fn every_asset_is_found_by_the_address_that_templates_print() {
        for asset in ALL {
            let address = href(asset.name);
            let file = address.strip_prefix("/assets/").unwrap();
            assert_eq!(find(file).unwrap().plain, asset.plain);
        }
        assert!(
            ["app.css", "app.js", "look.js", "icons.svg", "verify.js"]
                .iter()
                .all(|name| href(name) != "/assets/")
        );
    }

    #[test]
    fn a_browser_gets_the_smallest_form_it_asks_for_and_never_one_it_refuses() {
        let css = ALL.iter().find(|asset| asset.name == "app.css").unwrap();
        assert_eq!(css.encoded("gzip, deflate, br").1, Some("br"));
        assert_eq!(css.encoded("gzip, br;q=0").1, Some("gzip"));
        assert_eq!(css.encoded("br;q=0.0").1, None);
        assert_eq!(css.encoded("").0, css.plain);
    }

    #[test]
    fn the_first_load_stays_light() {
        let first = ["app.css", "app.js", "look.js", "icons.svg", "mark.svg"];
        let bytes: usize = ALL
            .iter()
            .filter(|a| first.contains(&a.name))
            .map(|a| a.plain.len())
            .sum();
        assert!(bytes < 100_000, "{bytes}");
    }
}
