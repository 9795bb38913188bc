//! Many accounts at once, for the demo and for imports.

use crate::Email;
use crate::password::NOBODY;
use crate::schema::{accounts, role_bindings};
use concilia_kernel::Role;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Rows per statement: far from PostgreSQL's 65,535 parameters.
const PIECE: usize = 1000;

/// An account into which nobody can log in, with one role.
#[derive(Debug)]
pub struct LockedAccount {
    pub id: Uuid,
    pub email: Email,
    /// 1 to 200 characters.
    pub display_name: String,
    pub organisation_id: Uuid,
    pub role: Role,
}

/// Creates accounts whose password nobody knows: their hash was drawn at random, and checking it takes
/// as long as any other.
pub async fn create_locked_accounts(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    locked: &[LockedAccount],
) -> QueryResult<()> {
    for piece in locked.chunks(PIECE) {
        let rows = piece.iter().map(|account| {
            (
                accounts::id.eq(account.id),
                accounts::territory_id.eq(territory_id),
                accounts::email.eq(account.email.as_str()),
                accounts::password_hash.eq(NOBODY),
                accounts::display_name.eq(&account.display_name),
            )
        });
        diesel::insert_into(accounts::table).values(rows.collect::<Vec<_>>()).execute(conn).await?;
        let rows = piece.iter().map(|account| {
            (
                role_bindings::territory_id.eq(territory_id),
                role_bindings::account_id.eq(account.id),
                role_bindings::organisation_id.eq(account.organisation_id),
                role_bindings::role.eq(account.role),
            )
        });
        diesel::insert_into(role_bindings::table).values(rows.collect::<Vec<_>>()).execute(conn).await?;
    }
    Ok(())
}
