//! What a killed process left behind on a cluster: a server still running, stale files.
//!
//! Only called by the holder of the directory's lock, so whatever runs on the cluster is nobody's.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::error::{EmbeddedError, IoContext};

const PID_FILE: &str = "postmaster.pid";
const POLL: Duration = Duration::from_millis(20);
const FORCED: Duration = Duration::from_secs(5);

/// Ends every PostgreSQL process on `cluster`, cleanly within `patience`, then by force, and removes
/// the stale files that would keep a new server from starting.
pub(crate) fn clear(cluster: &Path, patience: Duration, progress: &dyn Fn(&str)) -> Result<(), EmbeddedError> {
    if let Some(pid) = recorded_pid(cluster)
        && is_ours(pid, cluster)
    {
        progress("Stopping the PostgreSQL that an earlier run left behind");
        end(pid, cluster, &[(Signal::SIGINT, patience), (Signal::SIGQUIT, FORCED), (Signal::SIGKILL, FORCED)])?;
    }
    // Back-ends outlive a killed postmaster for as long as their statement takes.
    for pid in processes(cluster) {
        end(pid, cluster, &[(Signal::SIGQUIT, FORCED), (Signal::SIGKILL, FORCED)])?;
    }
    // The process that now has the number is not PostgreSQL, but PostgreSQL would think so. The file
    // of a number out of use stays: with it PostgreSQL checks its shared memory.
    if let Some(pid) = recorded_pid(cluster)
        && kill(pid, None).is_ok()
    {
        let file = cluster.join(PID_FILE);
        fs::remove_file(&file).doing("remove", &file)?;
    }
    Ok(())
}

/// Removes the sockets of servers that are gone.
pub(crate) fn clear_sockets(socket_dir: &Path) {
    for entry in fs::read_dir(socket_dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(".s.PGSQL.") {
            fs::remove_file(entry.path()).ok();
        }
    }
}

/// Whether the server with this process id says, in its pid file, that it takes connections.
pub(crate) fn is_ready(cluster: &Path, pid: u32) -> bool {
    const STATUS_LINE: usize = 7;
    fs::read_to_string(cluster.join(PID_FILE)).is_ok_and(|text| {
        let mut lines = text.lines();
        lines.next().and_then(|line| line.trim().parse().ok()) == Some(pid)
            && lines.nth(STATUS_LINE - 1).is_some_and(|status| status.trim() == "ready")
    })
}

fn recorded_pid(cluster: &Path) -> Option<Pid> {
    let text = fs::read_to_string(cluster.join(PID_FILE)).ok()?;
    // Single-user servers record theirs with a minus sign.
    let pid = text.lines().next()?.trim().parse::<i32>().ok()?.checked_abs()?;
    // 0 and 1 would mean process groups and init to `kill`.
    (pid > 1).then(|| Pid::from_raw(pid))
}

fn end(pid: Pid, cluster: &Path, steps: &[(Signal, Duration)]) -> Result<(), EmbeddedError> {
    for (signal, patience) in steps {
        if kill(pid, *signal).is_err() {
            break;
        }
        let deadline = Instant::now() + *patience;
        while Instant::now() < deadline {
            if !is_ours(pid, cluster) {
                return Ok(());
            }
            thread::sleep(POLL);
        }
    }
    if is_ours(pid, cluster) {
        return Err(EmbeddedError::LeftOver { pid: pid.as_raw(), directory: cluster.to_path_buf() });
    }
    Ok(())
}

/// PostgreSQL works from within its cluster directory; a number used again by another program, and
/// the corpse of a process, do not.
#[cfg(target_os = "linux")]
fn is_ours(pid: Pid, cluster: &Path) -> bool {
    let process = Path::new("/proc").join(pid.to_string());
    fs::read_link(process.join("cwd")).is_ok_and(|directory| directory == cluster)
        && fs::read_to_string(process.join("comm")).is_ok_and(|name| name.starts_with("postgres"))
}

#[cfg(target_os = "linux")]
fn processes(cluster: &Path) -> Vec<Pid> {
    if !cluster.exists() {
        return Vec::new();
    }
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok().map(Pid::from_raw))
        .filter(|&pid| is_ours(pid, cluster))
        .collect()
}

#[cfg(not(target_os = "linux"))]
fn is_ours(pid: Pid, cluster: &Path) -> bool {
    std::process::Command::new("ps")
        .args(["-ww", "-o", "command=", "-p", &pid.to_string()])
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(&*cluster.to_string_lossy()))
}

/// Not known here: a new server waits for them by itself, through its shared memory.
#[cfg(not(target_os = "linux"))]
fn processes(_cluster: &Path) -> Vec<Pid> {
    Vec::new()
}
