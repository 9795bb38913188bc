use crate::{activation, employees, household, imports, jobs, worker};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(imports::create_employee_import_ndjson::create_employee_import_ndjson)
        .service(imports::create_employee_import_csv::create_employee_import_csv)
        .service(employees::list_employees::list_employees)
        .service(employees::get_employee::get_employee)
        .service(employees::upsert_employee::upsert_employee)
        .service(employees::end_employee::end_employee)
        .service(employees::create_activation_code::create_activation_code)
        .service(employees::get_eligibility_summary::get_eligibility_summary)
        .service(jobs::list_jobs::list_jobs)
        .service(jobs::get_job::get_job)
        .service(jobs::list_job_errors::list_job_errors)
        .service(activation::create_worker_activation::create_worker_activation)
        .service(worker::get_worker_profile::get_worker_profile)
        .service(household::get_household::get_household)
        .service(household::update_household::update_household)
        .service(household::list_household_members::list_household_members)
        .service(household::create_household_member::create_household_member)
        .service(household::get_household_member::get_household_member)
        .service(household::update_household_member::update_household_member)
        .service(household::remove_household_member::remove_household_member);
}
