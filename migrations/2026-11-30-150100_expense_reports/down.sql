DROP FUNCTION take_voucher_spendings(expense_reports, uuid, numeric);
DROP TABLE reported_spendings;
DROP FUNCTION guard_reported_spending();
DROP FUNCTION is_filled_by_portal(uuid, uuid);
DROP VIEW project_voucher_spendings;
DROP FUNCTION cost_item_claimed(uuid, text);
DROP TABLE expense_attachments, expenses, expense_reports;
DROP FUNCTION guard_expense();
DROP FUNCTION guard_expense_report();
