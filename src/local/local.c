#include "local/local.h"

#include "exact/integers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Whether the coordinates are the inputs. */
static bool are_inputs(const pleats_coordinates *c)
{
    size_t k = (size_t)c->k;
    bool are = c->k == c->n_inputs && mpz_cmp_ui(c->den, 1) == 0;
    for (size_t i = 0; i < k && are; i++)
        for (size_t j = 0; j <= k && are; j++)
            are = mpz_cmp_ui(c->num[i * (k + 1) + j], i == j) == 0;
    return are;
}

pleats_status pleats_locality_init(pleats_ctx *ctx, pleats_locality *l,
                                   const pleats_net *net,
                                   const pleats_domain *domain, bool reduce)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *whole = NULL;
    *l = (pleats_locality){.net = net};
    if (!domain)
        TRY(pleats_domain_whole(ctx, net->n_inputs, &whole));
    domain = domain ? domain : whole;
    if (domain->n_inputs != net->n_inputs)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the domain has %d inputs, the network has %d",
                        domain->n_inputs, net->n_inputs));
    if (domain->n_parts != 1)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the domain has %d parts: the geometry around a point "
                        "needs a domain of one part",
                        domain->n_parts));
    TRY(pleats_frame_init(ctx, &l->frame, domain, &domain->part[0]));
    if (l->frame.empty)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "the domain is empty"));
    l->is_whole = l->frame.m == 0;
    for (pleats_idx j = 0; j < l->frame.k; j++)
        l->is_whole = l->is_whole && !l->frame.boxed[j];
    l->is_identity = are_inputs(&l->frame.coordinates);
    TRY(pleats_metric_init(ctx, &l->metric, &l->frame.coordinates));
    if (reduce && l->is_whole && l->is_identity)
        TRY(pleats_suffix_init(ctx, &l->suffix, net));
done:
    pleats_domain_clear(ctx, whole);
    return status;
}

void pleats_locality_clear(pleats_ctx *ctx, pleats_locality *l)
{
    pleats_suffix_clear(ctx, &l->suffix);
    pleats_metric_clear(ctx, &l->metric);
    pleats_frame_clear(ctx, &l->frame);
    *l = (pleats_locality){0};
}

void pleats_place_clear(pleats_ctx *ctx, pleats_place *p)
{
    pleats_region_clear(&p->region);
    pleats_region_clear(&p->here);
    pleats_release(ctx, p->piece);
    pleats_release(ctx, p->verdict);
    pleats_integers_free(ctx, p->point, p->n_point);
    pleats_integers_free(ctx, p->anchor, p->n_point);
    pleats_pattern_facts_clear(ctx, &p->facts);
    *p = (pleats_place){0};
}

/* "the point is on 2 walls: units 3, 17 of Relu 'relu1' ..." */
static pleats_status refuse_walls(pleats_ctx *ctx, const pleats_place *p)
{
    enum { SHOWN = 6 };
    const pleats_net *net = p->locality->net;
    char text[600];
    size_t at = 0, n = p->facts.n_ties;
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        const pleats_step *s = &net->step[p->facts.tie[i].step];
        char name[40] = "";
        size_t shown =
            s->name ? pleats_printable(s->name, strlen(s->name), 30) : 0;
        if (shown)
            snprintf(name, sizeof name, " '%.*s'", (int)shown, s->name);
        at += (size_t)snprintf(text + at, sizeof text - at, "%sunit %d of %s%s",
                               i ? ", " : "",
                               p->facts.tie[i].unit - s->first_unit,
                               s->op ? s->op : "a layer", name);
    }
    return pleats_fail(ctx, PLEATS_INVALID,
                       "the point is on %zu wall%s, so that no single region "
                       "holds it: %s%s",
                       n, n == 1 ? "" : "s", text, n > SHOWN ? ", ..." : "");
}

static pleats_status make_region(pleats_ctx *ctx, pleats_place *p, mpz_t *point,
                                 pleats_region *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_locality *l = p->locality;
    pleats_coordinates about = {0};
    TRY(pleats_coordinates_about(ctx, &l->frame.coordinates, point, false,
                                 &about));
    TRY(pleats_region_init(ctx, out, l->net, p->piece, &about,
                           l->is_whole ? NULL : &l->frame, point));
done:
    pleats_coordinates_clear(ctx, &about);
    return status;
}

