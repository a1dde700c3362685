/* Any bytes as each of the JSON files: domains, rows of data, specs. */
#include "fuzz.h"
#include "read/domain_file.h"
#include "read/rows.h"
#include "read/spec_json.h"

#include <stdlib.h>

enum { INPUTS = 2 };

static pleats_status read_domains(pleats_ctx *ctx, const char *path)
{
    pleats_status (*const reader[])(pleats_ctx *, const char *, pleats_idx,
                                    pleats_domain **) = {
        pleats_domain_read_box, pleats_domain_read_plane,
        pleats_domain_read_line, pleats_domain_read_polytope};
    pleats_status worst = PLEATS_OK;
    for (size_t i = 0; i < sizeof reader / sizeof *reader; i++) {
        pleats_domain *domain = NULL;
        pleats_status status = reader[i](ctx, path, INPUTS, &domain);
        if ((status == PLEATS_OK) != (domain != NULL))
            abort();
        pleats_domain_clear(ctx, domain);
        worst = status == PLEATS_INTERNAL ? status : worst;
    }
    return worst;
}

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    pleats_spec *spec = NULL;
    pleats_rows *rows = NULL;
    pleats_status status[] = {
        read_domains(ctx, path),
        pleats_spec_json_parse(ctx, path, (const char *)data, size, &spec),
        pleats_rows_load(ctx, path, INPUTS, &rows)};
    if ((status[1] == PLEATS_OK) != (spec != NULL) ||
        (status[2] == PLEATS_OK) != (rows != NULL))
        abort();
    pleats_spec_clear(ctx, spec);
    pleats_rows_clear(ctx, rows);
    for (size_t i = 0; i < sizeof status / sizeof *status; i++)
        if (status[i] == PLEATS_INTERNAL)
            return PLEATS_INTERNAL;
    return PLEATS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz(data, size, true, try);
}
