#include "sample/climb_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FLOAT_DIGITS = 8 };

pleats_status pleats_climb_state_init(pleats_ctx *ctx, pleats_climb_state *s,
                                      size_t n)
{
    pleats_status status = PLEATS_OK;
    *s = (pleats_climb_state){.n = n};
    mpz_init(s->value);
    TRY(pleats_alloc(ctx, n, sizeof *s->now, &s->now));
    TRY(pleats_alloc(ctx, n, sizeof *s->next, &s->next));
done:
    return status;
}

void pleats_climb_state_clear(pleats_ctx *ctx, pleats_climb_state *s)
{
    pleats_release(ctx, s->now);
    pleats_release(ctx, s->next);
    mpz_clear(s->value);
}

/* ---- "VALUE COUNTS IDLE RANDOM RANDOM RANDOM RANDOM NOW NEXT": the weights
 * are the bits of single precision, 8 hexadecimal digits each ---- */

static pleats_status put_weights(pleats_ctx *ctx, pleats_text *t,
                                 const float *weight, size_t n)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_text_put(ctx, t, " "));
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &weight[i], sizeof bits);
        TRY(pleats_text_put(ctx, t, "%08x", bits));
    }
done:
    return status;
}

pleats_status pleats_climb_state_write(pleats_ctx *ctx,
                                       const pleats_climb_state *s,
                                       pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_text_integer(ctx, t, s->value));
    TRY(pleats_text_put(ctx, t, " %llu %llu", (unsigned long long)s->counts,
                        (unsigned long long)s->idle));
    for (size_t i = 0; i < 4; i++)
        TRY(pleats_text_put(ctx, t, " %llu",
                            (unsigned long long)s->rng.state[i]));
    TRY(put_weights(ctx, t, s->now, s->n));
    TRY(put_weights(ctx, t, s->next, s->n));
done:
    return status;
}

static bool take_weights(char **at, float *weight, size_t n, char after)
{
    for (size_t i = 0; i < n; i++) {
        char digits[FLOAT_DIGITS + 1] = "";
        memcpy(digits, *at, strnlen(*at, FLOAT_DIGITS));
        if (strspn(digits, "0123456789abcdef") != FLOAT_DIGITS)
            return false;
        const uint32_t bits = (uint32_t)strtoul(digits, NULL, 16);
        memcpy(&weight[i], &bits, sizeof bits);
        if (!isfinite(weight[i]))
            return false;
        *at += FLOAT_DIGITS;
    }
    if (**at != after)
        return false;
    *at += after != '\0';
    return true;
}

static bool take_value(char **at, mpz_t value)
{
    char *end = strchr(*at, ' ');
    if (!end)
        return false;
    *end = '\0';
    if (!pleats_read_integer(*at, value))
        return false;
    *at = end + 1;
    return true;
}

pleats_status pleats_climb_state_read(pleats_ctx *ctx, pleats_climb_state *s,
                                      const char *text, bool *fits)
{
    pleats_status status = PLEATS_OK;
    char *copy = NULL, *at;
    TRY(pleats_strdup(ctx, text, &copy));
    at = copy;
    *fits = take_value(&at, s->value) &&
            pleats_read_whole(&at, ' ', UINT64_MAX, &s->counts) &&
            pleats_read_whole(&at, ' ', UINT64_MAX, &s->idle);
    for (size_t i = 0; i < 4; i++)
        *fits =
            *fits && pleats_read_whole(&at, ' ', UINT64_MAX, &s->rng.state[i]);
    *fits = *fits && take_weights(&at, s->now, s->n, ' ') &&
            take_weights(&at, s->next, s->n, '\0');
done:
    pleats_release(ctx, copy);
    return status;
}
