DROP FUNCTION release_places(uuid, integer);
DROP FUNCTION take_places(uuid, integer);
DROP VIEW catalogue_services;
DROP TABLE service_sessions;
DROP TABLE services;
DROP VIEW accredited_providers;
DROP TABLE store_providers;
DROP TABLE service_categories;
DROP TABLE stores;
