#include "complex/sets.h"

#include "complex/homology.h"
#include "complex/maximum.h"
#include "exact/rational.h"

#include <string.h>

static pleats_idx n_classes(const pleats_net *net)
{
    return net->n_outputs == 1 ? 2 : net->n_outputs;
}

pleats_status pleats_complex_reserve(pleats_complex_work *w,
                                     const pleats_complex_options *o,
                                     pleats_complex_result *out)
{
    const size_t n = (size_t)(o->level ? 3 : 0) +
                     (size_t)(o->classes ? n_classes(w->net) + 1 : 0);
    return pleats_alloc(w->ctx, n, sizeof *out->set, &out->set);
}

/* ---- one set ---- */

/* Adds the set of the chosen faces, which is closed. */
static pleats_status add_set(pleats_complex_work *w,
                             const pleats_orientation *o, pleats_set_kind kind,
                             pleats_idx number, pleats_complex_result *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_complex_faces *f = &w->faces;
    pleats_complex_set set = {.kind = kind, .number = number};
    bool is_known = false;
    for (pleats_idx d = 0; d <= f->k; d++) {
        for (size_t i = 0; i < f->n[d]; i++)
            set.faces[d] += f->face[d][i].chosen;
        set.euler += (d % 2 ? -1 : 1) * (int64_t)set.faces[d];
    }
    TRY(pleats_homology(f, NULL, set.betti, &is_known));
    TRY(pleats_homology(f, o, set.rational, &set.has_rational));
    if (!set.has_rational)
        memset(set.rational, 0, sizeof set.rational);
    out->set[out->n_sets++] = set;
done:
    return status;
}

/* The faces on which the cut at hand is on none of the `without` sides. */
static void choose_by_sign(pleats_complex_faces *f, uint8_t without)
{
    for (pleats_idx d = 0; d <= f->k; d++)
        for (size_t i = 0; i < f->n[d]; i++)
            f->face[d][i].chosen = (f->face[d][i].sign & without) == 0;
}

/* The three sets of a level of an output, with names for them. */
static pleats_status add_by_sign(pleats_complex_work *w, pleats_idx output,
                                 const mpq_t level, const pleats_set_kind *kind,
                                 const pleats_idx *number,
                                 pleats_complex_result *out)
{
    static const uint8_t without[] = {
        PLEATS_FACE_POSITIVE, PLEATS_FACE_NEGATIVE,
        PLEATS_FACE_POSITIVE | PLEATS_FACE_NEGATIVE};
    pleats_status status = PLEATS_OK;
    pleats_orientation o = {0};
    pleats_complex_points_cut_level(&w->points, w->net->output[output], level);
    TRY(pleats_complex_faces_cut(&w->faces, &w->points));
    pleats_complex_faces_signs(&w->faces, &w->points);
    TRY(pleats_orientation_find(&w->faces, &o));
    for (int i = 0; i < 3; i++) {
        choose_by_sign(&w->faces, without[i]);
        TRY(add_set(w, &o, kind[i], number[i], out));
    }
done:
    pleats_orientation_clear(w->ctx, &o);
    return status;
}

pleats_status pleats_complex_level_sets(pleats_complex_work *w,
                                        pleats_idx output, const char *level,
                                        pleats_complex_result *out)
{
    static const pleats_set_kind kind[] = {
        PLEATS_SET_SUBLEVEL, PLEATS_SET_SUPERLEVEL, PLEATS_SET_LEVEL};
    pleats_status status = PLEATS_OK;
    const pleats_idx number[] = {output, output, output};
    mpq_t at;
    mpq_init(at);
    TRY(pleats_rational_parse(w->ctx, level, strlen(level), at));
    TRY(add_by_sign(w, output, at, kind, number, out));
done:
    mpq_clear(at);
    return status;
}

/* ---- classes ---- */

/* Of one output: below 0, and not. */
static pleats_status two_classes(pleats_complex_work *w, bool exact_volumes,
                                 pleats_complex_result *out)
{
    static const pleats_set_kind kind[] = {PLEATS_SET_CLASS, PLEATS_SET_CLASS,
                                           PLEATS_SET_BOUNDARY};
    static const pleats_idx number[] = {0, 1, -1};
    pleats_status status = PLEATS_OK;
    pleats_complex_faces *f = &w->faces;
    pleats_idx *class = NULL;
    mpq_t zero;
    mpq_init(zero);
    TRY(add_by_sign(w, 0, zero, kind, number, out));
    TRY(pleats_alloc(w->ctx, f->n[f->k], sizeof *class, &class));
    for (size_t i = 0; i < f->n[f->k]; i++)
        class[i] = f->face[f->k][i].sign != PLEATS_FACE_NEGATIVE;
    TRY(pleats_complex_components(w, class, exact_volumes, out));
done:
    pleats_release(w->ctx, class);
    mpq_clear(zero);
    return status;
}

/* How many of n candidates lead on a face; *first: of them. */
static pleats_idx count_leaders(const pleats_leaders *l, pleats_idx d, size_t i,
                                pleats_idx n, pleats_idx *first)
{
    pleats_idx some = 0;
    for (pleats_idx c = n - 1; c >= 0; c--)
        if (pleats_leads(l, d, i, c)) {
            *first = c;
            some++;
        }
    return some;
}

/* The faces on which output c leads; -1: on which two lead. */
static void choose_by_leader(pleats_complex_faces *f, const pleats_leaders *l,
                             pleats_idx n, pleats_idx c)
{
    pleats_idx first = 0;
    for (pleats_idx d = 0; d <= f->k; d++)
        for (size_t i = 0; i < f->n[d]; i++)
            f->face[d][i].chosen = c >= 0
                                       ? pleats_leads(l, d, i, c)
                                       : count_leaders(l, d, i, n, &first) >= 2;
}

static pleats_status many_classes(pleats_complex_work *w, bool exact_volumes,
                                  pleats_complex_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_complex_faces *f = &w->faces;
    const pleats_idx *output = w->net->output, n = w->net->n_outputs;
    pleats_orientation o = {0};
    pleats_leaders l = {0};
    pleats_idx *class = NULL;
    TRY(pleats_complex_faces_cut_maximum(f, &w->points, output, n, false));
    TRY(pleats_leaders_find(f, &w->points, output, n, &l));
    TRY(pleats_orientation_find(f, &o));
    for (pleats_idx c = 0; c < n; c++) {
        choose_by_leader(f, &l, n, c);
        TRY(add_set(w, &o, PLEATS_SET_CLASS, c, out));
    }
    choose_by_leader(f, &l, n, -1);
    TRY(add_set(w, &o, PLEATS_SET_BOUNDARY, -1, out));
    TRY(pleats_alloc(w->ctx, f->n[f->k], sizeof *class, &class));
    for (size_t i = 0; i < f->n[f->k]; i++)
        (void)count_leaders(&l, f->k, i, n, &class[i]);
    TRY(pleats_complex_components(w, class, exact_volumes, out));
done:
    pleats_release(w->ctx, class);
    pleats_leaders_clear(w->ctx, &l);
    pleats_orientation_clear(w->ctx, &o);
    return status;
}

pleats_status pleats_complex_classes(pleats_complex_work *w, bool exact_volumes,
                                     pleats_complex_result *out)
{
    return w->net->n_outputs == 1 ? two_classes(w, exact_volumes, out)
                                  : many_classes(w, exact_volumes, out);
}
