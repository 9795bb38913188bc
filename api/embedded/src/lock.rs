//! One process per data directory: an advisory lock that the system releases even after `kill -9`.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{EmbeddedError, IoContext};

pub(crate) const FILE: &str = "concilia.lock";

/// How long a process that was killed may take to let go of what it had.
const LETTING_GO: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(20);

/// The right to run the cluster of a directory, held until dropped.
#[derive(Debug)]
pub(crate) struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Takes the lock of `directory`, or says who has it.
    pub(crate) fn take(directory: &Path) -> Result<Self, EmbeddedError> {
        let mut file = open(directory)?;
        let deadline = Instant::now() + LETTING_GO;
        loop {
            match file.try_lock() {
                Ok(()) => return Self::sign(file, directory),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(POLL),
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(source)) => return Err(source).doing("lock", &directory.join(FILE)),
            }
        }
        let mut pid = String::new();
        let holder = match file.read_to_string(&mut pid) {
            Ok(1..) => format!(" (process {})", pid.trim()),
            _ => String::new(),
        };
        Err(EmbeddedError::InUse { directory: directory.to_path_buf(), holder })
    }

    /// Takes the lock of a directory just made, for which only [`Self::abandoned`] can compete, and
    /// that only for an instant.
    pub(crate) fn take_new(directory: &Path) -> Result<Self, EmbeddedError> {
        let file = open(directory)?;
        file.lock().doing("lock", &directory.join(FILE))?;
        Self::sign(file, directory)
    }

    /// Takes the lock of a directory whose owner has died; `None` when it lives, or is only starting.
    pub(crate) fn abandoned(directory: &Path) -> Option<Self> {
        let mut file = OpenOptions::new().read(true).write(true).open(directory.join(FILE)).ok()?;
        file.try_lock().ok()?;
        let mut pid = String::new();
        file.read_to_string(&mut pid).ok().filter(|&length| length > 0)?;
        Some(Self { _file: file })
    }

    fn sign(mut file: File, directory: &Path) -> Result<Self, EmbeddedError> {
        file.set_len(0)
            .and_then(|()| writeln!(file, "{}", process::id()))
            .doing("write", &directory.join(FILE))?;
        Ok(Self { _file: file })
    }
}

fn open(directory: &Path) -> Result<File, EmbeddedError> {
    let path = directory.join(FILE);
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .doing("open", &path)
}
