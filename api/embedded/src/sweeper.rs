//! Throws away what a throw-away cluster leaves when its process ends without stopping it, as a test's does.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::error::{EmbeddedError, IoContext};

/// Reads until our process ends, then waits for the server, which ends with it.
const SWEEP: &str = "cat >/dev/null; \
                     while [ -d \"$1\" ] && kill -0 \"$3\" 2>/dev/null; do sleep 0.1; done; \
                     rm -rf \"$1\" \"$2\"";

/// A process that outlives ours to remove the directories of a cluster.
#[derive(Debug)]
pub(crate) struct Sweeper(Child);

impl Sweeper {
    pub(crate) fn start(home: &Path, socket_dir: &Path, server: u32) -> Result<Self, EmbeddedError> {
        let mut command = Command::new("sh");
        command.args(["-c", SWEEP, "sweeper"]).arg(home).arg(socket_dir).arg(server.to_string());
        command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // Ctrl-C in a terminal must not end it before its work is done.
        command.process_group(0).spawn().doing("run", Path::new("sh")).map(Self)
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        self.0.wait().ok();
    }
}
