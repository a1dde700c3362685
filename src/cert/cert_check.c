/* What there are certificates of. */
#include "cert/cert.h"
#include "cert/cert_frame.h"

enum { MOST_CANDIDATES = 64 };

static pleats_status check_net(pleats_ctx *ctx, const pleats_net *net)
{
    if (!net->sha256[0])
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a certificate names the file of the model, and "
                           "this network has none");
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; s->kind == PLEATS_STEP_MAX && u < s->n_out; u++)
            if (pleats_step_pieces(s, u) > MOST_CANDIDATES)
                return pleats_fail(
                    ctx, PLEATS_INVALID,
                    "certificates are made of maxima of up to %d values, and "
                    "%s has one of %d",
                    MOST_CANDIDATES, s->name ? s->name : "a node",
                    pleats_step_pieces(s, u));
    }
    return PLEATS_OK;
}

/* Whether the part, when it has points, has inner ones in its coordinates;
 * `inner` gets the dimension in which it has, -1 of an empty one. */
static pleats_status check_part(pleats_ctx *ctx, const pleats_domain *domain,
                                const pleats_part *part, pleats_idx *inner)
{
    pleats_status status = PLEATS_OK;
    pleats_frame plain = {0}, true_one = {0};
    TRY(pleats_cert_frame(ctx, &plain, domain->n_inputs, part));
    TRY(pleats_frame_init(ctx, &true_one, domain, part));
    *inner = true_one.empty ? -1 : true_one.k;
    if (plain.empty)
        goto done;
    if (true_one.empty)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "no certificate is made of a domain with a part whose "
                        "sides leave nothing of it"));
    if (true_one.k != plain.k)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "no certificate is made of a domain whose rows leave "
                        "%d of %d dimensions: give it as a plane, a line or a "
                        "box",
                        true_one.k, plain.k));
done:
    pleats_frame_clear(ctx, &plain);
    pleats_frame_clear(ctx, &true_one);
    return status;
}

pleats_status pleats_cert_check(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_domain *domain, uint64_t of)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n_parts = 0, least = domain->n_inputs;
    TRY(check_net(ctx, net));
    for (pleats_idx i = 0; i < domain->n_parts; i++) {
        pleats_idx inner = -1;
        TRY(check_part(ctx, domain, &domain->part[i], &inner));
        n_parts += inner >= 0;
        least = inner >= 0 && inner < least ? inner : least;
    }
    if (domain->n_parts > 1 && of > 1)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a certificate in several files is of a domain of one "
                        "part, and this one has %d",
                        domain->n_parts));
    if (n_parts > 1 && least < domain->n_inputs)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "of a union of parts a certificate is made where all "
                        "have the dimension of the input, %d; one has %d",
                        domain->n_inputs, least));
done:
    return status;
}
