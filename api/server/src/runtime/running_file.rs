use serde::{Deserialize, Serialize};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What a running server leaves in its data folder for the sub-commands beside it: where it
/// answers, and where its database is. Readable by its owner only, removed on a clean stop.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunningFile {
    pub pid: u32,
    pub base_url: String,
    pub database_url: String,
    #[serde(skip)]
    path: PathBuf,
}

fn path_in(data_dir: &Path) -> PathBuf {
    data_dir.join("running.json")
}

impl RunningFile {
    pub fn write(data_dir: &Path, base_url: String, database_url: String) -> std::io::Result<Self> {
        std::fs::create_dir_all(data_dir)?;
        let path = path_in(data_dir);
        let running = Self { pid: std::process::id(), base_url, database_url, path };
        let mut file =
            std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&running.path)?;
        file.write_all(&serde_json::to_vec(&running)?)?;
        Ok(running)
    }

    /// The live server of this data folder, if any.
    pub fn find(data_dir: &Path) -> Option<Self> {
        let running: Self = serde_json::from_slice(&std::fs::read(path_in(data_dir)).ok()?).ok()?;
        let pid = nix::unistd::Pid::from_raw(i32::try_from(running.pid).ok()?);
        nix::sys::signal::kill(pid, None).is_ok().then_some(running)
    }
}

impl Drop for RunningFile {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
