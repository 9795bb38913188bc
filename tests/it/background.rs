//! Work without a caller: what interrupts a job, and what has served its time.

use concilia_kernel::db::PoolSettings;
use concilia_kernel::jobs::{JobContext, JobFailure, JobHandler, Runner};
use concilia_kernel::{Code, Db, Problem, new_id, outbox};
use concilia_tests::{TestDb, TestServer};
use diesel::sql_types::Text;
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};
use std::rc::Rc;
use std::time::Duration;
use tokio::time::timeout;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    value: String,
}

async fn value(conn: &mut AsyncPgConnection, sql: &str) -> String {
    sql_query(format!("SELECT ({sql})::text AS value")).get_result::<Found>(conn).await.unwrap().value
}

fn pool(db: &TestDb) -> Db {
    Db::new(PoolSettings { url: db.url.clone(), per_worker: 2, statement_timeout: Duration::from_secs(9) })
        .unwrap()
}

/// Does as its jobs say.
struct Obedient;

impl JobHandler for Obedient {
    fn kind(&self) -> &'static str {
        "obedient"
    }

    fn run<'a>(&'a self, _: &'a Db, job: JobContext) -> LocalBoxFuture<'a, Result<Value, JobFailure>> {
        async move {
            assert!(job.parameters["panics"].is_null(), "it was told to panic");
            match job.parameters["fails"].as_bool() {
                Some(true) => Err(Problem::new(Code::Unavailable).into()),
                _ => Ok(json!({"done": 1})),
            }
        }
        .boxed_local()
    }
}

#[tokio::test]
async fn a_job_that_panics_or_fails_stops_no_other_and_is_given_up_in_the_end() {
    let db = TestDb::empty().await;
    let mut conn = db.connect().await;
    let territory = new_id();
    conn.batch_execute(&format!(
        "INSERT INTO territories (id, code, name) VALUES ('{territory}', 'HERE', 'Here'); \
         INSERT INTO jobs (id, territory_id, kind, state, parameters, created_at) VALUES \
           (uuid_v7(), '{territory}', 'obedient', 'queued', '{{\"panics\": true}}', now() - interval '3 s'), \
           (uuid_v7(), '{territory}', 'obedient', 'queued', '{{\"fails\": true}}', now() - interval '2 s'), \
           (uuid_v7(), '{territory}', 'obedient', 'queued', '{{}}', now() - interval '1 s')"
    ))
    .await
    .unwrap();
    let runner = Runner::new(pool(&db), vec![Rc::new(Obedient)]);
    let watched = async {
        let states = "SELECT string_agg(coalesce(failure_code, state), ' ' ORDER BY created_at) FROM jobs";
        while value(&mut conn, states).await != "running running succeeded" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // Each lease of twenty seconds is cut short.
        while value(&mut conn, states).await != "interrupted_too_often interrupted_too_often succeeded" {
            let end = "UPDATE jobs SET lease_until = now() - interval '1 s' WHERE state = 'running'";
            conn.batch_execute(end).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let attempts = "SELECT string_agg(attempts::text, ' ' ORDER BY created_at) FROM jobs";
        assert_eq!(value(&mut conn, attempts).await, "11 11 1");
    };
    timeout(Duration::from_mins(1), futures_util::future::select(Box::pin(runner.run()), Box::pin(watched)))
        .await
        .expect("the jobs end");
}

#[tokio::test]
async fn events_are_kept_for_ninety_days() {
    let db = TestDb::empty().await;
    let mut conn = db.connect().await;
    let event = |id: &str| {
        format!(
            "INSERT INTO outbox (id, territory_id, event, aggregate_id, payload) \
             VALUES ({id}, uuid_v7(), 'test', uuid_v7(), '{{}}'); "
        )
    };
    let days_ago = |days: i64| {
        let millis = (chrono::Utc::now() - chrono::TimeDelta::days(days)).timestamp_millis();
        uuid::Builder::from_unix_timestamp_millis(millis.cast_unsigned(), &[7; 10]).into_uuid()
    };
    for id in ["uuid_v7()".to_owned(), format!("'{}'", days_ago(89)), format!("'{}'", days_ago(91))] {
        conn.batch_execute(&event(&id)).await.unwrap();
    }
    assert_eq!(outbox::forget_old(&mut conn).await.unwrap(), 1);
    assert_eq!(value(&mut conn, "SELECT count(*) FROM outbox").await, "2");
}

#[tokio::test]
async fn a_pooled_connection_is_told_of_refusals_in_english() {
    let db = TestDb::empty().await;
    let name = db.url.rsplit('/').next().unwrap().to_owned();
    let mut admin = db.connect().await;
    admin.batch_execute(&format!("ALTER DATABASE {name} SET lc_messages = 'POSIX'")).await.unwrap();
    let mut conn = pool(&db).conn().await.unwrap();
    assert_eq!(value(&mut conn, "SELECT current_setting('lc_messages')").await, "C");
}

#[tokio::test]
async fn a_server_with_its_background_at_work_is_ready() {
    let server = TestServer::start().await;
    assert_eq!(server.anyone().get("/health/ready").await.status, 204);
    server.stop().await;
}
