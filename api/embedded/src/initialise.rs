//! Makes a new cluster with `initdb`, all or nothing.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;
use rand::distr::{Alphanumeric, SampleString};

use crate::SUPERUSER;
use crate::config::initial_settings;
use crate::error::{EmbeddedError, IoContext};
use crate::layout::Layout;
use crate::left_over;

/// Text sorts by code point everywhere, and knows the case of accented letters wherever the system
/// does. First that the system supports.
const LOCALES: &[&[&str]] = &[&["--locale=C.UTF-8"], &["--locale=C", "--lc-ctype=en_US.UTF-8"], &["--locale=C"]];

/// Makes the cluster of `layout`. A start that is killed half-way leaves nothing the next one would
/// take for a cluster.
pub(crate) fn initialise(layout: &Layout, durable: bool) -> Result<(), EmbeddedError> {
    write_password(layout)?;
    let unfinished = layout.root.join("cluster.new");
    let mut attempts = LOCALES.iter().peekable();
    while let Some(locale) = attempts.next() {
        start_over(layout, &unfinished)?;
        match initdb(layout, &unfinished, locale, durable) {
            Err(EmbeddedError::Program { output, .. })
                if output.contains("locale") && attempts.peek().is_some() => {}
            outcome => {
                outcome?;
                break;
            }
        }
    }
    append_settings(&unfinished.join("postgresql.conf"), durable)?;
    let cluster = layout.cluster();
    fs::rename(&unfinished, &cluster).doing("create", &cluster)?;
    if durable {
        File::open(&layout.root).and_then(|directory| directory.sync_all()).doing("sync", &layout.root)?;
    }
    Ok(())
}

fn start_over(layout: &Layout, unfinished: &Path) -> Result<(), EmbeddedError> {
    if unfinished.exists() {
        left_over::clear(unfinished, Duration::ZERO, &|_| {})?;
        fs::remove_dir_all(unfinished).doing("remove", unfinished)?;
    }
    layout.run_as.private_directory(unfinished)
}

fn initdb(layout: &Layout, directory: &Path, locale: &[&str], durable: bool) -> Result<(), EmbeddedError> {
    let program = layout.binaries.initdb();
    let mut command = layout.run_as.command(&program, &layout.root, Signal::SIGKILL);
    command
        .arg("--pgdata")
        .arg(directory)
        .arg(format!("--username={SUPERUSER}"))
        .arg("--pwfile")
        .arg(layout.password())
        // The directory of the socket lets in nobody but the owner of the data, and root.
        .args(["--auth-local=trust", "--auth-host=scram-sha-256"])
        .args(["--encoding=UTF8", "--locale-provider=libc", "--lc-messages=C", "--no-instructions"])
        .args(locale)
        .arg(if durable { "--data-checksums" } else { "--no-sync" });
    let output = command.output().doing("run", &program)?;
    if output.status.success() {
        return Ok(());
    }
    let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(EmbeddedError::Program { program: "initdb", output })
}

/// A new password for the superuser, in a file for the eyes of the user that runs `initdb`.
fn write_password(layout: &Layout) -> Result<(), EmbeddedError> {
    let path = layout.password();
    fs::remove_file(&path).ok();
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).doing("create", &path)?;
    writeln!(file, "{}", Alphanumeric.sample_string(&mut rand::rng(), 32)).doing("write", &path)?;
    layout.run_as.give(&path)
}

fn append_settings(path: &Path, durable: bool) -> Result<(), EmbeddedError> {
    let mut text = String::from("\n# Concilia\n");
    for (name, value) in initial_settings(durable) {
        text.push_str(name);
        text.push_str(" = ");
        text.push_str(value);
        text.push('\n');
    }
    OpenOptions::new()
        .append(true)
        .open(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            if durable { file.sync_all() } else { Ok(()) }
        })
        .doing("write", path)
}
