//! Every operation of the contract, with every role, with none, and with the same role in the other
//! territory. An operation without a row in the policy, or a path parameter without a fixture, fails here.

use concilia_server::http::document;
use concilia_server::policy::{Access, POLICY, access};
use concilia_tests::{Answer, Caller, TestDb, TestServer};
use diesel::sql_types::Text;
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use reqwest::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ROLES: [&str; 6] = ["ats", "evaluator", "alliance_lead", "provider", "employer", "worker"];

struct Operation {
    id: String,
    method: Method,
    path: String,
    media_type: Option<String>,
    example: Value,
    required_headers: Vec<String>,
}

fn operations(contract: &Value) -> Vec<Operation> {
    let mut found = vec![];
    for (path, item) in contract["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let content = operation["requestBody"]["content"].as_object();
            let media = content.and_then(|c| c.iter().next());
            let headers = operation["parameters"].as_array().into_iter().flatten();
            let headers =
                headers.map(|p| resolve(contract, p)).filter(|p| p["in"] == "header" && p["required"] == true);
            found.push(Operation {
                id: id.to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                media_type: media.map(|(m, _)| m.clone()),
                example: media.map(|(_, m)| example_of(m)).unwrap_or_default(),
                required_headers: headers.map(|p| p["name"].as_str().unwrap().to_owned()).collect(),
            });
        }
    }
    found
}

fn resolve<'a>(contract: &'a Value, node: &'a Value) -> &'a Value {
    node["$ref"].as_str().map_or(node, |r| contract.pointer(r.trim_start_matches('#')).unwrap())
}

fn example_of(media: &Value) -> Value {
    let named = media["examples"].as_object().and_then(|e| e.values().next()).map(|e| e["value"].clone());
    named.or_else(|| media.get("example").cloned()).unwrap_or_default()
}

impl Operation {
    fn url(&self, fixtures: &BTreeMap<String, String>) -> String {
        let mut url = self.path.clone();
        while let (Some(from), Some(to)) = (url.find('{'), url.find('}')) {
            let name = url[from + 1..to].to_owned();
            let value = fixtures.get(&name).unwrap_or_else(|| panic!("no fixture for {{{name}}} of {}", self.id));
            url.replace_range(from..=to, value);
        }
        url
    }

    async fn call(&self, caller: &Caller, fixtures: &BTreeMap<String, String>) -> Answer {
        let mut request = caller.request(self.method.clone(), &self.url(fixtures));
        for name in &self.required_headers {
            request = request.header(name, "\"1\"");
        }
        request = match (self.media_type.as_deref(), &self.example) {
            (None, _) => request,
            (Some("application/x-www-form-urlencoded"), example) => request.form(example),
            (Some("application/json"), example) => request.json(example),
            (Some(media_type), example) => request
                .header("content-type", media_type)
                .body(example.as_str().map_or_else(|| example.to_string(), str::to_owned)),
        };
        Answer::of(request.send().await.unwrap()).await
    }
}

#[test]
fn the_policy_and_the_contract_name_the_same_operations() {
    let contract = document();
    let in_contract: BTreeSet<String> = operations(&contract).into_iter().map(|o| o.id).collect();
    let in_policy: BTreeSet<String> = POLICY.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(in_policy, in_contract);
}

