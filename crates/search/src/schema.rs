//! The fields of the index and how one published thing is written into them.
//!
//! Text arrives here already cut into words, so every field is split at spaces and nothing else.

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use crate::text::{grams, normalize, squash, words_for_index};
use crate::{Doc, sound};

/// Characters of a name that are read.
const TITLE_CHARS_MAX: usize = 300;
/// Characters of a guide that are read; the longest real guide has a tenth of this.
const BODY_CHARS_MAX: usize = 50_000;
/// Other names of one thing that are read.
const SYNONYMS_MAX: usize = 40;

/// Handles of the fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub id: Field,
    /// The whole name without spaces.
    pub name: Field,
    /// Every other name without spaces.
    pub alias: Field,
    pub title: Field,
    pub synonyms: Field,
    pub body: Field,
    pub english: Field,
    /// Characters and pairs of the name and the other names.
    pub grams: Field,
    /// Folded pinyin from every word on; `lead` only from the first.
    pub sound: Field,
    pub initials: Field,
    pub lead: Field,
    pub organ: Field,
    pub topic: Field,
    pub kind: Field,
    /// Characters of the name: between equals the shorter one wins.
    pub length: Field,
}

/// The schema and its handles.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexed = |option| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let words = indexed(IndexRecordOption::WithFreqs);
    let marks = indexed(IndexRecordOption::Basic).set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        name: builder.add_text_field("name", STRING),
        alias: builder.add_text_field("alias", STRING),
        title: builder.add_text_field("title", words.clone()),
        synonyms: builder.add_text_field("synonyms", words.clone()),
        body: builder.add_text_field("body", words.clone()),
        english: builder.add_text_field("english", words),
        grams: builder.add_text_field("grams", marks.clone()),
        sound: builder.add_text_field("sound", marks.clone()),
        initials: builder.add_text_field("initials", marks.clone()),
        lead: builder.add_text_field("lead", marks),
        organ: builder.add_text_field("organ", STRING),
        topic: builder.add_text_field("topic", STRING),
        kind: builder.add_text_field("kind", STRING),
        length: builder.add_u64_field("length", FAST),
    };
    (builder.build(), fields)
}

impl Fields {
    /// One published thing as the library wants it.
    pub(crate) fn document(&self, doc: &Doc) -> TantivyDocument {
        let title = normalize(&doc.title, TITLE_CHARS_MAX);
        let mut written = TantivyDocument::default();
        written.add_text(self.id, &doc.id);
        written.add_text(self.name, squash(&title));
        written.add_text(self.title, words_for_index(&title).join(" "));
        written.add_u64(self.length, title.chars().count() as u64);
        let english = normalize(&doc.title_en, TITLE_CHARS_MAX);
        written.add_text(self.english, &english);
        written.add_text(self.name, squash(&english));
        let body = normalize(&doc.body, BODY_CHARS_MAX);
        written.add_text(self.body, words_for_index(&body).join(" "));
        self.add_names(&mut written, &doc.title, &title, true);
        for synonym in doc.synonyms.iter().take(SYNONYMS_MAX) {
            let normal = normalize(synonym, TITLE_CHARS_MAX);
            written.add_text(self.alias, squash(&normal));
            written.add_text(self.synonyms, words_for_index(&normal).join(" "));
            self.add_names(&mut written, synonym, &normal, false);
        }
        written.add_text(self.organ, &doc.facets.organ);
        written.add_text(self.kind, &doc.facets.kind);
        for topic in &doc.facets.topics {
            written.add_text(self.topic, topic);
        }
        written
    }

    /// Grams and sounds of one name, with its asides in brackets and without.
    fn add_names(&self, written: &mut TantivyDocument, raw: &str, normal: &str, is_title: bool) {
        let bare = normalize(&without_asides(raw), TITLE_CHARS_MAX);
        let mut spoken = vec![normal];
        if bare != normal {
            spoken.push(&bare);
        }
        for name in spoken {
            written.add_text(self.grams, grams(name).join(" "));
            let sounds = sound::sounds(name);
            if is_title {
                let lead = sounds
                    .full
                    .first()
                    .into_iter()
                    .chain(sounds.initials.first());
                written.add_text(self.lead, lead.cloned().collect::<Vec<_>>().join(" "));
            }
            written.add_text(self.sound, sounds.full.join(" "));
            written.add_text(self.initials, sounds.initials.join(" "));
        }
    }
}

/// The name without what stands in brackets: people leave asides out.
fn without_asides(raw: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for letter in raw.chars() {
        match letter {
            '(' | '（' | '[' | '［' | '【' => depth += 1,
            ')' | '）' | ']' | '］' | '】' => depth = depth.saturating_sub(1),
            other if depth == 0 => kept.push(other),
            _ => {}
        }
    }
    kept
}
