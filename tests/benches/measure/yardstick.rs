//! What other engines do with the same articles and questions: tantivy by itself, SQLite's FTS5, PostgreSQL.
use std::path::Path;
use std::time::{Duration, Instant};

use firstline_kb::Draft;
use firstline_kb::analyze::segment;
use firstline_kb::analyze::tokens::{Piece, grams, pieces};
use sqlx::{Connection, Executor, PgConnection, Row, SqliteConnection};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};
use tantivy::{Index, TantivyDocument, Term, doc};

use crate::harness::postgres;

/// Lower-case words as jieba and spaces cut them.
pub fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    for piece in pieces(&lower) {
        match piece {
            Piece::Word(word) => found.push(word.to_string()),
            Piece::Han(run) => found.extend(segment::words(run).into_iter().map(str::to_string)),
        }
    }
    found
}

/// Single Chinese characters and pairs of them.
fn pairs(text: &str) -> Vec<String> {
    let runs = pieces(text).filter_map(|piece| if let Piece::Han(run) = piece { Some(run) } else { None });
    runs.flat_map(grams).map(str::to_string).collect()
}

/// `words` or `pairs` as a tokenizer, which tantivy runs on its own threads.
#[derive(Clone)]
struct Cutter(fn(&str) -> Vec<String>);

struct Cut {
    words: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for Cutter {
    type TokenStream<'a> = Cut;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Cut {
        Cut { words: (self.0)(text).into_iter(), token: Token::default() }
    }
}

impl TokenStream for Cut {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text = word;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// tantivy with stock parts: words (cut by jieba) and pairs of characters, title and body apart, the body stored.
pub struct Bare {
    index: Index,
    fields: [Field; 4],
}

impl Bare {
    /// Gives the time the index took; making the articles is not counted.
    pub fn build(folder: &Path, articles: impl Iterator<Item = Draft>, with_pairs: bool) -> (Bare, Duration) {
        let mut schema = Schema::builder();
        let text = |tokenizer: &str| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(IndexRecordOption::WithFreqs);
            TextOptions::default().set_indexing_options(indexing)
        };
        let id = schema.add_text_field("id", STRING | STORED);
        let stored = schema.add_text_field("stored", STORED);
        let fields = [
            schema.add_text_field("title", text("jieba")),
            schema.add_text_field("body", text("jieba")),
            schema.add_text_field("title_pairs", text("pairs")),
            schema.add_text_field("body_pairs", text("pairs")),
        ];
        let index = Index::create_in_dir(folder, schema.build()).expect("an index");
        index.tokenizers().register("jieba", TextAnalyzer::from(Cutter(words)));
        index.tokenizers().register("pairs", TextAnalyzer::from(Cutter(pairs)));
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut writer: tantivy::IndexWriter =
            index.writer_with_num_threads(threads, threads * 40_000_000).expect("a writer");
        let mut spent = Duration::ZERO;
        for article in articles {
            let started = Instant::now();
            let mut document = doc!(
                id => article.external_id.clone(),
                stored => format!("{}\n{}", article.title, article.body_md),
                fields[0] => article.title.clone(),
                fields[1] => article.body_md.clone(),
            );
            if with_pairs {
                document.add_text(fields[2], &article.title);
                document.add_text(fields[3], &article.body_md);
            }
            writer.add_document(document).expect("added");
            spent += started.elapsed();
        }
        let started = Instant::now();
        writer.commit().expect("a commit");
        writer.wait_merging_threads().expect("merged");
        spent += started.elapsed();
        (Bare { index, fields }, spent)
    }

    /// Every word and pair of the question in title and body, the best ten with their documents.
    pub fn ask(&self, questions: &[String]) -> Vec<Duration> {
        let searcher = self.index.reader().expect("a reader").searcher();
        let once = |question: &String| {
            let started = Instant::now();
            let query = self.query(question);
            let top = searcher.search(&query, &TopDocs::with_limit(10).order_by_score()).expect("a search");
            let found: Vec<TantivyDocument> =
                top.iter().map(|(_, at)| searcher.doc(*at).expect("a document")).collect();
            std::hint::black_box(found);
            started.elapsed()
        };
        for question in questions {
            once(question);
        }
        questions.iter().map(once).collect()
    }

