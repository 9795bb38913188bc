DROP TABLE grant_revocations, grant_settlements, project_variations;
