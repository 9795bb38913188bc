use crate::{
    compare_indicators, export_indicators_csv, export_indicators_xlsx, freezes, list_indicator_records,
    list_indicators, reports, results,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_indicators::list_indicators)
        .service(list_indicator_records::list_indicator_records)
        .service(export_indicators_csv::export_indicators_csv)
        .service(export_indicators_xlsx::export_indicators_xlsx)
        .service(compare_indicators::compare_indicators)
        .service(freezes::freeze_indicators::freeze_indicators)
        .service(freezes::list_indicator_freezes::list_indicator_freezes)
        .service(results::record_activity_result::record_activity_result)
        .service(results::list_activity_results::list_activity_results)
        .service(reports::get_half_year_report::get_half_year_report)
        .service(reports::get_plan_document::get_plan_document);
}
