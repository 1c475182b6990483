//! The one error that crosses rooms. Say `Invalid` when the caller can mend it, `NotFound` when it
//! may not or cannot see the thing, `Conflict` when somebody else was first, `Unavailable` when
//! trying again later helps, `Inconsistent` when stored data contradict themselves.
use thiserror::Error;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, Error)]
pub enum Error {
    /// `what` is a noun of the domain (`ticket`, `article`), `key` what was looked for.
    #[error("no {what} {key:?}")]
    NotFound { what: &'static str, key: String },
    /// `field` is the name the caller used; `reason` says what is accepted.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    #[error("conflict: {0}")]
    Conflict(String),
    #[error("not allowed: {0}")]
    Forbidden(String),
    /// The store or disk cannot take it now: nothing was acknowledged, trying again is right.
    #[error("not available now: {0}")]
    Unavailable(String),
    #[error("stored data are inconsistent: table {table}, row {row}: {reason}")]
    Inconsistent { table: &'static str, row: String, reason: String },
    #[error("configuration: {0}")]
    Config(String),
    #[error(transparent)]
    Database(sqlx::Error),
    #[error("files: {0}")]
    Files(#[from] object_store::Error),
}

impl Error {
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::Invalid { field: field.into(), reason: reason.into() }
    }

    pub fn not_found(what: &'static str, key: impl Into<String>) -> Error {
        Error::NotFound { what, key: key.into() }
    }

    /// True when the same call may succeed later without any change: full disk, locked or lost database.
    pub fn is_transient(&self) -> bool {
        matches!(self, Error::Unavailable(_))
    }
}

impl From<sqlx::Error> for Error {
    /// Faults of the moment become `Unavailable`: a lost connection, a locked SQLite file, a full disk
    /// (SQLITE_FULL 13, SQLITE_IOERR 10 and its extended codes, PostgreSQL classes 08, 53 and 57P0x, 40001, 40P01).
    fn from(e: sqlx::Error) -> Error {
        // SQLSTATE 22021 and 22P05: PostgreSQL takes no U+0000 in text and JSON.
        if e.as_database_error().and_then(|d| d.code()).is_some_and(|code| code == "22021" || code == "22P05")
        {
            return Error::invalid("text", "must not contain U+0000");
        }
        let transient = match &e {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Database(d) => d.code().is_some_and(|code| is_transient_code(&code)),
            _ => false,
        };
        if transient { Error::Unavailable(e.to_string()) } else { Error::Database(e) }
    }
}

fn is_transient_code(code: &str) -> bool {
    // A PostgreSQL SQLSTATE always has five characters, a SQLite result code at most four digits.
    if code.len() == 5 {
        return ["08", "53", "57P", "40001", "40P01"].iter().any(|class| code.starts_with(class));
    }
    // The primary result code is the low byte: 5 busy, 6 locked, 10 I/O, 13 full, 14 cannot open.
    matches!(code.parse::<u32>().map(|c| c & 0xff), Ok(5 | 6 | 10 | 13 | 14))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_faults_of_the_moment_from_mistakes() {
        for code in ["5", "13", "778", "517", "08006", "53100", "57P01", "40001"] {
            assert!(is_transient_code(code), "{code}");
        }
        for code in ["1", "2067", "1555", "23505", "42601"] {
            assert!(!is_transient_code(code), "{code}");
        }
    }
}
