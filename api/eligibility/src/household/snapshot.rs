//! What other contexts need of a household: the whole of it to freeze, or names to show.

use super::facts::HOUSEHOLD_FACTS;
use super::member::MEMBER_PERSON;
use super::{HouseholdFacts, HouseholdPerson};
use crate::schema::{household_members, households};
use chrono::NaiveDate;
use concilia_kernel::Problem;
use concilia_kernel::vault::Vault;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// A household as it is now, in the clear: whoever keeps it seals it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdSnapshot {
    pub household_id: Uuid,
    pub facts: HouseholdFacts,
    /// In the order in which they were named.
    pub members: Vec<MemberSnapshot>,
}

/// A member of a household as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSnapshot {
    pub id: Uuid,
    pub person: HouseholdPerson,
    /// Recognises the same person in another household of the territory.
    pub tax_code_index: Option<Vec<u8>>,
}

/// The household of a worker of the territory with its present members; 404 when there is none.
pub async fn household_snapshot<C>(
    connection: &mut C,
    vault: &Vault,
    territory_id: Uuid,
    worker_id: Uuid,
) -> Result<HouseholdSnapshot, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    type Member = (Uuid, Vec<u8>, Option<Vec<u8>>);
    let rows: Vec<(Uuid, Vec<u8>, Option<Member>)> =
        households::table
            .left_join(household_members::table.on(
                household_members::household_id.eq(households::id).and(household_members::removed_at.is_null()),
            ))
            .filter(households::territory_id.eq(territory_id))
            .filter(households::worker_id.eq(worker_id))
            .order(household_members::id)
            .select((
                households::id,
                households::facts_sealed,
                (household_members::id, household_members::person_sealed, household_members::tax_code_index)
                    .nullable(),
            ))
            .load(connection)
            .await?;
    let Some((household_id, sealed, _)) = rows.as_slice().first() else { return Err(Problem::not_found()) };
    let (household_id, facts) = (*household_id, vault.open_json(HOUSEHOLD_FACTS, sealed)?);
    let members = rows.into_iter().filter_map(|(_, _, member)| member).map(|(id, sealed, tax_code_index)| {
        Ok(MemberSnapshot { id, person: vault.open_json(MEMBER_PERSON, &sealed)?, tax_code_index })
    });
    Ok(HouseholdSnapshot { household_id, facts, members: members.collect::<Result<_, Problem>>()? })
}

/// How a member is called, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberName {
    pub given_name: String,
    pub birth_date: NaiveDate,
}

/// Names of members of any household of the territory, removed ones included; unknown ids are left out.
pub async fn member_names<C>(
    connection: &mut C,
    vault: &Vault,
    territory_id: Uuid,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, MemberName>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<(Uuid, Vec<u8>)> = household_members::table
        .filter(household_members::territory_id.eq(territory_id))
        .filter(household_members::id.eq_any(ids))
        .select((household_members::id, household_members::person_sealed))
        .load(connection)
        .await?;
    rows.into_iter().map(|(id, sealed)| Ok((id, open_member_name(vault, &sealed)?))).collect()
}

/// The name in a sealed person, for statements that read it along with their own rows.
pub fn open_member_name(vault: &Vault, sealed: &[u8]) -> Result<MemberName, Problem> {
    let person: HouseholdPerson = vault.open_json(MEMBER_PERSON, sealed)?;
    Ok(MemberName { given_name: person.given_name, birth_date: person.birth_date })
}
