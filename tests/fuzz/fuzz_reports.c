/* Any bytes as the reports that figures are drawn from: no crash, no leak. */
#include "draw/chart/reports.h"
#include "fuzz.h"

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    pleats_reports reports = {0};
    (void)data;
    (void)size;
    pleats_status status = pleats_reports_read(ctx, &reports, 1, &path);
    pleats_reports_clear(&reports);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz(data, size, true, try);
}
