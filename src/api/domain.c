/* The public face of domains: all of space, cubes, files. */
#include "api/interval.h"
#include "read/domain_file.h"
#include "read/vnnlib.h"

#include "pleats/domain.h"

#include <stdio.h>

enum { TEXT_BYTES = 4608 };

const char *pleats_domain_text(const pleats_domain *domain)
{
    return domain->text;
}

int32_t pleats_domain_n_inputs(const pleats_domain *domain)
{
    return domain->n_inputs;
}

void pleats_domain_free(pleats_ctx *ctx, pleats_domain *domain)
{
    pleats_domain_clear(ctx, domain);
}

pleats_status pleats_domain_box_file(pleats_ctx *ctx, int32_t n_inputs,
                                     const char *path, pleats_domain **out)
{
    return pleats_domain_read_box(ctx, path, n_inputs, out);
}

pleats_status pleats_domain_plane_file(pleats_ctx *ctx, int32_t n_inputs,
                                       const char *path, pleats_domain **out)
{
    return pleats_domain_read_plane(ctx, path, n_inputs, out);
}

pleats_status pleats_domain_line_file(pleats_ctx *ctx, int32_t n_inputs,
                                      const char *path, pleats_domain **out)
{
    return pleats_domain_read_line(ctx, path, n_inputs, out);
}

pleats_status pleats_domain_polytope_file(pleats_ctx *ctx, int32_t n_inputs,
                                          const char *path, pleats_domain **out)
{
    return pleats_domain_read_polytope(ctx, path, n_inputs, out);
}

pleats_status pleats_domain_vnnlib_file(pleats_ctx *ctx, int32_t n_inputs,
                                        const char *path, pleats_domain **out)
{
    return pleats_vnnlib_read(ctx, path, n_inputs, out);
}

pleats_status pleats_domain_all(pleats_ctx *ctx, int32_t n_inputs,
                                pleats_domain **out)
{
    return pleats_domain_whole(ctx, n_inputs, out);
}

pleats_status pleats_domain_cube(pleats_ctx *ctx, int32_t n_inputs,
                                 const char *lo, const char *hi,
                                 pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part = NULL;
    pleats_interval side;
    char text[TEXT_BYTES];
    *out = NULL;
    pleats_interval_init(&side);
    TRY(pleats_interval_read(ctx, lo, hi, &side));
    snprintf(text, sizeof text, "box [%s, %s]^%d", side.lo_text, side.hi_text,
             n_inputs);
    TRY(pleats_domain_new(ctx, n_inputs, text, &domain));
    TRY(pleats_domain_add_part(ctx, domain, n_inputs, 0, false, &part));
    pleats_interval_bound(part, &side);
    *out = domain;
    domain = NULL;
done:
    pleats_interval_clear(ctx, &side);
    pleats_domain_clear(ctx, domain);
    return status;
}
