//! Who reported a fault: tickets whose title or customer's words hold an error code.
use super::Ticket;
use crate::Result;
use crate::store::Db;

/// The tickets of customers that name one of these codes, oldest first, each once.
pub async fn of_codes(db: &Db, codes: &[String]) -> Result<Vec<Ticket>> {
    let mut found: Vec<Ticket> = Vec::new();
    for code in codes.iter().filter(|c| !c.trim().is_empty()) {
        for ticket in with_code(db, code.trim()).await? {
            if !found.iter().any(|t| t.id == ticket.id) {
                found.push(ticket);
            }
        }
    }
    found.sort_by_key(|t| t.number);
    Ok(found)
}

async fn with_code(db: &Db, code: &str) -> Result<Vec<Ticket>> {
    let upper = code.to_uppercase();
    // `%` and `_` of a code would match anything here; what is found is looked at again below.
    let like = format!("%{upper}%");
    let rows: Vec<Ticket> = on!(db, p => sqlx::query_as(
        "select * from ticket t where upper(t.title) like $1 or exists (select 1 from message m \
         where m.ticket_id = t.id and m.author = 'customer' and upper(m.text) like $1) order by t.number")
        .bind(&like).fetch_all(p).await)?;
    let mut kept = Vec::new();
    for ticket in rows {
        if alone_in(&ticket.title, &upper) || said(db, &ticket.id, &upper).await? {
            kept.push(ticket);
        }
    }
    Ok(kept)
}

async fn said(db: &Db, ticket_id: &str, upper: &str) -> Result<bool> {
    let texts: Vec<String> = on!(db, p => sqlx::query_scalar(
        "select text from message where ticket_id = $1 and author = 'customer'").bind(ticket_id).fetch_all(p).await)?;
    Ok(texts.iter().any(|text| alone_in(text, upper)))
}

/// True when the code stands in the text and is not a part of a longer one.
fn alone_in(text: &str, upper: &str) -> bool {
    let text = text.to_uppercase();
    let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(upper).any(|(at, _)| {
        !part(text[..at].chars().next_back()) && !part(text[at + upper.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_alone() {
        assert!(alone_in("开票时报错 e-1042，连不上", "E-1042"));
        assert!(!alone_in("E-10421", "E-1042") && !alone_in("NE-1042", "E-1042"));
    }
}
