//! What is read of a candidate besides its score.
use firstline_core::{Error, Result};
use tantivy::columnar::StrColumn;
use tantivy::schema::Value;
use tantivy::{DocAddress, Searcher, SegmentReader, TantivyDocument};

use crate::index::document::{Card, Facts};
use crate::index::index_error;
use crate::index::schema::{FACTS, Fields};

/// The column of one segment, opened once a search.
pub(crate) struct Column(Option<StrColumn>);

impl Column {
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Column> {
        Ok(Column(segment.fast_fields().str(FACTS)?))
    }

    pub fn facts(&self, doc: u32) -> std::io::Result<Facts> {
        let mut text = String::new();
        if let Some(column) = &self.0
            && let Some(ord) = column.term_ords(doc).next()
        {
            column.ord_to_str(ord, &mut text)?;
        }
        Ok(Facts::parse(&text))
    }
}

/// The stored card of a hit.
pub(crate) fn card(searcher: &Searcher, fields: &Fields, address: DocAddress) -> Result<Card> {
    let doc: TantivyDocument = searcher.doc(address).map_err(|e| index_error("read", e))?;
    let json = doc.get_first(fields.card).and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default();
    serde_json::from_str(&json)
        .map_err(|e| Error::Unavailable(format!("index: a stored card cannot be read: {e}")))
}
