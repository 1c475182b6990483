//! The throw-away PostgreSQL is up and every database of it is its own.
use sqlx::{Connection, PgConnection};

use crate::harness::postgres::{pg_url, pg_url_from};

#[tokio::test]
async fn each_test_has_its_own_database() {
    let Some(one) = pg_url("one").await else { return };
    let two = pg_url("two").await.expect("another database");
    let mut first = PgConnection::connect(&one).await.expect("a connection");
    sqlx::query("create table tickets (number bigint primary key)")
        .execute(&mut first)
        .await
        .expect("a table");
    let mut second = PgConnection::connect(&two).await.expect("a connection");
    assert!(sqlx::query("select number from tickets").fetch_all(&mut second).await.is_err());
}

#[tokio::test]
async fn a_prepared_database_is_copied() {
    let prepare = async |url: String| {
        let mut connection = PgConnection::connect(&url).await.expect("a connection");
        sqlx::query("create table prepared (id bigint)").execute(&mut connection).await.expect("a table");
        connection.close().await.expect("closed");
    };
    let Some(one) = pg_url_from("selfcheck", prepare, "copy_one").await else { return };
    let two = pg_url_from("selfcheck", async |_| panic!("prepared once"), "copy_two").await.expect("a copy");
    assert_ne!(one, two);
    let mut connection = PgConnection::connect(&two).await.expect("a connection");
    sqlx::query("insert into prepared values (1)")
        .execute(&mut connection)
        .await
        .expect("the prepared table");
}
