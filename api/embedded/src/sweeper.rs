//! Throws away what a throw-away cluster leaves when its process ends without stopping it, as a test's does.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::error::{EmbeddedError, IoContext};

/// Reads until our process ends, then gives the server, which ends with it, a minute. The lock's file goes last: by it the
/// next cluster knows what is abandoned, should this be cut short.
const SWEEP: &str = "while read -r _; do :; done; waited=0; \
                     while [ -d \"$1\" ] && kill -0 \"$3\" 2>/dev/null && [ $((waited += 1)) -le 60 ]; do sleep 1; done; \
                     rm -rf -- \"$1/cluster\" \"$2\"; rm -rf -- \"$1\"";

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

/// Dropped, the cluster has been stopped and cleaned up after, or its files are wanted to see why it would not stop.
impl Drop for Sweeper {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
