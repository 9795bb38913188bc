use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What a running server leaves in its data folder for the sub-commands beside it: where it
/// answers, and where its database is. Readable by its owner only.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunningFile {
    pub pid: u32,
    pub base_url: String,
    pub database_url: String,
}

/// Says that a server runs, until it is dropped or its process ends in whatever way: the system lets go of the lock on the
/// file even of a process that was killed and that nobody has waited for, whose number still is in use.
#[derive(Debug)]
pub struct RunningMark {
    path: PathBuf,
    _locked: File,
}

fn path_in(data_dir: &Path) -> PathBuf {
    data_dir.join("running.json")
}

impl RunningFile {
    pub fn write(&self, data_dir: &Path) -> std::io::Result<RunningMark> {
        std::fs::create_dir_all(data_dir)?;
        let path = path_in(data_dir);
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path)?;
        file.lock()?;
        file.set_len(0)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        Ok(RunningMark { path, _locked: file })
    }

    /// The live server of this data folder, if any.
    pub fn find(data_dir: &Path) -> Option<Self> {
        let file = File::open(path_in(data_dir)).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => serde_json::from_reader(file).ok(),
            _ => None,
        }
    }
}

/// How long a process that was killed may take to let go of what it had.
const LETTING_GO: Duration = Duration::from_secs(2);

/// Waits for a server of this data folder that is just ending, as one that was killed a moment ago; not for one that goes on.
pub async fn let_the_last_one_go(data_dir: &Path) {
    let deadline = Instant::now() + LETTING_GO;
    while RunningFile::find(data_dir).is_some() && Instant::now() < deadline {
        sleep(Duration::from_millis(20)).await;
    }
}

impl Drop for RunningMark {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_server_left_tells_of_none() {
        let data_dir = std::env::temp_dir().join(format!("concilia-running-{}", std::process::id()));
        let told =
            RunningFile { pid: 1, base_url: "http://127.0.0.1:1".into(), database_url: "postgres:///x".into() };
        let mark = told.write(&data_dir).unwrap();
        assert_eq!(RunningFile::find(&data_dir).unwrap().base_url, told.base_url);
        drop(mark);
        std::fs::write(path_in(&data_dir), serde_json::to_vec(&told).unwrap()).unwrap();
        assert!(RunningFile::find(&data_dir).is_none());
        std::fs::remove_dir_all(&data_dir).unwrap();
    }
}
