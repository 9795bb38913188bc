use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use concilia_embedded::{Cluster, EmbeddedError};

use crate::support::{Scratch, durable, is_root, query};

#[tokio::test]
async fn long_paths_and_odd_characters_do() {
    let scratch = Scratch::new();
    let data_dir = scratch.path().join("dati, «è» 100% 'veri'").join("x".repeat(120));
    let cluster = Cluster::start(durable(&data_dir)).await.unwrap();
    let socket_dir = cluster.socket_dir().to_path_buf();
    assert!(!socket_dir.starts_with(scratch.path()), "{}", socket_dir.display());
    assert_eq!(query(&cluster.url("postgres"), "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
    assert!(!socket_dir.exists());
}

#[tokio::test]
async fn spaces_and_commas_in_the_path_of_the_socket_do() {
    let scratch = Scratch::new();
    let cluster = Cluster::start(durable(&scratch.path().join("my data, \"all\""))).await.unwrap();
    assert!(cluster.socket_dir().starts_with(fs::canonicalize(scratch.path()).unwrap()));
    assert_eq!(query(&cluster.url("postgres"), "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn root_runs_it_as_somebody_else() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new();
    let cluster = Cluster::start(durable(&scratch.path().join("data"))).await.unwrap();
    let owner = cluster.cluster_dir().metadata().unwrap().uid();
    assert_ne!(owner, 0);
    assert_eq!(fs::metadata(format!("/proc/{}", cluster.pid())).unwrap().uid(), owner);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_directory_only_root_can_enter_keeps_its_cluster_elsewhere() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new();
    fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let data_dir = scratch.path().join("data");

    let first = Cluster::start(durable(&data_dir)).await.unwrap();
    let elsewhere = first.cluster_dir().parent().unwrap().to_path_buf();
    assert!(elsewhere.starts_with("/var/lib/concilia"), "{}", elsewhere.display());
    query(&first.url("postgres"), "CREATE TABLE kept AS SELECT 42 AS answer").await;
    first.stop().await.unwrap();

    let second = Cluster::start(durable(&data_dir)).await.unwrap();
    assert_eq!(query(&second.url("postgres"), "SELECT answer FROM kept").await, "42");
    second.stop().await.unwrap();

    fs::remove_dir_all(&elsewhere).unwrap();
    let refusal = Cluster::start(durable(&data_dir)).await.unwrap_err();
    assert!(matches!(refusal, EmbeddedError::LocationLost { .. }), "{refusal}");
}

#[tokio::test]
async fn a_half_made_cluster_is_made_again() {
    let scratch = Scratch::new();
    let data_dir = scratch.path().join("data");
    fs::create_dir_all(data_dir.join("cluster.new/base")).unwrap();
    if is_root() {
        let postgres = nix::unistd::User::from_name("postgres").unwrap();
        let owner = postgres.or_else(|| nix::unistd::User::from_name("nobody").unwrap()).unwrap();
        std::os::unix::fs::chown(data_dir.join("cluster.new"), Some(owner.uid.as_raw()), None).unwrap();
    }
    Cluster::start(durable(&data_dir)).await.unwrap().stop().await.unwrap();
    assert!(!data_dir.join("cluster.new").exists());
}

#[tokio::test]
async fn data_of_another_version_are_not_touched() {
    let scratch = Scratch::new();
    let cluster = scratch.path().join("data/cluster");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "9\n").unwrap();
    let refusal = Cluster::start(durable(&scratch.path().join("data"))).await.unwrap_err();
    assert!(matches!(refusal, EmbeddedError::OtherVersion { data: 9, .. }), "{refusal}");
    assert_eq!(fs::read_dir(Path::new(&cluster)).unwrap().count(), 1);
}
