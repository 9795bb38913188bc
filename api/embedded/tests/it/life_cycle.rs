use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

use concilia_embedded::{Cluster, ClusterConfig, EmbeddedError};

use crate::support::{Scratch, durable, query};

#[tokio::test]
async fn a_throw_away_cluster_leaves_nothing() {
    let cluster = Cluster::start(ClusterConfig::ephemeral()).await.unwrap();
    let directory = cluster.cluster_dir().to_path_buf();
    assert_eq!(query(&cluster.url("postgres"), "SHOW fsync").await, "off");
    assert_eq!(query(&cluster.url("postgres"), "SHOW server_encoding").await, "UTF8");
    assert_eq!(query(&cluster.url("postgres"), "SELECT lower('PERCHÉ')").await, "perché");
    assert_eq!(query(&cluster.url("postgres"), "SHOW listen_addresses").await, "");
    assert!(cluster.tcp_url("postgres").is_none());

    cluster.stop().await.unwrap();
    assert!(!directory.parent().unwrap().exists());
}

#[tokio::test]
async fn dropping_a_cluster_stops_it() {
    let cluster = Cluster::start(ClusterConfig::ephemeral()).await.unwrap();
    let directory = cluster.cluster_dir().to_path_buf();
    drop(cluster);
    assert!(!directory.exists());
}

#[tokio::test]
async fn data_and_port_survive_a_restart() {
    let scratch = Scratch::new();
    let data_dir = scratch.path().join("data");

    let first = Cluster::start(durable(&data_dir)).await.unwrap();
    let port = first.port();
    assert!(first.ensure_database("concilia").await.unwrap());
    assert!(!first.ensure_database("concilia").await.unwrap());
    assert!(first.ensure_database("it's \"quoted\" / %").await.unwrap());
    assert_eq!(query(&first.url("it's \"quoted\" / %"), "SELECT 1").await, "1");
    query(&first.url("concilia"), "CREATE TABLE kept AS SELECT 42 AS answer").await;
    assert_eq!(query(&first.url("concilia"), "SHOW fsync").await, "on");
    first.stop().await.unwrap();

    let steps = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&steps);
    let config = durable(&data_dir).with_progress(move |step| seen.lock().unwrap().push(step.to_owned()));
    let second = Cluster::start(config).await.unwrap();
    assert_eq!(second.port(), port);
    assert_eq!(query(&second.url("concilia"), "SELECT answer FROM kept").await, "42");
    assert_eq!(steps.lock().unwrap().len(), 1, "{steps:?}");
    second.stop().await.unwrap();
}

#[tokio::test]
async fn the_port_asks_for_the_password() {
    let scratch = Scratch::new();
    let cluster = Cluster::start(durable(&scratch.path().join("data"))).await.unwrap();
    let url = cluster.tcp_url("postgres").unwrap();
    assert_eq!(query(&url, "SELECT current_user").await, "concilia");

    let wrong = url.replacen("concilia:", "concilia:x", 1);
    let refusal = tokio_postgres::connect(&wrong, tokio_postgres::NoTls).await.err().unwrap();
    assert_eq!(refusal.code(), Some(&tokio_postgres::error::SqlState::INVALID_PASSWORD));

    let password = cluster.cluster_dir().with_file_name("password");
    assert_eq!(password.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let socket_dir = cluster.socket_dir().metadata().unwrap();
    assert_eq!(socket_dir.permissions().mode() & 0o777, 0o700);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_starter_is_refused_and_the_first_goes_on() {
    let scratch = Scratch::new();
    let data_dir = scratch.path().join("data");
    let first = Cluster::start(durable(&data_dir)).await.unwrap();

    let refusal = Cluster::start(durable(&data_dir)).await.unwrap_err();
    assert!(matches!(refusal, EmbeddedError::InUse { .. }), "{refusal}");
    assert!(refusal.to_string().contains(&std::process::id().to_string()), "{refusal}");

    assert_eq!(query(&first.url("postgres"), "SELECT 1").await, "1");
    first.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why() {
    let mut config = ClusterConfig::ephemeral();
    config.settings.push(("shared_buffers".to_owned(), "nonsense".to_owned()));
    let refusal = Cluster::start(config).await.unwrap_err().to_string();
    assert!(refusal.contains("shared_buffers"), "{refusal}");
}

#[tokio::test]
async fn an_abandoned_start_is_undone() {
    let scratch = Scratch::new();
    let data_dir = scratch.path().join("data");
    let patience = std::time::Duration::from_millis(30);
    tokio::time::timeout(patience, Cluster::start(durable(&data_dir))).await.unwrap_err();

    for _ in 0..200 {
        match Cluster::start(durable(&data_dir)).await {
            Err(EmbeddedError::InUse { .. }) => {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            outcome => return outcome.unwrap().stop().await.unwrap(),
        }
    }
    panic!("the abandoned cluster was never stopped");
}
