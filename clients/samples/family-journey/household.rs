//! What the worker declares of the family.

use crate::story::Story;
use chrono::{Datelike, NaiveDate, Utc};
use concilia_client::{Concilia, Money, Response, types};
use concilia_samples::Failure;

pub(crate) struct Child {
    pub(crate) id: uuid::Uuid,
    pub(crate) name: String,
    pub(crate) age: i32,
}

/// Declares the facts and two children, the first with a learning disorder.
pub(crate) async fn fill(worker: &Concilia, story: &mut Story) -> Result<[Child; 2], Failure> {
    story.step("Worker", "declares the household");
    let household = worker.get_household().send().await?;
    let version = household.etag().ok_or_else(|| Failure::told("a household without a version"))?;
    let isee = Money::from_cents(1_425_000);
    let facts = types::HouseholdFacts {
        single_parent: false,
        both_parents_working: true,
        shift_work: true,
        no_relatives_nearby: true,
        woman_entrepreneur: false,
        isee: Some(isee.decimal()),
    };
    worker.update_household().if_match(version).body(facts).send().await?;
    story.tell(format!("both parents at work, in shifts, no relatives nearby, ISEE {}", crate::story::eur(isee)));
    let first = add(worker, "Tommaso", 9, true, story).await?;
    let second = add(worker, "Anita", 8, false, story).await?;
    Ok([first, second])
}

async fn add(
    worker: &Concilia,
    name: &str,
    age: i32,
    learning_disorder: bool,
    story: &Story,
) -> Result<Child, Failure> {
    let birth_date = NaiveDate::from_ymd_opt(Utc::now().year() - age, 1, 1);
    let child = types::HouseholdPerson {
        given_name: name.to_owned(),
        family_name: "Fontana".to_owned(),
        birth_date: birth_date.ok_or_else(|| Failure::told("no such day of birth"))?,
        relationship: types::Relationship::Child,
        disability: false,
        learning_disorder,
        other_fragility: false,
        school_level: types::SchoolLevel::Primary,
        tax_code: None,
    };
    let child = worker.create_household_member().body(child).send().await?;
    let disorder = if learning_disorder { ", learning disorder" } else { "" };
    story.tell(format!("{name}, {age} years{disorder}"));
    Ok(Child { id: child.id, name: name.to_owned(), age })
}
