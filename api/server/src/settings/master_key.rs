use super::Settings;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;

#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    #[error("CONCILIA_MASTER_KEY must be 32 bytes in base64 (make one with: openssl rand -base64 32)")]
    Form,
    #[error("cannot read or write the master key {path}: {source}")]
    File { path: String, source: std::io::Error },
}

/// The key that seals personal data: from the setting, else from a file in the data folder that is
/// made on the first start, readable by its owner only. Whoever loses it loses the sealed data.
pub fn master_key(settings: &Settings) -> Result<[u8; 32], MasterKeyError> {
    if let Some(text) = &settings.master_key {
        return decode(text);
    }
    let path = settings.data_dir.join("master.key");
    let fault = |source| MasterKeyError::File { path: path.display().to_string(), source };
    std::fs::create_dir_all(&settings.data_dir).map_err(fault)?;
    let fresh: [u8; 32] = rand::random();
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
        Ok(mut file) => {
            file.write_all(STANDARD.encode(fresh).as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
            Ok(fresh)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            decode(std::fs::read_to_string(&path).map_err(fault)?.trim())
        }
        Err(error) => Err(fault(error)),
    }
}

fn decode(text: &str) -> Result<[u8; 32], MasterKeyError> {
    STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(MasterKeyError::Form)
}
