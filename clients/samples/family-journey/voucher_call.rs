//! From the call to the vouchers.

use crate::cast::Cast;
use crate::household::Child;
use crate::story::{Story, eur};
use chrono::{Days, Duration, Utc};
use concilia_client::{Concilia, List, Money, TryStreamExt, types};
use concilia_samples::Failure;
use uuid::Uuid;

const BUDGET: i64 = 100_000;
const VALUE_PER_CHILD: i64 = 30_000;

pub(crate) struct Call {
    pub(crate) id: Uuid,
    pub(crate) budget: Money,
}

/// A voucher and the child it is for.
pub(crate) struct Award<'a> {
    pub(crate) voucher: types::Voucher,
    pub(crate) child: &'a Child,
}

/// The store of the lead, whose project funds the call.
pub(crate) async fn store(cast: &Cast, caller: &Concilia) -> Result<types::Store, Failure> {
    let mut stores = caller.list_stores().items();
    while let Some(store) = stores.try_next().await? {
        if store.lead_organisation_id == cast.officers[0].organisation_id {
            return Ok(store);
        }
    }
    Err(Failure::told("the lead has no store"))
}

pub(crate) async fn open(cast: &Cast, story: &mut Story) -> Result<Call, Failure> {
    let officer = cast.officer(0).await?;
    story.step(&format!("Officer of {}", cast.officers[0].organisation), "writes a voucher call and opens it");
    let store = store(cast, &officer).await?;
    let draft = officer.create_voucher_call().body(content(cast, store.project_id)).send().await?;
    let call = officer.open_voucher_call().voucher_call_id(draft.id).send().await?.into_inner();
    story.tell(format!(
        "edition {}, budget {}, {} per child",
        call.edition,
        eur(call.budget),
        eur(call.value_per_child)
    ));
    story.tell(format!(
        "applications until {}, to be spent by {}",
        call.closes_at.format("%d/%m/%Y %H:%M"),
        call.spend_by.format("%d/%m/%Y")
    ));
    Ok(Call { id: call.id, budget: call.budget })
}

fn content(cast: &Cast, project_id: Uuid) -> types::VoucherCallContent {
    let now = Utc::now();
    types::VoucherCallContent {
        project_id,
        title_it: format!("Avviso di prova {}", cast.serial),
        title_en: format!("Trial call {}", cast.serial),
        budget: Money::from_cents(BUDGET).decimal(),
        first_award_share: None,
        value_per_child: Money::from_cents(VALUE_PER_CHILD).decimal(),
        household_cap: Some(Money::from_cents(2 * VALUE_PER_CHILD).decimal()),
        minimum_age: 0,
        maximum_age: 14,
        admitted_employer_ids: vec![cast.employer.organisation_id],
        criteria: vec![
            types::Criterion::ChildLearningDisorder { points: 40 },
            types::Criterion::BothParentsWorking { points: 20 },
            types::Criterion::NoRelativesNearby { points: 10 },
            types::Criterion::IseeUpTo { points: 15, threshold: Money::from_cents(1_500_000).decimal() },
        ],
        tie_breaks: vec![types::TieBreak::IseeAscending, types::TieBreak::SubmittedAtAscending],
        spendable_categories: None,
        opens_at: now - Duration::minutes(1),
        closes_at: now + Duration::days(1),
        spend_by: now.date_naive() + Days::new(300),
    }
}

pub(crate) async fn apply(
    worker: &Concilia,
    call: &Call,
    children: &[Child; 2],
    story: &mut Story,
) -> Result<Uuid, Failure> {
    story.step("Worker", "applies for both children");
    let application = types::CreateApplication {
        voucher_call_id: call.id,
        household_member_ids: children.iter().map(|child| child.id).collect(),
    };
    let draft = worker.create_application().body(application).send().await?;
    let application = worker.submit_application().application_id(draft.id).send().await?;
    let protocol_number = application.protocol_number.as_deref();
    story.tell(format!("protocol number {}", protocol_number.unwrap_or("missing")));
    Ok(application.id)
}

pub(crate) async fn rank(cast: &Cast, call: &Call, story: &mut Story) -> Result<(), Failure> {
    story.step("Officer of the lead", "closes the call and computes the ranking");
    let officer = cast.officer(0).await?;
    let reason = types::CloseVoucherCall { reason: "Everyone expected has applied".to_owned() };
    officer.close_voucher_call().voucher_call_id(call.id).body(reason).send().await?;
    let ranking = officer.create_ranking().voucher_call_id(call.id).send().await?;
    let totals = &ranking.totals;
    story.tell(format!("{} lines, {} awarded, {}", totals.lines, totals.awarded, eur(totals.awarded_amount)));

    story.step("Second officer of the lead", "approves the ranking");
    let ranking = cast.officer(1).await?.approve_ranking().ranking_id(ranking.id).send().await?;
    story.tell(format!("ranking {} is {}", ranking.number, ranking.state));
    Ok(())
}

/// The worker reads why, and what was awarded.
pub(crate) async fn read_awards<'a>(
    worker: &Concilia,
    application_id: Uuid,
    children: &'a [Child; 2],
    story: &mut Story,
) -> Result<Vec<Award<'a>>, Failure> {
    story.step("Worker", "reads the explanation and the vouchers");
    let explanation = worker.get_application_explanation().application_id(application_id).send().await?;
    for line in &explanation.lines {
        let name =
            children.iter().find(|child| child.id == line.household_member_id).map_or("?", |child| &child.name);
        story.tell(format!("{name}: position {}, {} points, {}", line.position, line.points, line.text));
        for criterion in &line.criteria {
            let (points, most) = (criterion.points, criterion.points_available);
            story.tell(format!("   {points:>3} of {most:>3}  {}: {}", criterion.criterion, criterion.text));
        }
    }
    let vouchers: Vec<types::Voucher> = worker.list_vouchers().items().try_collect().await?;
    let mut awards = vec![];
    for child in children {
        let found = vouchers.iter().find(|voucher| voucher.household_member_id == Some(child.id));
        let voucher = found.ok_or_else(|| Failure::told(format!("{} has no voucher", child.name)))?.clone();
        story.tell(format!(
            "voucher of {}: {}, available {}",
            child.name,
            eur(voucher.value),
            eur(voucher.available)
        ));
        awards.push(Award { voucher, child });
    }
    Ok(awards)
}
