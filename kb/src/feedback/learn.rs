//! From verdicts to priors, a page at a time. Any process may do it, also several at once: votes are kept by the
//! verdict they come from, and sums are always made anew from all votes of a question.
use std::collections::{BTreeMap, BTreeSet};

use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Result, Time, on, on_tx};
use sqlx::FromRow;

use super::{Prior, fade, weight};
use crate::dictionary::log;
use crate::dictionary::phrase::Words;
use crate::events::Verdict;

const PAGE: i64 = 500;
/// What is older than this has faded (two years, in milliseconds).
const FADED: i64 = 2 * 365 * 86_400_000;
/// Longer questions are nobody else's.
const LONGEST_KEY: usize = 300;

#[derive(FromRow)]
struct Said {
    id: String,
    article_id: String,
    #[sqlx(try_from = "String")]
    verdict: Verdict,
    at: Time,
    query: String,
    who: String,
}

#[derive(FromRow)]
struct Vote {
    article_id: String,
    who: String,
    #[sqlx(try_from = "String")]
    verdict: Verdict,
    at: Time,
}

/// Takes in what was said since; gives how many verdicts.
pub(crate) async fn learn(db: &Db, clock: &Clock) -> Result<usize> {
    let mut learnt = 0;
    loop {
        let page = unread(db, clock.now()).await?;
        if page.is_empty() {
            return Ok(learnt);
        }
        learnt += page.len();
        let mut tx = db.begin().await?;
        // The counter's row lock lets one process sum at a time.
        log::count_change(&mut tx).await?;
        let mut touched = BTreeSet::new();
        for said in &page {
            let key = key_of(&said.query);
            keep(&mut tx, said, &key).await?;
            touched.insert(key);
        }
        touched.remove("");
        for key in touched {
            sum(&mut tx, &key, clock.now()).await?;
        }
        tx.commit().await?;
    }
}

fn key_of(query: &str) -> String {
    let key = Words::of(query).key();
    if key.len() > LONGEST_KEY { String::new() } else { key }
}

async fn unread(db: &Db, now: Time) -> Result<Vec<Said>> {
    let rows = on!(db, p => sqlx::query_as(
        "select v.id, v.article_id, v.verdict, v.at, s.query, s.who from kb_verdict v join kb_search s on s.id = v.search_id \
         where v.article_id is not null and v.at > $1 and not exists (select 1 from kb_vote t where t.verdict_id = v.id) \
         order by v.id limit $2")
        .bind(now.plus_millis(-FADED)).bind(PAGE).fetch_all(p).await)?;
    Ok(rows)
}

/// A vote on a visit without a question has no key and counts for nothing, but is not read again.
async fn keep(tx: &mut Tx, said: &Said, key: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_vote (verdict_id, query_key, article_id, who, verdict, at) values ($1, $2, $3, $4, $5, $6) \
         on conflict (verdict_id) do nothing")
        .bind(&said.id).bind(key).bind(&said.article_id).bind(&said.who).bind(said.verdict.as_str()).bind(said.at)
        .execute(c).await.map(drop))?;
    Ok(())
}

async fn sum(tx: &mut Tx, key: &str, now: Time) -> Result<()> {
    let votes: Vec<Vote> = on_tx!(tx, c => sqlx::query_as(
        "select article_id, who, verdict, at from kb_vote where query_key = $1 and at > $2")
        .bind(key).bind(now.plus_millis(-FADED)).fetch_all(c).await)?;
    for prior in priors_of(key, &votes, now) {
        on_tx!(tx, c => sqlx::query(
            "insert into kb_prior (query_key, article_id, pro, con, people, at) values ($1, $2, $3, $4, $5, $6) \
             on conflict (query_key, article_id) do update set pro = excluded.pro, con = excluded.con, \
             people = excluded.people, at = excluded.at")
            .bind(&prior.query_key).bind(&prior.article_id).bind(prior.pro).bind(prior.con).bind(prior.people).bind(prior.at)
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Each person's verdicts on an article are added up and weigh at most one, for it or against it.
fn priors_of(key: &str, votes: &[Vote], now: Time) -> Vec<Prior> {
    let mut people: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for vote in votes {
        let of_person = people.entry((&vote.article_id, &vote.who)).or_default();
        *of_person += weight(vote.verdict) * fade(now.since(vote.at));
    }
    let mut priors: BTreeMap<&str, Prior> = BTreeMap::new();
    for ((article, _), said) in people {
        let said = said.clamp(-1.0, 1.0);
        let prior = priors.entry(article).or_insert_with(|| Prior {
            query_key: key.to_string(),
            article_id: article.to_string(),
            pro: 0.0,
            con: 0.0,
            people: 0,
            at: now,
        });
        prior.pro += said.max(0.0);
        prior.con += (-said).max(0.0);
        prior.people += 1;
    }
    priors.into_values().collect()
}

/// Every prior that may have an effect.
pub(crate) async fn all(db: &Db, least_people: i64) -> Result<Vec<Prior>> {
    let rows = on!(db, p => sqlx::query_as(
        "select query_key, article_id, pro, con, people, at from kb_prior where people >= $1 order by at desc limit 50000")
        .bind(least_people).fetch_all(p).await)?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(article: &str, who: &str, verdict: Verdict) -> Vote {
        Vote { article_id: article.into(), who: who.into(), verdict, at: Time(0) }
    }

    #[test]
    fn one_person_weighs_no_more_than_one() {
        let mut votes: Vec<Vote> = (0..100).map(|_| vote("a", "loud", Verdict::Solved)).collect();
        votes.push(vote("a", "quiet", Verdict::StillBroken));
        votes.push(vote("b", "quiet", Verdict::Chosen));
        let priors = priors_of("q", &votes, Time(0));
        let of = |id: &str| priors.iter().find(|p| p.article_id == id).map(|p| (p.pro, p.con, p.people));
        assert_eq!(of("a"), Some((1.0, 1.0, 2)));
        assert_eq!(of("b"), Some((0.25, 0.0, 1)));
    }
}
