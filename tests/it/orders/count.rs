use diesel::sql_types::BigInt;
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// The number that a query of one column `count` answers.
pub async fn count(conn: &mut AsyncPgConnection, query: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    sql_query(query).get_result::<Count>(conn).await.expect("a number").count
}

/// Waits until so many statements of the server wait for a lock.
pub async fn waiting(conn: &mut AsyncPgConnection, statements: i64) {
    let query =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while count(conn, query).await < statements {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
