//! The whole route table: every context with its operations.

use crate::http::Tag;
use actix_web::guard::{self, GuardContext};
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

type Routes = fn(&mut ServiceConfig<'_>);

/// The tag that operations carry, and the routes under it.
const TAGS: [(&str, &[Routes]); 15] = [
    ("operations", &[operations]),
    ("identity", &[concilia_identity::routes]),
    ("network", &[concilia_network::routes]),
    ("planning", &[concilia_planning::routes, concilia_plan_check::routes]),
    ("evaluation", &[concilia_evaluation::routes]),
    ("allocation", &[concilia_allocation::routes]),
    ("funding", &[concilia_funding::routes]),
    ("governance", &[concilia_governance::routes]),
    ("actions", &[concilia_actions::routes]),
    ("indicators", &[concilia_indicators::routes]),
    ("eligibility", &[concilia_eligibility::routes]),
    ("benefits", &[concilia_benefits::routes, concilia_ledger::routes]),
    ("catalogue", &[concilia_catalogue::routes]),
    ("marketplace", &[concilia_marketplace::routes]),
    ("payments", &[concilia_payments::routes]),
];

/// All routes. Those under a tag are tried only for a request that the gate has put there: actix tries routes one after
/// another, and there are hundreds. What the gate has not put anywhere reaches no operation.
pub fn configure(config: &mut ServiceConfig<'_>) {
    for (tag, contexts) in TAGS {
        let put_here = move |request: &GuardContext<'_>| {
            request.req_data().get::<Tag>().is_some_and(|of_request| of_request.is(tag))
        };
        let scope = scope::scope("").guard(guard::fn_guard(put_here));
        config.service(contexts.iter().fold(scope, |scope, routes| scope.configure(routes)));
    }
}

fn operations(config: &mut ServiceConfig<'_>) {
    config.service(crate::http::get_status);
}

#[cfg(test)]
mod tests {
    use super::*;
    use utoipa_actix_web::AppExt;

    #[test]
    fn each_operation_carries_the_tag_that_it_is_routed_by() {
        for (tag, contexts) in TAGS {
            for routes in contexts {
                let (_, document) = actix_web::App::new().into_utoipa_app().configure(routes).split_for_parts();
                let document = serde_json::to_value(document).expect("a document");
                let operations = document["paths"].as_object().expect("paths").values();
                for operation in operations.flat_map(|item| item.as_object().expect("methods").values()) {
                    assert_eq!(operation["tags"], serde_json::json!([tag]), "{}", operation["operationId"]);
                }
            }
        }
    }
}
