//! The one long-lived index writer of a process. Dropping it would stop its merges, so it is kept.
use firstline_core::Result;
use tantivy::{Index, IndexWriter, Term};

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

/// Memory for documents not written yet (bytes): the least tantivy takes.
const BUDGET: usize = 15_000_000;

pub(crate) struct Writer {
    writer: IndexWriter,
    fields: Fields,
    stems: Stems,
}

impl Writer {
    /// A writer on an index that exists.
    pub fn on(index: &Index) -> Result<Writer> {
        let writer = index.writer_with_num_threads(1, BUDGET).map_err(|e| index_error("begin writing", e))?;
        let (_, fields) = schema::build();
        Ok(Writer { writer, fields, stems: Stems::default() })
    }

    /// A writer on a new, empty generation.
    pub fn create(folder: &Folder, generation: &str) -> Result<Writer> {
        let (schema, _) = schema::build();
        let directory =
            DiskDirectory::open(&folder.path_of(generation)).map_err(|e| index_error("create", e))?;
        let index =
            Index::create(directory, schema, Default::default()).map_err(|e| index_error("create", e))?;
        Writer::on(&index)
    }

    /// Puts articles in as they are now; withdrawn ones leave. Readers see it after `commit`.
    pub fn apply(&mut self, rows: &[ArticleRow]) -> Result<()> {
        for row in rows {
            self.writer.delete_term(Term::from_field_text(self.fields.id, &row.id));
            if !row.deleted {
                let doc = document(&self.fields, row, &mut self.stems);
                self.writer.add_document(doc).map_err(|e| index_error("add", e))?;
            }
        }
        Ok(())
    }

    /// Puts cases in as they are now; those of tickets opened again leave.
    pub fn apply_cases(&mut self, cases: &[CaseRow]) -> Result<()> {
        for case in cases {
            let id = find::index_id(&case.ticket_id);
            self.writer.delete_term(Term::from_field_text(self.fields.id, &id));
            if !case.deleted {
                let doc = find::document(&self.fields, case, &mut self.stems);
                self.writer.add_document(doc).map_err(|e| index_error("add", e))?;
            }
        }
        Ok(())
    }

    pub fn commit(&mut self, mark: Mark) -> Result<()> {
        let mut prepared = self.writer.prepare_commit().map_err(|e| index_error("commit", e))?;
        prepared.set_payload(&mark.to_payload());
        prepared.commit().map_err(|e| index_error("commit", e))?;
        Ok(())
    }
}
