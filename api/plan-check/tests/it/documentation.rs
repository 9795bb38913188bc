//! What is written about the rules is what the rules say.

use concilia_plan_check::{Rule, Severity};
use std::fmt::Write;
use std::path::Path;

const START: &str = "<!-- rules: written by the test -->\n";
const END: &str = "<!-- end of rules -->\n";

fn table() -> String {
    let mut table = "| rule | severity | must hold |\n| --- | --- | --- |\n".to_owned();
    for rule in Rule::ALL {
        let severity = match rule.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        writeln!(table, "| `{rule}` | {severity} | {} |", rule.en()).unwrap();
    }
    table
}

/// `UPDATE_DOCS=1 cargo test -p concilia-plan-check` writes the table anew.
#[test]
fn the_table_of_rules_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/plan-check.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(START).expect("the start of the table");
    let (written, after) = rest.split_once(END).expect("the end of the table");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{START}{}{END}{after}", table())).unwrap();
    } else {
        assert_eq!(written, table(), "run: UPDATE_DOCS=1 cargo test -p concilia-plan-check");
    }
}
