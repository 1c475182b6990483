//! What is read of a candidate besides its score.
use firstline_core::{Error, Result};
use tantivy::columnar::{Column as Numbers, StrColumn};
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, Searcher, SegmentReader, TantivyDocument};

use crate::index::document::{Card, Facts};
use crate::index::index_error;
use crate::index::schema::{FACTS, Fields};

/// The column of facts of one segment, for suggestions.
pub(crate) struct Column(Option<StrColumn>);

impl Column {
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Column> {
        Ok(Column(segment.fast_fields().str(FACTS)?))
    }

    pub fn facts(&self, doc: u32) -> std::io::Result<Facts> {
        Ok(Facts::parse(&text_of(self.0.as_ref(), doc)?))
    }
}

fn text_of(column: Option<&StrColumn>, doc: u32) -> std::io::Result<String> {
    let mut text = String::new();
    if let Some(column) = column
        && let Some(ord) = column.term_ords(doc).next()
    {
        column.ord_to_str(ord, &mut text)?;
    }
    Ok(text)
}

/// The numbers of one segment's articles. `Live` keeps them as long as the segment is searched.
pub(crate) struct Briefs {
    own: Numbers<u64>,
    translates: Numbers<u64>,
    lang: Numbers<u64>,
    kind: Numbers<u64>,
    product: Numbers<u64>,
    codes: Numbers<u64>,
    asks: Numbers<u64>,
    versions: Option<StrColumn>,
}

/// What ranking knows of an article besides its words: names as hashes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Brief {
    pub own: u64,
    pub translates: Option<u64>,
    pub lang: u64,
    pub kind: u64,
    /// `None` when it is about no product in particular.
    pub product: Option<u64>,
    /// The versions it applies to; empty when those are all, or were not asked for.
    pub versions: String,
}

impl Briefs {
    pub fn open(segment: &SegmentReader, fields: &Fields) -> tantivy::Result<Briefs> {
        let numbers = |field: Field| -> tantivy::Result<Numbers<u64>> {
            let name = segment.schema().get_field_name(field);
            let column = segment.fast_fields().column_opt::<u64>(name)?;
            Ok(column.unwrap_or_else(|| Numbers::build_empty_column(segment.max_doc())))
        };
        Ok(Briefs {
            own: numbers(fields.own)?,
            translates: numbers(fields.translates)?,
            lang: numbers(fields.lang_no)?,
            kind: numbers(fields.kind_no)?,
            product: numbers(fields.product_no)?,
            codes: numbers(fields.code_nos)?,
            asks: numbers(fields.ask_tokens)?,
            versions: segment.fast_fields().str(segment.schema().get_field_name(fields.versions))?,
        })
    }

    /// `versions`: whether the question names one, so that they matter.
    pub fn of(&self, doc: u32, versions: bool) -> std::io::Result<Brief> {
        Ok(Brief {
            own: self.own.first(doc).unwrap_or_default(),
            translates: self.translates.first(doc),
            lang: self.lang.first(doc).unwrap_or_default(),
            kind: self.kind.first(doc).unwrap_or_default(),
            product: self.product.first(doc),
            versions: if versions { text_of(self.versions.as_ref(), doc)? } else { String::new() },
        })
    }

    /// Keys of the codes the article is about, as `index::brief` hashes them.
    pub fn codes(&self, doc: u32) -> impl Iterator<Item = u64> + '_ {
        self.codes.values_for_doc(doc)
    }

    /// The tokens of title and symptoms, asks apart by `NEXT_ASK`.
    pub fn asks(&self, doc: u32) -> impl Iterator<Item = u64> + '_ {
        self.asks.values_for_doc(doc)
    }
}

/// The stored card of a hit.
pub(crate) fn card(searcher: &Searcher, fields: &Fields, address: DocAddress) -> Result<Card> {
    Ok(card_and_text(searcher, fields, address)?.0)
}

/// The same with the beginning of the article's text.
pub(crate) fn card_and_text(
    searcher: &Searcher,
    fields: &Fields,
    address: DocAddress,
) -> Result<(Card, String)> {
    let doc: TantivyDocument = searcher.doc(address).map_err(|e| index_error("read", e))?;
    let text = |field| doc.get_first(field).and_then(|v| v.as_str()).unwrap_or_default();
    let card = serde_json::from_str(text(fields.card))
        .map_err(|e| Error::Unavailable(format!("index: a stored card cannot be read: {e}")))?;
    Ok((card, text(fields.text).to_string()))
}
