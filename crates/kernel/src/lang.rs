//! The two languages of every page: Chinese first.

vocabulary! {
    /// A language of the user interface.
    pub enum Lang {
        /// 简体中文.
        Zh = "zh",
        /// English.
        En = "en",
    }
}

impl Lang {
    /// The BCP 47 tag for HTML and PDF.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// Chooses one of two wordings.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
