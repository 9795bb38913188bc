DROP INDEX projects_absorbed;
DROP TRIGGER projects_removed_as_drafts ON projects;
DROP FUNCTION check_project_removal;
DROP TRIGGER projects_mandates_signed ON projects;
DROP FUNCTION check_project_mandates;
DROP TRIGGER projects_within_plan ON projects;
DROP FUNCTION check_project_within_plan;
DROP INDEX integration_requests_of_project;
ALTER TABLE integration_requests DROP CONSTRAINT integration_requests_in_time, DROP CONSTRAINT integration_requests_due;
DROP INDEX project_partners_substitutes;
ALTER TABLE project_partners DROP CONSTRAINT project_partners_lead_stays, DROP CONSTRAINT project_partners_leave_reason;
ALTER TABLE project_activities
  DROP CONSTRAINT project_activities_months,
  DROP CONSTRAINT project_activities_project_id_number_key,
  ADD CONSTRAINT project_activities_project_id_number_key UNIQUE (project_id, number);
ALTER TABLE cofinancing_lines DROP version;
