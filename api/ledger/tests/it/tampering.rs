//! What is changed behind the ledger's back is found, and named.

use crate::scratch::with_scratch;
use concilia_kernel::{Money, new_id};
use concilia_ledger::{check_ledger, hold, spend};
use diesel_async::SimpleAsyncConnection;
use std::collections::BTreeSet;

/// Each change with the rules it breaks. `session_replication_role` silences triggers and references.
const CHANGES: &[(&str, &[&str])] = &[
    ("UPDATE voucher_balances SET available = available + 1", &["voucher_balance", "sum_is_zero"]),
    (
        "UPDATE voucher_balances SET held = held - 1, available = available + 1",
        &["voucher_balance", "order_balance"],
    ),
    ("UPDATE call_balances SET budget = budget + 5", &["call_balance", "sum_is_zero"]),
    ("DELETE FROM ledger_entries WHERE kind = 'hold'", &["voucher_balance", "order_path", "order_balance"]),
    (
        "UPDATE ledger_entries SET amount = amount + 1 WHERE kind = 'award'",
        &["voucher_balance", "call_balance", "voucher_award"],
    ),
    ("UPDATE vouchers SET state = 'expired'", &["ended_voucher"]),
    ("UPDATE vouchers SET value = value * 2", &["voucher_award"]),
    ("UPDATE ledger_entries SET voucher_call_id = uuid_v7() WHERE kind = 'spend'", &["entry_owner"]),
    ("DELETE FROM voucher_balances", &["voucher_balance", "sum_is_zero"]),
    (
        "ALTER TABLE voucher_balances DROP CONSTRAINT voucher_balances_available_not_negative; \
         UPDATE voucher_balances SET available = -1",
        &["voucher_balance", "sum_is_zero", "not_negative"],
    ),
    (
        "ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_kind; \
         UPDATE ledger_entries SET credit_account = 'budget' WHERE kind = 'spend'",
        &["entry_accounts", "voucher_balance", "call_balance"],
    ),
];

#[test]
fn tampering_is_found_by_name() {
    with_scratch(async |scratch| {
        let mut conn = scratch.connect().await;
        let (_, ids) = scratch.call(&mut conn, Money::from_cents(900_00), &[Money::from_cents(300_00)]).await;
        let order = new_id();
        hold(&mut conn, scratch.order_move(ids[0], order, 80_00)).await.unwrap();
        spend(&mut conn, scratch.order_move(ids[0], order, 50_00)).await.unwrap();
        assert_eq!(check_ledger(&mut conn, None).await.unwrap().violations, []);

        drop(conn);

        for (change, broken) in CHANGES {
            let mut conn = scratch.copy().await;
            conn.batch_execute("SET session_replication_role = replica").await.unwrap();
            conn.batch_execute(change).await.unwrap();
            let found = check_ledger(&mut conn, Some(scratch.territory_id)).await.unwrap().violations;
            let rules: BTreeSet<&str> = found.iter().map(|violation| violation.rule).collect();
            assert_eq!(rules, broken.iter().copied().collect(), "{change}: {found:?}");
        }
    });
}

#[test]
fn entries_are_never_changed_or_removed() {
    with_scratch(async |scratch| {
        let mut conn = scratch.connect().await;
        scratch.call(&mut conn, Money::from_cents(900_00), &[Money::from_cents(300_00)]).await;
        for change in [
            "UPDATE ledger_entries SET amount = 1",
            "DELETE FROM ledger_entries",
            "TRUNCATE ledger_entries CASCADE",
        ] {
            let refused = conn.batch_execute(change).await.unwrap_err();
            assert!(refused.to_string().contains("append-only"), "{change}: {refused}");
        }
    });
}
