DROP VIEW agenda_deadlines;
DROP TABLE agenda_feeds;
DROP TABLE opinion_signatures;
DROP TABLE opinion_requests;
