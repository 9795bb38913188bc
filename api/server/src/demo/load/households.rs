//! The workers of the invented families, with their households.

use super::accounts::account_id;
use crate::demo::families::{Child, Family};
use crate::demo::ids;
use chrono::NaiveDate;
use concilia_eligibility::{
    HouseholdFacts, HouseholdPerson, NewHousehold, NewMember, NewWorker, Relationship, SchoolLevel,
    insert_households, insert_members, insert_workers,
};
use concilia_kernel::Problem;
use concilia_kernel::clock::age_on;
use concilia_kernel::vault::Vault;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

pub(super) fn worker_id(family: &Family) -> Uuid {
    ids::id("worker", &family.email)
}

/// The household member that is a family's child, counted from zero.
pub(super) fn member_id(family: &Family, child: usize) -> Uuid {
    ids::nth("household_member", &family.email, child as u64)
}

pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    families: &[Family],
    today: NaiveDate,
) -> Result<(), Problem> {
    let workers = families.iter().map(|family| NewWorker {
        id: worker_id(family),
        account_id: account_id(&family.email),
        tax_code: &family.worker.tax_code,
        given_name: &family.worker.given_name,
        family_name: &family.worker.family_name,
    });
    insert_workers(conn, vault, territory_id, &workers.collect::<Vec<_>>()).await?;
    let households = families.iter().map(|family| NewHousehold {
        id: household_id(family),
        worker_id: worker_id(family),
        facts: facts(family),
    });
    insert_households(conn, vault, territory_id, &households.collect::<Vec<_>>()).await?;
    let members = families.iter().flat_map(|family| {
        family.children.iter().enumerate().map(move |(index, child)| NewMember {
            id: member_id(family, index),
            household_id: household_id(family),
            person: person(child, today),
        })
    });
    insert_members(conn, vault, territory_id, &members.collect::<Vec<_>>()).await
}

fn household_id(family: &Family) -> Uuid {
    ids::id("household", &family.email)
}

fn facts(family: &Family) -> HouseholdFacts {
    HouseholdFacts {
        single_parent: family.single_parent,
        both_parents_working: family.both_parents_working,
        shift_work: family.shift_work,
        no_relatives_nearby: family.no_relatives_nearby,
        woman_entrepreneur: family.woman_entrepreneur,
        isee: family.isee,
    }
}

fn person(child: &Child, today: NaiveDate) -> HouseholdPerson {
    HouseholdPerson {
        given_name: child.person.given_name.clone(),
        family_name: child.person.family_name.clone(),
        birth_date: child.person.birth_date,
        relationship: Relationship::Child,
        disability: child.disability,
        learning_disorder: child.learning_disorder,
        other_fragility: child.other_fragility,
        school_level: school_level(age_on(child.person.birth_date, today).unwrap_or_default()),
        tax_code: Some(child.person.tax_code.as_str().to_owned()),
    }
}

fn school_level(age: u32) -> SchoolLevel {
    match age {
        0..3 => SchoolLevel::Nursery,
        3..6 => SchoolLevel::Preschool,
        6..11 => SchoolLevel::Primary,
        11..14 => SchoolLevel::LowerSecondary,
        _ => SchoolLevel::UpperSecondary,
    }
}
