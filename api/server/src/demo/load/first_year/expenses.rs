//! Expense reports of the first year, with their documents and what the agency decided.

use super::budgets::{COORDINATION, GOODS, ITEMS, SERVICES, STAFF, Source, Spending, VOUCHERS};
use super::grants::Book;
use super::{Year, date, on, paper};
use crate::demo::data::DataError;
use crate::demo::dice::Dice;
use chrono::{Days, NaiveDate};
use concilia_funding::expenses::Expense;
use concilia_funding::load;
use concilia_kernel::clock::as_of;
use concilia_kernel::extract::checked;
use concilia_kernel::{Money, Problem};
use diesel_async::AsyncPgConnection;
use serde_json::{Value, json};
use uuid::Uuid;

/// A report as every project makes it.
pub(super) struct Reporting {
    /// First and last day; a project that began later begins there.
    period: [&'static str; 2],
    /// Begun, submitted, validated.
    days: [&'static str; 3],
    /// Share of the budget that it spends, in percent.
    percent: i64,
}

pub(super) const FIRST_REPORT: Reporting = Reporting {
    period: ["2020-07-01", "2020-10-31"],
    days: ["2020-11-09", "2020-11-20", "2020-12-11"],
    percent: 30,
};
pub(super) const SECOND_REPORT: Reporting = Reporting {
    period: ["2020-11-01", "2021-04-30"],
    days: ["2021-05-05", "2021-05-14", "2021-06-08"],
    percent: 35,
};

/// Part of an expense that is accepted when recoverable VAT is taken off it.
const WITHOUT_TAX: (i64, i64) = (100, 122);

/// Writes a report, submits it, decides its expenses, validates it. One expense is reduced and one refused.
pub(super) async fn report(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    book: &mut Book<'_>,
    reporting: &Reporting,
) -> Result<(), Problem> {
    let [begun, submitted, validated] = reporting.days;
    let period = [date(reporting.period[0])?.max(book.days.0), date(reporting.period[1])?.min(book.days.1)];
    let asked = checked(&json!({"period_from": period[0], "period_to": period[1]}))?;
    let report = as_of(on(begun)?, load::create_expense_report(conn, book.lead, book.project_id, asked)).await?;
    let mut dice = Dice::of(&format!("report/{}/{begun}", book.project.reference));
    let mut spendings = book.budget.spend(reporting.percent, &mut dice);
    let reduced = spendings.iter().filter(|s| s.source == Source::Grant && s.item == dearest(&spendings));
    let reduced = reduced.map(|s| s.cents).max();
    let refused = Spending {
        organisation_id: book.budget.bearers.first().copied().unwrap_or_default(),
        item: dearest(&spendings),
        source: Source::Grant,
        cents: dice.between(80_00, 190_00),
    };
    spendings.push(refused);
    let last = spendings.len() - 1;
    let officers = [year.actors.officer(0)?, year.actors.officer(1)?];
    let mut decided = reduced.is_none();
    let mut written = vec![];
    for (at, spending) in spendings.iter().enumerate() {
        let day = day_within(period, &mut dice)?;
        let is_refused = at == last;
        let expense = add(conn, year, book, (report.id, begun), (spending, day, is_refused)).await?;
        written.push((expense, *spending, is_refused));
    }
    as_of(on(submitted)?, load::submit_expense_report(conn, book.lead, report.id)).await?;
    for (expense, spending, is_refused) in written {
        let accepted = if is_refused {
            decide(conn, year, (&expense, validated), &refusal()).await?;
            0
        } else if !decided && spending.source == Source::Grant && Some(spending.cents) == reduced {
            decided = true;
            let accepted = spending.cents * WITHOUT_TAX.0 / WITHOUT_TAX.1;
            decide(conn, year, (&expense, validated), &reduction(accepted)).await?;
            accepted
        } else {
            spending.cents
        };
        book.budget.used[spending.item] += accepted;
    }
    as_of(on(validated)?, load::validate_expense_report(conn, officers[1], report.id)).await?;
    Ok(())
}

/// The cost item on which the grant spends most.
fn dearest(spendings: &[Spending]) -> usize {
    let on = |item: usize| spendings.iter().filter(move |s| s.item == item && s.source == Source::Grant);
    (0..ITEMS.len()).max_by_key(|item| on(*item).map(|s| s.cents).sum::<i64>()).unwrap_or(STAFF)
}

fn refusal() -> Value {
    json!({"decision": "refused", "reason": "Spesa di rappresentanza: non è ammissibile"})
}

fn reduction(accepted: i64) -> Value {
    json!({"decision": "reduced", "accepted": Money::from_cents(accepted), "reason": "IVA detraibile: si riconosce l'imponibile"})
}

async fn decide(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    (expense, day): (&Expense, &str),
    decision: &Value,
) -> Result<(), Problem> {
    let decision = checked(decision)?;
    as_of(on(day)?, load::decide_expense(conn, year.actors.officer(0)?, expense.id, &decision)).await?;
    Ok(())
}

/// Adds an expense with its document.
async fn add(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    book: &mut Book<'_>,
    (report_id, begun): (Uuid, &str),
    (spending, day, is_refused): (&Spending, NaiveDate, bool),
) -> Result<Expense, Problem> {
    book.documents += 1;
    let number = format!("{}-{}/{}", book.project.reference, book.documents, day.format("%Y"));
    let bearer = year
        .territory
        .organisations
        .iter()
        .find(|o| year.organisation(&o.key).is_ok_and(|id| id == spending.organisation_id));
    let bearer = bearer.ok_or_else(|| DataError("no such partner".into()))?;
    let (kind, description) = words(spending, is_refused);
    let own = matches!(kind, "timesheet" | "payslip" | "receipt");
    let issuer = if own { bearer.name.clone() } else { "Fornitore inventato S.r.l.".to_owned() };
    let mut expense = json!({
        "organisation_id": spending.organisation_id, "cost_item": ITEMS[spending.item],
        "description": description, "incurred_on": day,
        "document": {"type": kind, "number": number, "issuer": issuer, "date": day},
    });
    match spending.source {
        Source::InKind { hours, rate } => {
            expense["source"] = json!("in_kind");
            expense["hours"] = json!(format!("{}.{:02}", hours / 100, hours % 100));
            expense["hourly_rate"] = json!(Money::from_cents(rate));
        }
        Source::Grant | Source::Monetary => {
            expense["source"] = json!(if spending.source == Source::Grant { "grant" } else { "monetary" });
            expense["amount"] = json!(Money::from_cents(spending.cents));
        }
    }
    let document = paper::pdf(&[
        "Documento inventato per la dimostrazione: non prova alcuna spesa.",
        &format!("Numero {number}, del {day}"),
        &format!("Emesso da: {issuer}"),
        description,
        &format!("EUR {}", Money::from_cents(spending.cents)),
    ]);
    let input = checked(&expense)?;
    let vault = &year.loader.vault;
    as_of(on(begun)?, load::add_expense(conn, vault, book.lead, report_id, (&input, &document))).await
}

/// The kind of the document, and what it is for.
fn words(spending: &Spending, is_refused: bool) -> (&'static str, &'static str) {
    if is_refused {
        return ("invoice", "Rinfresco per la presentazione del progetto");
    }
    match (spending.source, spending.item) {
        (Source::InKind { .. }, COORDINATION) => ("timesheet", "Ore di coordinamento e monitoraggio"),
        (Source::InKind { .. }, _) => ("timesheet", "Ore di personale messe a disposizione"),
        (_, STAFF) => ("payslip", "Personale impiegato nelle attività"),
        (_, COORDINATION) => ("payslip", "Coordinamento, monitoraggio e rendicontazione"),
        (_, GOODS) => ("invoice", "Materiali per le attività"),
        (_, SERVICES) => ("invoice", "Servizi acquistati per le attività"),
        (_, VOUCHERS) => ("receipt", "Rimborsi alle famiglie"),
        _ => ("invoice", "Spese generali"),
    }
}

fn day_within([from, to]: [NaiveDate; 2], dice: &mut Dice) -> Result<NaiveDate, DataError> {
    let days = dice.between(0, (to - from).num_days()) as u64;
    from.checked_add_days(Days::new(days)).ok_or_else(|| DataError("no such day".into()))
}
