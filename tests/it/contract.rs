//! The checked-in contract is the served one, and the README's calls work as written.

use concilia_server::contract::{defects, render};
use concilia_server::http::document;
use concilia_tests::TestServer;
use std::path::PathBuf;
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_checked_in_contract_is_fresh_and_sound() {
    let document = document();
    assert_eq!(defects(&document), Vec::<String>::new());
    let checked_in = std::fs::read_to_string(root().join("openapi/concilia.json")).unwrap();
    assert!(render(&document) == checked_in, "run: cargo run -- openapi > openapi/concilia.json");
}

#[test]
fn every_operation_that_outside_checks_rely_on_is_there() {
    let text = render(&document());
    for name in [
        "create_session",
        "list_services",
        "get_service",
        "create_employee_import_ndjson",
        "create_employee_import_csv",
        "create_project",
        "submit_project",
        "check_project",
        "get_job",
        "list_voucher_calls",
        "list_project_calls",
        "create_allocation",
        "simulate_allocation",
        "suggest_allocation",
        "get_allocation_explanation",
        "list_call_awards",
        "get_project_call",
        "create_application",
        "submit_application",
        "get_ranking",
        "get_application_explanation",
        "list_vouchers",
        "get_voucher_statement",
        "create_family_plan",
        "submit_family_plan",
        "get_order",
        "list_orders",
        "confirm_order",
        "deliver_order",
        "accept_order",
        "cancel_order",
        "list_memberships",
        "get_network_composition",
        "list_indicators",
        "trace_funding",
    ] {
        assert!(text.contains(&format!("\"operationId\": \"{name}\"")), "{name}");
    }
}

#[tokio::test]
async fn the_calls_of_the_readme_work_as_written() {
    let server = TestServer::start().await;
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let account = &server.accounts()[0];
    let token = server.role("worker").await;
    let mut ran = 0;
    for block in readme.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
        if !block.contains("curl ") {
            continue;
        }
        let script = block
            .replace("http://127.0.0.1:8080", &server.base_url)
            .replace("EMAIL", account["email"].as_str().unwrap())
            .replace("PASSWORD", account["password"].as_str().unwrap())
            .replace("TOKEN", token.token().unwrap());
        for call in script.replace("\\\n", " ").lines() {
            let call = call.to_owned();
            let shown = call.clone();
            let output =
                tokio::task::spawn_blocking(move || Command::new("sh").arg("-c").arg(call).output().unwrap());
            let output = output.await.unwrap();
            let answer: serde_json::Value =
                serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{shown}"));
            let wanted = if shown.contains("0199d2a0") {
                answer["code"] == "not_found"
            } else {
                answer.get("code").is_none()
            };
            assert!(wanted, "{shown}: {answer}");
            ran += 1;
        }
    }
    assert!(ran >= 5, "the README shows {ran} calls");
    server.stop().await;
}
