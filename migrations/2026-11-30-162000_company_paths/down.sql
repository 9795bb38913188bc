DROP VIEW action_companies_reached;
DROP VIEW action_people_reached;
DROP TABLE path_participation_steps;
DROP FUNCTION take_path_step;
DROP TABLE path_participations;
DROP TABLE company_path_steps;
DROP TABLE company_paths;
