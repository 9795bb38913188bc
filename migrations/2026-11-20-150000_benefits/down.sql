DROP TABLE ranking_rows;
DROP TABLE rankings;
DROP TABLE application_lines;
DROP TABLE applications;
DROP TABLE protocol_counters;
DROP TABLE voucher_call_employers;
DROP TABLE voucher_calls;
DROP FUNCTION refuse_change_of_open_call();
