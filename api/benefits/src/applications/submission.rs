//! Submission: the rules of the call are checked, and what the family declares is frozen.

use super::people::{self, Member};
use super::{CHILD_SEAL, HOUSEHOLD_SEAL};
use crate::queries::application_lines::{self, FrozenLine};
use crate::queries::applications::{self, ApplicationRow, NewSnapshot};
use crate::queries::protocol;
use crate::rules::terms::Terms;
use crate::voucher_calls::VoucherCall;
use chrono::Datelike;
use concilia_kernel::clock::italian_day;
use concilia_kernel::problem::Text;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, FieldError, Problem, now};
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Checks and freezes an application that the transaction holds with its call; `household_member_ids`
/// are those on its lines. A first submission takes a protocol number; a later one keeps its own.
pub async fn freeze(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    call: &VoucherCall,
    application: &ApplicationRow,
    household_member_ids: &[Uuid],
) -> Result<(), Problem> {
    let (territory_id, worker_id) = (application.territory_id, application.worker_id);
    let employer_id =
        people::admitted_employer(connection, call, worker_id, Some(application.employer_id)).await?;
    let declared = people::declared(connection, vault, territory_id, worker_id, household_member_ids).await?;
    check_ages(&call.terms(), &declared.members)?;
    check_named_once(&declared.members)?;
    check_children(connection, call, application, &declared.members).await?;
    let lines = declared.members.iter().zip(1..).map(|(member, line)| {
        let facts_sealed = vault.seal_json(CHILD_SEAL, &member.child)?;
        Ok(FrozenLine { line, child_index: member.tax_code_index.clone(), facts_sealed })
    });
    let lines = lines.collect::<Result<Vec<_>, Problem>>()?;
    application_lines::freeze(connection, territory_id, application.id, &lines).await.map_err(child_taken)?;
    let facts_sealed = vault.seal_json(HOUSEHOLD_SEAL, &declared.household)?;
    let submitted_at = application.submitted_at.unwrap_or_else(now);
    let protocol_number = if let Some(number) = &application.protocol_number {
        number.clone()
    } else {
        let year = italian_day(submitted_at).year();
        protocol::number(year, protocol::take(connection, territory_id, year, 1).await?)
    };
    let snapshot =
        NewSnapshot { employer_id, protocol_number: &protocol_number, submitted_at, facts_sealed: &facts_sealed };
    applications::submit(connection, territory_id, application.id, &snapshot).await?;
    Ok(())
}

/// Each child's age on the closing day is within the call's range.
fn check_ages(terms: &Terms, members: &[Member]) -> Result<(), Problem> {
    let text = Text::new(
        format!(
            "il giorno di chiusura dell'avviso ({}) l'età deve essere tra {} e {} anni",
            terms.ages_on, terms.minimum_age, terms.maximum_age
        ),
        format!(
            "on the call's closing day ({}) the age must be from {} to {}",
            terms.ages_on, terms.minimum_age, terms.maximum_age
        ),
    );
    let outside =
        members.iter().enumerate().filter(|(_, member)| !terms.admits_birth_date(member.child.birth_date));
    let errors: Vec<FieldError> = outside
        .map(|(at, _)| {
            FieldError::pointer(format!("/household_member_ids/{at}"), "age_out_of_range").explain(&text)
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::NotEligible).with_errors(errors)) }
}

/// No child is on the application twice, as two members of the household. Two tax codes make two children of one name.
fn check_named_once(members: &[Member]) -> Result<(), Problem> {
    let text = Text::new(
        "ha il nome e la data di nascita di un altro figlio della domanda: se sono due persone, indicarne i codici fiscali",
        "has the name and the birth date of another child of the application: if they are two people, give their tax codes",
    );
    let same = |one: &Member, other: &Member| {
        (&one.called, one.child.birth_date) == (&other.called, other.child.birth_date)
            && (one.tax_code_index.is_none() || other.tax_code_index.is_none())
    };
    let twice =
        members.iter().enumerate().filter(|(at, member)| members[..*at].iter().any(|other| same(member, other)));
    let errors: Vec<FieldError> = twice
        .map(|(at, _)| {
            FieldError::pointer(format!("/household_member_ids/{at}"), "child_named_twice").explain(&text)
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ChildAlreadyApplied).with_errors(errors)) }
}

