//! After `kill -9` of the process that ran a cluster, the next start must neither block nor fail.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use concilia_embedded::{Binaries, Cluster, ClusterConfig};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{Scratch, durable, query};

const HOLD: &str = "CONCILIA_TEST_HOLD";

/// The process the other tests kill: this test binary again, running only this.
#[tokio::test]
#[ignore = "run by the other tests in a process of its own"]
async fn holder() {
    let Some(data_dir) = env::var_os(HOLD) else {
        return;
    };
    let config = if data_dir == "ephemeral" { ClusterConfig::ephemeral() } else { durable(Path::new(&data_dir)) };
    let cluster = Cluster::start(config).await.unwrap();
    query(&cluster.url("postgres"), "CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer").await;
    println!("\nheld {} {}", cluster.pid(), cluster.cluster_dir().display());
    tokio::time::sleep(Duration::from_mins(1)).await;
}

/// Starts [`holder`] and waits until its cluster is up. Answers the server's pid and directory too.
fn hold(data_dir: &Path) -> (Child, Pid, String) {
    let mut holder = Command::new(env::current_exe().unwrap())
        .args(["--exact", "survivors::holder", "--ignored", "--nocapture"])
        .env(HOLD, data_dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(holder.stdout.take().unwrap());
    let line = output.lines().map(Result::unwrap).find(|line| line.starts_with("held ")).unwrap();
    let (pid, directory) = line["held ".len()..].split_once(' ').unwrap();
    (holder, Pid::from_raw(pid.parse().unwrap()), directory.to_owned())
}

fn slay(mut holder: Child) {
    holder.kill().unwrap();
    holder.wait().unwrap();
}

async fn assert_starts_with_its_data(data_dir: &Path) {
    let mut config = durable(data_dir);
    config.stop_timeout = Duration::from_secs(1);
    let cluster = Cluster::start(config).await.unwrap();
    assert_eq!(query(&cluster.url("postgres"), "SELECT answer FROM kept").await, "42");
    cluster.stop().await.unwrap();
}

fn ends_soon(pid: Pid) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        // A corpse nobody collects still answers to signals.
        let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        if kill(pid, None).is_err() || state.contains(") Z ") {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

#[tokio::test]
async fn a_killed_owner_does_not_block_the_next_start() {
    let scratch = Scratch::new();
    let data_dir = scratch.path().join("data");
    let (holder, _, _) = hold(&data_dir);
    slay(holder);
    assert_starts_with_its_data(&data_dir).await;
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn the_server_ends_with_its_killed_owner() {
    let scratch = Scratch::new();
    let (holder, server, _) = hold(&scratch.path().join("data"));
    slay(holder);
    assert!(ends_soon(server));
}

#[tokio::test]
async fn a_left_over_server_that_does_not_answer_is_ended() {
    let scratch = Scratch::new();
    let data_dir = scratch.path().join("data");
    let (holder, server, _) = hold(&data_dir);
    kill(server, Signal::SIGSTOP).unwrap();
    slay(holder);
    assert!(kill(server, None).is_ok(), "the stopped server should still be there");
    assert_starts_with_its_data(&data_dir).await;
    assert!(ends_soon(server));
}

#[tokio::test]
async fn children_of_a_killed_server_do_not_block_the_next_start() {
    let scratch = Scratch::new();
    let data_dir = scratch.path().join("data");
    let (holder, server, _) = hold(&data_dir);
    kill(server, Signal::SIGKILL).unwrap();
    slay(holder);
    assert_starts_with_its_data(&data_dir).await;
}

#[tokio::test]
async fn a_healthy_left_over_server_is_replaced() {
    let scratch = Scratch::new();
    let data_dir = scratch.path().join("data");
    let (holder, _, directory) = hold(&data_dir);
    slay(holder);
    assert_starts_with_its_data(&data_dir).await;

    let owner = fs::metadata(&directory).unwrap();
    let mut left_over = Command::new(Binaries::find().unwrap().directory().join("postgres"));
    let port = fs::read_to_string(data_dir.join("port")).unwrap();
    left_over.arg("-D").arg(&directory).args(["-p", port.trim(), "-c", "unix_socket_directories="]);
    left_over.current_dir("/").stderr(Stdio::null());
    if crate::support::is_root() {
        left_over.uid(owner.uid()).gid(owner.gid());
    }
    let mut left_over = left_over.spawn().unwrap();
    let pid_file = Path::new(&directory).join("postmaster.pid");
    while !fs::read_to_string(&pid_file).is_ok_and(|text| text.contains("ready")) {
        assert!(left_over.try_wait().unwrap().is_none(), "the left-over server did not start");
        std::thread::sleep(Duration::from_millis(20));
    }

    assert_starts_with_its_data(&data_dir).await;
    assert!(left_over.wait().unwrap().success(), "it should have been stopped cleanly");
}

#[tokio::test]
async fn a_pid_file_with_the_number_of_another_process_is_ignored() {
    let scratch = Scratch::new();
    let data_dir = scratch.path().join("data");
    let (holder, server, directory) = hold(&data_dir);
    slay(holder);
    assert!(ends_soon(server));
    // A process of the same user, for PostgreSQL minds no others.
    let owner = fs::metadata(&directory).unwrap();
    let mut innocent = Command::new("sleep");
    innocent.arg("60");
    if crate::support::is_root() {
        innocent.uid(owner.uid()).gid(owner.gid());
    }
    let mut innocent = innocent.spawn().unwrap();
    let pid_file = Path::new(&directory).join("postmaster.pid");
    fs::write(&pid_file, format!("{}\n{directory}\n1\n5432\n/tmp\n\n1 1\nready\n", innocent.id())).unwrap();
    std::os::unix::fs::chown(&pid_file, Some(owner.uid()), Some(owner.gid())).unwrap();

    assert_starts_with_its_data(&data_dir).await;
    assert!(innocent.try_wait().unwrap().is_none(), "an innocent process was ended");
    innocent.kill().unwrap();
    innocent.wait().unwrap();
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_throw_away_cluster_is_swept_up_after_its_killed_owner() {
    let (holder, server, directory) = hold(Path::new("ephemeral"));
    let home = Path::new(&directory).parent().unwrap();
    assert!(home.exists());
    slay(holder);
    assert!(ends_soon(server));
    let deadline = Instant::now() + Duration::from_secs(10);
    while home.exists() {
        assert!(Instant::now() < deadline, "{directory} is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn the_next_throw_away_cluster_sweeps_up_when_all_was_killed() {
    let (holder, server, directory) = hold(Path::new("ephemeral"));
    let sweepers = shells_of(&holder);
    assert_eq!(sweepers.len(), 1);
    kill(sweepers[0], Signal::SIGKILL).unwrap();
    assert!(Path::new(&directory).exists());
    slay(holder);
    assert!(ends_soon(server));
    let next = Cluster::start(ClusterConfig::ephemeral()).await.unwrap();
    assert!(!Path::new(&directory).exists());
    next.stop().await.unwrap();
}

#[cfg(target_os = "linux")]
fn shells_of(parent: &Child) -> Vec<Pid> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let stats = processes.filter_map(|process| fs::read_to_string(process.path().join("stat")).ok());
    let shell = |stat: String| {
        let (pid, rest) = stat.split_once(" (sh) ")?;
        let of = rest.split(' ').nth(1)?;
        (of == parent.id().to_string()).then(|| Pid::from_raw(pid.parse().unwrap()))
    };
    stats.filter_map(shell).collect()
}
