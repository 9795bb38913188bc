-- Project calls are frozen once published; conflicts of interest between people and projects are found, not declared.

ALTER TABLE project_calls ADD published_at timestamptz;
COMMENT ON COLUMN project_calls.published_at IS 'when it first opened; a draft that was cancelled never was public';
ALTER TABLE project_calls ADD CONSTRAINT project_calls_draft_unpublished CHECK (state <> 'draft' OR published_at IS NULL);
CREATE INDEX project_calls_due ON project_calls (closes_at) WHERE state = 'open';

CREATE FUNCTION guard_project_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state NOT IN ('draft', 'cancelled') AND NEW.published_at IS NULL THEN
    NEW.published_at := now();
  END IF;
  IF TG_OP = 'INSERT' OR OLD.state = 'draft' THEN
    RETURN NEW;
  END IF;
  IF (OLD.plan_id, OLD.number, OLD.title, OLD.address_document_act, OLD.address_document_date, OLD.budget, OLD.opens_at,
      OLD.intervention_types, OLD.lead_kinds, OLD.coordination_limit, OLD.cofinancing_minimum, OLD.shift_threshold,
      OLD.maximum_grant, OLD.minimum_score, OLD.published_at)
     IS DISTINCT FROM
     (NEW.plan_id, NEW.number, NEW.title, NEW.address_document_act, NEW.address_document_date, NEW.budget, NEW.opens_at,
      NEW.intervention_types, NEW.lead_kinds, NEW.coordination_limit, NEW.cofinancing_minimum, NEW.shift_threshold,
      NEW.maximum_grant, NEW.minimum_score, NEW.published_at)
     OR NEW.state = 'draft' THEN
    RAISE EXCEPTION 'project call % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.closes_at <> OLD.closes_at AND NOT EXISTS (
       SELECT FROM project_call_extensions e
       WHERE e.project_call_id = OLD.id AND e.previous_closes_at = OLD.closes_at AND e.closes_at = NEW.closes_at) THEN
    RAISE EXCEPTION 'project call % is extended by an act only', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER project_calls_guarded BEFORE INSERT OR UPDATE ON project_calls
  FOR EACH ROW EXECUTE FUNCTION guard_project_call();

CREATE FUNCTION guard_evaluation_criteria() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  call_id uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.project_call_id ELSE NEW.project_call_id END;
BEGIN
  IF EXISTS (SELECT FROM project_calls WHERE id = call_id AND state <> 'draft') THEN
    RAISE EXCEPTION 'the grid of project call % is frozen', call_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER evaluation_criteria_guarded BEFORE INSERT OR UPDATE OR DELETE ON evaluation_criteria
  FOR EACH ROW EXECUTE FUNCTION guard_evaluation_criteria();

-- Whom an account is bound to: by any role, and as a worker by present employment.
CREATE FUNCTION account_organisations(p_territory uuid, p_accounts uuid[])
RETURNS TABLE (account_id uuid, organisation_id uuid, ground text) LANGUAGE sql STABLE AS $$
  SELECT b.account_id, b.organisation_id, 'role' FROM role_bindings b
  WHERE b.territory_id = p_territory AND b.account_id = ANY (p_accounts)
  UNION
  SELECT w.account_id, e.employer_id, 'employment' FROM workers w
  JOIN employees e ON e.territory_id = w.territory_id AND e.tax_code_index = w.tax_code_index
  WHERE w.territory_id = p_territory AND w.account_id = ANY (p_accounts)
    AND e.employed_from <= italian_day(now())
    AND (e.employed_to IS NULL OR e.employed_to >= italian_day(now()))
$$;

-- Conflicts that kept an account from judging a project of a call, as they were found. What is here stands, even if what
-- made it ends.
CREATE TABLE recusals (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  project_call_id uuid NOT NULL,
  project_id      uuid NOT NULL,
  account_id      uuid NOT NULL,
  organisation_id uuid NOT NULL,
  ground          text NOT NULL CHECK (ground IN ('role','employment')),
  found_at        timestamptz NOT NULL DEFAULT now(),
  UNIQUE (project_id, account_id, organisation_id, ground),
  FOREIGN KEY (territory_id, project_call_id) REFERENCES project_calls (territory_id, id),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id),
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
COMMENT ON COLUMN recusals.ground IS 'what binds the account to the organisation';
CREATE INDEX recusals_of_account ON recusals (territory_id, account_id);
CREATE INDEX recusals_of_call ON recusals (project_call_id, project_id);
CREATE TRIGGER recusals_append_only BEFORE UPDATE OR DELETE ON recusals
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The conflicts of interest of accounts: an organisation they are bound to leads or joins the project, or did before it
-- left, or is or was in a project that has been merged into it; and what was found before.
CREATE FUNCTION conflicts_of_interest(p_territory uuid, p_accounts uuid[])
RETURNS TABLE (account_id uuid, project_id uuid, organisation_id uuid, ground text) LANGUAGE sql STABLE AS $$
  WITH RECURSIVE bound AS (
    SELECT o.account_id, o.organisation_id, o.ground FROM account_organisations(p_territory, p_accounts) o
  ), involved AS (
    SELECT b.account_id, p.project_id, b.organisation_id, b.ground FROM bound b
    JOIN project_partners p ON p.territory_id = p_territory AND p.organisation_id = b.organisation_id
    UNION
    SELECT b.account_id, p.id, b.organisation_id, b.ground FROM bound b
    JOIN projects p ON p.territory_id = p_territory AND p.lead_organisation_id = b.organisation_id
  ), reached AS (
    SELECT i.account_id, i.project_id, i.organisation_id, i.ground FROM involved i
    UNION
    SELECT r.account_id, p.merged_into, r.organisation_id, r.ground FROM reached r
    JOIN projects p ON p.territory_id = p_territory AND p.id = r.project_id
    WHERE p.merged_into IS NOT NULL
  )
  SELECT r.account_id, r.project_id, r.organisation_id, r.ground FROM reached r
  UNION
  SELECT f.account_id, f.project_id, f.organisation_id, f.ground FROM recusals f
  WHERE f.territory_id = p_territory AND f.account_id = ANY (p_accounts)
$$;
