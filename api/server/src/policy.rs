//! Who may call what: one row per operation of the contract. An operation without a row is refused
//! at start-up, so nothing is reachable by omission. What a role may *see* (its organisation's, its
//! own) is decided by the operation; this table only opens the door.

use concilia_kernel::Role;
use concilia_kernel::Role::{AllianceLead, Ats, Employer, Evaluator, Provider, Worker};

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone; a token adds nothing and is not looked at.
    Public,
    /// Anyone; a token shows more, such as one's own drafts.
    PublicOrKnown,
    /// Any authenticated caller.
    Authenticated,
    /// Callers who hold one of these roles.
    Roles(&'static [Role]),
}

use Access::{Authenticated, Public, PublicOrKnown, Roles};

/// The whole policy, by context.
pub const POLICY: &[(&str, Access)] = &[
    // server
    ("get_status", Public),
    // identity
    ("create_session", Public),
    ("delete_session", Authenticated),
    ("create_token", Public),
    ("get_jwks", Public),
    ("get_oauth_metadata", Public),
    ("get_me", Authenticated),
    // network
    ("list_territories", Public),
    ("list_organisations", Authenticated),
    ("get_organisation", Authenticated),
    // planning
    ("list_projects", Roles(&[Ats, Evaluator, AllianceLead, Provider])),
    ("get_project", Roles(&[Ats, Evaluator, AllianceLead, Provider])),
    // eligibility
    ("create_employee_import_ndjson", Roles(&[Employer])),
    ("create_employee_import_csv", Roles(&[Employer])),
    ("list_employees", Roles(&[Employer])),
    ("get_employee", Roles(&[Employer])),
    ("upsert_employee", Roles(&[Employer])),
    ("end_employee", Roles(&[Employer])),
    ("create_activation_code", Roles(&[Employer])),
    ("get_eligibility_summary", Roles(&[Ats, Employer])),
    ("list_jobs", Roles(&[Ats, Employer])),
    ("get_job", Roles(&[Ats, Employer])),
    ("list_job_errors", Roles(&[Ats, Employer])),
    ("create_worker_activation", Public),
    ("get_worker_profile", Roles(&[Worker])),
    ("get_household", Roles(&[Worker])),
    ("update_household", Roles(&[Worker])),
    ("list_household_members", Roles(&[Worker])),
    ("create_household_member", Roles(&[Worker])),
    ("get_household_member", Roles(&[Worker])),
    ("update_household_member", Roles(&[Worker])),
    ("remove_household_member", Roles(&[Worker])),
    // ledger
    ("list_vouchers", Roles(WORKERS_AND_OFFICERS)),
    ("get_voucher", Roles(WORKERS_AND_OFFICERS)),
    ("get_voucher_statement", Roles(WORKERS_AND_OFFICERS)),
    ("get_call_statement", Roles(OFFICERS)),
    ("create_ledger_check", Roles(&[Ats])),
    // benefits
    ("create_voucher_call", Roles(&[AllianceLead])),
    ("list_voucher_calls", PublicOrKnown),
    ("get_voucher_call", PublicOrKnown),
    ("update_voucher_call", Roles(&[AllianceLead])),
    ("open_voucher_call", Roles(&[AllianceLead])),
    ("close_voucher_call", Roles(OFFICERS)),
    ("create_application", Roles(&[Worker])),
    ("list_applications", Roles(WORKERS_AND_OFFICERS)),
    ("get_application", Roles(WORKERS_AND_OFFICERS)),
    ("update_application", Roles(&[Worker])),
    ("submit_application", Roles(&[Worker])),
    ("withdraw_application", Roles(&[Worker])),
    ("get_application_explanation", Roles(WORKERS_AND_OFFICERS)),
    ("create_ranking", Roles(&[AllianceLead])),
    ("list_rankings", PublicOrKnown),
    ("get_ranking", PublicOrKnown),
    ("approve_ranking", Roles(OFFICERS)),
    // catalogue
    ("list_stores", Public),
    ("get_store", Public),
    ("create_store", Roles(&[AllianceLead])),
    ("update_store", Roles(&[AllianceLead])),
    ("create_service_category", Roles(&[AllianceLead])),
    ("list_service_categories", Public),
    ("list_store_providers", Public),
    ("accredit_provider", Roles(&[AllianceLead])),
    ("create_service", Roles(&[Provider])),
    ("update_service", Roles(&[Provider])),
    ("publish_service", Roles(&[Provider])),
    ("withdraw_service", Roles(&[Provider])),
    ("list_services", Public),
    ("get_service", PublicOrKnown),
    ("list_provider_services", Roles(&[Provider])),
    ("list_service_sessions", PublicOrKnown),
    ("create_service_session", Roles(&[Provider])),
    ("cancel_service_session", Roles(&[Provider])),
    // marketplace
    ("list_family_plans", Roles(&[Worker])),
    ("create_family_plan", Roles(&[Worker])),
    ("get_family_plan", Roles(&[Worker])),
    ("update_family_plan", Roles(&[Worker])),
    ("remove_family_plan", Roles(&[Worker])),
    ("submit_family_plan", Roles(&[Worker])),
    ("list_orders", Roles(&[Ats, AllianceLead, Provider, Worker])),
    ("get_order", Roles(&[Ats, AllianceLead, Provider, Worker])),
    ("confirm_order", Roles(&[Provider])),
    ("reject_order", Roles(&[Provider])),
    ("propose_order", Roles(&[Provider])),
    ("accept_order_proposal", Roles(&[Worker])),
    ("decline_order_proposal", Roles(&[Worker])),
    ("start_order", Roles(&[Provider])),
    ("deliver_order", Roles(&[Provider])),
    ("accept_order", Roles(&[Worker])),
    ("cancel_order", Roles(&[Provider, Worker])),
    // payments
    ("create_provider_statement", Roles(&[Provider])),
    ("list_provider_statements", Roles(&[Ats, AllianceLead, Provider])),
    ("get_provider_statement", Roles(&[Ats, AllianceLead, Provider])),
    ("approve_provider_statement", Roles(OFFICERS)),
    ("mark_provider_statement_paid", Roles(OFFICERS)),
];

/// The row of an operation.
pub fn access(operation_id: &str) -> Option<Access> {
    POLICY.iter().find(|(id, _)| *id == operation_id).map(|(_, access)| *access)
}

/// Officers who decide on families' applications and money.
pub const OFFICERS: &[Role] = &[Ats, AllianceLead];

/// Workers and the officers who serve them.
pub const WORKERS_AND_OFFICERS: &[Role] = &[Ats, AllianceLead, Worker];
