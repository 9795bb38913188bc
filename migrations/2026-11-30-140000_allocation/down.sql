DROP VIEW awards;
DROP VIEW present_admissible_amounts;
DROP VIEW allocation_table;
DROP TABLE allocation_rows;
DROP TABLE allocations;
DROP FUNCTION guard_allocation(), check_awarded_call();
DROP TABLE admissible_amounts;
