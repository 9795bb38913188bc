use super::facts::HOUSEHOLD_FACTS;
use super::member::{HouseholdMember, MEMBER_PERSON};
use super::{Household, HouseholdFacts, HouseholdPerson};
use crate::employees::tax_code_index;
use crate::schema::{household_members, households, workers};
use chrono::{DateTime, Utc};
use concilia_kernel::identifiers::TaxCode;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, FieldError, Problem, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The household of the worker that the caller is, with its version.
pub(super) async fn find_household<C>(
    connection: &mut C,
    vault: &Vault,
    actor: &Actor,
) -> Result<(Household, i64), Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let (id, sealed, version, updated_at): (Uuid, Vec<u8>, i64, DateTime<Utc>) = households::table
        .inner_join(workers::table.on(workers::id.eq(households::worker_id)))
        .filter(workers::territory_id.eq(actor.territory_id))
        .filter(workers::account_id.eq(actor.id))
        .select((households::id, households::facts_sealed, households::version, households::updated_at))
        .get_result(connection)
        .await?;
    Ok((Household { id, facts: vault.open_json(HOUSEHOLD_FACTS, &sealed)?, updated_at }, version))
}

/// Locks the caller's household for the rest of the transaction, and returns it with its version.
pub(super) async fn lock_household(connection: &mut AsyncPgConnection, actor: &Actor) -> QueryResult<(Uuid, i64)> {
    let own = workers::table
        .filter(workers::territory_id.eq(actor.territory_id))
        .filter(workers::account_id.eq(actor.id))
        .select(workers::id);
    households::table
        .filter(households::territory_id.eq(actor.territory_id))
        .filter(households::worker_id.eq_any(own))
        .select((households::id, households::version))
        .for_no_key_update()
        .get_result(connection)
        .await
}

/// Replaces the facts of a locked household.
pub(super) async fn update_facts(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    id: Uuid,
    version: i64,
    facts: HouseholdFacts,
) -> Result<Household, Problem> {
    let updated_at = now();
    diesel::update(households::table.find(id))
        .set((
            households::facts_sealed.eq(vault.seal_json(HOUSEHOLD_FACTS, &facts)?),
            households::version.eq(version),
            households::updated_at.eq(updated_at),
        ))
        .execute(connection)
        .await?;
    Ok(Household { id, facts, updated_at })
}

type MemberRow = (Uuid, Vec<u8>, DateTime<Utc>, i64);

fn open(vault: &Vault, (id, sealed, created_at, version): MemberRow) -> Result<HouseholdMember, Problem> {
    Ok(HouseholdMember { id, person: vault.open_json(MEMBER_PERSON, &sealed)?, created_at, version })
}

/// Present members of the caller's household.
#[diesel::dsl::auto_type(no_type_alias)]
fn members_of(territory_id: Uuid, account_id: Uuid) -> _ {
    household_members::table
        .inner_join(households::table.on(households::id.eq(household_members::household_id)))
        .inner_join(workers::table.on(workers::id.eq(households::worker_id)))
        .filter(workers::territory_id.eq(territory_id))
        .filter(workers::account_id.eq(account_id))
        .filter(household_members::removed_at.is_null())
        .select((
            household_members::id,
            household_members::person_sealed,
            household_members::created_at,
            household_members::version,
        ))
}

/// Members of the caller's household in the order in which they were named, from after one of them.
pub(super) async fn list_members<C>(
    connection: &mut C,
    vault: &Vault,
    actor: &Actor,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<HouseholdMember>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<MemberRow> = members_of(actor.territory_id, actor.id)
        .filter(household_members::id.gt(after.unwrap_or_default()))
        .order(household_members::id)
        .limit(limit + 1)
        .load(connection)
        .await?;
    rows.into_iter().map(|row| open(vault, row)).collect()
}

pub(super) async fn find_member<C>(
    connection: &mut C,
    vault: &Vault,
    actor: &Actor,
    id: Uuid,
) -> Result<HouseholdMember, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let row: MemberRow = members_of(actor.territory_id, actor.id)
        .filter(household_members::id.eq(id))
        .get_result(connection)
        .await?;
    open(vault, row)
}

pub(super) async fn count_members(connection: &mut AsyncPgConnection, household_id: Uuid) -> QueryResult<i64> {
    household_members::table
        .filter(household_members::household_id.eq(household_id))
        .filter(household_members::removed_at.is_null())
        .count()
        .get_result(connection)
        .await
}

/// Replaces the person of a member of a locked household.
pub(super) async fn update_member(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    member: HouseholdMember,
    (person, tax_code): (HouseholdPerson, Option<TaxCode>),
) -> Result<HouseholdMember, Problem> {
    let version = member.version + 1;
    let index = tax_code.map(|tax_code| tax_code_index(vault, territory_id, &tax_code).to_vec());
    diesel::update(household_members::table.find(member.id))
        .set((
            household_members::person_sealed.eq(vault.seal_json(MEMBER_PERSON, &person)?),
            household_members::tax_code_index.eq(index),
            household_members::version.eq(version),
        ))
        .execute(connection)
        .await
        .map_err(tax_code_taken)?;
    Ok(HouseholdMember { person, version, ..member })
}

/// The same child is not named twice.
pub(super) fn tax_code_taken(error: Error) -> Problem {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Problem::new(Code::AlreadyExists)
            .with_error(FieldError::pointer("/tax_code", "tax_code_of_another_member")),
        other => other.into(),
    }
}

/// Takes a member of a locked household out of it. Applications keep what they froze.
pub(super) async fn remove_member(connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<()> {
    diesel::update(household_members::table.find(id))
        .set(household_members::removed_at.eq(now()))
        .execute(connection)
        .await?;
    Ok(())
}

/// Creates the household of a worker; one each, else a unique violation.
pub async fn insert_household(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    id: Uuid,
    worker_id: Uuid,
    facts: &HouseholdFacts,
) -> Result<(), Problem> {
    diesel::insert_into(households::table)
        .values((
            households::id.eq(id),
            households::territory_id.eq(territory_id),
            households::worker_id.eq(worker_id),
            households::facts_sealed.eq(vault.seal_json(HOUSEHOLD_FACTS, facts)?),
            households::updated_at.eq(now()),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Adds a person, already checked, to a household. A tax code that another member has is a unique
/// violation.
pub async fn insert_member(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    household_id: Uuid,
    id: Uuid,
    person: &HouseholdPerson,
) -> Result<DateTime<Utc>, Problem> {
    let tax_code = person.tax_code.as_deref().and_then(|text| TaxCode::parse(text).ok());
    let created_at = now();
    diesel::insert_into(household_members::table)
        .values((
            household_members::id.eq(id),
            household_members::territory_id.eq(territory_id),
            household_members::household_id.eq(household_id),
            household_members::person_sealed.eq(vault.seal_json(MEMBER_PERSON, person)?),
            household_members::tax_code_index
                .eq(tax_code.map(|tax_code| tax_code_index(vault, territory_id, &tax_code).to_vec())),
            household_members::created_at.eq(created_at),
        ))
        .execute(connection)
        .await
        .map_err(tax_code_taken)?;
    Ok(created_at)
}
