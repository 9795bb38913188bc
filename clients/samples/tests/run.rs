//! The samples, run as a newcomer runs them, against a real server with the demo.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

use concilia_tests::TestServer;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Examples are built beside the test that runs them: `target/debug/deps/run-…` and `target/debug/examples/…`.
fn example(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    Command::new(test.parent().unwrap().parent().unwrap().join("examples").join(name))
}

async fn run(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().expect("the sample runs")).await.unwrap()
}

fn shown(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn a_family_goes_the_whole_way_and_the_ledger_balances() {
    let server = TestServer::start().await;
    let file = std::env::temp_dir().join(format!("concilia-credentials-{}.json", std::process::id()));
    std::fs::write(&file, serde_json::to_vec(&server.credentials()).unwrap()).unwrap();
    let mut journey = example("family-journey");
    journey.args(["--url", &server.base_url, "--credentials"]).arg(&file);
    let output = run(journey).await;
    std::fs::remove_file(&file).unwrap();
    assert!(output.status.success(), "{}", shown(&output));
    server.stop().await;
}

#[tokio::test]
async fn employees_are_pushed_and_the_wrong_row_is_named() {
    let server = TestServer::start().await;
    let client = server.machine_clients()[0].clone();
    let sample = || {
        let mut sync = example("hr-sync");
        sync.args(["--url", &server.base_url, "--client-id", client["client_id"].as_str().unwrap()]);
        sync.args(["--client-secret", client["client_secret"].as_str().unwrap()]);
        sync.arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("hr-sync/employees.csv"));
        sync
    };
    let first = run(sample()).await;
    assert_eq!(first.status.code(), Some(2), "{}", shown(&first));
    assert!(shown(&first).contains("tax_code_invalid"), "{}", shown(&first));
    let again = run(sample()).await;
    assert!(shown(&again).contains("unchanged"), "{}", shown(&again));
    server.stop().await;
}