/* anchor = point + 2^-shift (interior - point). */
static void draw_in(const pleats_place *p, mpz_t *interior, unsigned shift)
{
    const size_t k = (size_t)p->locality->frame.k;
    for (size_t j = 0; j < k; j++) {
        mpz_t *to = &p->anchor[j];
        mpz_mul(*to, p->point[j], interior[k]);
        mpz_mul_2exp(*to, *to, shift);
        mpz_submul(*to, p->point[j], interior[k]);
        mpz_addmul(*to, interior[j], p->point[k]);
    }
    mpz_mul(p->anchor[k], p->point[k], interior[k]);
    mpz_mul_2exp(p->anchor[k], p->anchor[k], shift);
}

/* A point on a side of the domain gets an anchor a little further in. */
static pleats_status find_anchor(pleats_ctx *ctx, pleats_place *p)
{
    enum { FARTHEST = 3, NEAREST = 7000 };
    pleats_status status = PLEATS_OK;
    const pleats_locality *l = p->locality;
    mpz_t *interior = NULL;
    pleats_idx *piece = NULL;
    pleats_pattern_facts facts = {0};
    size_t units = (size_t)l->net->n_units;
    bool good = !p->on_side;
    for (size_t j = 0; j < p->n_point; j++)
        mpz_set(p->anchor[j], p->point[j]);
    if (good)
        return PLEATS_OK;
    TRY(pleats_integers_new(ctx, p->n_point, &interior));
    TRY(pleats_alloc(ctx, units, sizeof *piece, &piece));
    if (l->frame.has_interior)
        TRY(pleats_point_set(ctx, l->frame.k, l->frame.interior, interior));
    for (unsigned shift = FARTHEST;
         shift < NEAREST && !good && l->frame.has_interior; shift *= 2) {
        draw_in(p, interior, shift);
        TRY(pleats_pattern_at(ctx, l->net, &l->frame.coordinates, p->anchor,
                              piece, &facts));
        TRY(pleats_ties_keep_walls(ctx, l->net, &l->frame.coordinates, piece,
                                   &facts));
        good =
            units == 0 || memcmp(piece, p->piece, units * sizeof *piece) == 0;
        good = good && facts.n_ties == 0;
    }
    if (!good)
        TRY(pleats_fail(ctx, PLEATS_UNDECIDED,
                        "the point is on a side of the domain, and no point "
                        "inside was found in its region"));
done:
    pleats_integers_free(ctx, interior, p->n_point);
    pleats_release(ctx, piece);
    pleats_pattern_facts_clear(ctx, &facts);
    return status;
}

static pleats_status locate(pleats_ctx *ctx, pleats_place *p, const double *x)
{
    pleats_status status = PLEATS_OK;
    const pleats_locality *l = p->locality;
    bool found = true;
    for (pleats_idx i = 0; i < l->net->n_inputs; i++)
        if (!isfinite(x[i]))
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "input %d of the point is not a finite number", i));
    if (l->is_whole && l->is_identity)
        TRY(pleats_point_set(ctx, l->frame.k, x, p->point));
    else
        TRY(pleats_point_of(ctx, &l->frame, x, p->point, &found, &p->on_side));
    if (!found)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "the point is not in the domain"));
done:
    return status;
}

pleats_status pleats_place_init(pleats_ctx *ctx, pleats_place *p,
                                const pleats_locality *l, const double *x)
{
    pleats_status status = PLEATS_OK;
    *p = (pleats_place){.locality = l, .n_point = (size_t)l->frame.k + 1};
    TRY(pleats_integers_new(ctx, p->n_point, &p->point));
    TRY(pleats_integers_new(ctx, p->n_point, &p->anchor));
    TRY(pleats_alloc(ctx, (size_t)l->net->n_units, sizeof *p->piece,
                     &p->piece));
    TRY(locate(ctx, p, x));
    TRY(pleats_pattern_at(ctx, l->net, &l->frame.coordinates, p->point,
                          p->piece, &p->facts));
    TRY(pleats_ties_keep_walls(ctx, l->net, &l->frame.coordinates, p->piece,
                               &p->facts));
    if (p->facts.n_ties)
        TRY(refuse_walls(ctx, p));
    TRY(find_anchor(ctx, p));
    TRY(make_region(ctx, p, p->anchor, &p->region));
    if (p->on_side)
        TRY(make_region(ctx, p, p->point, &p->here));
    TRY(pleats_alloc(ctx, (size_t)p->region.n, sizeof *p->verdict,
                     &p->verdict));
done:
    return status;
}

