/* In which regions data rows lie. */
#ifndef PLEATS_SURVEY_DATA_ROWS_H
#define PLEATS_SURVEY_DATA_ROWS_H

#include "cells/frame.h"

#include "pleats/survey.h"

/* Fills in the result's rows.  Cost: an evaluation in exact numbers a row;
 * memory: a digest of the pattern of each region with rows.  PLEATS_LIMIT when
 * there is a reason to stop. */
PLEATS_NODISCARD pleats_status pleats_survey_rows(pleats_ctx *ctx,
                                                  const pleats_net *net,
                                                  const pleats_frame *frame,
                                                  const pleats_rows *rows,
                                                  pleats_survey_result *out);

#endif
