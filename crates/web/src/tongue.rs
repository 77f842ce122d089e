//! Texts of records on a page in another language: a name, an item, an opinion stays in Chinese on
//! an English page and says so, for whoever has the page read aloud (WCAG 3.1.2).
//!
//! Deliberately absent: wording of the house, which is never marked: it is there in both languages.

use askama::filters::Safe;
use kernel::Lang;

use crate::page::Shell;

const MARK: &str = " lang=\"zh-CN\"";

impl Shell {
    /// The attribute for a tag around a text of a record: ` lang="zh-CN"`, or nothing.
    #[must_use]
    pub fn tongue(&self, text: &str) -> Safe<&'static str> {
        tongue(self.language(), text)
    }

    /// A text of a record, its Chinese parts marked on a page in English.
    #[must_use]
    pub fn told(&self, text: &str) -> Safe<String> {
        told(self.language(), text)
    }
}

pub(crate) fn tongue(page: Lang, text: &str) -> Safe<&'static str> {
    let foreign = page == Lang::En && text.chars().any(is_chinese);
    Safe(if foreign { MARK } else { "" })
}

pub(crate) fn told(page: Lang, text: &str) -> Safe<String> {
    let mut html = String::with_capacity(text.len() + 32);
    let english = page == Lang::En;
    let mut inside = false;
    for letter in text.chars() {
        let chinese = english && (is_chinese(letter) || (inside && goes_on(letter)));
        if chinese != inside {
            let tag = if chinese {
                "<span lang=\"zh-CN\">"
            } else {
                "</span>"
            };
            html.push_str(tag);
            inside = chinese;
        }
        escape(&mut html, letter);
    }
    if inside {
        html.push_str("</span>");
    }
    Safe(html)
}

/// Han characters and the marks that only Chinese uses.
fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
}

/// What stands between Chinese words without ending them.
fn goes_on(letter: char) -> bool {
    letter.is_ascii_digit() || "“”‘’…—".contains(letter)
}

fn escape(html: &mut String, letter: char) {
    match letter {
        '&' => html.push_str("&amp;"),
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '"' => html.push_str("&quot;"),
        '\'' => html.push_str("&#39;"),
        other => html.push(other),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::words::Words;

    fn shell(lang: Lang) -> Shell {
        Shell::bare(Arc::new(Words::new(&[]).unwrap()), lang)
    }

    #[test]
    fn chinese_in_an_english_page_is_marked_and_nothing_else_is() {
        let english = shell(Lang::En);
        assert_eq!(
            english.told("Held by 李四, room 3").0,
            "Held by <span lang=\"zh-CN\">李四</span>, room 3"
        );
        assert_eq!(
            english.told("一环路12号").0,
            "<span lang=\"zh-CN\">一环路12号</span>"
        );
        assert_eq!(english.told("plain").0, "plain");
        assert_eq!(english.tongue("plain").0, "");
        assert_eq!(english.tongue("广安市").0, " lang=\"zh-CN\"");
        assert_eq!(shell(Lang::Zh).told("广安市").0, "广安市");
        assert_eq!(shell(Lang::Zh).tongue("广安市").0, "");
    }

    #[test]
    fn a_text_cannot_break_out_of_its_mark() {
        let told = shell(Lang::En).told("李<script>\"'&四").0;
        assert_eq!(
            told,
            "<span lang=\"zh-CN\">李</span>&lt;script&gt;&quot;&#39;&amp;\
             <span lang=\"zh-CN\">四</span>"
        );
    }
}