#[tokio::test]
async fn each_role_gets_exactly_the_operations_of_its_rows() {
    let server = TestServer::start().await;
    let contract = document();
    let mut fixtures = fixtures(&server.db, 0).await;
    // Of what these name, the handler itself answers 403 to those who see it and do not run it; here only the policy is
    // asked. Their own tests ask the rest.
    for name in ["body_id", "meeting_id", "motion_id", "minutes_id"] {
        fixtures.insert(name.to_owned(), concilia_kernel::new_id().to_string());
    }
    let mut callers = vec![(None, server.anyone())];
    for role in ROLES {
        callers.push((Some(role), server.role(role).await));
    }
    let mut faults = vec![];
    for operation in operations(&contract).iter().filter(|o| o.id != "delete_session") {
        let access = access(&operation.id).unwrap_or_else(|| panic!("{} has no row", operation.id));
        for (role, caller) in &callers {
            let status = operation.call(caller, &fixtures).await.status;
            let expected = match (access, role) {
                (Access::Public | Access::PublicOrKnown, _) | (Access::Authenticated, Some(_)) => None,
                (_, None) => Some(401),
                (Access::Roles(roles), Some(role)) => {
                    (!roles.iter().any(|granted| granted.as_str() == *role)).then_some(403)
                }
            };
            let right = match expected {
                Some(expected) => status == expected,
                // Wrong credentials in an example are a 401 of the operation's own.
                None if matches!(access, Access::Public) => status != 403 && status < 500,
                None => status != 401 && status != 403 && status < 500,
            };
            if !right {
                faults.push(format!("{} as {role:?}: {status}, expected {expected:?}", operation.id));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    server.stop().await;
}

#[tokio::test]
async fn the_same_role_elsewhere_reads_nothing_and_changes_nothing() {
    let server = TestServer::start().await;
    let contract = document();
    let fixtures = fixtures(&server.db, 0).await;
    let territory = territory_id(&server.db, 0).await;
    let before = checksums(&server.db, &territory).await;
    let mut faults = vec![];
    for role in ROLES {
        let foreigner = server.nth(role, 1, 0).await;
        for operation in operations(&contract) {
            let private = matches!(access(&operation.id), Some(Access::Roles(_)));
            if !private || !operation.path.contains('{') {
                continue;
            }
            let answer = operation.call(&foreigner, &fixtures).await;
            if !(400..500).contains(&answer.status) {
                faults.push(format!("{} as foreign {role}: {} {}", operation.id, answer.status, answer.body));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(checksums(&server.db, &territory).await, before, "a foreign caller changed the territory");
    server.stop().await;
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    value: String,
}

async fn territory_id(db: &TestDb, nth: usize) -> String {
    let rows: Vec<Named> =
        sql_query("SELECT code AS name, id::text AS value FROM territories ORDER BY created_at, code")
            .load(&mut db.connect().await)
            .await
            .unwrap();
    let real = rows.iter().position(|r| r.name == "ATS-VALPADANA").unwrap();
    if nth == 0 { rows[real].value.clone() } else { rows[1 - real].value.clone() }
}

/// A real identifier of the territory for each path parameter of the contract.
async fn fixtures(db: &TestDb, nth: usize) -> BTreeMap<String, String> {
    let territory = territory_id(db, nth).await;
    let mut connection = db.connect().await;
    let mut fixtures = BTreeMap::new();
    for (name, table, column) in [
        ("organisation_id", "organisations", "id"),
        ("membership_id", "memberships", "id"),
        ("body_id", "bodies", "id"),
        ("seat_id", "committee_seats", "id"),
        ("working_group_member_id", "working_group_members", "id"),
        ("meeting_id", "meetings", "id"),
        ("motion_id", "motions", "id"),
        ("minutes_id", "minutes", "id"),
        ("opinion_request_id", "opinion_requests", "id"),
        ("agenda_feed_id", "agenda_feeds", "id"),
        ("feed_id", "agenda_feeds", "id"),
        ("document_id", "network_documents", "id"),
        ("project_id", "projects", "id"),
        ("plan_id", "plans", "id"),
        ("project_call_id", "project_calls", "id"),
        ("allocation_id", "allocations", "id"),
        ("scorecard_id", "scorecards", "id"),
        ("activity_id", "project_activities", "id"),
        ("employer_id", "employees", "employer_id"),
        ("external_id", "employees", "external_id"),
        ("job_id", "jobs", "id"),
        ("member_id", "household_members", "id"),
        ("household_member_id", "household_members", "id"),
        ("voucher_call_id", "voucher_calls", "id"),
        ("application_id", "applications", "id"),
        ("ranking_id", "rankings", "id"),
        ("voucher_id", "vouchers", "id"),
        ("store_id", "stores", "id"),
        ("service_id", "services", "id"),
        ("session_id", "service_sessions", "id"),
        ("service_session_id", "service_sessions", "id"),
        ("family_plan_id", "family_plans", "id"),
        ("order_id", "orders", "id"),
        ("statement_id", "provider_statements", "id"),
        ("provider_statement_id", "provider_statements", "id"),
        ("action_id", "actions", "id"),
        ("action_payment_id", "action_payments", "id"),
        ("action_meeting_id", "action_meetings", "id"),
        ("event_id", "events", "id"),
        ("event_session_id", "event_sessions", "id"),
        ("sign_up_id", "event_sign_ups", "id"),
        ("company_path_id", "company_paths", "id"),
        ("path_participation_id", "path_participations", "id"),
        ("questionnaire_id", "questionnaires", "id"),
        ("agreement_id", "agreements", "id"),
        ("grant_payment_id", "grant_payments", "id"),
        ("expense_report_id", "expense_reports", "id"),
        ("expense_id", "expenses", "id"),
        ("budget_shift_id", "budget_shifts", "id"),
        ("project_variation_id", "project_variations", "id"),
    ] {
        let rows: Vec<Named> = sql_query(format!(
            "SELECT ''::text AS name, {column}::text AS value FROM {table} WHERE territory_id = '{territory}' LIMIT 1"
        ))
        .load(&mut connection)
        .await
        .unwrap();
        let value = rows.into_iter().next().map_or_else(|| concilia_kernel::new_id().to_string(), |row| row.value);
        fixtures.insert(name.to_owned(), value);
    }
    fixtures.insert("number".to_owned(), "1".to_owned());
    fixtures
}

/// A checksum of every row that belongs to a territory, by table.
async fn checksums(db: &TestDb, territory: &str) -> BTreeMap<String, String> {
    let mut connection = db.connect().await;
    let tables: Vec<Named> = sql_query(
        "SELECT table_name::text AS name, ''::text AS value FROM information_schema.columns \
         WHERE table_schema = 'public' AND column_name = 'territory_id' ORDER BY 1",
    )
    .load(&mut connection)
    .await
    .unwrap();
    let mut sums = BTreeMap::new();
    for Named { name, .. } in tables {
        let row: Named = sql_query(format!(
            "SELECT '{name}'::text AS name, coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS value \
             FROM {name} t WHERE territory_id = '{territory}'"
        ))
        .get_result(&mut connection)
        .await
        .unwrap();
        sums.insert(row.name, row.value);
    }
    sums
}
