//! Where everything is: the data directory, the cluster in it (or elsewhere, when the user that runs
//! PostgreSQL cannot get there), the socket.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::unistd::Uid;
use rand::distr::{Alphanumeric, SampleString};

use crate::binaries::Binaries;
use crate::config::{ClusterConfig, Storage};
use crate::error::{EmbeddedError, IoContext};
use crate::left_over;
use crate::lock::DirectoryLock;
use crate::privileges::RunAs;

const CLUSTER: &str = "cluster";
const LOCATION: &str = "location";
const EPHEMERAL_PREFIX: &str = "concilia-ephemeral-";
/// For clusters of root whose data directory nobody else can enter. Not a temporary directory:
/// those are swept.
const ELSEWHERE: &str = "/var/lib/concilia";

/// The length of a socket's address is fixed: 108 bytes on Linux, 104 on macOS, with a final NUL.
const LONGEST_SOCKET_PATH: usize = 103;
const LONGEST_SOCKET_NAME: usize = "/.s.PGSQL.65535".len();

/// The directories of one cluster, locked.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The data directory the caller chose, or the one made for a throw-away cluster.
    pub home: PathBuf,
    /// Holds the cluster, its password, port and log; the same as `home` unless that is out of reach.
    pub root: PathBuf,
    /// Holds the socket.
    pub socket_dir: PathBuf,
    pub run_as: RunAs,
    pub binaries: Binaries,
    _lock: DirectoryLock,
}

impl Layout {
    /// Finds or makes the directories. Holds the lock from here on.
    pub(crate) fn prepare(config: &ClusterConfig) -> Result<Self, EmbeddedError> {
        match &config.storage {
            Storage::Durable(data_dir) => Self::durable(config, data_dir),
            Storage::Ephemeral => Self::ephemeral(config),
        }
    }

    pub(crate) fn cluster(&self) -> PathBuf {
        self.root.join(CLUSTER)
    }

    pub(crate) fn password(&self) -> PathBuf {
        self.root.join("password")
    }

