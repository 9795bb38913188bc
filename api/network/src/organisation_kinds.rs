use crate::OrganisationKind;
use crate::schema::organisations;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

/// The kinds of those of `ids` that are organisations of the territory.
pub async fn organisation_kinds<C>(
    conn: &mut C,
    territory_id: Uuid,
    ids: &[Uuid],
) -> QueryResult<HashMap<Uuid, OrganisationKind>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Vec<(Uuid, OrganisationKind)> = organisations::table
        .filter(organisations::territory_id.eq(territory_id))
        .filter(organisations::id.eq_any(ids))
        .select((organisations::id, organisations::kind))
        .load(conn)
        .await?;
    Ok(found.into_iter().collect())
}
