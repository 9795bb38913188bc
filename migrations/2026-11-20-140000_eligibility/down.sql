DROP TABLE household_members;
DROP TABLE households;
DROP TABLE workers;
DROP TABLE activation_codes;
DROP TABLE import_presences;
DROP TABLE employees;
