//! The rules. Each is a query that finds what breaks it: `subject`, `expected`, `found`. `$1` is the territory, or
//! null for all.

pub(super) struct Rule {
    pub name: &'static str,
    pub finds: &'static str,
}

pub(super) const COUNTS: &str = "\
SELECT (SELECT count(*) FROM ledger_entries WHERE $1 IS NULL OR territory_id = $1) AS entries,
       (SELECT count(*) FROM vouchers WHERE $1 IS NULL OR territory_id = $1) AS vouchers,
       (SELECT count(*) FROM call_balances WHERE $1 IS NULL OR territory_id = $1) AS calls";

pub(super) const RULES: &[Rule] = &[
    Rule { name: "entry_accounts", finds: ENTRY_ACCOUNTS },
    Rule { name: "entry_owner", finds: ENTRY_OWNER },
    Rule { name: "voucher_balance", finds: VOUCHER_BALANCE },
    Rule { name: "call_balance", finds: CALL_BALANCE },
    Rule { name: "sum_is_zero", finds: SUM_IS_ZERO },
    Rule { name: "not_negative", finds: NOT_NEGATIVE },
    Rule { name: "voucher_award", finds: VOUCHER_AWARD },
    Rule { name: "ended_voucher", finds: ENDED_VOUCHER },
    Rule { name: "order_path", finds: ORDER_PATH },
    Rule { name: "order_balance", finds: ORDER_BALANCE },
];

/// Each entry moves a positive amount between the two accounts of its kind, for a voucher unless it funds, for an
/// order where its kind asks for one.
const ENTRY_ACCOUNTS: &str = "\
SELECT id AS subject, 'an amount above zero between the accounts of its kind' AS expected,
       format('%s of %s from %s to %s', kind, amount, credit_account, debit_account) AS found
  FROM ledger_entries
 WHERE ($1 IS NULL OR territory_id = $1)
   AND (amount <= 0
     OR (kind, credit_account, debit_account) NOT IN (
          ('fund','funding','budget'), ('award','budget','available'), ('hold','available','held'),
          ('release','held','available'), ('spend','held','spent'), ('pay','spent','paid'), ('return','available','budget'))
     OR (kind = 'fund') <> (voucher_id IS NULL)
     OR (kind IN ('hold','release','spend','pay')) <> (order_id IS NOT NULL))";

/// Each entry belongs to a voucher of its own call and territory, and its call has an account there.
const ENTRY_OWNER: &str = "\
SELECT e.id AS subject, 'a voucher and an account of its call and territory' AS expected,
       format('voucher %s, call %s', e.voucher_id, e.voucher_call_id) AS found
  FROM ledger_entries e
  LEFT JOIN vouchers v ON v.id = e.voucher_id AND v.voucher_call_id = e.voucher_call_id AND v.territory_id = e.territory_id
  LEFT JOIN call_balances c ON c.voucher_call_id = e.voucher_call_id AND c.territory_id = e.territory_id
 WHERE ($1 IS NULL OR e.territory_id = $1)
   AND (c.voucher_call_id IS NULL OR (e.voucher_id IS NOT NULL AND v.id IS NULL))";

/// Each voucher's running balances are the sums of its entries.
const VOUCHER_BALANCE: &str = "\
WITH sums AS (
  SELECT voucher_id,
    coalesce(sum(amount) FILTER (WHERE debit_account = 'available'), 0) - coalesce(sum(amount) FILTER (WHERE credit_account = 'available'), 0) AS available,
    coalesce(sum(amount) FILTER (WHERE debit_account = 'held'), 0) - coalesce(sum(amount) FILTER (WHERE credit_account = 'held'), 0) AS held,
    coalesce(sum(amount) FILTER (WHERE debit_account = 'spent'), 0) - coalesce(sum(amount) FILTER (WHERE credit_account = 'spent'), 0) AS spent,
    coalesce(sum(amount) FILTER (WHERE debit_account = 'paid'), 0) AS paid
  FROM ledger_entries WHERE voucher_id IS NOT NULL AND ($1 IS NULL OR territory_id = $1) GROUP BY voucher_id
), computed AS (
  SELECT v.id, coalesce(s.available, 0) AS available, coalesce(s.held, 0) AS held,
         coalesce(s.spent, 0) AS spent, coalesce(s.paid, 0) AS paid
    FROM vouchers v LEFT JOIN sums s ON s.voucher_id = v.id WHERE $1 IS NULL OR v.territory_id = $1
)
SELECT c.id AS subject,
       format('available %s, held %s, spent %s, paid %s', c.available, c.held, c.spent, c.paid) AS expected,
       CASE WHEN b.voucher_id IS NULL THEN 'no balance'
            ELSE format('available %s, held %s, spent %s, paid %s', b.available, b.held, b.spent, b.paid) END AS found
  FROM computed c LEFT JOIN voucher_balances b ON b.voucher_id = c.id
 WHERE (b.available, b.held, b.spent, b.paid) IS DISTINCT FROM (c.available, c.held, c.spent, c.paid)";

