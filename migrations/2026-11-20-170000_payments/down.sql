DROP TABLE provider_statement_lines;
DROP TABLE provider_statements;
