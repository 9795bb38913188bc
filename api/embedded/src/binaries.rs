//! Where the installed PostgreSQL is.

use std::env;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::EmbeddedError;

/// Oldest major version of PostgreSQL that Concilia runs on.
pub const MINIMUM_VERSION: u32 = 15;

const OVERRIDE: &str = "CONCILIA_POSTGRES_BIN";

/// Where distributions install PostgreSQL outside the `PATH`: directory, beginning of the versioned
/// name in it, and what follows that name.
const PLACES: &[(&str, &str, &str)] = &[
    ("/usr/lib/postgresql", "", "bin"),         // Debian, Ubuntu
    ("/usr", "pgsql-", "bin"),                  // packages of postgresql.org for Fedora and RHEL
    ("/usr/libexec", "postgresql", ""),         // Alpine
    ("/usr/lib", "postgresql", "bin"),          // openSUSE
    ("/usr/lib64", "postgresql-", "bin"),       // Gentoo
    ("/usr/local", "pgsql", "bin"),             // built from source
    ("/opt/homebrew/opt", "postgresql", "bin"), // Homebrew, Apple silicon
    ("/usr/local/opt", "postgresql", "bin"),    // Homebrew, Intel
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// A directory with the programs `postgres` and `initdb` of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    directory: PathBuf,
    version: u32,
}

impl Binaries {
    /// The binaries to use for new data: those of `CONCILIA_POSTGRES_BIN` when it is set, else the
    /// first of the `PATH`, else the newest of the usual places.
    ///
    /// # Errors
    /// [`EmbeddedError::NotInstalled`] with the command that installs them, or
    /// [`EmbeddedError::BadOverride`].
    pub fn find() -> Result<Self, EmbeddedError> {
        let mut all = Self::all()?;
        Ok(all.swap_remove(0))
    }

    /// The binaries that can open the data in `cluster`, written by major version `data`.
    pub(crate) fn for_data(cluster: &Path, data: u32) -> Result<Self, EmbeddedError> {
        let all = Self::all()?;
        let installed = all.iter().map(|found| found.version.to_string()).collect::<Vec<_>>().join(", ");
        all.into_iter().find(|found| found.version == data).ok_or_else(|| EmbeddedError::OtherVersion {
            directory: cluster.to_path_buf(),
            data,
            installed,
        })
    }

    /// Major version, such as 17.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The directory that holds the programs.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.directory.join("postgres")
    }

    pub(crate) fn initdb(&self) -> PathBuf {
        self.directory.join("initdb")
    }

    /// All usable binaries, preferred first; never empty.
    fn all() -> Result<Vec<Self>, EmbeddedError> {
        if let Some(directory) = env::var_os(OVERRIDE).filter(|value| !value.is_empty()) {
            return Self::chosen(Path::new(&directory)).map(|only| vec![only]);
        }
        let search_path = env::var_os("PATH").unwrap_or_default();
        let mut on_path = versions_of(env::split_paths(&search_path).filter_map(|entry| real_directory(&entry)));
        // A wrapper script may start the server as its child: signals would then miss it.
        on_path.sort_by_key(|found| is_script(&found.postgres()));
        let mut installed = versions_of(PLACES.iter().flat_map(directories));
        installed.sort_by_key(|found| std::cmp::Reverse(found.version));

        let (usable, too_old): (Vec<_>, Vec<_>) =
            on_path.into_iter().chain(installed).partition(|found| found.version >= MINIMUM_VERSION);
        if usable.is_empty() {
            let old: Vec<_> = too_old
                .iter()
                .map(|found| format!("{} in {}", found.version, found.directory.display()))
                .collect();
            let seen = if old.is_empty() { String::new() } else { format!("; found only {}", old.join(", ")) };
            return Err(EmbeddedError::NotInstalled { seen });
        }
        Ok(usable)
    }

    fn chosen(directory: &Path) -> Result<Self, EmbeddedError> {
        let refuse =
            |reason: String| Err(EmbeddedError::BadOverride { directory: directory.to_path_buf(), reason });
        if !has_programs(directory) {
            return refuse("it does not hold both `postgres` and `initdb`".to_owned());
        }
        match fs::canonicalize(directory).ok().and_then(|real| Some((version_of(&real)?, real))) {
            None => refuse("its `postgres --version` cannot be run".to_owned()),
            Some((version, _)) if version < MINIMUM_VERSION => {
                refuse(format!("it is version {version}, and {MINIMUM_VERSION} or newer is needed"))
            }
            Some((version, directory)) => Ok(Self { directory, version }),
        }
    }
}

fn versions_of(directories: impl Iterator<Item = PathBuf>) -> Vec<Binaries> {
    let mut found: Vec<Binaries> = Vec::new();
    for directory in directories.filter(|directory| has_programs(directory)) {
        if found.iter().any(|known| known.directory == directory) {
            continue;
        }
        if let Some(version) = version_of(&directory) {
            found.push(Binaries { directory, version });
        }
    }
    found
}

/// Where the `postgres` of a `PATH` entry really is: `initdb` looks for its `postgres` beside itself,
/// which links in /usr/local/bin can break.
fn real_directory(entry: &Path) -> Option<PathBuf> {
    let real = fs::canonicalize(entry.join("postgres")).ok()?;
    let beside = real.parent()?.to_path_buf();
    if has_programs(&beside) { Some(beside) } else { fs::canonicalize(entry).ok() }
}

fn directories((parent, prefix, suffix): &(&str, &str, &str)) -> Vec<PathBuf> {
    fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .filter_map(|entry| fs::canonicalize(entry.path().join(suffix)).ok())
        .collect()
}

fn has_programs(directory: &Path) -> bool {
    ["postgres", "initdb"].iter().all(|program| directory.join(program).is_file())
}

fn is_script(program: &Path) -> bool {
    let mut start = [0; 2];
    File::open(program).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *b"#!"
}

fn version_of(directory: &Path) -> Option<u32> {
    let output = Command::new(directory.join("postgres")).arg("--version").output().ok()?;
    major_version(&String::from_utf8_lossy(&output.stdout))
}

/// Reads `postgres (PostgreSQL) 15.16 (Debian 15.16-0+deb12u1)`, `... 18beta1`, `... 19devel`.
fn major_version(text: &str) -> Option<u32> {
    let number = text.split_once("(PostgreSQL)")?.1.trim_start();
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_versions_as_distributions_print_them() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.16 (Debian 15.16-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_version("postgres (PostgreSQL) 17\n"), Some(17));
        assert_eq!(major_version("something else"), None);
    }

    #[test]
    fn links_on_the_path_lead_to_the_real_directory() {
        let found = Binaries::find().expect("PostgreSQL is installed");
        assert!(found.version() >= MINIMUM_VERSION);
        assert!(!found.postgres().is_symlink(), "{}", found.postgres().display());
    }

    #[test]
    fn an_override_without_the_programs_is_refused() {
        let refusal = Binaries::chosen(Path::new("/")).expect_err("the root holds no binaries");
        assert!(refusal.to_string().contains("initdb"), "{refusal}");
    }

    #[test]
    fn the_missing_installation_names_the_commands() {
        let text = EmbeddedError::NotInstalled { seen: String::new() }.to_string();
        for command in ["apt-get install postgresql", "brew install postgresql@17", "DATABASE_URL"] {
            assert!(text.contains(command), "{text}");
        }
    }
}
