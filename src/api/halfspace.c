#include "api/halfspace.h"

#include "exact/integers.h"
#include "local/input_rows.h"

pleats_proof pleats_proof_of(pleats_facet_verdict verdict)
{
    static const pleats_proof proof[] = {
        [PLEATS_FACET_UNDECIDED] = PLEATS_PROOF_NONE,
        [PLEATS_FACET_BY_RAY] = PLEATS_PROOF_RAY,
        [PLEATS_FACET_BY_PROGRAMME] = PLEATS_PROOF_PROGRAMME,
        [PLEATS_FACET_EXACTLY] = PLEATS_PROOF_EXACT_FACET,
        [PLEATS_FACET_ALONE] = PLEATS_PROOF_INDEPENDENT,
        [PLEATS_REDUNDANT_BY_BOUNDS] = PLEATS_PROOF_SUM,
        [PLEATS_REDUNDANT_EXACTLY] = PLEATS_PROOF_EXACT_REDUNDANT,
        [PLEATS_REPEATED] = PLEATS_PROOF_REPEATED};
    return proof[verdict];
}

/* *out = z [n] in decimal, a blank between them. */
static pleats_status write_row(pleats_ctx *ctx, size_t n, mpz_t *z, char **out)
{
    pleats_status status = PLEATS_OK;
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += mpz_sizeinbase(z[i], 10) + 3;
    TRY(pleats_alloc(ctx, bytes, 1, out));
    char *to = *out;
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            *to++ = ' ';
        mpz_get_str(to, 10, z[i]);
        to += strlen(to);
    }
done:
    return status;
}

/* The number of the facet on whose plane half-space i is; facets are numbered
 * as they come. */
static int32_t facet_of(const pleats_place *place, pleats_idx i)
{
    const pleats_idx first = place->region.twin[i];
    int32_t number = 0;
    if (!pleats_is_facet(place->verdict[first]))
        return -1;
    for (pleats_idx j = 0; j < first; j++)
        number += pleats_is_facet(place->verdict[j]);
    return number;
}

pleats_status pleats_halfspace_rows(pleats_ctx *ctx, pleats_place *place,
                                    pleats_halfspace_row **out)
{
    pleats_status status = PLEATS_OK;
    pleats_region *r = &place->region;
    const size_t width = (size_t)r->net->n_inputs + 1;
    pleats_input_rows inputs = {0};
    mpz_t *of_inputs = NULL, *row = NULL;
    TRY(pleats_alloc(ctx, (size_t)r->n, sizeof **out, out));
    TRY(pleats_integers_new(ctx, width, &of_inputs));
    TRY(pleats_input_rows_init(ctx, &inputs, &r->coordinates));
    for (pleats_idx i = 0; i < r->n; i++) {
        const pleats_halfspace *h = &r->half[i];
        pleats_halfspace_row *to = &(*out)[i];
        to->unit = h->unit;
        to->side = h->unit < 0 ? h->at : -1;
        to->proof = pleats_proof_of(place->verdict[i]);
        to->facet = facet_of(place, i);
        TRY(pleats_region_row(r, i, &row));
        pleats_input_rows_convert(&inputs, row, of_inputs);
        TRY(write_row(ctx, width, of_inputs, &to->row));
        TRY(pleats_check_work(ctx, width));
    }
done:
    pleats_input_rows_clear(ctx, &inputs);
    pleats_integers_free(ctx, of_inputs, width);
    return status;
}
