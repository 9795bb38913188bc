DROP TABLE network_composition_members;
DROP TABLE network_compositions;
DROP VIEW network_alliance_members;
