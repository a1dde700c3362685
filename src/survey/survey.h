/* A survey of all regions: see pleats/survey.h. */
#ifndef PLEATS_SURVEY_SURVEY_H
#define PLEATS_SURVEY_SURVEY_H

#include "survey/tally.h"

#include "pleats/survey.h"

typedef struct {
    bool paranoid, exact_volumes;
    pleats_engine engine;
    pleats_limits limits;
    const pleats_rows *rows; /* NULL: none */
} pleats_survey_task;

/* `out` is zeroed, and cleared by pleats_survey_result_clear whatever comes of
 * it. */
PLEATS_NODISCARD pleats_status pleats_survey_run(pleats_ctx *ctx,
                                                 const pleats_net *net,
                                                 const pleats_domain *domain,
                                                 const pleats_survey_task *task,
                                                 pleats_survey_result *out);

#endif
