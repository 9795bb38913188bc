//! The program as an operator runs it: two commands, Ctrl-C, and `kill -9` at a bad moment.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A `concilia serve` over a private database in a folder of its own.
struct Program {
    child: Child,
    data_dir: PathBuf,
    base_url: String,
}

fn concilia(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_concilia"));
    command.env_remove("DATABASE_URL").env("CONCILIA_ADDR", "127.0.0.1:0").env("CONCILIA_DATA_DIR", data_dir);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn fresh_dir(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("concilia-process-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    dir
}

impl Program {
    fn start(data_dir: &Path) -> Self {
        let mut child = concilia(data_dir).arg("serve").spawn().expect("the program starts");
        let running = data_dir.join("running.json");
        let deadline = Instant::now() + Duration::from_mins(3);
        loop {
            let found: Option<Value> =
                std::fs::read(&running).ok().and_then(|text| serde_json::from_slice(&text).ok());
            if let Some(found) = found.filter(|found| found["pid"] == child.id()) {
                let base_url = found["base_url"].as_str().unwrap().to_owned();
                return Self { child, data_dir: data_dir.to_owned(), base_url };
            }
            assert!(child.try_wait().unwrap().is_none(), "the program ended before it served");
            assert!(Instant::now() < deadline, "the program does not come up");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn credentials(&self) -> Value {
        let output = concilia(&self.data_dir).arg("demo-credentials").stdout(Stdio::piped()).output().unwrap();
        assert!(output.status.success());
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn signal(&mut self, signal: nix::sys::signal::Signal) -> std::process::ExitStatus {
        self.send(signal);
        self.child.wait().unwrap()
    }

    fn send(&self, signal: nix::sys::signal::Signal) {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        nix::sys::signal::kill(pid, signal).unwrap();
    }
}

async fn worker_token(program: &Program) -> String {
    let credentials = program.credentials();
    let account = credentials["accounts"].as_array().unwrap().iter().find(|a| a["role"] == "worker").unwrap();
    let login = json!({"email": account["email"], "password": account["password"]});
    let url = format!("{}/v1/sessions", program.base_url);
    let session: Value = reqwest::Client::new().post(url).json(&login).send().await.unwrap().json().await.unwrap();
    session["access_token"].as_str().unwrap().to_owned()
}

async fn member_names(program: &Program) -> Vec<String> {
    let url = format!("{}/v1/household/members", program.base_url);
    let token = worker_token(program).await;
    let list: Value =
        reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap();
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item["given_name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledged_write_outlives_kill_nine_and_ctrl_c_stops_cleanly() {
    let data_dir = fresh_dir("kill");
    let mut program = Program::start(&data_dir);
    let token = worker_token(&program).await;
    let url = format!("{}/v1/household/members", program.base_url);
    let writer = tokio::spawn(async move {
        let http = reqwest::Client::new();
        let mut acknowledged = vec![];
        for number in 0..15_u8 {
            let name = format!("Figlio {}", char::from(b'A' + number));
            let child = json!({"given_name": name, "family_name": "Verdi", "birth_date": "2018-03-04",
                "relationship": "child", "disability": false, "learning_disorder": false, "other_fragility": false,
                "school_level": "primary"});
            match http.post(&url).bearer_auth(&token).json(&child).send().await {
                Ok(response) if response.status() == 201 => acknowledged.push(name),
                Ok(response) => panic!("{}", response.text().await.unwrap()),
                Err(_) => break,
            }
        }
        acknowledged
    });
    tokio::time::sleep(Duration::from_millis(40)).await;
    program.send(nix::sys::signal::Signal::SIGKILL);
    let acknowledged = writer.await.unwrap();

    // Started before anybody has waited for the killed one, whose number is in use as long.
    let mut killed = std::mem::replace(&mut program, Program::start(&data_dir));
    killed.child.wait().unwrap();
    let found = member_names(&program).await;
    for name in &acknowledged {
        assert!(found.contains(name), "{name} was acknowledged and is gone; left: {found:?}");
    }
    let check = concilia(&data_dir).arg("check-ledger").status().unwrap();
    assert!(check.success(), "the ledger does not balance");
    let ended = program.signal(nix::sys::signal::Signal::SIGINT);
    assert!(ended.success(), "Ctrl-C ended badly: {ended}");
    assert!(!data_dir.join("running.json").exists());
    std::fs::remove_dir_all(&data_dir).unwrap();
}

#[test]
fn help_names_every_setting() {
    let output = concilia(&fresh_dir("help")).arg("--help").stdout(Stdio::piped()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for setting in
        ["CONCILIA_ADDR", "CONCILIA_DATA_DIR", "DATABASE_URL", "CONCILIA_MASTER_KEY", "CONCILIA_RATE_LIMIT"]
    {
        assert!(text.contains(setting), "{setting}");
    }
}

/// Exit status and what is printed, out and err.
fn check_plan(arguments: &[&str], file: &Path) -> (i32, String, String) {
    let mut command = concilia(&fresh_dir("check-plan"));
    command.arg("check-plan").arg(file).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_plan_is_checked_without_a_database_and_the_exit_status_tells() {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plan-check/examples/val-padana-2020-23.json");
    let (status, text, _) = check_plan(&[], &real);
    assert_eq!(status, 1);
    assert!(text.contains("errore row_cost /allocation/rows/6/cost\n"), "{text}");
    assert!(text.contains("2 errori, 0 avvisi, 0 note; "), "{text}");

    let (status, text, _) = check_plan(&["--format", "json", "--language", "en"], &real);
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (status, &answer["findings"][0]["expected"], &answer["findings"][0]["found"]),
        (1, &json!("70"), &json!("71"))
    );

    let dir = fresh_dir("plans");
    std::fs::create_dir_all(&dir).unwrap();
    let written = |content: &str| {
        let file = dir.join("plan.json");
        std::fs::write(&file, content).unwrap();
        check_plan(&["--language", "en"], &file)
    };
    assert_eq!(written("{}").0, 0);
    assert_eq!(written(r#"{"unknown": 1}"#).0, 0, "a note is no failure");
    let (status, _, error) = written("{\n\"plan\": }");
    assert_eq!(status, 2);
    assert!(error.contains("line 2 column 9"), "{error}");
    let (status, text, _) = written(r#"{"plan": {"from": "2020"}}"#);
    assert_eq!(status, 2);
    assert!(text.contains("error value_unreadable /plan/from\n"), "{text}");
    assert_eq!(check_plan(&[], &dir.join("missing.json")).0, 2);
    std::fs::remove_dir_all(&dir).unwrap();
}
