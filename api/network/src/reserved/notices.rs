use super::documents::NetworkDocument;
use crate::Audience;
use crate::schema::{network_documents, notice_documents, notices};
use chrono::{DateTime, Utc};
use concilia_kernel::{Code, FieldError, Problem, new_id, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A notice of the agency to the network.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-3333-7000-8000-000000000006", "title": "Manifestazione di interesse",
    "body": "È aperto il bando per i progetti delle alleanze locali.", "audience": "members",
    "published_at": "2026-03-02T10:15:00Z", "documents": []
}))]
pub struct Notice {
    /// Identifier.
    pub id: Uuid,
    /// Title.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// Text.
    #[schema(min_length = 1, max_length = 10000)]
    pub body: String,
    /// For whom it is.
    pub audience: Audience,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Documents that go with it.
    #[schema(min_items = 0, max_items = 20)]
    pub documents: Vec<NetworkDocument>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = notices)]
struct Row {
    id: Uuid,
    title: String,
    body: String,
    audience: Audience,
    published_at: DateTime<Utc>,
}

/// A notice to be published.
pub(super) struct NewNotice<'a> {
    pub title: &'a str,
    pub body: &'a str,
    pub audience: Audience,
    pub document_ids: &'a [Uuid],
}

/// Publishes a notice. Its documents are of the territory, and for no narrower audience than the notice.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    (territory_id, published_by): (Uuid, Uuid),
    notice: NewNotice<'_>,
) -> Result<Notice, Problem> {
    let (id, published_at) = (new_id(), now());
    let admitted: &[Audience] = match notice.audience {
        Audience::Members => &[Audience::Members],
        Audience::Committee => &[Audience::Members, Audience::Committee],
    };
    let documents: Vec<NetworkDocument> = network_documents::table
        .filter(network_documents::territory_id.eq(territory_id))
        .filter(network_documents::id.eq_any(notice.document_ids))
        .filter(network_documents::audience.eq_any(admitted))
        .order(network_documents::id)
        .select(NetworkDocument::as_select())
        .load(connection)
        .await?;
    let unknown = notice.document_ids.iter().enumerate().filter(|(_, id)| !documents.iter().any(|d| d.id == **id));
    let errors: Vec<FieldError> = unknown
        .map(|(at, id)| FieldError::pointer(format!("/document_ids/{at}"), "not_found").value(id.to_string()))
        .collect();
    if !errors.is_empty() {
        return Err(Problem::new(Code::ValidationFailed).with_errors(errors));
    }
    diesel::insert_into(notices::table)
        .values((
            notices::id.eq(id),
            notices::territory_id.eq(territory_id),
            notices::title.eq(notice.title),
            notices::body.eq(notice.body),
            notices::audience.eq(notice.audience),
            notices::published_by.eq(published_by),
            notices::published_at.eq(published_at),
        ))
        .execute(connection)
        .await?;
    let attached: Vec<_> = documents
        .iter()
        .map(|document| {
            (
                notice_documents::territory_id.eq(territory_id),
                notice_documents::notice_id.eq(id),
                notice_documents::document_id.eq(document.id),
            )
        })
        .collect();
    diesel::insert_into(notice_documents::table).values(attached).execute(connection).await?;
    let (title, body) = (notice.title.to_owned(), notice.body.to_owned());
    Ok(Notice { id, title, body, audience: notice.audience, published_at, documents })
}

/// One more than the limit, if there are, last first: two statements.
pub(super) async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    audiences: &[Audience],
    before: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<Notice>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let mut query = notices::table
        .filter(notices::territory_id.eq(territory_id))
        .filter(notices::audience.eq_any(audiences))
        .order(notices::id.desc())
        .limit(limit + 1)
        .select(Row::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(notices::id.lt(before));
    }
    let rows = query.load(connection).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let attached: Vec<(Uuid, NetworkDocument)> = notice_documents::table
        .inner_join(
            network_documents::table.on(network_documents::territory_id
                .eq(notice_documents::territory_id)
                .and(network_documents::id.eq(notice_documents::document_id))),
        )
        .filter(notice_documents::territory_id.eq(territory_id))
        .filter(notice_documents::notice_id.eq_any(&ids))
        .order(network_documents::id)
        .select((notice_documents::notice_id, NetworkDocument::as_select()))
        .load(connection)
        .await?;
    let mut documents: HashMap<Uuid, Vec<NetworkDocument>> = HashMap::new();
    for (notice, document) in attached {
        documents.entry(notice).or_default().push(document);
    }
    let whole = |row: Row| Notice {
        documents: documents.remove(&row.id).unwrap_or_default(),
        id: row.id,
        title: row.title,
        body: row.body,
        audience: row.audience,
        published_at: row.published_at,
    };
    Ok(rows.into_iter().map(whole).collect())
}
