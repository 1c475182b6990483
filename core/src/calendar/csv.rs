//! Holidays from a CSV file: `date,name,is_off_day`, where `false` is a make-up working day.
use jiff::civil::Date;

use super::holidays::{HolidayDay, Holidays};
use crate::{Error, Result};

/// A century of holidays has fewer bytes.
pub const MAX_BYTES: usize = 1_000_000;

/// Reads the file; errors name the line.
pub fn read(bytes: &[u8]) -> Result<Holidays> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::invalid(
            "file",
            format!("has {} bytes, at most {MAX_BYTES} are taken", bytes.len()),
        ));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(true).trim(csv::Trim::All).from_reader(bytes);
    let headers = reader.headers().map_err(|e| Error::invalid("file", e.to_string()))?.clone();
    let column = |name: &str| {
        headers.iter().position(|h| h.eq_ignore_ascii_case(name)).ok_or_else(|| {
            Error::invalid("line 1", format!("has no column {name:?}; expected date,name,is_off_day"))
        })
    };
    let (date, name, off) = (column("date")?, column("name")?, column("is_off_day")?);
    let mut days: Vec<(Date, HolidayDay)> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| Error::invalid("file", e.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let wrong =
            |what: &str, text: &str| Error::invalid(format!("line {line}"), format!("{text:?} is no {what}"));
        let field = |nth: usize| record.get(nth).unwrap_or_default();
        let day = field(date).parse::<Date>().map_err(|_| wrong("date such as 2026-10-01", field(date)))?;
        let off = match field(off).to_ascii_lowercase().as_str() {
            "true" | "1" => true,
            "false" | "0" => false,
            other => return Err(wrong("true or false", other)),
        };
        days.push((day, HolidayDay { name: field(name).to_owned(), off }));
    }
    no_contradiction(&mut days)?;
    Ok(Holidays::of_days(days))
}

/// The same date twice is harmless, once free and once worked is not.
pub(super) fn no_contradiction(days: &mut [(Date, HolidayDay)]) -> Result<()> {
    days.sort_by_key(|(date, _)| *date);
    match days.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].1.off != pair[1].1.off) {
        Some(pair) => Err(Error::invalid("file", format!("{} is both free and worked", pair[0].0))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_free_and_worked_days_and_names_the_faulty_line() {
        let set = read(
            "\u{feff}date,name,is_off_day\n2026-10-01,国庆节,true\n2026-10-10,国庆节,false\n".as_bytes(),
        );
        let set = set.unwrap();
        let worked: Vec<bool> = set.days().values().map(|d| d.off).collect();
        assert_eq!((worked, set.knows(2026), set.knows(2027)), (vec![true, false], true, false));
        for (text, said) in [
            ("date,name\n", "is_off_day"),
            ("date,name,is_off_day\n2026-02-30,x,true\n", "line 2"),
            ("date,name,is_off_day\n2026-01-01,x,true\n2026-01-02,x,maybe\n", "line 3"),
            ("date,name,is_off_day\n2026-01-01,x,true\n2026-01-01,x,false\n", "both free and worked"),
        ] {
            let message = read(text.as_bytes()).unwrap_err().to_string();
            assert!(message.contains(said), "{message}");
        }
        assert!(read(&vec![b'x'; MAX_BYTES + 1]).is_err());
    }
}
