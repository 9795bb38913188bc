//! Many households at once, for the demo and imports.

use super::facts::{HOUSEHOLD_FACTS, HouseholdFacts};
use super::member::MEMBER_PERSON;
use super::person::HouseholdPerson;
use crate::employees::tax_code_index;
use crate::schema::{household_members, households};
use concilia_kernel::identifiers::TaxCode;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Problem, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Rows per statement: far from PostgreSQL's 65,535 parameters.
const PIECE: usize = 1000;

/// A household to insert.
#[derive(Debug)]
pub struct NewHousehold {
    pub id: Uuid,
    pub worker_id: Uuid,
    pub facts: HouseholdFacts,
}

/// A member to insert.
#[derive(Debug)]
pub struct NewMember {
    pub id: Uuid,
    pub household_id: Uuid,
    /// Already checked.
    pub person: HouseholdPerson,
}

/// Creates many households, as [`super::insert_household`] creates one.
pub async fn insert_households(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    new: &[NewHousehold],
) -> Result<(), Problem> {
    for piece in new.chunks(PIECE) {
        let rows = piece.iter().map(|household| {
            Ok((
                households::id.eq(household.id),
                households::territory_id.eq(territory_id),
                households::worker_id.eq(household.worker_id),
                households::facts_sealed.eq(vault.seal_json(HOUSEHOLD_FACTS, &household.facts)?),
                households::updated_at.eq(now()),
            ))
        });
        let rows = rows.collect::<Result<Vec<_>, Problem>>()?;
        diesel::insert_into(households::table).values(rows).execute(connection).await?;
    }
    Ok(())
}

/// Adds many people to households, as [`super::insert_member`] adds one.
pub async fn insert_members(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    new: &[NewMember],
) -> Result<(), Problem> {
    for piece in new.chunks(PIECE) {
        let rows = piece.iter().map(|member| {
            let tax_code = member.person.tax_code.as_deref().and_then(|text| TaxCode::parse(text).ok());
            let index = tax_code.map(|tax_code| tax_code_index(vault, territory_id, &tax_code).to_vec());
            Ok((
                household_members::id.eq(member.id),
                household_members::territory_id.eq(territory_id),
                household_members::household_id.eq(member.household_id),
                household_members::person_sealed.eq(vault.seal_json(MEMBER_PERSON, &member.person)?),
                household_members::tax_code_index.eq(index),
                household_members::created_at.eq(now()),
            ))
        });
        let rows = rows.collect::<Result<Vec<_>, Problem>>()?;
        diesel::insert_into(household_members::table).values(rows).execute(connection).await?;
    }
    Ok(())
}
