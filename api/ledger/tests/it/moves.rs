//! Random sequences of moves, legal and not, against a model in memory.

use crate::scratch::{Scratch, new_voucher, with_scratch};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Code, Money, Problem, new_id};
use concilia_ledger::schema::voucher_balances;
use concilia_ledger::{
    Payment, VoucherState, award, call_budget, check_ledger, hold, pay, release, return_unspent, spend,
};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

const VALUE: i64 = 300_00;
const ORDERS: usize = 3;

#[derive(Debug, Clone, Copy)]
enum Step {
    Hold { order: usize, cents: i64 },
    Release { order: usize, cents: i64 },
    Spend { order: usize, cents: i64 },
    Pay { order: usize, cents: i64 },
    Revoke,
}

fn step() -> impl Strategy<Value = Step> {
    let order = 0..ORDERS;
    let cents = prop_oneof![1..=150_00_i64, Just(100_00), Just(50_00)];
    prop_oneof![
        4 => (order.clone(), cents.clone()).prop_map(|(order, cents)| Step::Hold { order, cents }),
        3 => (order.clone(), cents.clone()).prop_map(|(order, cents)| Step::Release { order, cents }),
        3 => (order.clone(), cents.clone()).prop_map(|(order, cents)| Step::Spend { order, cents }),
        2 => (order, cents).prop_map(|(order, cents)| Step::Pay { order, cents }),
        1 => Just(Step::Revoke),
    ]
}

#[derive(Debug, Default)]
struct Model {
    available: i64,
    held: [i64; ORDERS],
    owed: [i64; ORDERS],
    paid: i64,
    returned: i64,
    revoked: bool,
}

impl Model {
    /// Makes the move and says whether it is legal.
    fn apply(&mut self, step: Step) -> bool {
        match step {
            Step::Hold { order, cents } => take(&mut self.available, cents) && add(&mut self.held[order], cents),
            Step::Release { order, cents } => {
                let freed = if self.revoked { &mut self.returned } else { &mut self.available };
                take(&mut self.held[order], cents) && add(freed, cents)
            }
            Step::Spend { order, cents } => {
                take(&mut self.held[order], cents) && add(&mut self.owed[order], cents)
            }
            Step::Pay { order, cents } => take(&mut self.owed[order], cents) && add(&mut self.paid, cents),
            Step::Revoke => {
                self.returned += std::mem::take(&mut self.available);
                self.revoked = true;
                true
            }
        }
    }

    fn balances(&self) -> [Money; 4] {
        [self.available, self.held.iter().sum(), self.owed.iter().sum(), self.paid].map(Money::from_cents)
    }
}

fn take(from: &mut i64, cents: i64) -> bool {
    let enough = *from >= cents;
    if enough {
        *from -= cents;
    }
    enough
}

fn add(to: &mut i64, cents: i64) -> bool {
    *to += cents;
    true
}

#[test]
fn random_moves_never_overdraw_and_always_balance() {
    let system = actix_web::rt::System::new();
    let scratch = system.block_on(Scratch::new());
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&proptest::collection::vec(step(), 1..40), |steps| {
        system.block_on(play(&scratch, &steps));
        Ok(())
    });
    outcome.unwrap();
}

async fn play(scratch: &Scratch, steps: &[Step]) {
    let mut conn = scratch.connect().await;
    let (call, vouchers) = scratch.call(&mut conn, Money::from_cents(1000_00), &[Money::from_cents(VALUE)]).await;
    let orders = [new_id(), new_id(), new_id()];
    let mut model = Model { available: VALUE, ..Model::default() };
    for step in steps {
        let legal = model.apply(*step);
        let answer = make(scratch, &mut conn, vouchers[0], &orders, *step).await;
        match answer {
            Ok(()) => assert!(legal, "{step:?} was let through"),
            Err(problem) => {
                assert_eq!(problem.code(), Code::InsufficientBalance, "{step:?}: {problem}");
                assert!(!legal, "{step:?} was refused");
            }
        }
        let found: (Money, Money, Money, Money) = voucher_balances::table
            .find(vouchers[0])
            .select((
                voucher_balances::available,
                voucher_balances::held,
                voucher_balances::spent,
                voucher_balances::paid,
            ))
            .first(&mut conn)
            .await
            .unwrap();
        assert_eq!(<[Money; 4]>::from(found), model.balances(), "after {step:?}");
    }
    let budget = call_budget(&mut conn, scratch.territory_id, call).await.unwrap();
    assert_eq!(budget, Money::from_cents(1000_00 - VALUE + model.returned));
    let report = check_ledger(&mut conn, Some(scratch.territory_id)).await.unwrap();
    assert_eq!(report.violations, []);
}

async fn make(
    scratch: &Scratch,
    conn: &mut AsyncPgConnection,
    voucher_id: Uuid,
    orders: &[Uuid; ORDERS],
    step: Step,
) -> Result<(), Problem> {
    let of = |order: usize, cents| scratch.order_move(voucher_id, orders[order], cents);
    match step {
        Step::Hold { order, cents } => hold(conn, of(order, cents)).await,
        Step::Release { order, cents } => release(conn, of(order, cents)).await,
        Step::Spend { order, cents } => spend(conn, of(order, cents)).await,
        Step::Pay { order, cents } => {
            let payment = Payment { voucher_id, order_id: orders[order], amount: Money::from_cents(cents) };
            pay(conn, scratch.territory_id, &[payment], Agent::SYSTEM, "paid").await
        }
        Step::Revoke => {
            let (territory, revoked) = (scratch.territory_id, VoucherState::Revoked);
            return_unspent(conn, territory, &[voucher_id], revoked, Agent::SYSTEM, "revoked").await.map(|_| ())
        }
    }
}

#[test]
fn an_award_beyond_the_budget_leaves_nothing_behind() {
    with_scratch(async |scratch| {
        let mut conn = scratch.connect().await;
        let (call, _) = scratch.call(&mut conn, Money::from_cents(1000_00), &[]).await;
        let vouchers = [300_00, 300_00, 300_00, 300_00].map(|cents| new_voucher(Money::from_cents(cents)));
        let refused =
            award(&mut conn, &scratch.terms(call), &vouchers, Agent::SYSTEM, "too much").await.unwrap_err();
        assert_eq!(refused.code(), Code::InsufficientBalance);
        let awarded = award(&mut conn, &scratch.terms(call), &vouchers[..3], Agent::SYSTEM, "fits").await.unwrap();
        assert_eq!(awarded.len(), 3);
        assert_eq!(call_budget(&mut conn, scratch.territory_id, call).await.unwrap(), Money::from_cents(100_00));
        let report = check_ledger(&mut conn, None).await.unwrap();
        assert_eq!((report.entries, report.vouchers, report.calls), (4, 3, 1));
        assert_eq!(report.violations, []);
    });
}
