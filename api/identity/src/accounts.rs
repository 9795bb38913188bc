//! Accounts of people and the roles they hold.

use crate::Email;
use crate::password::PasswordHash;
use crate::schema::{accounts, role_bindings};
use concilia_kernel::auth::RoleBinding;
use concilia_kernel::{Actor, Role, now};
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

/// A person who may log in.
#[derive(Debug)]
pub struct NewAccount<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub email: &'a Email,
    /// 1 to 200 characters.
    pub display_name: &'a str,
    pub password: &'a PasswordHash,
}

/// Creates an account, without roles. A taken e-mail address is a unique violation, hence 409.
pub async fn create_account(conn: &mut AsyncPgConnection, account: NewAccount<'_>) -> QueryResult<()> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(account.id),
            accounts::territory_id.eq(account.territory_id),
            accounts::email.eq(account.email.as_str()),
            accounts::password_hash.eq(account.password.as_str()),
            accounts::display_name.eq(account.display_name),
            accounts::created_at.eq(now()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives an account a role for an organisation of its territory; once more changes nothing. The
/// account's next access token carries it.
pub async fn grant_role(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    account_id: Uuid,
    binding: RoleBinding,
) -> QueryResult<()> {
    diesel::insert_into(role_bindings::table)
        .values((
            role_bindings::territory_id.eq(territory_id),
            role_bindings::account_id.eq(account_id),
            role_bindings::organisation_id.eq(binding.organisation_id),
            role_bindings::role.eq(binding.role),
            role_bindings::granted_at.eq(now()),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Who an account is.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Account {
    pub email: String,
    pub display_name: String,
}

/// An account of the territory; `NotFound` for another's.
pub async fn find_account<C>(conn: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Account>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    accounts::table
        .filter(accounts::territory_id.eq(territory_id))
        .filter(accounts::id.eq(id))
        .select(Account::as_select())
        .get_result(conn)
        .await
}

/// The names of accounts of the territory, by identifier.
pub async fn account_names<C>(conn: &mut C, territory_id: Uuid, ids: &[Uuid]) -> QueryResult<HashMap<Uuid, String>>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    let rows: Vec<(Uuid, String)> = accounts::table
        .filter(accounts::territory_id.eq(territory_id))
        .filter(accounts::id.eq_any(ids))
        .select((accounts::id, accounts::display_name))
        .load(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The roles of an account, in a stable order.
pub async fn roles_of<C>(conn: &mut C, territory_id: Uuid, account_id: Uuid) -> QueryResult<Vec<RoleBinding>>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    let rows: Vec<(Role, Uuid)> = role_bindings::table
        .filter(role_bindings::territory_id.eq(territory_id))
        .filter(role_bindings::account_id.eq(account_id))
        .order((role_bindings::role, role_bindings::organisation_id))
        .select((role_bindings::role, role_bindings::organisation_id))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(role, organisation_id)| RoleBinding { role, organisation_id }).collect())
}

/// Somebody who holds a role.
#[derive(Debug, Clone, Queryable)]
pub struct RoleHolder {
    pub account_id: Uuid,
    pub display_name: String,
    pub role: Role,
    pub organisation_id: Uuid,
}

/// The people of the territory who hold one of `roles`, but for disabled accounts.
pub async fn accounts_with_roles<C>(
    conn: &mut C,
    territory_id: Uuid,
    roles: &[Role],
) -> QueryResult<Vec<RoleHolder>>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    let of_account =
        role_bindings::territory_id.eq(accounts::territory_id).and(role_bindings::account_id.eq(accounts::id));
    accounts::table
        .inner_join(role_bindings::table.on(of_account))
        .filter(accounts::territory_id.eq(territory_id))
        .filter(accounts::disabled_at.is_null())
        .filter(role_bindings::role.eq_any(roles))
        .select((accounts::id, accounts::display_name, role_bindings::role, role_bindings::organisation_id))
        .load(conn)
        .await
}

/// A person as they may act now, without a token: none when the account is disabled.
pub async fn acting_person<C>(conn: &mut C, territory_id: Uuid, account_id: Uuid) -> QueryResult<Option<Actor>>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    let enabled = accounts::table
        .filter(accounts::territory_id.eq(territory_id))
        .filter(accounts::id.eq(account_id))
        .filter(accounts::disabled_at.is_null());
    if !diesel::select(diesel::dsl::exists(enabled)).get_result(conn).await? {
        return Ok(None);
    }
    Ok(Some(Actor::of_person(account_id, territory_id, roles_of(conn, territory_id, account_id).await?)))
}

/// What a login is checked against.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(crate) struct Login {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub password_hash: String,
}

/// The account of an address, unless it is disabled. The address is unique in all territories.
pub(crate) async fn find_login<C>(conn: &mut C, email: &Email) -> QueryResult<Option<Login>>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    accounts::table
        .filter(accounts::email.eq(email.as_str()))
        .filter(accounts::disabled_at.is_null())
        .select(Login::as_select())
        .get_result(conn)
        .await
        .optional()
}
