DROP TABLE questionnaire_answer_values;
DROP TABLE questionnaire_answers;
DROP TABLE questionnaire_spent_tokens;
DROP TABLE questionnaire_takers;
DROP TABLE questionnaire_questions;
DROP FUNCTION refuse_change_once_open;
DROP TABLE questionnaires;