    pub(crate) fn port(&self) -> PathBuf {
        self.root.join("port")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    /// Removes what must not outlive the server.
    pub(crate) fn clean(&self, durable: bool) {
        let outcome = if durable { fs::remove_dir_all(&self.socket_dir) } else { fs::remove_dir_all(&self.home) };
        if let Err(error) = outcome {
            tracing::warn!(%error, directory = %self.root.display(), "could not clean up after PostgreSQL");
        }
        if !durable && !self.socket_dir.starts_with(&self.home) {
            fs::remove_dir_all(&self.socket_dir).ok();
        }
    }

    fn durable(config: &ClusterConfig, data_dir: &Path) -> Result<Self, EmbeddedError> {
        make_passage(data_dir)?;
        let home = fs::canonicalize(data_dir).doing("read", data_dir)?;
        let lock = DirectoryLock::take(&home)?;
        let recorded = recorded_location(&home)?;
        let existing = recorded.as_ref().unwrap_or(&home).join(CLUSTER);
        let binaries = match (&config.binaries, data_version(&existing)) {
            (Some(chosen), _) => chosen.clone(),
            (None, Some(version)) => Binaries::for_data(&existing, version)?,
            (None, None) => Binaries::find()?,
        };
        let run_as = RunAs::choose(&existing)?;
        let root = match recorded {
            Some(root) => root,
            None if run_as.can_enter(&home, &binaries) => home.clone(),
            None if existing.exists() => return Err(unreachable(&home, &run_as)),
            None => elsewhere(&home)?,
        };
        Self::finish(home, root, run_as, binaries, lock)
    }

    fn ephemeral(config: &ClusterConfig) -> Result<Self, EmbeddedError> {
        let binaries = config.binaries.clone().map_or_else(Binaries::find, Ok)?;
        let run_as = RunAs::choose(Path::new(""))?;
        let parents = [env::temp_dir(), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
        let parent = parents
            .iter()
            .find(|parent| run_as.can_enter(parent, &binaries))
            .ok_or_else(|| unreachable(&parents[0], &run_as))?;
        let parent = fs::canonicalize(parent).doing("read", parent)?;
        sweep_abandoned(&parent);
        let home = parent.join(format!("{EPHEMERAL_PREFIX}{}", Alphanumeric.sample_string(&mut rand::rng(), 12)));
        make_passage(&home)?;
        let lock = DirectoryLock::take_new(&home)?;
        Self::finish(home.clone(), home, run_as, binaries, lock)
    }

    fn finish(
        home: PathBuf,
        root: PathBuf,
        run_as: RunAs,
        binaries: Binaries,
        lock: DirectoryLock,
    ) -> Result<Self, EmbeddedError> {
        if !run_as.can_enter(&root, &binaries) {
            let beyond_reach = if run_as.can_enter(Path::new("/"), &binaries) {
                root
            } else {
                binaries.directory().to_path_buf()
            };
            return Err(unreachable(&beyond_reach, &run_as));
        }
        let socket_dir = socket_dir(&root, &run_as, &binaries)?;
        Ok(Self { home, root, socket_dir, run_as, binaries, _lock: lock })
    }
}

fn unreachable(directory: &Path, run_as: &RunAs) -> EmbeddedError {
    EmbeddedError::Unreachable { directory: directory.to_path_buf(), user: run_as.name().to_owned() }
}

/// The major version that wrote a cluster, if there is one.
pub(crate) fn data_version(cluster: &Path) -> Option<u32> {
    fs::read_to_string(cluster.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// Makes a directory of ours. An existing one keeps its permissions: it may hold other things.
fn make_passage(path: &Path) -> Result<(), EmbeddedError> {
    // Whoever runs PostgreSQL for root must be able to pass through, but not to look around.
    let mode = if Uid::effective().is_root() { 0o711 } else { 0o700 };
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent).doing("create", parent)?;
    }
    match DirBuilder::new().mode(mode).create(path) {
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(mode)).doing("restrict", path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error).doing("create", path),
    }
}

fn recorded_location(home: &Path) -> Result<Option<PathBuf>, EmbeddedError> {
    let file = home.join(LOCATION);
    match fs::read(&file) {
        Ok(bytes) => {
            let root = PathBuf::from(OsStr::from_bytes(bytes.trim_ascii_end()));
            if root.is_dir() {
                Ok(Some(root))
            } else {
                Err(EmbeddedError::LocationLost { data_dir: home.to_path_buf(), cluster: root })
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).doing("read", &file),
    }
}

/// A place outside `home`, written down there.
fn elsewhere(home: &Path) -> Result<PathBuf, EmbeddedError> {
    make_passage(Path::new(ELSEWHERE))?;
    let root = Path::new(ELSEWHERE).join(short_name(home));
    make_passage(&root)?;
    let file = home.join(LOCATION);
    let mut text = root.as_os_str().as_bytes().to_vec();
    text.push(b'\n');
    fs::write(&file, text).doing("write", &file)?;
    Ok(root)
}

fn socket_dir(root: &Path, run_as: &RunAs, binaries: &Binaries) -> Result<PathBuf, EmbeddedError> {
    let name = format!("concilia-{}", short_name(root));
    let temporary = env::temp_dir();
    let places = [(root, "socket"), (temporary.as_path(), name.as_str()), (Path::new("/tmp"), name.as_str())];
    for (parent, name) in places {
        let directory = parent.join(name);
        let fits = directory.as_os_str().len() + LONGEST_SOCKET_NAME <= LONGEST_SOCKET_PATH;
        if fits && run_as.can_enter(parent, binaries) {
            run_as.private_directory(&directory)?;
            return Ok(directory);
        }
    }
    Err(EmbeddedError::SocketPathTooLong)
}

/// Sixteen characters that stand for a path and stay the same from start to start (FNV-1a).
fn short_name(path: &Path) -> String {
    let hash =
        path.as_os_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}

/// Removes throw-away clusters whose owner was killed before it could.
fn sweep_abandoned(parent: &Path) {
    let us = Uid::effective().as_raw();
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_ours = entry.file_name().to_string_lossy().starts_with(EPHEMERAL_PREFIX)
            && fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir() && found.uid() == us);
        if is_ours
            && let Some(_lock) = DirectoryLock::abandoned(&path)
            && left_over::clear(&path.join(CLUSTER), Duration::ZERO, &|_| {}).is_ok()
        {
            fs::remove_dir_all(&path).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_stable() {
        assert_eq!(short_name(Path::new("")), "cbf29ce484222325");
        assert_eq!(short_name(Path::new("a")), "af63dc4c8601ec8c");
    }
}
