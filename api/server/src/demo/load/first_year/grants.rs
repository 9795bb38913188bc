//! The grants of the first year: accepted, agreed, paid in tranches against reports, shifted between cost items.

use super::budgets::{Budget, COORDINATION, ITEMS, Line, STAFF};
use super::expenses::{self, FIRST_REPORT, SECOND_REPORT};
use super::{Year, date, on};
use crate::demo::data::DataError;
use crate::demo::dice::Dice;
use crate::demo::ids;
use crate::demo::plan::PublishedProject;
use chrono::NaiveDate;
use concilia_funding::load;
use concilia_kernel::clock::as_of;
use concilia_kernel::extract::checked;
use concilia_kernel::{Actor, Money, Problem, Role};
use concilia_planning::PartnerRole;
use diesel_async::AsyncPgConnection;
use serde_json::{Value, json};
use uuid::Uuid;

/// A project under way, with its money.
pub(super) struct Book<'a> {
    pub(super) project: &'a PublishedProject,
    pub(super) project_id: Uuid,
    pub(super) lead: &'a Actor,
    pub(super) days: (NaiveDate, NaiveDate),
    pub(super) budget: Budget,
    /// Documents of expenses so far.
    pub(super) documents: usize,
}

/// Brings each project from its award to where it runs, and pays the advance.
pub(super) async fn award<'a>(conn: &mut AsyncPgConnection, year: &'a Year<'a>) -> Result<Vec<Book<'a>>, Problem> {
    let mut books = vec![];
    for (project, nth) in year.published.projects.iter().zip(1..) {
        let book = book(year, project)?;
        agree(conn, year, &book, nth).await?;
        let advance = Payment { tranche: 1, act: 260 + nth, days: ["2020-07-06", "2020-07-08", "2020-07-15"] };
        advance.make(conn, year, &book).await?;
        books.push(book);
    }
    Ok(books)
}

/// The first report with its refund, and a shift that needs no approval.
pub(super) async fn first_half(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    books: &mut [Book<'_>],
) -> Result<(), Problem> {
    for (book, nth) in books.iter_mut().zip(1..) {
        if book.project.reference == "2.4" {
            let reason = "Meno materiali a noleggio, un laboratorio in più";
            shift(conn, year, book, ("goods", "services", 1_000_00), (reason, "2020-10-06", None)).await?;
        }
        expenses::report(conn, year, book, &FIRST_REPORT).await?;
        let refund = Payment { tranche: 2, act: 410 + nth, days: ["2020-12-14", "2020-12-15", "2020-12-22"] };
        refund.make(conn, year, book).await?;
    }
    Ok(())
}

/// The second report with its refund, and a shift that the agency approves.
pub(super) async fn second_half(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    books: &mut [Book<'_>],
) -> Result<(), Problem> {
    for (book, nth) in books.iter_mut().zip(1..) {
        if book.project.reference == "2.7" {
            let reason = "Consulenze svolte da personale interno anziché acquistate";
            let days = (reason, "2021-01-20", Some("2021-01-27"));
            shift(conn, year, book, ("services", "staff", 4_000_00), days).await?;
        }
        expenses::report(conn, year, book, &SECOND_REPORT).await?;
        let refund = Payment { tranche: 2, act: 180 + nth, days: ["2021-06-10", "2021-06-14", "2021-06-21"] };
        refund.make(conn, year, book).await?;
    }
    Ok(())
}

fn book<'a>(year: &'a Year<'a>, project: &'a PublishedProject) -> Result<Book<'a>, Problem> {
    let lead_id = year.organisation_named(&project.lead)?;
    let line = |(name, monetary, in_kind): &(String, Money, Money)| {
        let organisation_id = year.organisation_named(name)?;
        Ok(Line { organisation_id, monetary: monetary.cents(), in_kind: in_kind.cents() })
    };
    let lines = project.cofinancing.iter().map(line).collect::<Result<Vec<_>, Problem>>()?;
    let mut bearers = vec![lead_id];
    for partner in project.partners.iter().filter(|partner| partner.role == PartnerRole::Implementing) {
        bearers.push(year.organisation_named(&partner.name)?);
    }
    let costs = &project.budget;
    let items = [
        costs.staff - costs.coordination,
        costs.coordination,
        costs.goods,
        costs.services,
        costs.vouchers,
        costs.general,
    ];
    let assigned = year.published.assigned(&project.lead)?.cents();
    Ok(Book {
        project,
        project_id: year.project(&project.reference),
        lead: year.actors.holder(Role::AllianceLead, lead_id)?,
        days: project.days()?,
        budget: Budget::fit(items.map(Money::cents), assigned, lines, bearers),
        documents: 0,
    })
}

