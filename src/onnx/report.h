/* All refusals of a model, gathered into one message. */
#ifndef PLEATS_ONNX_REPORT_H
#define PLEATS_ONNX_REPORT_H

#include "base/base.h"

typedef struct {
    char *text;
    size_t length, capacity, count;
} pleats_report;

PLEATS_NODISCARD pleats_status pleats_report_add(pleats_ctx *ctx,
                                                 pleats_report *report,
                                                 const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* PLEATS_OK when nothing was added, else PLEATS_INVALID with the message. */
PLEATS_NODISCARD pleats_status pleats_report_close(pleats_ctx *ctx,
                                                   const pleats_report *report);
void pleats_report_clear(pleats_ctx *ctx, pleats_report *report);

#endif
