#include "api/values.h"

#include "exact/rational.h"

#include <math.h>
#include <string.h>

bool pleats_values_are_there(pleats_values v)
{
    return v.number || v.text;
}

pleats_status pleats_values_get_end(pleats_ctx *ctx, const char *name,
                                    pleats_values v, size_t i, mpq_t out,
                                    int *sign)
{
    const char *text = v.text ? v.text[i] : NULL;
    *sign = 0;
    if (v.text && !text)
        return pleats_fail(ctx, PLEATS_INVALID, "%s[%zu] is NULL", name, i);
    if (text && (strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0))
        *sign = text[0] == '-' ? -1 : 1;
    if (v.number && isinf(v.number[i]))
        *sign = v.number[i] < 0 ? -1 : 1;
    if (*sign != 0)
        return PLEATS_OK;
    if (text)
        return pleats_rational_parse(ctx, text, strlen(text), out);
    if (!v.number)
        return pleats_values_need(ctx, name, v);
    if (isnan(v.number[i]))
        return pleats_fail(ctx, PLEATS_INVALID, "%s[%zu] is not a number", name,
                           i);
    return pleats_rational_set_double(ctx, v.number[i], out);
}

pleats_status pleats_values_get(pleats_ctx *ctx, const char *name,
                                pleats_values v, size_t i, mpq_t out)
{
    int sign;
    pleats_status status = pleats_values_get_end(ctx, name, v, i, out, &sign);
    if (status == PLEATS_OK && sign != 0)
        status =
            pleats_fail(ctx, PLEATS_INVALID,
                        "%s[%zu] is infinite: only bounds may be", name, i);
    return status;
}

pleats_status pleats_values_need(pleats_ctx *ctx, const char *name,
                                 pleats_values v)
{
    if (pleats_values_are_there(v) && !(v.number && v.text))
        return PLEATS_OK;
    return pleats_fail(ctx, PLEATS_INVALID,
                       v.number ? "%s is given as doubles and as texts: one of "
                                  "both must be NULL"
                                : "%s is missing",
                       name);
}
