//! The index itself: one writer, any number of searches, in memory or in a folder.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Query};
use tantivy::schema::Value;
use tantivy::{
    DocId, IndexReader, IndexWriter, ReloadPolicy, Score, SegmentReader, TantivyDocument,
    TantivyError, Term, directory::MmapDirectory,
};

use crate::schema::{Fields, schema};
use crate::{Doc, Fault, Filter, Hit, Hits, query};

/// Memory of the writer before it writes a part out.
const WRITER_BYTES: usize = 32_000_000;
/// Hits of one page.
const LIMIT_MAX: usize = 200;
/// How deep a person may turn pages; beyond that a better question is the answer.
const OFFSET_MAX: usize = 10_000;
/// Taken off the score for each character of the name: only ever decides between equals.
const LENGTH_COST: f32 = 0.000_5;
/// Changes with the fields: a folder of another form is left alone and rebuilt beside it.
const FORM: &str = "text-2";

/// 检索: an index over published things. Cheap to share by reference, safe from any thread.
pub struct Index {
    fields: Fields,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Index")
            .field("docs", &self.len())
            .finish_non_exhaustive()
    }
}

impl Index {
    /// An empty index that lives as long as the process.
    pub fn in_memory() -> Result<Index, Fault> {
        let (schema, fields) = schema();
        Index::with(tantivy::Index::create_in_ram(schema), fields)
    }

    /// The index in this folder; made anew, empty, where there is none or it cannot be read.
    pub fn open(folder: &Path) -> Result<Index, Fault> {
        let place = folder.join(FORM);
        match Index::open_place(&place) {
            Err(Fault::Storage(_)) => {
                if place.exists() {
                    std::fs::remove_dir_all(&place).map_err(storage)?;
                }
                Index::open_place(&place)
            }
            opened_or_busy => opened_or_busy,
        }
    }

    fn open_place(place: &Path) -> Result<Index, Fault> {
        std::fs::create_dir_all(place).map_err(storage)?;
        let (schema, fields) = schema();
        let folder = MmapDirectory::open(place).map_err(storage)?;
        Index::with(
            tantivy::Index::open_or_create(folder, schema).map_err(fault)?,
            fields,
        )
    }

    fn with(index: tantivy::Index, fields: Fields) -> Result<Index, Fault> {
        let writer = index
            .writer_with_num_threads(1, WRITER_BYTES)
            .map_err(fault)?;
        let policy = ReloadPolicy::Manual;
        let reader = index
            .reader_builder()
            .reload_policy(policy)
            .try_into()
            .map_err(fault)?;
        Ok(Index {
            fields,
            reader,
            writer: Mutex::new(writer),
        })
    }

    /// How many things can be found.
    pub fn len(&self) -> usize {
        usize::try_from(self.reader.searcher().num_docs()).unwrap_or(usize::MAX)
    }

    /// Whether nothing can be found: a fresh folder that wants rebuilding.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets everything and takes these instead. Searches see the old or the new, never a mix.
    pub fn replace_all(&self, docs: impl IntoIterator<Item = Doc>) -> Result<(), Fault> {
        self.change(|writer| {
            writer.delete_all_documents()?;
            self.add(writer, docs)
        })
    }

    /// Takes new things and new versions of known ones.
    pub fn upsert(&self, docs: impl IntoIterator<Item = Doc>) -> Result<(), Fault> {
        self.change(|writer| self.add(writer, docs))
    }

    /// Forgets things; an unknown key is no error.
    pub fn remove<'id>(&self, ids: impl IntoIterator<Item = &'id str>) -> Result<(), Fault> {
        self.change(|writer| {
            for id in ids {
                writer.delete_term(Term::from_field_text(self.fields.id, id));
            }
            Ok(())
        })
    }

    /// Searches for what a person typed. Every text is a question; none is an error.
    pub fn search(
        &self,
        typed: &str,
        filter: &Filter,
        limit: usize,
        offset: usize,
    ) -> Result<Hits, Fault> {
        let Some(question) = query::read(&self.fields, typed, filter) else {
            return Ok(Hits {
                all_words: true,
                ..Hits::default()
            });
        };
        let page = (limit.min(LIMIT_MAX), offset);
        let strict = self.ask(&question.all_words, page, true)?;
        if strict.total > 0 {
            return Ok(strict);
        }
        self.ask(&question.any_word, page, false)
    }

    fn ask(
        &self,
        question: &BooleanQuery,
        (limit, offset): (usize, usize),
        all_words: bool,
    ) -> Result<Hits, Fault> {
        let searcher = self.reader.searcher();
        if limit == 0 || OFFSET_MAX < offset {
            let total = question.count(&searcher).map_err(fault)?;
            return Ok(Hits {
                total,
                all_words,
                items: Vec::new(),
            });
        }
        let best = TopDocs::with_limit(limit)
            .and_offset(offset)
            .tweak_score(shorter_first);
        let (found, total) = searcher.search(question, &(best, Count)).map_err(fault)?;
        let mut items = Vec::with_capacity(found.len());
        for (score, address) in found {
            let doc: TantivyDocument = searcher.doc(address).map_err(fault)?;
            let id = doc
                .get_first(self.fields.id)
                .and_then(|value| value.as_str());
            items.push(Hit {
                id: id.unwrap_or_default().to_owned(),
                score,
            });
        }
        Ok(Hits {
            total,
            all_words,
            items,
        })
    }

    /// Runs a change and makes it visible; a change that fails leaves the index as it was.
    fn change(
        &self,
        change: impl FnOnce(&IndexWriter) -> Result<(), TantivyError>,
    ) -> Result<(), Fault> {
        let mut writer = self.writer();
        if let Err(error) = change(&writer).and_then(|()| writer.commit().map(drop)) {
            writer.rollback().map_err(fault)?;
            return Err(fault(error));
        }
        self.reader.reload().map_err(fault)
    }

    fn add(
        &self,
        writer: &IndexWriter,
        docs: impl IntoIterator<Item = Doc>,
    ) -> Result<(), TantivyError> {
        for doc in docs {
            writer.delete_term(Term::from_field_text(self.fields.id, &doc.id));
            writer.add_document(self.fields.document(&doc))?;
        }
        Ok(())
    }

    /// A thread that died while writing leaves nothing half-done: its change was never committed.
    fn writer(&self) -> MutexGuard<'_, IndexWriter> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Scores one part of the index with the cost of a long name taken off.
fn shorter_first(part: &SegmentReader) -> impl Fn(DocId, Score) -> Score + use<> {
    let lengths = part.fast_fields().u64("length").ok();
    move |doc, score| {
        let length = lengths
            .as_ref()
            .and_then(|lengths| lengths.first(doc))
            .unwrap_or(0);
        score - length as f32 * LENGTH_COST
    }
}

fn fault(error: TantivyError) -> Fault {
    match error {
        TantivyError::LockFailure(..) => Fault::Busy,
        other => storage(other),
    }
}

fn storage(error: impl std::fmt::Display) -> Fault {
    Fault::Storage(error.to_string())
}
