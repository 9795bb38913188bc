//! The PostgreSQL process: started, awaited, stopped.

use std::fs::{self, OpenOptions};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::config::ClusterConfig;
use crate::error::{EmbeddedError, IoContext};
use crate::layout::Layout;
use crate::left_over;

const POLL: Duration = Duration::from_millis(10);
const FORCED: Duration = Duration::from_secs(5);
/// Part of the socket's name only, when there is no TCP listener.
const SOCKET_PORT: u16 = 5432;
const PORT_ATTEMPTS: usize = 3;

/// A handle on the process, which another thread waits for.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pid: u32,
    has_ended: Arc<(Mutex<bool>, Condvar)>,
}

impl Server {
    pub(crate) fn new(child: &Child) -> Self {
        Self { pid: child.id(), has_ended: Arc::default() }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits for the process to end, however long that takes.
    pub(crate) fn supervise(&self, mut child: Child) {
        let outcome = child.wait();
        let (ended, changed) = &*self.has_ended;
        *ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
        match outcome {
            Ok(status) => tracing::debug!(%status, "PostgreSQL ended"),
            Err(error) => tracing::error!(%error, "lost sight of PostgreSQL"),
        }
    }

    /// Ends the process: cleanly within `patience`, then by force. False when it would not.
    pub(crate) fn stop(&self, patience: Option<Duration>) -> bool {
        let clean = patience.map(|patience| (Signal::SIGINT, patience));
        let forced = [(Signal::SIGQUIT, FORCED), (Signal::SIGKILL, FORCED)];
        let (ended, changed) = &*self.has_ended;
        let mut gone = ended.lock().unwrap_or_else(PoisonError::into_inner);
        for (signal, patience) in clean.into_iter().chain(forced) {
            if *gone {
                break;
            }
            kill(Pid::from_raw(self.pid.cast_signed()), signal).ok();
            gone = changed
                .wait_timeout_while(gone, patience, |gone| !*gone)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        *gone
    }
}

/// Starts the server and waits until it takes connections. Answers with its port.
pub(crate) fn start(layout: &Layout, config: &ClusterConfig) -> Result<(Child, u16), EmbeddedError> {
    let mut attempt = 1;
    loop {
        let port = choose_port(layout, config, attempt > 1)?;
        let mut child = spawn(layout, config, port)?;
        match await_ready(&mut child, layout, config.start_timeout) {
            Ok(()) => {
                if config.tcp {
                    let file = layout.port();
                    fs::write(&file, format!("{port}\n")).doing("write", &file)?;
                }
                return Ok((child, port));
            }
            // Somebody took the port in between.
            Err(EmbeddedError::EndedEarly { tail, .. })
                if config.tcp
                    && config.port.is_none()
                    && attempt < PORT_ATTEMPTS
                    && tail.contains("could not bind") =>
            {
                attempt += 1;
            }
            Err(error) => {
                give_up(&mut child);
                return Err(error);
            }
        }
    }
}

fn spawn(layout: &Layout, config: &ClusterConfig, port: u16) -> Result<Child, EmbeddedError> {
    let program = layout.binaries.postgres();
    // A fast shutdown when our thread, that is, our process, ends in whatever way.
    let mut command = layout.run_as.command(&program, &layout.root, Signal::SIGINT);
    let log = new_log(layout)?;
    let errors = log.try_clone().doing("open", &layout.log())?;
    command.arg("-D").arg(layout.cluster());
    let mut set = |name: &str, value: &str| {
        command.arg("-c").arg(format!("{name}={value}"));
    };
    set("listen_addresses", if config.tcp { "127.0.0.1" } else { "" });
    set("port", &port.to_string());
    set("unix_socket_directories", &quoted(&layout.socket_dir));
    set("unix_socket_permissions", "0700");
    set("max_connections", &config.max_connections.to_string());
    set("logging_collector", "off");
    for (name, value) in &config.settings {
        set(name, value);
    }
    command.stdout(log).stderr(errors);
    // Ctrl-C in a terminal goes to the whole process group; the server must outlive the requests in
    // flight and is stopped after them.
    command.process_group(0);
    command.spawn().doing("run", &program)
}

fn await_ready(child: &mut Child, layout: &Layout, patience: Duration) -> Result<(), EmbeddedError> {
    let (cluster, log) = (layout.cluster(), layout.log());
    let deadline = Instant::now() + patience;
    loop {
        if left_over::is_ready(&cluster, child.id()) {
            return Ok(());
        }
        if child.try_wait().doing("wait for", &cluster)?.is_some() {
            return Err(EmbeddedError::EndedEarly { tail: tail(&log), log });
        }
        if Instant::now() > deadline {
            return Err(EmbeddedError::Timeout { what: "start", after: patience, log });
        }
        thread::sleep(POLL);
    }
}

/// Ends a server that nobody will use. Killing it outright would leave its children behind.
pub(crate) fn give_up(child: &mut Child) {
    let deadline = Instant::now() + FORCED;
    while matches!(child.try_wait(), Ok(None)) {
        let signal = if Instant::now() < deadline { Signal::SIGQUIT } else { Signal::SIGKILL };
        kill(Pid::from_raw(child.id().cast_signed()), signal).ok();
        thread::sleep(POLL);
    }
}

fn choose_port(layout: &Layout, config: &ClusterConfig, is_retry: bool) -> Result<u16, EmbeddedError> {
    if !config.tcp {
        return Ok(config.port.unwrap_or(SOCKET_PORT));
    }
    if let Some(port) = config.port {
        return Ok(port);
    }
    let last = fs::read_to_string(layout.port()).ok().and_then(|text| text.trim().parse::<u16>().ok());
    match last {
        Some(port) if !is_retry && free_port(port).is_ok() => Ok(port),
        _ => free_port(0).doing("find a free port for", &layout.root),
    }
}

fn free_port(wanted: u16) -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, wanted))?.local_addr()?.port())
}

/// Starts a new log, keeping the one of the last run.
fn new_log(layout: &Layout) -> Result<fs::File, EmbeddedError> {
    let path = layout.log();
    fs::rename(&path, layout.root.join("postgres.previous.log")).ok();
    OpenOptions::new().append(true).create(true).mode(0o600).open(&path).doing("open", &path)
}

fn tail(log: &Path) -> String {
    const LINES: usize = 15;
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

/// The setting is a list, in which commas and outer spaces need quotes.
fn quoted(directory: &Path) -> String {
    format!("\"{}\"", directory.to_string_lossy().replace('"', "\"\""))
}
