DROP TABLE event_certificates;
DROP TABLE event_certificate_counters;
DROP TABLE event_attendance;
DROP TABLE event_sign_ups;
DROP FUNCTION count_event_places;
DROP TABLE event_sessions;
DROP TABLE events;
