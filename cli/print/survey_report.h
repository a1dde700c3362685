/* The answer of pleats survey, as text, JSON and a table. */
#ifndef PLEATS_CLI_PRINT_SURVEY_REPORT_H
#define PLEATS_CLI_PRINT_SURVEY_REPORT_H

#include "session.h"

#include "pleats/survey.h"

void print_survey_text(const session *s, const pleats_survey_result *r);
/* Returns an exit code. */
int print_survey_json(const session *s, const pleats_survey_result *r);
void print_survey_csv(const pleats_survey_result *r);

#endif
