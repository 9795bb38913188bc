use super::media_type::DocumentType;
use crate::Audience;
use crate::schema::network_documents;
use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use concilia_kernel::{new_id, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::{Serialize, Serializer};
use std::fmt::Write as _;
use utoipa::ToSchema;
use uuid::Uuid;

/// Largest document, in bytes.
pub(super) const LARGEST: u64 = 5 * 1024 * 1024;

/// A document of the reserved area.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = network_documents)]
#[schema(example = json!({
    "id": "0193a5d0-3333-7000-8000-000000000005", "title": "Documento di indirizzo", "audience": "members",
    "media_type": "application/pdf", "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "uploaded_at": "2026-03-02T10:15:00Z"
}))]
pub struct NetworkDocument {
    /// Identifier.
    pub id: Uuid,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// For whom it is.
    pub audience: Audience,
    /// What kind of file it is.
    pub media_type: DocumentType,
    /// SHA-256 of the file, in hexadecimal.
    #[serde(serialize_with = "as_hex")]
    #[schema(value_type = String, min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub sha256: Vec<u8>,
    /// When it was uploaded.
    pub uploaded_at: DateTime<Utc>,
}

fn as_hex<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    (territory_id, uploaded_by): (Uuid, Uuid),
    (title, audience): (&str, Audience),
    media_type: DocumentType,
    content: &[u8],
) -> QueryResult<NetworkDocument> {
    let document = NetworkDocument {
        id: new_id(),
        title: title.to_owned(),
        audience,
        media_type,
        sha256: digest(&SHA256, content).as_ref().to_vec(),
        uploaded_at: now(),
    };
    diesel::insert_into(network_documents::table)
        .values((
            network_documents::id.eq(document.id),
            network_documents::territory_id.eq(territory_id),
            network_documents::title.eq(title),
            network_documents::audience.eq(audience),
            network_documents::media_type.eq(media_type),
            network_documents::sha256.eq(&document.sha256),
            network_documents::content.eq(content),
            network_documents::uploaded_by.eq(uploaded_by),
            network_documents::uploaded_at.eq(document.uploaded_at),
        ))
        .execute(connection)
        .await?;
    Ok(document)
}

/// One more than the limit, if there are, last first.
pub(super) async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    audiences: &[Audience],
    before: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<NetworkDocument>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let mut query = network_documents::table
        .filter(network_documents::territory_id.eq(territory_id))
        .filter(network_documents::audience.eq_any(audiences))
        .order(network_documents::id.desc())
        .limit(limit + 1)
        .select(NetworkDocument::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(network_documents::id.lt(before));
    }
    query.load(connection).await
}

/// A document of the territory with its content.
pub(super) async fn find<C>(
    connection: &mut C,
    territory_id: Uuid,
    audiences: &[Audience],
    id: Uuid,
) -> QueryResult<Option<(NetworkDocument, Vec<u8>)>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    network_documents::table
        .filter(network_documents::territory_id.eq(territory_id))
        .filter(network_documents::audience.eq_any(audiences))
        .filter(network_documents::id.eq(id))
        .select((NetworkDocument::as_select(), network_documents::content))
        .get_result(connection)
        .await
        .optional()
}
