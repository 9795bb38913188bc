use super::Failure;
use clap::{Args, ValueEnum};
use concilia_kernel::language::Language;
use concilia_plan_check::{Report, Unreadable, check};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// What a file that cannot be read, or not in every part, ends with.
const UNREADABLE: u8 = 2;

#[derive(Debug, Args)]
pub(super) struct CheckPlan {
    /// The plan, in the shape of `openapi/plan.schema.json`; `-` reads the standard input.
    file: PathBuf,

    /// How to print what is found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Language of what is printed.
    #[arg(long, value_enum, default_value_t = Words::It)]
    language: Words,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Words {
    It,
    En,
}

impl From<Words> for Language {
    fn from(words: Words) -> Self {
        match words {
            Words::It => Self::Italian,
            Words::En => Self::English,
        }
    }
}

pub(super) fn run(command: &CheckPlan) -> Result<ExitCode, Failure> {
    let language = Language::from(command.language);
    let report = match read(command).map_err(|error| error.to_string()) {
        Ok(bytes) => check(&bytes).map_err(|unreadable| reason(&unreadable, language)),
        Err(reason) => Err(reason),
    };
    match report {
        Ok(report) => print(&report, command.format, language),
        Err(reason) => {
            eprintln!("concilia: {}: {reason}", command.file.display());
            Ok(ExitCode::from(UNREADABLE))
        }
    }
}

fn read(command: &CheckPlan) -> std::io::Result<Vec<u8>> {
    if command.file.as_os_str() != "-" {
        return std::fs::read(&command.file);
    }
    let mut bytes = vec![];
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn print(report: &Report, format: Format, language: Language) -> Result<ExitCode, Failure> {
    let answer = report.answer(language);
    let mut out = std::io::stdout().lock();
    match format {
        Format::Text => write!(out, "{}", answer.text(language))?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?,
    }
    Ok(if report.has_unreadable_parts() {
        ExitCode::from(UNREADABLE)
    } else if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn reason(unreadable: &Unreadable, language: Language) -> String {
    let (it, en) = match unreadable {
        Unreadable::NotUtf8 { offset } => (
            format!("il testo non è UTF-8 dopo {offset} byte"),
            format!("the text is not UTF-8 after {offset} bytes"),
        ),
        Unreadable::NotJson { line, column, reason } => {
            let place = format!("JSON malformato alla riga {line}, colonna {column}");
            (format!("{place} ({reason})"), format!("malformed JSON: {reason}"))
        }
        Unreadable::NotAnObject => ("il JSON non è un oggetto".to_owned(), "the JSON is not an object".to_owned()),
        Unreadable::TooManyKeys => {
            ("più di 100 sezioni: non è un piano".to_owned(), "more than 100 sections: it is no plan".to_owned())
        }
    };
    if language == Language::Italian { it } else { en }
}
