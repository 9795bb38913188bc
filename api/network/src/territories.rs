use crate::schema::territories;
use concilia_kernel::{Actor, Problem, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A territory: the area of one health agency (ATS), and the tenant that everything belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Territory {
    /// Identifier.
    pub id: Uuid,
    /// Short code, unique.
    #[schema(min_length = 2, max_length = 40, pattern = "^[A-Z0-9-]+$", example = "VAL-PADANA")]
    pub code: String,
    /// Name of the agency.
    #[schema(min_length = 1, max_length = 300, example = "ATS della Val Padana")]
    pub name: String,
    /// Provinces it covers.
    #[schema(min_items = 0, max_items = 20, max_length = 100)]
    pub provinces: Vec<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = territories)]
struct Row {
    id: Uuid,
    code: String,
    name: String,
    provinces: Vec<Option<String>>,
}

impl From<Row> for Territory {
    fn from(row: Row) -> Self {
        let provinces = row.provinces.into_iter().flatten().collect();
        Self { id: row.id, code: row.code, name: row.name, provinces }
    }
}

/// A territory to be entered.
#[derive(Debug)]
pub struct NewTerritory<'a> {
    pub id: Uuid,
    /// 2 to 40 capital letters, digits and hyphens; unique.
    pub code: &'a str,
    pub name: &'a str,
    pub provinces: &'a [String],
}

/// Enters a territory. A taken code is a unique violation, hence 409.
pub async fn insert_territory(conn: &mut AsyncPgConnection, territory: NewTerritory<'_>) -> QueryResult<()> {
    diesel::insert_into(territories::table)
        .values((
            territories::id.eq(territory.id),
            territories::code.eq(territory.code),
            territories::name.eq(territory.name),
            territories::provinces.eq(territory.provinces),
            territories::created_at.eq(now()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether the database holds any territory.
pub async fn has_territories(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(territories::table.select(territories::id))).get_result(conn).await
}

/// Keeps other transactions from entering territories until this one ends; they may still be read and
/// referred to.
pub async fn lock_territories(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    conn.batch_execute("LOCK TABLE territories IN SHARE ROW EXCLUSIVE MODE").await
}

/// A territory, if there is one of that id.
pub async fn find_territory<C>(conn: &mut C, id: Uuid) -> QueryResult<Option<Territory>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Option<Row> =
        territories::table.find(id).select(Row::as_select()).get_result(conn).await.optional()?;
    Ok(found.map(Territory::from))
}

/// The territory of a code, if there is one.
pub async fn find_territory_by_code<C>(conn: &mut C, code: &str) -> QueryResult<Option<Territory>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Option<Row> = territories::table
        .filter(territories::code.eq(code))
        .select(Row::as_select())
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(Territory::from))
}

/// The territory that a public read asks about: the one it names, else the caller's, else the first of the
/// installation.
pub async fn territory_of_request<C>(
    conn: &mut C,
    code: Option<&str>,
    actor: Option<&Actor>,
) -> Result<Territory, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found = match (code, actor) {
        (Some(code), _) => find_territory_by_code(conn, code).await?,
        (None, Some(actor)) => find_territory(conn, actor.territory_id).await?,
        (None, None) => {
            let first: Option<Row> = territories::table
                .order((territories::created_at, territories::code))
                .select(Row::as_select())
                .first(conn)
                .await
                .optional()?;
            first.map(Territory::from)
        }
    };
    found.ok_or_else(Problem::not_found)
}

/// One more than `limit`, if there are, by code, after the one of code `after`.
pub(crate) async fn list_territories<C>(
    conn: &mut C,
    after: Option<String>,
    limit: i64,
) -> QueryResult<Vec<Territory>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Vec<Row> = territories::table
        .filter(territories::code.gt(after.unwrap_or_default()))
        .order(territories::code)
        .limit(limit + 1)
        .select(Row::as_select())
        .load(conn)
        .await?;
    Ok(found.into_iter().map(Territory::from).collect())
}