/// No child is on another application submitted to the call. Two that run together both pass here, and
/// the unique index refuses one of them.
async fn check_children(
    connection: &mut AsyncPgConnection,
    call: &VoucherCall,
    application: &ApplicationRow,
    members: &[Member],
) -> Result<(), Problem> {
    let indexes: Vec<&[u8]> = members.iter().filter_map(|member| member.tax_code_index.as_deref()).collect();
    if indexes.is_empty() {
        return Ok(());
    }
    let taken = application_lines::taken(connection, call.territory_id, call.id, application.id, &indexes).await?;
    let at =
        members.iter().enumerate().filter(|(_, m)| m.tax_code_index.as_ref().is_some_and(|i| taken.contains(i)));
    let errors: Vec<FieldError> = at.map(|(at, _)| child_error(&format!("/household_member_ids/{at}"))).collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ChildAlreadyApplied).with_errors(errors)) }
}

fn child_error(pointer: &str) -> FieldError {
    FieldError::pointer(pointer, "child_already_applied").explain(&Text::new(
        "il figlio è già in un'altra domanda presentata per questo avviso",
        "the child already is in another application submitted to this call",
    ))
}

fn child_taken(error: Error) -> Problem {
    match &error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info)
            if info.constraint_name() == Some("application_lines_one_per_child") =>
        {
            Problem::new(Code::ChildAlreadyApplied).with_error(child_error("/household_member_ids"))
        }
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::facts::DeclaredChild;
    use crate::rules::share::Share;
    use chrono::NaiveDate;
    use concilia_kernel::Money;

    fn member(birth_date: &str) -> Member {
        let child = DeclaredChild {
            birth_date: birth_date.parse().unwrap(),
            disability: false,
            learning_disorder: false,
            other_fragility: false,
        };
        Member { child, called: ["luca".into(), "rossi".into()], tax_code_index: None }
    }

    #[test]
    fn a_child_is_named_once_and_two_tax_codes_make_two_children() {
        let called = |given: &str| Member { called: [given.into(), "rossi".into()], ..member("2020-01-01") };
        let with = |tax_code: u8| Member { tax_code_index: Some(vec![tax_code]), ..member("2020-01-01") };
        assert!(check_named_once(&[called("luca"), called("lucia"), member("2020-01-02")]).is_ok());
        assert!(check_named_once(&[with(1), with(2)]).is_ok());
        for twice in [[member("2020-01-01"), with(1)], [with(1), member("2020-01-01")]] {
            assert_eq!(check_named_once(&twice).unwrap_err().code(), Code::ChildAlreadyApplied);
        }
    }

    #[test]
    fn ages_are_reckoned_on_the_closing_day_and_the_refusal_points_at_the_child() {
        let terms = Terms {
            budget: Money::from_cents(100),
            first_award_share: Share::WHOLE,
            value_per_child: Money::from_cents(100),
            household_cap: None,
            minimum_age: 3,
            maximum_age: 16,
            ages_on: NaiveDate::from_ymd_opt(2026, 4, 1).unwrap(),
            criteria: vec![],
            tie_breaks: vec![],
        };
        assert!(check_ages(&terms, &[member("2023-04-01"), member("2009-04-02")]).is_ok());
        for outside in ["2023-04-02", "2009-04-01", "2026-05-01"] {
            let problem = check_ages(&terms, &[member("2020-01-01"), member(outside)]).unwrap_err();
            assert_eq!(problem.code(), Code::NotEligible);
        }
    }
}
