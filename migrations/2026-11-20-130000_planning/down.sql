DROP TABLE project_partners;
DROP TABLE projects;
