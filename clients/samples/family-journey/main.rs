//! Plays one family's voucher from its call to its payment, through every role, with the client alone.
//!
//! Every run makes people and a call of its own, so that it can be repeated on the same server. Exit status: 0 when
//! the money balances, 1 when it does not or a step fails.

#![allow(clippy::print_stdout, reason = "a command-line program reports on its standard output")]

mod activation;
mod cast;
mod catalogue;
mod credentials;
mod family_plan;
mod household;
mod ledger;
mod orders;
mod settlement;
mod story;
mod tax_code;
mod voucher_call;

use cast::Cast;
use clap::Parser;
use concilia_samples::Failure;
use std::process::ExitCode;
use story::Story;

/// Play a voucher from its call to its payment, through every role
#[derive(Parser)]
struct Arguments {
    /// Address of the server; the one in the credentials unless told
    #[arg(long, env = "CONCILIA_URL")]
    url: Option<String>,
    /// File with what `concilia demo-credentials` prints, `-` for the standard input; unless told, it is run
    #[arg(long)]
    credentials: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("family-journey: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let credentials = credentials::read(arguments.credentials.as_deref())?;
    let cast = Cast::choose(arguments.url, &credentials)?;
    let mut story = Story::new(&cast.serial);
    let worker = activation::push_and_activate(&cast, &mut story).await?;
    let children = household::fill(&worker, &mut story).await?;
    let call = voucher_call::open(&cast, &mut story).await?;
    let application = voucher_call::apply(&worker, &call, &children, &mut story).await?;
    voucher_call::rank(&cast, &call, &mut story).await?;
    let vouchers = voucher_call::read_awards(&worker, application, &children, &mut story).await?;
    let services = catalogue::choose(&cast, &worker, &vouchers, &mut story).await?;
    let booked = family_plan::submit(&cast, &worker, &services, &mut story).await?;
    let accepted = orders::handle(&cast, &worker, &booked, &mut story).await?;
    settlement::settle(&cast, &accepted, &mut story).await?;
    ledger::check(&cast, &worker, &call, &vouchers, &accepted, &mut story).await
}