/* The half-spaces of the suffix's region are some of the network's, in the same
 * order; the others are those of units that are constant. */
static void take_over(pleats_place *p, const pleats_region *sub,
                      const pleats_facet_verdict *verdict,
                      const pleats_idx *place)
{
    pleats_region *r = &p->region;
    for (pleats_idx i = 0, j = 0; i < r->n; i++) {
        const pleats_halfspace *h = &r->half[i];
        if (j < sub->n && sub->half[j].unit == h->unit &&
            sub->half[j].at == h->at) {
            p->verdict[i] = verdict[j];
            r->twin[i] = place[sub->twin[j]];
            j++;
        } else {
            p->verdict[i] = PLEATS_FACET_ALONE;
        }
    }
}

/* place [sub->n] of the suffix's half-spaces in the network's list; false when
 * the lists do not fit. */
static bool match(const pleats_place *p, const pleats_region *sub,
                  pleats_idx *place)
{
    const pleats_region *r = &p->region;
    pleats_idx j = 0;
    for (pleats_idx i = 0; i < r->n; i++) {
        const pleats_halfspace *h = &r->half[i];
        if (j < sub->n && sub->half[j].unit == h->unit &&
            sub->half[j].at == h->at)
            place[j++] = i;
        else if (h->unit >= p->locality->suffix.n ||
                 pleats_suffix_is_live(&p->locality->suffix, p->piece, h->unit))
            return false;
    }
    return j == sub->n;
}

static pleats_status find_in_suffix(pleats_ctx *ctx, pleats_place *p)
{
    pleats_status status = PLEATS_OK;
    const pleats_locality *l = p->locality;
    pleats_coordinates point = {0}, live = {0};
    pleats_exact_forms here = {0};
    pleats_region sub = {0};
    pleats_facet_verdict *verdict = NULL;
    pleats_idx *place = NULL;
    TRY(pleats_coordinates_about(ctx, &l->frame.coordinates, p->anchor, true,
                                 &point));
    TRY(pleats_exact_forms_init(ctx, &here, l->net, &point, p->piece));
    TRY(pleats_suffix_coordinates(ctx, &l->suffix, p->piece, &here, &live));
    TRY(pleats_region_init(ctx, &sub, l->suffix.net, p->piece, &live, NULL,
                           NULL));
    TRY(pleats_region_find_twins(&sub));
    TRY(pleats_alloc(ctx, (size_t)sub.n, sizeof *verdict, &verdict));
    TRY(pleats_alloc(ctx, (size_t)sub.n, sizeof *place, &place));
    TRY(pleats_find_facets(&sub, verdict, NULL));
    if (!match(p, &sub, place))
        TRY(pleats_fail(ctx, PLEATS_INTERNAL,
                        "a region and the one behind its first layer differ"));
    take_over(p, &sub, verdict, place);
    p->reduced = true;
done:
    pleats_exact_forms_clear(ctx, &here);
    pleats_coordinates_clear(ctx, &point);
    pleats_coordinates_clear(ctx, &live);
    pleats_region_clear(&sub);
    pleats_release(ctx, verdict);
    pleats_release(ctx, place);
    return status;
}

pleats_status pleats_place_find_facets(pleats_ctx *ctx, pleats_place *p)
{
    pleats_status status = PLEATS_OK;
    if (p->locality->suffix.net)
        return find_in_suffix(ctx, p);
    TRY(pleats_region_find_twins(&p->region));
    TRY(pleats_find_facets(&p->region, p->verdict, NULL));
done:
    return status;
}

/* Behind an affine map onto z, a unit of the first layer that is constant on a
 * half-line of z leaves the region unbounded along it. */
pleats_status pleats_place_boundedness(pleats_place *p, pleats_boundedness *out)
{
    const pleats_suffix *x = &p->locality->suffix;
    if (p->reduced) {
        bool open = x->n < p->locality->frame.k;
        for (pleats_idx j = 0; j < x->n && !open; j++) {
            pleats_idx last = pleats_step_pieces(&x->net->step[0], j) - 1;
            open = !pleats_suffix_is_live(x, p->piece, j) &&
                   (p->piece[j] == 0 || p->piece[j] == last);
        }
        *out = PLEATS_UNBOUNDED;
        if (open)
            return PLEATS_OK;
    }
    return pleats_find_boundedness(&p->region, p->verdict, out);
}
