//! One generation of the index, open for reading.
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use firstline_core::Result;
use tantivy::index::SegmentId;
use tantivy::{Index, IndexReader, ReloadPolicy, Searcher};

use super::disk::DiskDirectory;
use super::folder::Folder;
use super::index_error;
use super::mark::Mark;
use super::schema::{self, Fields};
use crate::search::columns::Briefs;

pub(crate) struct Live {
    pub generation: String,
    pub index: Index,
    pub fields: Fields,
    reader: IndexReader,
    path: PathBuf,
    /// The columns of the segments searched last: opening one reads all of it.
    briefs: Mutex<HashMap<SegmentId, Arc<Briefs>>>,
}

/// Size and time of a file that never changes once it is written.
pub(crate) type Seen = HashMap<PathBuf, (u64, Option<SystemTime>)>;

impl Live {
    /// Opens what `CURRENT` names. `None` when there is nothing to open; an error when it is damaged.
    pub fn open_current(folder: &Folder) -> Result<Option<Live>> {
        match folder.current() {
            Some(generation) => Live::open(folder, generation).map(Some),
            None => Ok(None),
        }
    }

    pub fn open(folder: &Folder, generation: String) -> Result<Live> {
        let path = folder.path_of(&generation);
        let directory = DiskDirectory::open(&path).map_err(|e| index_error("open", e))?;
        let index = Index::open(directory).map_err(|e| index_error("open", e))?;
        let (expected, fields) = schema::build();
        if index.schema() != expected {
            return Err(index_error("open", "it has the fields of another version"));
        }
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(32)
            .try_into()
            .map_err(|e| index_error("open", e))?;
        Ok(Live { generation, index, fields, reader, path, briefs: Mutex::default() })
    }

    /// An index in memory, for a trial; nothing follows it.
    pub fn in_memory(index: Index) -> Result<Live> {
        let (_, fields) = schema::build();
        let reader = index.reader().map_err(|e| index_error("open", e))?;
        Ok(Live {
            generation: String::new(),
            index,
            fields,
            reader,
            path: PathBuf::new(),
            briefs: Mutex::default(),
        })
    }

    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// The columns of every segment of `searcher`, by its place.
    pub fn briefs(&self, searcher: &Searcher) -> tantivy::Result<Vec<Arc<Briefs>>> {
        let mut kept = self.briefs.lock().unwrap_or_else(PoisonError::into_inner);
        let segments = searcher.segment_readers();
        // Segments that were merged away would stay for ever.
        if kept.len() > segments.len() {
            kept.retain(|id, _| segments.iter().any(|s| s.segment_id() == *id));
        }
        let mut opened = Vec::with_capacity(segments.len());
        for segment in segments {
            let id = segment.segment_id();
            let briefs = match kept.get(&id) {
                Some(briefs) => briefs.clone(),
                None => Arc::new(Briefs::open(segment, &self.fields)?),
            };
            kept.insert(id, briefs.clone());
            opened.push(briefs);
        }
        Ok(opened)
    }

    /// Shows readers the newest commit.
    pub fn reload(&self) -> Result<()> {
        self.reader.reload().map_err(|e| index_error("reload", e))
    }

    /// How far the newest commit on disk got.
    pub fn mark(&self) -> Result<Mark> {
        let metas = self.index.load_metas().map_err(|e| index_error("read meta.json", e))?;
        let payload = metas.payload.ok_or_else(|| index_error("read meta.json", "it has no mark"))?;
        serde_json::from_str(&payload).map_err(|e| index_error("read meta.json", e))
    }

    /// An error when a file of the newest commit is missing, or is not the one it was when `seen` was filled.
    pub fn check_files(&self, seen: &mut Seen) -> Result<()> {
        let metas = self.index.load_metas().map_err(|e| index_error("read meta.json", e))?;
        let mut present = Seen::new();
        for file in metas.list_segment_files() {
            // Files of deletes exist only once there are deletes.
            let Ok(found) = std::fs::metadata(self.path.join(&file)) else {
                if seen.contains_key(&file) {
                    return Err(index_error("check", format!("{} is gone", file.display())));
                }
                continue;
            };
            let now = (found.len(), found.modified().ok());
            if seen.get(&file).is_some_and(|before| *before != now) {
                return Err(index_error("check", format!("{} was changed by somebody", file.display())));
            }
            present.insert(file, now);
        }
        *seen = present;
        Ok(())
    }

    /// Reads every file once; an error names the first damaged one. Takes a moment.
    pub fn check_sums(&self) -> Result<()> {
        let damaged = self.index.validate_checksum().map_err(|e| index_error("check", e))?;
        match damaged.iter().next() {
            Some(file) => Err(index_error("check", format!("{} is damaged", file.display()))),
            None => Ok(()),
        }
    }
}
