//! Moves that run together.

use crate::scratch::{SPEND_BY, with_scratch};
use concilia_kernel::{Code, Money, Problem, new_id};
use concilia_ledger::schema::{voucher_balances, vouchers};
use concilia_ledger::{VoucherState, call_budget, check_ledger, expire_vouchers, hold, release};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::join_all;

#[test]
fn fifty_orders_on_one_voucher_share_what_it_has() {
    with_scratch(async |scratch| {
        let mut conn = scratch.connect().await;
        let (_, ids) = scratch.call(&mut conn, Money::from_cents(300_00), &[Money::from_cents(300_00)]).await;
        let outcomes = join_all((0..50).map(|_| async {
            let mut conn = scratch.connect().await;
            hold(&mut conn, scratch.order_move(ids[0], new_id(), 20_00)).await
        }))
        .await;
        let refused: Vec<Code> =
            outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).map(Problem::code).collect();
        assert_eq!(refused, [Code::InsufficientBalance; 35]);
        assert_eq!(check_ledger(&mut conn, None).await.unwrap().violations, []);
    });
}

#[test]
fn vouchers_expire_once_while_their_orders_end() {
    with_scratch(async |scratch| {
        let mut conn = scratch.connect().await;
        let values = [Money::from_cents(100_00); 40];
        let (call, ids) = scratch.call(&mut conn, Money::from_cents(4000_00), &values).await;
        let orders: Vec<_> = ids.iter().map(|id| (*id, new_id())).collect();
        for (voucher, order) in &orders {
            hold(&mut conn, scratch.order_move(*voucher, *order, 60_00)).await.unwrap();
        }
        assert_eq!(expire_vouchers(&mut conn, SPEND_BY).await.unwrap(), 0, "the last day is a day of use");
        let day_after = SPEND_BY.succ_opt().unwrap();
        let sweeps = join_all((0..4).map(|_| async {
            let mut conn = scratch.connect().await;
            expire_vouchers(&mut conn, day_after).await.unwrap()
        }));
        let ends = join_all(orders.iter().map(|(voucher, order)| async {
            let mut conn = scratch.connect().await;
            release(&mut conn, scratch.order_move(*voucher, *order, 60_00)).await.unwrap();
        }));
        let (swept, _) = futures_util::join!(sweeps, ends);
        let later = expire_vouchers(&mut conn, day_after).await.unwrap();
        assert_eq!(swept.iter().sum::<usize>() + later, 40);

        let states: Vec<VoucherState> = vouchers::table.select(vouchers::state).load(&mut conn).await.unwrap();
        assert!(states.iter().all(|state| *state == VoucherState::Expired));
        let left: Vec<Money> =
            voucher_balances::table.select(voucher_balances::available).load(&mut conn).await.unwrap();
        assert!(left.iter().all(|available| available.is_zero()));
        assert_eq!(call_budget(&mut conn, scratch.territory_id, call).await.unwrap(), Money::from_cents(4000_00));
        assert_eq!(check_ledger(&mut conn, None).await.unwrap().violations, []);
    });
}
