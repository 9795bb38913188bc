use super::store::PURPOSE;
use super::{Jwk, Jwks};
use crate::schema::signing_keys;
use chrono::{DateTime, Utc};
use concilia_kernel::auth::{AccessClaims, VerifyingKeys};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Problem, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The keys as one process knows them, shared by its threads.
#[derive(Clone)]
pub struct KeyRing(Arc<Inner>);

struct Inner {
    vault: Vault,
    verifying: VerifyingKeys,
    /// Newest first.
    keys: RwLock<Vec<Key>>,
}

struct Key {
    jwk: Jwk,
    private: EncodingKey,
    signs_from: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = signing_keys)]
struct Row {
    private_sealed: Vec<u8>,
    public_jwk: serde_json::Value,
    signs_from: DateTime<Utc>,
}

impl KeyRing {
    /// Reads the keys. Fails when they were sealed under another master key.
    pub async fn load(conn: &mut AsyncPgConnection, vault: &Vault) -> Result<Self, Problem> {
        let ring = Self::empty(vault);
        ring.refresh(conn).await?;
        Ok(ring)
    }

    fn empty(vault: &Vault) -> Self {
        let (verifying, keys) = (VerifyingKeys::default(), RwLock::default());
        Self(Arc::new(Inner { vault: vault.clone(), verifying, keys }))
    }

    /// Reads the keys again, so that a rotation made elsewhere is known here. To be called every
    /// [`super::REFRESH_EVERY`].
    pub async fn refresh(&self, conn: &mut AsyncPgConnection) -> Result<(), Problem> {
        let rows = signing_keys::table
            .filter(signing_keys::verifies_until.is_null().or(signing_keys::verifies_until.gt(now())))
            .order((signing_keys::signs_from.desc(), signing_keys::kid))
            .select(Row::as_select())
            .load(conn)
            .await?;
        let keys = rows.into_iter().map(|row| self.open(row)).collect::<Result<Vec<_>, _>>()?;
        self.install(keys)
    }

    fn open(&self, row: Row) -> Result<Key, Problem> {
        let private = self.0.vault.open(PURPOSE, &row.private_sealed)?;
        let jwk = serde_json::from_value(row.public_jwk).map_err(Problem::internal)?;
        Ok(Key { jwk, private: EncodingKey::from_ed_der(&private), signs_from: row.signs_from })
    }

    fn install(&self, keys: Vec<Key>) -> Result<(), Problem> {
        let verifying = keys
            .iter()
            .map(|key| Ok((key.jwk.kid.clone(), DecodingKey::from_ed_components(&key.jwk.x)?)))
            .collect::<Result<HashMap<_, _>, jsonwebtoken::errors::Error>>();
        self.0.verifying.replace(verifying.map_err(Problem::internal)?);
        *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// What verifies tokens, kept up to date by [`KeyRing::refresh`].
    pub fn verifying_keys(&self) -> VerifyingKeys {
        self.0.verifying.clone()
    }

    /// The public keys, for whoever verifies our tokens.
    pub fn jwks(&self) -> Jwks {
        let keys = self.0.keys.read().unwrap_or_else(PoisonError::into_inner);
        Jwks { keys: keys.iter().map(|key| key.jwk.clone()).collect() }
    }

    /// Signs a token (RFC 9068) with the newest key whose time has come.
    pub(crate) fn sign(&self, claims: &AccessClaims) -> Result<String, Problem> {
        let keys = self.0.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys
            .iter()
            .find(|key| key.signs_from <= now())
            .ok_or_else(|| Problem::internal("no key signs: run `concilia keys`"))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(key.jwk.kid.clone());
        encode(&header, claims, &key.private).map_err(Problem::internal)
    }

    /// A ring with one key of its own, known to nobody else.
    pub(crate) fn throwaway(vault: &Vault) -> Result<Self, Problem> {
        let (private, jwk) = super::store::generate()?;
        let ring = Self::empty(vault);
        ring.install(vec![Key { jwk, private: EncodingKey::from_ed_der(&private), signs_from: now() }])?;
        Ok(ring)
    }
}