    fn query(&self, question: &str) -> BooleanQuery {
        let mut any: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let mut add = |field, text: &str| {
            let term = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
            any.push((Occur::Should, Box::new(term)));
        };
        let [title, body, title_pairs, body_pairs] = self.fields;
        for word in words(question) {
            add(title, &word);
            add(body, &word);
        }
        for pair in pairs(question) {
            add(title_pairs, &pair);
            add(body_pairs, &pair);
        }
        BooleanQuery::new(any)
    }
}

/// Articles a transaction.
const BATCH: usize = 1000;

/// FTS5 over words cut by jieba: time to build, and of each question.
pub async fn fts5(
    folder: &Path,
    articles: impl Iterator<Item = Draft>,
    questions: &[String],
) -> (Duration, Vec<Duration>) {
    let url = format!("sqlite:{}?mode=rwc", folder.join("fts5.db").display());
    let mut db = SqliteConnection::connect(&url).await.expect("SQLite");
    db.execute("pragma journal_mode = wal; pragma synchronous = normal").await.expect("settings");
    db.execute("create virtual table article using fts5(id unindexed, title, body)").await.expect("FTS5");
    let mut spent = Duration::ZERO;
    let mut articles = articles.peekable();
    while articles.peek().is_some() {
        let batch: Vec<Draft> = articles.by_ref().take(BATCH).collect();
        let started = Instant::now();
        let mut tx = db.begin().await.expect("a transaction");
        for a in batch {
            sqlx::query("insert into article values ($1, $2, $3)")
                .bind(&a.external_id)
                .bind(words(&a.title).join(" "))
                .bind(words(&a.body_md).join(" "))
                .execute(&mut *tx)
                .await
                .expect("a row");
        }
        tx.commit().await.expect("a commit");
        spent += started.elapsed();
    }
    let mut times = Vec::new();
    for question in questions {
        let any: Vec<String> = words(question).iter().map(|w| format!("\"{w}\"")).collect();
        let started = Instant::now();
        let rows = sqlx::query(
            "select id from article where article match $1 order by bm25(article, 2.0, 1.0) limit 10",
        )
        .bind(any.join(" OR "))
        .fetch_all(&mut db)
        .await
        .expect("an answer");
        std::hint::black_box(rows);
        times.push(started.elapsed());
    }
    (spent, times)
}

/// PostgreSQL's `tsvector` over the same words. `None` where no PostgreSQL can be started.
pub async fn postgres(
    articles: impl Iterator<Item = Draft>,
    questions: &[String],
) -> Option<(Duration, Vec<Duration>)> {
    let url = postgres::pg_url("bench_fulltext").await?;
    let mut db = PgConnection::connect(&url).await.expect("PostgreSQL");
    db.execute("create table article (id text, words tsvector)").await.expect("a table");
    db.execute("create index on article using gin (words)").await.expect("an index");
    let mut spent = Duration::ZERO;
    let mut articles = articles.peekable();
    while articles.peek().is_some() {
        let batch: Vec<Draft> = articles.by_ref().take(BATCH).collect();
        let started = Instant::now();
        let mut tx = db.begin().await.expect("a transaction");
        for a in batch {
            // PostgreSQL takes no more than a megabyte of positions.
            let body: Vec<String> =
                words(&a.body_md).into_iter().filter(|w| w.len() < 100).take(20_000).collect();
            sqlx::query(
                "insert into article values ($1, setweight(to_tsvector('simple', $2), 'A') || to_tsvector('simple', $3))",
            )
            .bind(&a.external_id)
            .bind(words(&a.title).join(" "))
            .bind(body.join(" "))
            .execute(&mut *tx)
            .await
            .expect("a row");
        }
        tx.commit().await.expect("a commit");
        spent += started.elapsed();
    }
    let mut times = Vec::new();
    for question in questions {
        let any: Vec<String> =
            words(question).iter().map(|w| format!("'{}'", w.replace(['\'', '\\'], " "))).collect();
        let started = Instant::now();
        let rows = sqlx::query(
            "select id, ts_rank(words, q) from article, to_tsquery('simple', $1) q where words @@ q \
             order by 2 desc limit 10",
        )
        .bind(any.join(" | "))
        .fetch_all(&mut db)
        .await
        .expect("an answer");
        std::hint::black_box(rows.iter().map(|row| row.len()).sum::<usize>());
        times.push(started.elapsed());
    }
    Some((spent, times))
}
