//! The voucher calls: the first, ranked and being spent; the second, open.

use super::accounts::account_id;
use super::households::{member_id, worker_id};
use super::{Loader, Populated};
use crate::demo::calendar::in_italy;
use crate::demo::data::{AppliesTo, DataError};
use crate::demo::dice::Dice;
use crate::demo::families::Family;
use crate::demo::ids;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use concilia_benefits::{
    Criterion, DeclaredChild, DeclaredHousehold, DraftApplication, SubmittedApplication, SubmittedMember,
    TieBreak, VoucherCallContent, Weight, approve_computed_ranking, close_call, compute_ranking,
    insert_draft_application, insert_submitted_applications, insert_voucher_call, open_call,
};
use concilia_eligibility::tax_code_index;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Problem, Role};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Days from loading to the last day on which vouchers of the ranked call may be spent.
const SPENDING_DAYS: i64 = 365;
/// Days for which the open call has been open, and will be.
const OPEN_SINCE: i64 = 10;
const OPEN_FOR: i64 = 60;

pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    loader: &Loader<'_>,
    populated: &Populated<'_>,
    project_id: Uuid,
    [author, approver]: [Agent; 2],
) -> Result<(), Problem> {
    let desk = Desk { loader, populated, project_id };
    let lead = ids::organisation(desk.code(), &populated.territory.head.project.lead);
    let territory_id = populated.territory_id;

    let ranked = insert_voucher_call(conn, territory_id, lead, &desk.ranked_call()?, author).await?;
    open_call(conn, territory_id, ranked.id, author).await?;
    desk.submit(conn, ranked.id, AppliesTo::Ranked, (ranked.opens_at, ranked.closes_at)).await?;
    close_call(conn, territory_id, ranked.id, Agent::SYSTEM, "closing instant reached").await?;
    compute_ranking(conn, &loader.vault, territory_id, ranked.id, author).await?;
    approve_computed_ranking(conn, &loader.vault, territory_id, ranked.id, approver).await?;

    let open = insert_voucher_call(conn, territory_id, lead, &desk.open_call()?, author).await?;
    open_call(conn, territory_id, open.id, author).await?;
    let yesterday = desk.instant(-1, 0)?;
    desk.submit(conn, open.id, AppliesTo::Open, (open.opens_at, yesterday)).await?;
    desk.draft(conn, open.id).await
}

struct Desk<'a> {
    loader: &'a Loader<'a>,
    populated: &'a Populated<'a>,
    project_id: Uuid,
}

/// Disability or learning disorder outweigh all else; each later criterion outweighs those after it.
fn criteria() -> Vec<Criterion> {
    let points = |points| Weight { points };
    vec![
        Criterion::ChildDisability(points(100)),
        Criterion::ChildLearningDisorder(points(100)),
        Criterion::SingleParent(points(40)),
        Criterion::BothParentsWorking(points(20)),
        Criterion::ShiftWork(points(10)),
        Criterion::NoRelativesNearby(points(5)),
    ]
}

fn tie_breaks() -> Vec<TieBreak> {
    vec![TieBreak::IseeAscending, TieBreak::SubmittedAtAscending]
}