/// Each call's running balances are the sums of its entries.
const CALL_BALANCE: &str = "\
WITH sums AS (
  SELECT voucher_call_id,
    -coalesce(sum(amount) FILTER (WHERE credit_account = 'funding'), 0) AS funding,
    coalesce(sum(amount) FILTER (WHERE debit_account = 'budget'), 0) - coalesce(sum(amount) FILTER (WHERE credit_account = 'budget'), 0) AS budget
  FROM ledger_entries WHERE $1 IS NULL OR territory_id = $1 GROUP BY voucher_call_id
)
SELECT b.voucher_call_id AS subject,
       format('funding %s, budget %s', coalesce(s.funding, 0), coalesce(s.budget, 0)) AS expected,
       format('funding %s, budget %s', b.funding, b.budget) AS found
  FROM call_balances b LEFT JOIN sums s ON s.voucher_call_id = b.voucher_call_id
 WHERE ($1 IS NULL OR b.territory_id = $1)
   AND (b.funding, b.budget) IS DISTINCT FROM (coalesce(s.funding, 0), coalesce(s.budget, 0))";

/// Over all the accounts of a call, outside money included, the sum is zero.
const SUM_IS_ZERO: &str = "\
SELECT c.voucher_call_id AS subject, '0.00' AS expected, (c.funding + c.budget + coalesce(v.total, 0))::text AS found
  FROM call_balances c
  LEFT JOIN (SELECT voucher_call_id, sum(available + held + spent + paid) AS total FROM voucher_balances GROUP BY voucher_call_id) v
    ON v.voucher_call_id = c.voucher_call_id
 WHERE ($1 IS NULL OR c.territory_id = $1) AND c.funding + c.budget + coalesce(v.total, 0) <> 0";

/// No balance is below zero; only outside money may be.
const NOT_NEGATIVE: &str = "\
SELECT voucher_id AS subject, 'no balance below zero' AS expected,
       format('available %s, held %s, spent %s, paid %s', available, held, spent, paid) AS found
  FROM voucher_balances WHERE ($1 IS NULL OR territory_id = $1) AND least(available, held, spent, paid) < 0
UNION ALL
SELECT voucher_call_id, 'budget not below zero, funding not above', format('funding %s, budget %s', funding, budget)
  FROM call_balances WHERE ($1 IS NULL OR territory_id = $1) AND (budget < 0 OR funding > 0)";

/// Each voucher was awarded once, at its value.
const VOUCHER_AWARD: &str = "\
SELECT v.id AS subject, format('one award of %s', v.value) AS expected,
       format('%s award(s), %s in all', count(e.id), coalesce(sum(e.amount), 0)) AS found
  FROM vouchers v LEFT JOIN ledger_entries e ON e.voucher_id = v.id AND e.kind = 'award'
 WHERE $1 IS NULL OR v.territory_id = $1
 GROUP BY v.id HAVING count(e.id) <> 1 OR sum(e.amount) <> v.value";

/// A voucher that has ended has nothing available: it went back to the call.
const ENDED_VOUCHER: &str = "\
SELECT v.id AS subject, format('nothing available on a voucher that is %s', v.state) AS expected, b.available::text AS found
  FROM vouchers v JOIN voucher_balances b ON b.voucher_id = v.id
 WHERE ($1 IS NULL OR v.territory_id = $1) AND v.state <> 'active' AND b.available <> 0";

/// An order's money comes from one voucher, is held first, and is released, spent and paid within what was held.
const ORDER_PATH: &str = "\
WITH path AS (
  SELECT order_id, kind, id, voucher_id,
    sum(CASE kind WHEN 'hold' THEN amount WHEN 'release' THEN -amount WHEN 'spend' THEN -amount ELSE 0 END) OVER so_far AS held,
    sum(CASE kind WHEN 'spend' THEN amount WHEN 'pay' THEN -amount ELSE 0 END) OVER so_far AS owed
  FROM ledger_entries WHERE order_id IS NOT NULL AND ($1 IS NULL OR territory_id = $1)
  WINDOW so_far AS (PARTITION BY order_id ORDER BY id)
)
SELECT order_id AS subject, 'hold, then release or spend, then pay, of one voucher''s money' AS expected,
       format('%s; lowest held %s, lowest owed %s', string_agg(kind, ' ' ORDER BY id), min(held), min(owed)) AS found
  FROM path GROUP BY order_id
HAVING min(held) < 0 OR min(owed) < 0 OR count(DISTINCT voucher_id) > 1";

/// What a voucher holds, owes and has paid is what its orders hold, owe and were paid.
const ORDER_BALANCE: &str = "\
WITH by_order AS (
  SELECT voucher_id, order_id,
    sum(CASE kind WHEN 'hold' THEN amount WHEN 'release' THEN -amount WHEN 'spend' THEN -amount ELSE 0 END) AS held,
    sum(CASE kind WHEN 'spend' THEN amount WHEN 'pay' THEN -amount ELSE 0 END) AS spent,
    sum(CASE kind WHEN 'pay' THEN amount ELSE 0 END) AS paid
  FROM ledger_entries WHERE order_id IS NOT NULL AND ($1 IS NULL OR territory_id = $1) GROUP BY voucher_id, order_id
), by_voucher AS (
  SELECT voucher_id, sum(held) AS held, sum(spent) AS spent, sum(paid) AS paid FROM by_order GROUP BY voucher_id
)
SELECT b.voucher_id AS subject,
       format('held %s, spent %s, paid %s', coalesce(o.held, 0), coalesce(o.spent, 0), coalesce(o.paid, 0)) AS expected,
       format('held %s, spent %s, paid %s', b.held, b.spent, b.paid) AS found
  FROM voucher_balances b LEFT JOIN by_voucher o ON o.voucher_id = b.voucher_id
 WHERE ($1 IS NULL OR b.territory_id = $1)
   AND (b.held, b.spent, b.paid) IS DISTINCT FROM (coalesce(o.held, 0), coalesce(o.spent, 0), coalesce(o.paid, 0))";
