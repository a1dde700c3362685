/* Any bytes as the text of a spec: one whose canonical text is the same spec,
 * or a refusal. */
#include "fuzz.h"
#include "pleats/pleats.h"
#include "spec/spec.h"

#include <stdlib.h>
#include <string.h>

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL, *again = NULL;
    char *text = NULL;
    (void)path;
    TRY(pleats_strndup(ctx, (const char *)data, size, &text));
    TRY(pleats_spec_parse(ctx, text, &spec));
    status = pleats_spec_parse(ctx, spec->text, &again);
    if (status == PLEATS_INVALID ||
        (again && strcmp(spec->text, again->text) != 0))
        abort();
done:
    pleats_spec_clear(ctx, spec);
    pleats_spec_clear(ctx, again);
    pleats_release(ctx, text);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz(data, size, false, try);
}
