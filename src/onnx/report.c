#include "onnx/report.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

pleats_status pleats_report_add(pleats_ctx *ctx, pleats_report *report,
                                const char *format, ...)
{
    pleats_status status = PLEATS_OK;
    const char *gap = report->count ? "; " : "";
    va_list args;
    va_start(args, format);
    int need = pleats_vformat(NULL, 0, format, args);
    va_end(args);
    if (need < 0)
        TRY(pleats_fail(ctx, PLEATS_INTERNAL, "a message cannot be written"));
    TRY(pleats_grow(ctx, &report->text, &report->capacity,
                    report->length + (size_t)need + 3, 1));
    report->length += (size_t)sprintf(report->text + report->length, "%s", gap);
    va_start(args, format);
    pleats_vformat(report->text + report->length, (size_t)need + 1, format,
                   args);
    va_end(args);
    report->length += (size_t)need;
    report->count++;
done:
    return status;
}

pleats_status pleats_report_close(pleats_ctx *ctx, const pleats_report *report)
{
    if (report->count == 0)
        return PLEATS_OK;
    if (report->count == 1)
        return pleats_fail(ctx, PLEATS_INVALID, "%s", report->text);
    return pleats_fail(ctx, PLEATS_INVALID, "%zu nodes are refused: %s",
                       report->count, report->text);
}

void pleats_report_clear(pleats_ctx *ctx, pleats_report *report)
{
    pleats_release(ctx, report->text);
    *report = (pleats_report){0};
}
