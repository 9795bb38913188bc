//! Which user runs PostgreSQL, and what that user can reach. PostgreSQL refuses to run as root.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::{Uid, User};

use crate::binaries::Binaries;
use crate::error::{EmbeddedError, IoContext};

/// The user PostgreSQL runs as.
#[derive(Debug, Clone)]
pub(crate) enum RunAs {
    /// Whoever we are.
    Ourselves,
    /// Somebody with fewer rights, because we are root.
    Other { uid: u32, gid: u32, name: String },
}

impl RunAs {
    /// Ourselves, unless root: then the owner of the existing data, else `postgres`, else `nobody`.
    pub(crate) fn choose(existing_data: &Path) -> Result<Self, EmbeddedError> {
        if !Uid::effective().is_root() {
            return Ok(Self::Ourselves);
        }
        if let Ok(data) = fs::metadata(existing_data)
            && data.uid() != 0
        {
            let name = User::from_uid(Uid::from_raw(data.uid())).ok().flatten();
            let name = name.map_or_else(|| data.uid().to_string(), |user| user.name);
            return Ok(Self::Other { uid: data.uid(), gid: data.gid(), name });
        }
        let user = ["postgres", "nobody"].into_iter().find_map(|name| User::from_name(name).ok().flatten());
        let user = user.ok_or(EmbeddedError::NoUnprivilegedUser)?;
        Ok(Self::Other { uid: user.uid.as_raw(), gid: user.gid.as_raw(), name: user.name })
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Ourselves => "the current user",
            Self::Other { name, .. } => name,
        }
    }

    fn uid(&self) -> u32 {
        match self {
            Self::Ourselves => Uid::effective().as_raw(),
            Self::Other { uid, .. } => *uid,
        }
    }

    /// A command that runs as this user, in `directory`, and ends with `signal` when the calling
    /// *thread* ends. The thread must therefore outlive the command.
    pub(crate) fn command(&self, program: &Path, directory: &Path, signal: nix::sys::signal::Signal) -> Command {
        let mut command = Command::new(program);
        command.current_dir(directory).stdin(Stdio::null()).env("LC_ALL", "C");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        if let Self::Other { uid, gid, .. } = self {
            // As root this also gives up root's supplementary groups.
            command.uid(*uid).gid(*gid);
        }
        end_with_parent(&mut command, signal);
        command
    }

    /// Whether this user can run the binaries from within `directory`.
    pub(crate) fn can_enter(&self, directory: &Path, binaries: &Binaries) -> bool {
        let Self::Other { uid, gid, .. } = self else {
            return true;
        };
        // The directory is changed after the user is, so the system itself decides, ACLs included.
        Command::new(binaries.postgres())
            .arg("--version")
            .current_dir(directory)
            .uid(*uid)
            .gid(*gid)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Gives `path` to this user.
    pub(crate) fn give(&self, path: &Path) -> Result<(), EmbeddedError> {
        match self {
            Self::Ourselves => Ok(()),
            Self::Other { uid, gid, .. } => chown(path, Some(*uid), Some(*gid)).doing("change the owner of", path),
        }
    }

    /// Makes, or checks, a directory that only this user may enter. In a shared place such as /tmp
    /// somebody else may have made it first.
    pub(crate) fn private_directory(&self, path: &Path) -> Result<(), EmbeddedError> {
        match DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => return self.give(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).doing("create", path),
        }
        let found = fs::symlink_metadata(path).doing("read", path)?;
        if !found.is_dir() || found.uid() != self.uid() {
            return Err(EmbeddedError::NotPrivate { directory: path.to_path_buf() });
        }
        fs::set_permissions(path, Permissions::from_mode(0o700)).doing("restrict", path)
    }
}

#[cfg(target_os = "linux")]
#[allow(
    unsafe_code,
    reason = "only a hook between fork and exec can ask the kernel for a signal on the parent's end"
)]
fn end_with_parent(command: &mut Command, signal: nix::sys::signal::Signal) {
    let parent = nix::unistd::getpid();
    // SAFETY: the hook makes two system calls and no allocation. The standard library runs it after
    // the change of user, which would clear the request.
    unsafe {
        command.pre_exec(move || {
            nix::sys::prctl::set_pdeathsig(signal)?;
            if nix::unistd::getppid() == parent {
                Ok(())
            } else {
                Err(io::Error::from_raw_os_error(nix::libc::ESRCH))
            }
        });
    }
}

/// Other systems have no such request: the next start stops what was left over.
#[cfg(not(target_os = "linux"))]
fn end_with_parent(_command: &mut Command, _signal: nix::sys::signal::Signal) {}
