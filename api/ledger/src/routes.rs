use crate::{create_ledger_check, get_call_statement, get_voucher, get_voucher_statement, list_vouchers};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_vouchers::list_vouchers)
        .service(get_voucher::get_voucher)
        .service(get_voucher_statement::get_voucher_statement)
        .service(get_call_statement::get_call_statement)
        .service(create_ledger_check::create_ledger_check);
}
