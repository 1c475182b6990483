//! The one long-lived index writer of a process. Dropping it would stop its merges, so it is kept.
use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use firstline_core::Result;
use tantivy::{Index, IndexWriter, TantivyDocument, Term};

use super::disk::DiskDirectory;
use super::document::document;
use super::folder::Folder;
use super::index_error;
use super::mark::Mark;
use super::schema::{self, Fields};
use crate::analyze::stem::Stems;
use crate::cases::find;
use crate::cases::store::CaseRow;
use crate::store::ArticleRow;

/// Memory for documents not written yet (bytes): the least tantivy takes for following now and then; when much is
/// written at once, for each thread so much that there are few segments to merge.
const BUDGET: usize = 15_000_000;
const BUILDING_BUDGET: usize = 40_000_000;
const MOST_THREADS: usize = 4;
/// Fewer articles are not worth a thread.
const FEW: usize = 16;

/// What a writer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// A few changes now and then.
    Following,
    /// Thousands of articles, as fast as the machine can.
    Building,
}

pub(crate) struct Writer {
    writer: IndexWriter,
    fields: Fields,
    /// One for each thread that reads articles.
    stems: Vec<Stems>,
}

impl Writer {
    /// A writer on an index that exists.
    pub fn on(index: &Index, work: Work) -> Result<Writer> {
        let (threads, budget) = match work {
            Work::Following => (1, BUDGET),
            Work::Building => {
                let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
                (threads, threads * BUILDING_BUDGET)
            }
        };
        let writer =
            index.writer_with_num_threads(threads, budget).map_err(|e| index_error("begin writing", e))?;
        let (_, fields) = schema::build();
        Ok(Writer { writer, fields, stems: (0..threads).map(|_| Stems::default()).collect() })
    }

    /// A writer on a new, empty generation.
    pub fn create(folder: &Folder, generation: &str) -> Result<Writer> {
        let (schema, _) = schema::build();
        let directory =
            DiskDirectory::open(&folder.path_of(generation)).map_err(|e| index_error("create", e))?;
        let index =
            Index::create(directory, schema, Default::default()).map_err(|e| index_error("create", e))?;
        Writer::on(&index, Work::Building)
    }

    /// Puts articles in as they are now; withdrawn ones leave. Readers see it after `commit`.
    pub fn apply(&mut self, rows: &[ArticleRow]) -> Result<()> {
        self.put(rows, |_| true)
    }

    /// The same on an index that holds no article unless it was changed after `start`: what cannot be there need
    /// not be looked for in every segment.
    pub fn add(&mut self, rows: &[ArticleRow], start: i64) -> Result<()> {
        self.put(rows, |row| row.change_no > start)
    }

    fn put(&mut self, rows: &[ArticleRow], replaces: impl Fn(&ArticleRow) -> bool) -> Result<()> {
        let documents = self.documents(rows);
        for (row, document) in rows.iter().zip(documents) {
            if replaces(row) {
                self.writer.delete_term(Term::from_field_text(self.fields.id, &row.id));
            }
            if let Some(document) = document {
                self.writer.add_document(document).map_err(|e| index_error("add", e))?;
            }
        }
        Ok(())
    }

    /// The documents of articles, `None` for withdrawn ones. Reading their text is most of the work of indexing.
    fn documents(&mut self, rows: &[ArticleRow]) -> Vec<Option<TantivyDocument>> {
        let fields = &self.fields;
        let read = |rows: &[ArticleRow], stems: &mut Stems| -> Vec<Option<TantivyDocument>> {
            rows.iter().map(|row| (!row.deleted).then(|| document(fields, row, stems))).collect()
        };
        if rows.len() < FEW || self.stems.len() == 1 {
            return self.stems.first_mut().map_or_else(Vec::new, |stems| read(rows, stems));
        }
        let share = rows.len().div_ceil(self.stems.len());
        thread::scope(|scope| {
            let parts = rows.chunks(share).zip(&mut self.stems);
            let readers: Vec<_> = parts.map(|(rows, stems)| scope.spawn(|| read(rows, stems))).collect();
            readers
                .into_iter()
                .flat_map(|reader| reader.join().unwrap_or_else(|e| resume_unwind(e)))
                .collect()
        })
    }

    /// Puts cases in as they are now; those of tickets opened again leave.
    pub fn apply_cases(&mut self, cases: &[CaseRow]) -> Result<()> {
        for case in cases {
            let id = find::index_id(&case.ticket_id);
            self.writer.delete_term(Term::from_field_text(self.fields.id, &id));
            if !case.deleted {
                let Some(stems) = self.stems.first_mut() else { continue };
                let doc = find::document(&self.fields, case, stems);
                self.writer.add_document(doc).map_err(|e| index_error("add", e))?;
            }
        }
        Ok(())
    }

    /// Commits, and gives the writer back.
    pub fn commit_as(mut self, mark: Mark) -> Result<Writer> {
        self.commit(mark).map(|()| self)
    }

    pub fn commit(&mut self, mark: Mark) -> Result<()> {
        let mut prepared = self.writer.prepare_commit().map_err(|e| index_error("commit", e))?;
        prepared.set_payload(&mark.to_payload());
        prepared.commit().map_err(|e| index_error("commit", e))?;
        Ok(())
    }
}
