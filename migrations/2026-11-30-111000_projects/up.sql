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

-- A project that was proposed lies within the years of its call's plan; while its alliance writes it, it need not yet.
CREATE FUNCTION check_project_within_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM project_calls c JOIN plans p ON p.territory_id = c.territory_id AND p.id = c.plan_id
             WHERE c.territory_id = NEW.territory_id AND c.id = NEW.project_call_id
               AND (extract(year FROM NEW.starts_on) < p.from_year OR extract(year FROM NEW.ends_on) > p.to_year)) THEN
    RAISE EXCEPTION 'project % is outside the years of its plan', NEW.reference
      USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_within_plan';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER projects_within_plan BEFORE UPDATE ON projects
  FOR EACH ROW WHEN (NEW.state NOT IN ('draft','integration_requested','inadmissible','merged')
    AND (OLD.state IN ('draft','integration_requested') OR (OLD.starts_on, OLD.ends_on) IS DISTINCT FROM (NEW.starts_on, NEW.ends_on)))
  EXECUTE FUNCTION check_project_within_plan();

-- Whoever came with a project that was absorbed signs its mandate before the other is evaluated.
CREATE FUNCTION check_project_mandates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM project_partners WHERE project_id = NEW.id AND role <> 'lead' AND left_on IS NULL AND mandate_on IS NULL) THEN
    RAISE EXCEPTION 'a partner of project % has not signed its mandate', NEW.reference
      USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_mandates_signed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER projects_mandates_signed BEFORE UPDATE ON projects
  FOR EACH ROW WHEN (OLD.state = 'submitted' AND NEW.state = 'admissible') EXECUTE FUNCTION check_project_mandates();

-- Only a draft is removed: what was proposed once is history.
CREATE FUNCTION check_project_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' OR OLD.submitted_at IS NOT NULL THEN
    RAISE EXCEPTION 'project % is no draft', OLD.reference USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER projects_removed_as_drafts BEFORE DELETE ON projects
  FOR EACH ROW EXECUTE FUNCTION check_project_removal();

-- Projects that absorbed others are asked for them.
CREATE INDEX projects_absorbed ON projects (merged_into) WHERE merged_into IS NOT NULL;
