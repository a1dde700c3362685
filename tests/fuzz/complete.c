#include "complete.h"

#include <string.h>

pleats_status fuzz_complete(pleats_ctx *ctx, const pleats_text *own,
                            const uint8_t *data, size_t size, char **out,
                            size_t *n)
{
    pleats_status status = PLEATS_OK;
    pleats_text text = {0};
    *out = NULL;
    *n = 0;
    if (size > 1 && memcmp(data, "=\n", 2) == 0) {
        TRY(pleats_text_bytes(ctx, &text, own->byte, own->n));
        data += 2;
        size -= 2;
    }
    TRY(pleats_text_bytes(ctx, &text, (const char *)data, size));
    TRY(pleats_text_end(ctx, &text));
    *out = text.byte;
    *n = text.n;
    text.byte = NULL;
done:
    pleats_release(ctx, text.byte);
    return status;
}
