#include "count/maps.h"

/* num / den in lowest terms, entry by entry over the common denominator: the
 * vector (den, num) divided by its content. */
static pleats_status add_form(pleats_ctx *ctx, const pleats_quotient *form,
                              size_t width, pleats_hasher *hasher)
{
    pleats_status status = PLEATS_OK;
    mpz_t content, reduced;
    mpz_init_set(content, form->den);
    mpz_init(reduced);
    for (size_t c = 0; c < width; c++)
        mpz_gcd(content, content, form->num[c]);
    mpz_divexact(reduced, form->den, content);
    TRY(pleats_hasher_add_integer(ctx, hasher, reduced));
    for (size_t c = 0; c < width; c++) {
        mpz_divexact(reduced, form->num[c], content);
        TRY(pleats_hasher_add_integer(ctx, hasher, reduced));
    }
done:
    mpz_clear(content);
    mpz_clear(reduced);
    return status;
}

pleats_status pleats_map_digest(pleats_ctx *ctx, pleats_exact_forms *forms,
                                pleats_hasher *hasher, pleats_digest *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = forms->net;
    size_t width = (size_t)forms->coordinates->k + 1;
    for (pleats_idx i = 0; i < net->n_outputs; i++) {
        const pleats_quotient *form;
        TRY(pleats_exact_forms_need(ctx, forms, net->output[i], &form));
        TRY(add_form(ctx, form, width, hasher));
    }
    pleats_hasher_end(hasher, out);
done:
    return status;
}
