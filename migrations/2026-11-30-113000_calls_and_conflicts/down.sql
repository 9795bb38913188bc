DROP FUNCTION conflicts_of_interest(uuid, uuid[]);
DROP TABLE recusals;
DROP FUNCTION account_organisations(uuid, uuid[]);
DROP TRIGGER evaluation_criteria_guarded ON evaluation_criteria;
DROP FUNCTION guard_evaluation_criteria();
DROP TRIGGER project_calls_guarded ON project_calls;
DROP FUNCTION guard_project_call();
DROP INDEX project_calls_due;
ALTER TABLE project_calls DROP CONSTRAINT project_calls_draft_unpublished, DROP published_at;
