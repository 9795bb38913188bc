//! What exists already, told by the constraint that refuses it twice.

use super::{Code, FieldError, Problem, Text};

/// Unique constraints whose value a caller chooses: name, pointer into the body, and what exists already in Italian and
/// in English. A test compares the names with the database.
pub const TAKEN: &[(&str, &str, &str, &str)] = &[
    (
        "plans_territory_id_from_year_to_year_key",
        "/from_year",
        "il territorio ha già un piano per questi anni",
        "the territory has a plan for these years already",
    ),
    (
        "project_calls_territory_id_number_key",
        "/number",
        "un altro avviso ha già questo numero",
        "another call has this number already",
    ),
    (
        "project_call_extensions_project_call_id_act_key",
        "/act",
        "questo atto ha già prorogato l'avviso",
        "this act has extended the call already",
    ),
    (
        "committee_seats_one_each",
        "/organisation_id",
        "l'organizzazione ha già un seggio",
        "the organisation has a seat already",
    ),
    (
        "committee_seats_one_chair",
        "/chair",
        "il comitato ha già una presidenza",
        "the committee has a chair already",
    ),
    (
        "seat_holders_one_seat_each",
        "/titular_id",
        "titolare o supplente occupa già un altro seggio",
        "titular or substitute holds another seat already",
    ),
    (
        "working_group_members_once",
        "/organisation_id",
        "l'organizzazione fa già parte del gruppo",
        "the organisation is in the group already",
    ),
    (
        "bodies_one_committee_one_assembly",
        "/kind",
        "il territorio ha già un organo di questo tipo",
        "the territory has a body of this kind already",
    ),
    (
        "path_participations_live",
        "/organisation_id",
        "l'organizzazione segue già il percorso",
        "the organisation follows the path already",
    ),
    (
        "event_sign_ups_of_person",
        "/participants",
        "una delle persone è già iscritta",
        "one of the people has signed up already",
    ),
    ("grants_one_cup", "/cup", "il CUP è di un altro progetto", "the CUP is of another project"),
    (
        "grant_recoveries_project_id_reference_key",
        "/reference",
        "un'altra restituzione del progetto ha già questo riferimento",
        "another recovery of the project has this reference already",
    ),
];

/// 409 that names the field at fault, where the constraint is one of [`TAKEN`].
pub(super) fn already_exists(constraint: Option<&str>) -> Problem {
    let problem = Problem::new(Code::AlreadyExists);
    match TAKEN.iter().find(|(name, ..)| Some(*name) == constraint) {
        Some((_, pointer, it, en)) => {
            problem.with_error(FieldError::pointer(*pointer, "already_exists").explain(&Text::new(*it, *en)))
        }
        None => problem,
    }
}