/// Acceptance, executive budget, CUP, tranches, agreement with both signatures, start.
async fn agree(conn: &mut AsyncPgConnection, year: &Year<'_>, book: &Book<'_>, nth: i64) -> Result<(), Problem> {
    let (project_id, lead) = (book.project_id, book.lead);
    let officers = [year.actors.officer(0)?, year.actors.officer(1)?];
    as_of(on("2020-06-04")?, load::accept_grant(conn, lead, project_id)).await?;
    let budget = checked(&executive_budget(&book.budget))?;
    as_of(on("2020-06-08")?, load::record_executive_budget(conn, lead, project_id, &budget)).await?;
    let digits = Dice::of(&format!("cup/{}", book.project.reference)).between(0, 999_999_999);
    let cup = checked(&json!({"cup": format!("G{nth}1B20{digits:09}")}))?;
    as_of(on("2020-06-09")?, load::set_cup(conn, lead, project_id, &cup)).await?;
    let tranches = checked(&json!({"tranches": [
        {"kind": "advance", "share": "0.40"}, {"kind": "interim", "share": "0.40"}, {"kind": "balance", "share": "0.20"},
    ]}))?;
    as_of(on("2020-06-09")?, load::set_tranches(conn, officers[0], project_id, &tranches)).await?;
    let act = checked(&json!({"act": format!("Decreto n. {} (inventato)", 230 + nth), "act_date": "2020-06-15"}))?;
    let agreement = as_of(on("2020-06-15")?, load::create_agreement(conn, officers[0], project_id, &act)).await?;
    for (party, signer, day) in [("lead", lead, "2020-06-18"), ("agency", officers[1], "2020-06-22")] {
        let signature = checked(&json!({"party": party, "signed_on": day}))?;
        as_of(on(day)?, load::sign_agreement(conn, signer, agreement.id, &signature)).await?;
    }
    as_of(on("2020-06-29")?, load::start_project(conn, lead, project_id)).await
}

fn executive_budget(budget: &Budget) -> Value {
    let euro = |cents: i64| Money::from_cents(cents);
    let mut costs = serde_json::Map::new();
    for (name, cents) in ITEMS.iter().zip(budget.items) {
        costs.insert((*name).to_owned(), json!(euro(cents)));
    }
    costs.insert("staff".to_owned(), json!(euro(budget.items[STAFF] + budget.items[COORDINATION])));
    let lines: Vec<Value> = budget
        .lines
        .iter()
        .map(|line| {
            json!({"organisation_id": line.organisation_id, "monetary": euro(line.monetary), "in_kind": euro(line.in_kind)})
        })
        .collect();
    json!({"costs": costs, "cofinancing": lines, "note": "Voci ridotte in proporzione al contributo assegnato (inventato)."})
}

/// A payment of a tranche: asked for by one officer, approved by the other, paid.
struct Payment {
    tranche: i16,
    act: i64,
    days: [&'static str; 3],
}

impl Payment {
    async fn make(&self, conn: &mut AsyncPgConnection, year: &Year<'_>, book: &Book<'_>) -> Result<(), Problem> {
        let [asked, approved, paid] = self.days;
        let officers = [year.actors.officer(0)?, year.actors.officer(1)?];
        let act = format!("Decreto n. {} (inventato)", self.act);
        let order = checked(&json!({
            "project_id": book.project_id, "tranche_number": self.tranche, "act": act, "act_date": date(asked)?,
        }))?;
        let payment = as_of(on(asked)?, load::create_grant_payment(conn, officers[0], &order)).await?;
        as_of(on(approved)?, load::approve_grant_payment(conn, officers[1], payment.id)).await?;
        let reference = format!("Mandato n. {} (inventato)", 1_000 + self.act);
        let mark = checked(&json!({"payment_reference": reference, "paid_on": paid}))?;
        as_of(on(paid)?, load::mark_grant_payment_paid(conn, officers[0], payment.id, &mark)).await?;
        Ok(())
    }
}

/// Shifts between cost items; where a day of approval is given, the shift is one that needs it.
async fn shift(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    book: &mut Book<'_>,
    (from, to, cents): (&str, &str, i64),
    (reason, asked, approved): (&str, &str, Option<&str>),
) -> Result<(), Problem> {
    let amount = Money::from_cents(cents);
    let input = checked(&json!({"from_item": from, "to_item": to, "amount": amount, "reason": reason}))?;
    let made = as_of(on(asked)?, load::create_budget_shift(conn, book.lead, book.project_id, &input)).await?;
    if let Some(day) = approved {
        as_of(on(day)?, load::approve_budget_shift(conn, year.actors.officer(1)?, made.id)).await?;
    } else if made.budget_number.is_none() {
        return Err(DataError(format!("a shift of {amount} needs approval")).into());
    }
    for (name, item) in ITEMS.iter().zip(&mut book.budget.items) {
        *item += if *name == to { cents } else { 0 } - if *name == from { cents } else { 0 };
    }
    Ok(())
}

impl Year<'_> {
    pub(super) fn organisation_named(&self, name: &str) -> Result<Uuid, DataError> {
        Ok(ids::organisation(self.code(), &self.territory.organisation_named(name)?.key))
    }
}
