/* The domain's faces are cut by one unit after the other.  A unit's input is
 * continuous, and affine on all faces of the units before it, so that each face
 * is split into its parts below, on and above a breakpoint; what is left behind
 * the last unit are the sets of points at which all of them are on the same
 * side. */
#include "complex/complex.h"

#include "complex/maximum.h"

pleats_status pleats_complex_init(pleats_ctx *ctx, pleats_complex_work *w,
                                  const pleats_net *net,
                                  const pleats_domain *domain,
                                  const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    *w = (pleats_complex_work){.ctx = ctx,
                               .net = net,
                               .domain = domain,
                               .limits = *limits,
                               .frame = {.empty = true}};
    if (domain->n_parts > 1)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a complex is of one convex domain; this one is a "
                        "union of %d parts",
                        domain->n_parts));
    if (domain->n_parts == 1)
        TRY(pleats_frame_init(ctx, &w->frame, domain, &domain->part[0]));
    if (w->frame.empty)
        goto done;
    if (!w->frame.bounded)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a complex is of a bounded domain; this one is not: "
                        "give it a box"));
    if (w->frame.k > PLEATS_COMPLEX_DIMENSION)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a complex is of a domain of at most %d dimensions; "
                        "this one has %d",
                        PLEATS_COMPLEX_DIMENSION, w->frame.k));
    TRY(pleats_complex_points_init(ctx, &w->points, net, (size_t)w->frame.k));
done:
    return status;
}

void pleats_complex_clear(pleats_complex_work *w)
{
    pleats_complex_faces_clear(&w->faces);
    if (w->points.ctx)
        pleats_complex_points_clear(&w->points);
    pleats_frame_clear(w->ctx, &w->frame);
}

/* ---- the domain ---- */

/* What is below a row goes; what is on it is in the domain's boundary. */
static pleats_status cut_off(pleats_complex_work *w, mpz_t *row)
{
    pleats_status status = PLEATS_OK;
    pleats_complex_faces *f = &w->faces;
    pleats_complex_points_cut_form(&w->points, row);
    TRY(pleats_complex_faces_cut(f, &w->points));
    pleats_complex_faces_signs(f, &w->points);
    for (pleats_idx d = 0; d <= f->k; d++)
        for (size_t i = 0; i < f->n[d]; i++) {
            f->face[d][i].dropped = f->face[d][i].sign == PLEATS_FACE_NEGATIVE;
            f->face[d][i].on_side |= f->face[d][i].sign == 0;
        }
    TRY(pleats_complex_faces_compact(f, &w->points));
done:
    return status;
}

static pleats_status make_domain(pleats_complex_work *w)
{
    pleats_status status = PLEATS_OK;
    const size_t width = (size_t)w->frame.k + 1;
    TRY(pleats_complex_faces_cube(w->ctx, &w->faces, &w->points));
    for (pleats_idx i = 0; i < w->frame.m; i++)
        TRY(cut_off(w, w->frame.row + (size_t)i * width));
    TRY(pleats_complex_points_inputs(&w->points, &w->frame.coordinates));
done:
    return status;
}

/* ---- the network ---- */

static pleats_status cut_levels(pleats_complex_work *w, pleats_idx scalar,
                                const pleats_pl *function)
{
    pleats_status status = PLEATS_OK;
    mpq_t at;
    mpq_init(at);
    for (pleats_idx b = 0; b < function->n_breaks; b++) {
        mpq_set_d(at, function->at[b]);
        pleats_complex_points_cut_level(&w->points, scalar, at);
        TRY(pleats_complex_faces_cut(&w->faces, &w->points));
    }
done:
    mpq_clear(at);
    return status;
}

static pleats_status cut_unit(pleats_complex_work *w, const pleats_step *s,
                              pleats_idx i)
{
    if (s->kind == PLEATS_STEP_PL)
        return cut_levels(w, s->in[i], pleats_step_function(s, i));
    return pleats_complex_faces_cut_maximum(
        &w->faces, &w->points, s->in + s->start[i],
        s->start[i + 1] - s->start[i], s->is_min);
}

static void tell(pleats_complex_work *w, pleats_idx unit)
{
    const double now = pleats_now();
    if (!w->limits.progress || now < w->told + 0.2)
        return;
    const pleats_progress line = {.found = w->faces.n[w->faces.k],
                                  .share =
                                      (double)unit / (double)w->net->n_units};
    w->limits.progress(w->limits.progress_state, &line);
    w->told = now;
}

/* One unit of a step; the number of faces of each dimension can only grow. */
static pleats_status add_unit(pleats_complex_work *w, const pleats_step *s,
                              pleats_idx i, bool *is_whole)
{
    pleats_status status = PLEATS_OK;
    const pleats_complex_faces *f = &w->faces;
    TRY(cut_unit(w, s, i));
    const bool is_more = w->limits.cells > 0 && f->n[f->k] > w->limits.cells;
    for (pleats_idx d = 0; d <= f->k; d++)
        w->found[d] = f->n[d];
    *is_whole = !is_more;
    tell(w, s->first_unit + i);
    TRY(pleats_check_work(w->ctx, 10 * f->n[0]));
done:
    return status;
}

static pleats_status add_step(pleats_complex_work *w, pleats_idx step,
                              bool *is_whole)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &w->net->step[step];
    const bool has_units = !pleats_step_is_affine(s);
    for (pleats_idx i = 0; has_units && i < s->n_out && *is_whole; i++)
        TRY(add_unit(w, s, i, is_whole));
    if (s->kind == PLEATS_STEP_MAX)
        pleats_complex_points_drop_lead(&w->points);
    if (*is_whole)
        TRY(pleats_complex_points_step(&w->points, step));
done:
    return status;
}

pleats_status pleats_complex_build(pleats_complex_work *w, bool *is_whole)
{
    pleats_status status = PLEATS_OK;
    *is_whole = true;
    TRY(make_domain(w));
    for (pleats_idx d = 0; d <= w->faces.k; d++)
        w->found[d] = w->faces.n[d];
    for (pleats_idx s = 0; s < w->net->n_steps && *is_whole; s++)
        TRY(add_step(w, s, is_whole));
done:
    return status;
}

/* ---- numbers ---- */

/* The Euler characteristic of a closed convex set is 1, and that of its inside,
 * as a union of open cells, is (-1)^k. */
pleats_status pleats_complex_count(const pleats_complex_work *w,
                                   pleats_complex_result *out)
{
    const pleats_complex_faces *f = &w->faces;
    int64_t inside = 0;
    for (pleats_idx d = 0; d <= f->k; d++) {
        for (size_t i = 0; i < f->n[d]; i++)
            out->inside[d] += !f->face[d][i].on_side;
        out->faces[d] = f->n[d];
        out->euler += (d % 2 ? -1 : 1) * (int64_t)out->faces[d];
        inside += (d % 2 ? -1 : 1) * (int64_t)out->inside[d];
    }
    if (out->euler != 1 || inside != (f->k % 2 ? -1 : 1))
        return pleats_fail(w->ctx, PLEATS_INTERNAL,
                           "the faces do not add up to a convex set");
    return PLEATS_OK;
}
