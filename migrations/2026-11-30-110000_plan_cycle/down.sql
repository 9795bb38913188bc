DROP TABLE integration_requests;
DROP TABLE project_versions;
DROP TABLE activity_targets;
DROP TABLE project_activities;
DROP TABLE cofinancing_lines;
ALTER TABLE project_partners
  DROP CONSTRAINT project_partners_substitutes,
  DROP substitutes, DROP leave_reason, DROP left_on, DROP joined_on, DROP mandate_on;
DROP INDEX projects_of_lead;
DROP INDEX projects_of_call;
ALTER TABLE projects
  DROP CONSTRAINT projects_submitted, DROP CONSTRAINT projects_merged, DROP CONSTRAINT projects_merged_into, DROP CONSTRAINT projects_of_call,
  DROP version, DROP created_by, DROP submitted_at, DROP merged_into, DROP requested_grant, DROP cost_general, DROP cost_vouchers,
  DROP cost_services, DROP cost_goods, DROP cost_coordination, DROP cost_staff, DROP zone_plan_link, DROP whp_link,
  DROP intervention_types, DROP summary, DROP open_alliance, DROP state, DROP alliance, DROP project_call_id;
DROP TABLE project_call_extensions;
DROP TABLE evaluation_criteria;
DROP TABLE project_calls;
DROP TABLE plans;
DROP FUNCTION check_opened_call, check_lowered_plan, check_plan_covers_calls, plan_promised;
DROP FUNCTION check_plan_share;
DROP TABLE planning_settings;
