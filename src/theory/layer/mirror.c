#include "theory/layer/mirror.h"

#include <string.h>

void pleats_mirror_clear(pleats_ctx *ctx, pleats_mirror *mirror)
{
    pleats_release(ctx, mirror->atom);
    *mirror = (pleats_mirror){0};
}

/* The windows of each atom: those of a are window[start[a]] .., increasing. */
typedef struct {
    const pleats_component *c;
    pleats_idx *start;  /* [n_atoms + 1] */
    pleats_idx *window; /* [start[n_atoms]] */
    pleats_idx *image;  /* [n_windows] scratch */
} incidence;

static void incidence_clear(pleats_ctx *ctx, incidence *in)
{
    pleats_release(ctx, in->start);
    pleats_release(ctx, in->window);
    pleats_release(ctx, in->image);
}

static pleats_status incidence_init(pleats_ctx *ctx, incidence *in,
                                    const pleats_component *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = c->start[c->n_windows];
    *in = (incidence){.c = c};
    TRY(pleats_alloc(ctx, (size_t)c->n_atoms + 2, sizeof *in->start,
                     &in->start));
    TRY(pleats_alloc(ctx, (size_t)n, sizeof *in->window, &in->window));
    TRY(pleats_alloc(ctx, (size_t)c->n_windows, sizeof *in->image, &in->image));
    for (pleats_idx i = 0; i < n; i++)
        in->start[c->atom[i] + 2]++;
    for (pleats_idx a = 0; a < c->n_atoms; a++)
        in->start[a + 2] += in->start[a + 1];
    for (pleats_idx w = 0; w < c->n_windows; w++)
        for (pleats_idx i = c->start[w]; i < c->start[w + 1]; i++)
            in->window[in->start[c->atom[i] + 1]++] = w;
done:
    return status;
}

/* in->image = the mirror images of n windows, both increasing. */
static void reflect_windows(const incidence *in, pleats_idx length,
                            const pleats_idx *window, pleats_idx n)
{
    for (pleats_idx from = 0, to = 0; from < n; from = to) {
        const pleats_idx row = window[from] - window[from] % length;
        while (to < n && window[to] < row + length)
            to++;
        for (pleats_idx i = from; i < to; i++)
            in->image[from + to - 1 - i] = row + length - 1 - (window[i] - row);
    }
}

/* The atom of the mirrored windows of `a`, or -1. */
static pleats_idx reflect_atom(const incidence *in, pleats_idx length,
                               pleats_idx a)
{
    const pleats_component *c = in->c;
    const pleats_idx n = in->start[a + 1] - in->start[a];
    reflect_windows(in, length, in->window + in->start[a], n);
    const pleats_idx w = in->image[0];
    for (pleats_idx i = c->start[w]; i < c->start[w + 1]; i++) {
        const pleats_idx b = c->atom[i];
        if (in->start[b + 1] - in->start[b] == n &&
            memcmp(in->window + in->start[b], in->image,
                   (size_t)n * sizeof *in->image) == 0)
            return c->capacity[b] == c->capacity[a] ? b : -1;
    }
    return -1;
}

static bool reflect_atoms(const incidence *in, pleats_idx length,
                          pleats_idx *image)
{
    for (pleats_idx a = 0; a < in->c->n_atoms; a++) {
        image[a] = reflect_atom(in, length, a);
        if (image[a] < 0)
            return false;
    }
    return true;
}

pleats_status pleats_mirror_init(pleats_ctx *ctx, pleats_mirror *mirror,
                                 const pleats_component *c)
{
    pleats_status status = PLEATS_OK;
    incidence in = {0};
    *mirror = (pleats_mirror){0};
    TRY(incidence_init(ctx, &in, c));
    TRY(pleats_alloc(ctx, (size_t)c->n_atoms, sizeof *mirror->atom,
                     &mirror->atom));
    for (pleats_idx length = 2; length < c->n_windows && !mirror->length;
         length++)
        if (c->n_windows % length == 0 &&
            reflect_atoms(&in, length, mirror->atom))
            mirror->length = length;
done:
    incidence_clear(ctx, &in);
    if (status != PLEATS_OK)
        pleats_mirror_clear(ctx, mirror);
    return status;
}

/* The number of kept set i's mirror image, made in `set`, or
 * PLEATS_NOT_KEPT. */
static uint32_t reflect_kept(const pleats_mirror *mirror,
                             const pleats_seam *seam, size_t i, uint64_t *set)
{
    const size_t n_words = seam->ahead.n_words;
    const uint64_t *kept = pleats_family_set(&seam->ahead, seam->kept[i]);
    memset(set, 0, n_words * sizeof *set);
    for (size_t k = 0; k < n_words; k++)
        for (uint64_t rest = kept[k]; rest; rest &= rest - 1)
            pleats_set_bit(
                set, mirror->atom[64 * k + (size_t)__builtin_ctzll(rest)]);
    const size_t x = pleats_family_find(&seam->ahead, set);
    return x == SIZE_MAX ? PLEATS_NOT_KEPT : seam->number[x];
}

pleats_status pleats_mirror_seam(pleats_ctx *ctx, const pleats_mirror *mirror,
                                 const pleats_seam *seam, pleats_idx done,
                                 uint32_t **image)
{
    pleats_status status = PLEATS_OK;
    uint64_t *set = NULL;
    bool is_whole = true;
    *image = NULL;
    if (mirror->length == 0 || done % mirror->length != 0)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, seam->ahead.n_words, sizeof *set, &set));
    TRY(pleats_alloc(ctx, seam->n_kept, sizeof **image, image));
    for (size_t i = 0; i < seam->n_kept; i++) {
        (*image)[i] = reflect_kept(mirror, seam, i, set);
        is_whole = is_whole && (*image)[i] != PLEATS_NOT_KEPT;
    }
    if (!is_whole) {
        pleats_release(ctx, *image);
        *image = NULL;
    }
done:
    pleats_release(ctx, set);
    return status;
}
