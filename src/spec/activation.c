/* The activations that an architecture can name, as functions. */
#include "spec/activation.h"

enum { MAX_PIECES = 1 << 20 };

typedef struct {
    const char *op;
    pleats_idx n_breaks;
    double at[2], slope[3];
} named;

/* Their first piece is 0 at the first breakpoint, or has slope 0 and the
 * breakpoint's value. */
static const named table[] = {
    [PLEATS_ACT_RELU] = {"Relu", 1, {0}, {0, 1}},
    [PLEATS_ACT_LEAKYRELU] = {"LeakyRelu", 1, {0}, {0.01f, 1}},
    [PLEATS_ACT_ABS] = {"Abs", 1, {0}, {-1, 1}},
    [PLEATS_ACT_HARDTANH] = {"Clip", 2, {-1, 1}, {0, 1, 0}},
    [PLEATS_ACT_RELU6] = {"Clip", 2, {0, 6}, {0, 1, 0}},
    [PLEATS_ACT_PL] = {"PL", 0, {0}, {0}},
};

const char *pleats_activation_op(pleats_activation kind)
{
    return table[kind].op;
}

void pleats_activation_clear(pleats_ctx *ctx, pleats_pl *f)
{
    pleats_release(ctx, f->at);
    pleats_release(ctx, f->slope);
    pleats_release(ctx, f->intercept);
}

pleats_status pleats_activation_new(pleats_ctx *ctx, pleats_activation kind,
                                    int64_t pieces, pleats_pl *out)
{
    pleats_status status = PLEATS_OK;
    const named *known = &table[kind];
    pleats_pl f = {.n_breaks = known->n_breaks};
    if (kind == PLEATS_ACT_PL && (pieces < 2 || pieces > MAX_PIECES))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "an activation has 2 to %d pieces, not %lld",
                           MAX_PIECES, (long long)pieces);
    if (kind == PLEATS_ACT_PL)
        f.n_breaks = (pleats_idx)pieces - 1;
    TRY(pleats_alloc(ctx, (size_t)f.n_breaks, sizeof *f.at, &f.at));
    TRY(pleats_alloc(ctx, (size_t)f.n_breaks + 1, sizeof *f.slope, &f.slope));
    TRY(pleats_alloc(ctx, (size_t)f.n_breaks + 1, sizeof *f.intercept,
                     &f.intercept));
    for (pleats_idx i = 0; i <= f.n_breaks; i++)
        f.slope[i] = kind != PLEATS_ACT_PL ? known->slope[i]
                     : i % 2 == 0          ? 0.25
                                           : 1;
    for (pleats_idx i = 0; i < f.n_breaks; i++)
        f.at[i] = kind != PLEATS_ACT_PL
                      ? known->at[i]
                      : (double)(2 * (i + 1) - (f.n_breaks + 1)) / 4;
    f.intercept[0] = f.slope[0] == 0 ? f.at[0] : 0;
    for (pleats_idx i = 0; i < f.n_breaks; i++)
        f.intercept[i + 1] =
            f.intercept[i] + (f.slope[i] - f.slope[i + 1]) * f.at[i];
    *out = f;
    f = (pleats_pl){0};
done:
    pleats_activation_clear(ctx, &f);
    return status;
}

static bool has_breaks(const pleats_pl *f, double a, double b)
{
    return f->n_breaks == 2 && f->at[0] == a && f->at[1] == b &&
           f->slope[0] == 0 && f->slope[1] == 1 && f->slope[2] == 0;
}

pleats_activation pleats_activation_of(const pleats_pl *f)
{
    const bool bent = f->n_breaks == 1 && f->at[0] == 0 && f->slope[1] == 1;
    if (bent && f->slope[0] == 0)
        return PLEATS_ACT_RELU;
    if (bent && f->slope[0] == -1)
        return PLEATS_ACT_ABS;
    if (bent)
        return PLEATS_ACT_LEAKYRELU;
    if (has_breaks(f, -1, 1))
        return PLEATS_ACT_HARDTANH;
    return has_breaks(f, 0, 6) ? PLEATS_ACT_RELU6 : PLEATS_ACT_PL;
}

int64_t pleats_least_flat(const pleats_step *s)
{
    int64_t least = INT64_MAX;
    for (pleats_idx i = 0; i < s->n_functions; i++) {
        int64_t flat = 0;
        for (pleats_idx k = 0; k <= s->function[i].n_breaks; k++)
            flat += s->function[i].slope[k] == 0;
        least = flat < least ? flat : least;
    }
    return least;
}
