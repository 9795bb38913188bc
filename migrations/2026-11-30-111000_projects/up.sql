-- Projects are written jointly: each co-financing line has a version of its own, activities keep their identity when they
-- are put in another order, and the dates of partners and of integrations agree.
ALTER TABLE cofinancing_lines ADD version bigint NOT NULL DEFAULT 1;

ALTER TABLE project_activities
  DROP CONSTRAINT project_activities_project_id_number_key,
  ADD CONSTRAINT project_activities_project_id_number_key UNIQUE (project_id, number) DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT project_activities_months CHECK (cardinality(months) <= 120 AND array_position(months, NULL) IS NULL);

ALTER TABLE project_partners
  ADD CONSTRAINT project_partners_leave_reason CHECK (leave_reason IS NULL OR left_on IS NOT NULL),
  ADD CONSTRAINT project_partners_lead_stays CHECK (role <> 'lead' OR (left_on IS NULL AND substitutes IS NULL));
CREATE UNIQUE INDEX project_partners_substitutes ON project_partners (project_id, substitutes) WHERE substitutes IS NOT NULL;

ALTER TABLE integration_requests
  ADD CONSTRAINT integration_requests_due CHECK (due_at > requested_at),
  ADD CONSTRAINT integration_requests_in_time CHECK (answered_at < due_at);
CREATE INDEX integration_requests_of_project ON integration_requests (project_id, id);

-- Projects that absorbed others are asked for them.
CREATE INDEX projects_absorbed ON projects (merged_into) WHERE merged_into IS NOT NULL;
