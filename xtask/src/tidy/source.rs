//! Reads Rust just well enough: what is code, what is a text, what is a comment, what is a test.

use super::File;

/// A Rust file in layers, all with the lines of the original.
pub(crate) struct Source<'file> {
    /// The file it was read from.
    pub file: &'file File,
    /// Code lines, with comments and the insides of texts blanked out.
    pub code: Vec<String>,
    /// Texts with the number of the line they begin on.
    pub texts: Vec<(usize, String)>,
    /// Whether a line belongs to tests.
    test: Vec<bool>,
}

impl<'file> Source<'file> {
    /// Splits a file into its layers.
    pub(crate) fn read(file: &'file File) -> Source<'file> {
        let (code, texts) = Lexer::new(&file.text).run();
        let code: Vec<String> = code.split('\n').map(str::to_owned).collect();
        let mut test = vec![is_test_file(&file.path); code.len()];
        for start in 0..code.len() {
            if code[start].contains("#[cfg(test)]")
                && let Some((_, last)) = block(&code, start)
            {
                test[start..=last].fill(true);
            }
        }
        Source {
            file,
            code,
            texts,
            test,
        }
    }

    /// Paths of the files that this one declares as modules for tests only.
    pub(crate) fn test_modules(&self) -> Vec<String> {
        let path = self.file.path.as_str();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let place = match name {
            "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
            other => format!("{folder}/{}", other.trim_end_matches(".rs")),
        };
        let mut modules = Vec::new();
        for pair in self
            .code
            .windows(2)
            .filter(|pair| pair[0].contains("#[cfg(test)]"))
        {
            let declared = pair[1]
                .trim()
                .trim_start_matches("pub(crate) ")
                .strip_prefix("mod ");
            if let Some(name) = declared.and_then(|rest| rest.strip_suffix(';')) {
                modules.push(format!("{place}/{name}.rs"));
            }
        }
        modules
    }

    /// Takes the whole file as tests.
    pub(crate) fn all_tests(&mut self) {
        self.test.fill(true);
    }

    /// Whether a line, counted from one, belongs to tests.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.test.get(line - 1).copied().unwrap_or(false)
    }

    /// Code lines with their numbers, counted from one.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code
            .iter()
            .enumerate()
            .map(|(at, line)| (at + 1, line.as_str()))
    }
}

fn is_test_file(path: &str) -> bool {
    path.contains("/tests/")
        || path.contains("/benches/")
        || path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
}

/// The block that opens at or after this line, as first and last line counted from zero; none
/// when a semicolon comes first.
pub(crate) fn block(code: &[String], start: usize) -> Option<(usize, usize)> {
    let (mut depth, mut round, mut first) = (0_usize, 0_usize, None);
    for (at, line) in code.iter().enumerate().skip(start) {
        for letter in line.chars() {
            match letter {
                '(' | '[' => round += 1,
                ')' | ']' => round = round.saturating_sub(1),
                ';' if first.is_none() && round == 0 => return None,
                '{' => {
                    first.get_or_insert(at);
                    depth += 1;
                }
                '}' => {
                    depth = depth.saturating_sub(1);
                    if let (0, Some(first)) = (depth, first) {
                        return Some((first, at));
                    }
                }
                _ => {}
            }
        }
    }
    None
}

/// Where a whole word stands in a line of code.
pub(crate) fn has_word(line: &str, word: &str) -> bool {
    let part_of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(part_of_name) && !after.is_some_and(part_of_name)
    })
}

struct Lexer<'text> {
    letters: std::iter::Peekable<std::str::Chars<'text>>,
    line: usize,
    code: String,
    texts: Vec<(usize, String)>,
}

impl<'text> Lexer<'text> {
    fn new(text: &'text str) -> Lexer<'text> {
        Lexer {
            letters: text.chars().peekable(),
            line: 1,
            code: String::new(),
            texts: Vec::new(),
        }
    }

    fn run(mut self) -> (String, Vec<(usize, String)>) {
        while let Some(letter) = self.letters.next() {
            match (letter, self.letters.peek().copied()) {
                ('/', Some('/')) => self.line_comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.text(),
                ('r', Some('"' | '#')) if !self.within_name() => self.raw_text(),
                ('\'', _) => self.letter_or_lifetime(),
                _ => self.keep(letter),
            }
        }
        (self.code, self.texts)
    }

    fn keep(&mut self, letter: char) {
        self.line += usize::from(letter == '\n');
        self.code.push(letter);
    }

    /// Keeps only the line break of what is not code.
    fn blank(&mut self, letter: char) {
        self.keep(if letter == '\n' { '\n' } else { ' ' });
    }

    fn within_name(&self) -> bool {
        let mut before = self.code.chars().rev();
        match before.next() {
            Some('b' | 'c') => before
                .next()
                .is_some_and(|l| l.is_alphanumeric() || l == '_'),
            Some(letter) => letter.is_alphanumeric() || letter == '_',
            None => false,
        }
    }

    fn line_comment(&mut self) {
        self.blank(' ');
        while let Some(letter) = self.letters.next_if(|letter| *letter != '\n') {
            self.blank(letter);
        }
    }

    fn block_comment(&mut self) {
        let (mut depth, mut before) = (1, ' ');
        self.letters.next();
        for _ in 0..2 {
            self.blank(' ');
        }
        while depth > 0
            && let Some(letter) = self.letters.next()
        {
            match (before, letter) {
                ('/', '*') => (depth, before) = (depth + 1, ' '),
                ('*', '/') => (depth, before) = (depth - 1, ' '),
                _ => before = letter,
            }
            self.blank(letter);
        }
    }

    fn text(&mut self) {
        let (line, mut text) = (self.line, String::new());
        self.keep('"');
        while let Some(letter) = self.letters.next() {
            match letter {
                '"' => {
                    self.keep('"');
                    break;
                }
                '\\' => {
                    self.blank(' ');
                    if let Some(escaped) = self.letters.next() {
                        text.push(escaped);
                        self.blank(escaped);
                    }
                }
                other => {
                    text.push(other);
                    self.blank(other);
                }
            }
        }
        self.texts.push((line, text));
    }

    fn raw_text(&mut self) {
        self.keep('r');
        let mut marks = 0;
        while self.letters.next_if_eq(&'#').is_some() {
            self.keep('#');
            marks += 1;
        }
        // `r#type` is a name, not a text.
        if self.letters.next_if_eq(&'"').is_none() {
            return;
        }
        let (line, mut text) = (self.line, String::new());
        let end = format!("\"{}", "#".repeat(marks));
        self.keep('"');
        while !text.ends_with(&end)
            && let Some(letter) = self.letters.next()
        {
            text.push(letter);
            self.blank(letter);
        }
        self.code.push('"');
        text.truncate(text.len().saturating_sub(end.len()));
        self.texts.push((line, text));
    }

    fn letter_or_lifetime(&mut self) {
        self.keep('\'');
        let Some(first) = self.letters.peek().copied() else {
            return;
        };
        let mut ahead = self.letters.clone();
        ahead.next();
        if first == '\\' {
            ahead.next();
            self.blank(' ');
            self.blank(' ');
            self.letters.next();
            self.letters.next();
            while let Some(letter) = self.letters.next_if(|letter| *letter != '\'') {
                self.blank(letter);
            }
        } else if ahead.next() == Some('\'') {
            self.letters.next();
            self.blank(first);
        } else {
            return;
        }
        if self.letters.next_if_eq(&'\'').is_some() {
            self.keep('\'');
        }
    }
}