impl Desk<'_> {
    fn code(&self) -> &str {
        &self.populated.territory.head.code
    }

    fn day(&self, days: i64) -> Result<NaiveDate, DataError> {
        let day = self.loader.today.checked_add_signed(Duration::days(days));
        day.ok_or_else(|| DataError(format!("no day {days} days from now")))
    }

    /// An hour of a day, by the Italian clock.
    fn instant(&self, days: i64, hour: u32) -> Result<DateTime<Utc>, DataError> {
        let time = NaiveTime::from_hms_opt(hour, 0, 0);
        let day = self.day(days)?;
        time.and_then(|time| in_italy(day, time)).ok_or_else(|| DataError(format!("no hour {hour} of {day}")))
    }

    fn ranked_call(&self) -> Result<VoucherCallContent, DataError> {
        let head = &self.populated.territory.head;
        let call = &head.ranked_call;
        let employers =
            head.employers.iter().map(|employer| ids::organisation(&head.code, &employer.organisation));
        Ok(VoucherCallContent {
            project_id: self.project_id,
            title_it: call.title_it.clone(),
            title_en: call.title_en.clone(),
            budget: call.budget,
            first_award_share: call.first_award_share,
            value_per_child: call.value_per_child,
            household_cap: None,
            minimum_age: call.minimum_age,
            maximum_age: call.maximum_age,
            admitted_employer_ids: employers.collect(),
            criteria: criteria(),
            tie_breaks: tie_breaks(),
            spendable_categories: None,
            opens_at: self.instant(-call.opened_days_ago, 9)?,
            closes_at: self.instant(-call.closed_days_ago, 12)?,
            spend_by: self.day(SPENDING_DAYS)?,
        })
    }

    fn open_call(&self) -> Result<VoucherCallContent, DataError> {
        let call = &self.populated.territory.head.open_call;
        Ok(VoucherCallContent {
            project_id: self.project_id,
            title_it: call.title_it.clone(),
            title_en: call.title_en.clone(),
            budget: call.budget,
            first_award_share: call.first_award_share,
            value_per_child: call.value_per_child,
            household_cap: Some(call.household_cap),
            minimum_age: call.minimum_age,
            maximum_age: call.maximum_age,
            admitted_employer_ids: vec![],
            criteria: criteria(),
            tie_breaks: tie_breaks(),
            spendable_categories: None,
            opens_at: self.instant(-OPEN_SINCE, 9)?,
            closes_at: self.instant(OPEN_FOR, 12)?,
            spend_by: self.day(OPEN_FOR + SPENDING_DAYS)?,
        })
    }

    fn applicants(&self, applies_to: AppliesTo) -> impl Iterator<Item = &Family> {
        self.populated.families.iter().filter(move |family| family.applies_to == Some(applies_to))
    }

    fn employer_id(&self, family: &Family) -> Uuid {
        ids::organisation(self.code(), &family.employer)
    }

    /// Submits the applications of those who apply, spread between two instants.
    async fn submit(
        &self,
        conn: &mut AsyncPgConnection,
        call_id: Uuid,
        applies_to: AppliesTo,
        (first, last): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(), Problem> {
        let mut dice = Dice::of(&format!("submissions/{}/{applies_to:?}", self.code()));
        let applications = self.applicants(applies_to).map(|family| SubmittedApplication {
            worker_id: worker_id(family),
            employer_id: self.employer_id(family),
            submitted_at: first + Duration::seconds(dice.below((last - first).num_seconds() as usize) as i64),
            household: declared_household(family),
            members: self.members(family),
        });
        let applications: Vec<_> = applications.collect();
        insert_submitted_applications(
            conn,
            &self.loader.vault,
            self.populated.territory_id,
            call_id,
            &applications,
        )
        .await?;
        Ok(())
    }

    fn members(&self, family: &Family) -> Vec<SubmittedMember> {
        let members = family.children.iter().enumerate().map(|(index, child)| SubmittedMember {
            household_member_id: member_id(family, index),
            child: DeclaredChild {
                birth_date: child.person.birth_date,
                disability: child.disability,
                learning_disorder: child.learning_disorder,
                other_fragility: child.other_fragility,
            },
            tax_code_index: Some(
                tax_code_index(&self.loader.vault, self.populated.territory_id, &child.person.tax_code).to_vec(),
            ),
        });
        members.collect()
    }

    async fn draft(&self, conn: &mut AsyncPgConnection, call_id: Uuid) -> Result<(), Problem> {
        for family in self.applicants(AppliesTo::Draft) {
            let draft = DraftApplication {
                worker_id: worker_id(family),
                employer_id: self.employer_id(family),
                household_member_ids: (0..family.children.len()).map(|index| member_id(family, index)).collect(),
            };
            let agent = Agent { id: Some(account_id(&family.email)), role: Role::Worker.as_str() };
            insert_draft_application(conn, self.populated.territory_id, call_id, &draft, agent).await?;
        }
        Ok(())
    }
}

fn declared_household(family: &Family) -> DeclaredHousehold {
    DeclaredHousehold {
        single_parent: family.single_parent,
        both_parents_working: family.both_parents_working,
        shift_work: family.shift_work,
        no_relatives_nearby: family.no_relatives_nearby,
        woman_entrepreneur: family.woman_entrepreneur,
        isee: family.isee,
    }
}
