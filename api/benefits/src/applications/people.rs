//! What eligibility knows of the applicant, in the terms of a call.

use crate::rules::facts::{DeclaredChild, DeclaredHousehold};
use crate::voucher_calls::VoucherCall;
use concilia_eligibility::{HouseholdFacts, HouseholdPerson, employments_on, find_worker_id, household_snapshot};
use concilia_kernel::problem::Text;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, FieldError, Problem, today};
use diesel::OptionalExtension;
use diesel::pg::Pg;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection};
use uuid::Uuid;

/// The worker that the caller is, if any.
pub async fn worker<C>(connection: &mut C, actor: &Actor) -> Result<Option<Uuid>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    Ok(find_worker_id(connection, actor.territory_id, actor.id).await.optional()?)
}

pub fn not_a_worker() -> Problem {
    Problem::new(Code::NotEligible).explain(
        "L'account non è di una lavoratrice o di un lavoratore attivato.",
        "The account is not that of an activated worker.",
    )
}

/// The employer by which a worker may apply: employed there today, and admitted by the call. The one
/// chosen before is kept while it holds.
pub async fn admitted_employer(
    connection: &mut AsyncPgConnection,
    call: &VoucherCall,
    worker_id: Uuid,
    chosen: Option<Uuid>,
) -> Result<Uuid, Problem> {
    let today = today();
    let employments = employments_on(connection, call.territory_id, worker_id, today).await?;
    let admitted: Vec<Uuid> =
        employments.iter().map(|e| e.employer_id).filter(|employer| call.admits_employer(*employer)).collect();
    let kept = chosen.filter(|employer| admitted.contains(employer));
    kept.or_else(|| admitted.first().copied()).ok_or_else(|| {
        let text = if employments.is_empty() {
            Text::new("nessun rapporto di lavoro risulta in corso oggi", "no employment is in force today")
        } else {
            Text::new(
                "nessuno dei datori di lavoro di oggi è tra quelli ammessi dall'avviso",
                "none of today's employers is admitted by the call",
            )
        };
        let error = FieldError::pointer("/voucher_call_id", "employer_not_admitted").explain(&text);
        Problem::new(Code::NotEligible).with_error(error)
    })
}

/// What a family declares now.
pub struct Declared {
    pub household: DeclaredHousehold,
    /// In the order asked.
    pub members: Vec<Member>,
}

pub struct Member {
    pub child: DeclaredChild,
    /// Given and family name, in small letters and with single spaces.
    pub called: [String; 2],
    /// Blind index of the tax code, where it is known.
    pub tax_code_index: Option<Vec<u8>>,
}

/// The household of a worker and these of its members; others are refused where they stand.
pub async fn declared(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    worker_id: Uuid,
    household_member_ids: &[Uuid],
) -> Result<Declared, Problem> {
    let snapshot = match household_snapshot(connection, vault, territory_id, worker_id).await {
        Ok(snapshot) => Some(snapshot),
        // Without a household, none of the members asked for is one of its.
        Err(problem) if problem.code() == Code::NotFound => None,
        Err(problem) => return Err(problem),
    };
    let known = snapshot.as_ref().map_or(&[][..], |snapshot| &snapshot.members);
    let mut errors = vec![];
    let mut members = vec![];
    for (at, id) in household_member_ids.iter().enumerate() {
        match known.iter().find(|member| member.id == *id) {
            Some(member) => members.push(Member {
                child: DeclaredChild::from(&member.person),
                called: [&member.person.given_name, &member.person.family_name].map(|name| plain(name)),
                tax_code_index: member.tax_code_index.clone(),
            }),
            None => errors.push(
                FieldError::pointer(format!("/household_member_ids/{at}"), "not_found").value(id.to_string()),
            ),
        }
    }
    match snapshot {
        Some(snapshot) if errors.is_empty() => Ok(Declared { household: (&snapshot.facts).into(), members }),
        _ => Err(Problem::new(Code::ValidationFailed).with_errors(errors)),
    }
}

fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl From<&HouseholdFacts> for DeclaredHousehold {
    fn from(facts: &HouseholdFacts) -> Self {
        Self {
            single_parent: facts.single_parent,
            both_parents_working: facts.both_parents_working,
            shift_work: facts.shift_work,
            no_relatives_nearby: facts.no_relatives_nearby,
            woman_entrepreneur: facts.woman_entrepreneur,
            isee: facts.isee,
        }
    }
}

impl From<&HouseholdPerson> for DeclaredChild {
    fn from(person: &HouseholdPerson) -> Self {
        Self {
            birth_date: person.birth_date,
            disability: person.disability,
            learning_disorder: person.learning_disorder,
            other_fragility: person.other_fragility,
        }
    }
}
