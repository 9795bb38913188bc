//! Services that suit the children, with a place left.

use crate::cast::Cast;
use crate::story::{Story, eur};
use crate::voucher_call::{Award, store};
use chrono::{Duration, Utc};
use concilia_client::{Concilia, List, Money, TryStreamExt, types};
use concilia_samples::Failure;
use rust_decimal::prelude::ToPrimitive;
use uuid::Uuid;

/// One line of the plan to be.
pub(crate) struct Choice {
    pub(crate) service: types::ServiceSummary,
    pub(crate) session: types::ServiceSession,
    /// Another session of the service, when there is one.
    pub(crate) alternative: Option<Uuid>,
    pub(crate) child_id: Uuid,
    pub(crate) voucher_id: Uuid,
    pub(crate) quantity: i32,
}

/// What a service must be to be chosen.
struct Wish<'a> {
    award: &'a Award<'a>,
    for_learning_disorders: bool,
    /// It has a second session that the provider may propose.
    with_alternative: bool,
}

/// For the first child more than its voucher covers; for the second two services.
pub(crate) async fn choose(
    cast: &Cast,
    worker: &Concilia,
    awards: &[Award<'_>],
    story: &mut Story,
) -> Result<Vec<Choice>, Failure> {
    let [first, second] = awards else { return Err(Failure::told("there are not two vouchers")) };
    story.step("Worker", "looks for services with free places for each child");
    let slug = store(cast, worker).await?.slug;
    let wishes = [
        Wish { award: first, for_learning_disorders: true, with_alternative: false },
        Wish { award: second, for_learning_disorders: false, with_alternative: true },
        Wish { award: second, for_learning_disorders: false, with_alternative: false },
    ];
    let mut choices: Vec<Choice> = vec![];
    for wish in wishes {
        let choice = find(cast, worker, &slug, &wish, &choices, story).await?;
        story.tell(format!(
            "   {}, {} ({} per {}), from {}: {} free places",
            choice.service.title_en,
            choice.service.provider_name,
            eur(choice.service.price),
            choice.service.unit,
            choice.session.starts_at.format("%d/%m/%Y %H:%M"),
            choice.session.free_places
        ));
        choices.push(choice);
    }
    choices[0].quantity = units_beyond(first.voucher.available, choices[0].service.price)?;
    Ok(choices)
}

async fn find(
    cast: &Cast,
    worker: &Concilia,
    slug: &str,
    wish: &Wish<'_>,
    taken: &[Choice],
    story: &Story,
) -> Result<Choice, Failure> {
    let child = wish.award.child;
    let found = worker.list_services().store(slug).age(child.age).free_places(true).limit(100).items();
    let services: Vec<types::ServiceSummary> = found.try_collect().await?;
    story.tell(format!("{}, {} years: {} services", child.name, child.age, services.len()));
    let suits = |service: &&types::ServiceSummary| {
        let known = cast.providers.iter().any(|account| account.organisation_id == service.provider_id);
        let special = service.inclusion.contains(&types::InclusionFeature::LearningDisorders);
        let new = taken.iter().all(|choice| choice.service.provider_id != service.provider_id);
        known && new && (special || !wish.for_learning_disorders) && service.price <= wish.award.voucher.available
    };
    for service in services.iter().filter(suits) {
        let mut sessions = open_sessions(worker, service.id).await?.into_iter();
        let (session, alternative) = (sessions.next(), sessions.next());
        let Some(session) = session.filter(|_| alternative.is_some() || !wish.with_alternative) else { continue };
        return Ok(Choice {
            service: service.clone(),
            session,
            alternative: alternative.map(|session| session.id),
            child_id: child.id,
            voucher_id: wish.award.voucher.id,
            quantity: 1,
        });
    }
    Err(Failure::told(format!("no provider with an account has a place left that suits {}", child.name)))
}

async fn open_sessions(worker: &Concilia, service_id: Uuid) -> Result<Vec<types::ServiceSession>, Failure> {
    let soon = Utc::now() + Duration::hours(1);
    let mut sessions: Vec<types::ServiceSession> =
        worker.list_service_sessions().service_id(service_id).items().try_collect().await?;
    sessions.retain(|session| {
        session.state == types::SessionState::Open && session.free_places > 0 && session.starts_at > soon
    });
    Ok(sessions)
}

/// The least quantity that costs more than `available`.
fn units_beyond(available: Money, price: Money) -> Result<i32, Failure> {
    let units = available.decimal().checked_div(price.decimal()).and_then(|units| units.floor().to_i32());
    units.map(|units| units + 1).ok_or_else(|| Failure::told("a service without a price"))
}
