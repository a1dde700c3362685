#include "survey/tally.h"

#include "base/doubles.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { VOLUME, DIAMETER, SLOPE, DISTANCE };

pleats_status pleats_survey_tally_init(pleats_ctx *ctx, pleats_survey_tally *t,
                                       const pleats_survey_plan *plan,
                                       const pleats_frame *frame)
{
    pleats_status status = PLEATS_OK;
    *t = (pleats_survey_tally){.plan = plan};
    mpq_init(t->exact);
    TRY(pleats_classes_init(ctx, &t->classes, plan->net));
    TRY(pleats_alloc(ctx, (size_t)t->classes.n, sizeof *t->class, &t->class));
    TRY(pleats_alloc(ctx, (size_t)plan->layers.n_layers, sizeof *t->last,
                     &t->last));
    TRY(pleats_alloc(ctx, (size_t)plan->net->n_units + 1, sizeof *t->active,
                     &t->active));
    TRY(pleats_alloc(ctx, PLEATS_SURVEY_NUMBERS, sizeof *t->numbers,
                     &t->numbers));
    TRY(pleats_look_init(ctx, &t->look, plan->net, frame, NULL));
done:
    return status;
}

void pleats_survey_tally_clear(pleats_ctx *ctx, pleats_survey_tally *t)
{
    if (!t->plan)
        return;
    for (pleats_idx i = 0; i < t->classes.n && t->class; i++)
        pleats_fractions_clear(&t->class[i].exact);
    pleats_classes_clear(ctx, &t->classes);
    pleats_release(ctx, t->class);
    pleats_release(ctx, t->last);
    pleats_release(ctx, t->active);
    pleats_release(ctx, t->numbers);
    pleats_release(ctx, t->placed);
    pleats_look_clear(ctx, &t->look);
    pleats_volume_clear(ctx, &t->room);
    mpq_clear(t->exact);
    *t = (pleats_survey_tally){0};
}

/* ---- units ---- */

static void note_active(pleats_survey_tally *t, const pleats_space *s)
{
    pleats_idx n = 0;
    for (pleats_idx i = 0; i < s->net->n_steps; i++) {
        const pleats_step *step = &s->net->step[i];
        for (pleats_idx u = 0; step->kind == PLEATS_STEP_PL && u < step->n_out;
             u++)
            n += !pleats_piece_is_flat(step, u, s->piece[step->first_unit + u]);
    }
    t->active[n]++;
}

/* Cells are split step by step, so that the last wall is of the last layer that
 * has one. */
static void note_last(pleats_survey_tally *t, const pleats_space *s,
                      const pleats_cell *cell)
{
    pleats_idx layer = -1;
    if (cell->n_walls > s->frame->m)
        layer = pleats_layer_of_wall(&t->plan->layers,
                                     s->walls.plane[cell->n_walls - 1], NULL);
    if (layer < 0)
        t->uncut++;
    else
        t->last[layer]++;
}

/* ---- numbers of a region, whose vertices are in t->room ---- */

static pleats_status note_diameter(pleats_survey_tally *t, pleats_ctx *ctx,
                                   size_t n)
{
    pleats_status status = PLEATS_OK;
    const pleats_gauge *gauge = &t->plan->gauge;
    TRY(pleats_grow(ctx, &t->placed, &t->placed_capacity, n * (size_t)gauge->k,
                    sizeof *t->placed));
    pleats_numbers_add(&t->numbers[DIAMETER],
                       pleats_gauge_diameter(gauge, n, t->room.t, t->placed));
done:
    return status;
}

static void note_slope(pleats_survey_tally *t, const pleats_space *s)
{
    double most = 0;
    for (pleats_idx o = 0; o < s->net->n_outputs; o++)
        most =
            fmax(most, pleats_gauge_slope(
                           &t->plan->gauge,
                           pleats_forms_entry(&s->forms, s->net->output[o])));
    pleats_numbers_add(&t->numbers[SLOPE], most);
}

/* How far the point at [k] is from the plane row . (t, 1) = 0. */
static double distance_to(const pleats_survey_tally *t, const double *row,
                          const double *at)
{
    const double value = pleats_row_value(row, t->plan->gauge.k, at);
    return fabs(value) / pleats_gauge_slope(&t->plan->gauge, row);
}

/* Of the mean of the vertices from the nearest side of the region. */
static void note_distance(pleats_survey_tally *t, const pleats_space *s,
                          const pleats_cell *cell)
{
    const size_t k = (size_t)t->plan->gauge.k, n = (size_t)cell->vertices.n;
    double mean[PLEATS_VERTICES_DIMENSION] = {0}, nearest = INFINITY;
    double row[PLEATS_VERTICES_DIMENSION + 1];
    for (size_t i = 0; i < n * k; i++)
        mean[i % k] += t->room.t[i] / (double)n;
    for (pleats_idx i = 0; i < cell->n_walls; i++) {
        if (i < s->frame->m)
            memcpy(row, pleats_walls_entry(&s->walls, i),
                   (k + 1) * sizeof *row);
        else
            (void)pleats_plane_row(&s->forms, s->walls.plane[i], row);
        nearest = fmin(nearest, distance_to(t, row, mean));
    }
    for (size_t j = 0; j < 2 * k; j++) {
        if (!s->frame->boxed[j / 2])
            continue;
        memset(row, 0, sizeof row);
        row[j / 2] = j % 2 ? -1 : 1;
        row[k] = 1;
        nearest = fmin(nearest, distance_to(t, row, mean));
    }
    pleats_numbers_add(&t->numbers[DISTANCE], nearest);
}

/* ---- classes ---- */

static pleats_status note_class(void *state, pleats_space *s, pleats_idx class,
                                pleats_cell *part)
{
    pleats_status status = PLEATS_OK;
    pleats_survey_tally *t = state;
    pleats_class_tally *c = &t->class[class];
    pleats_enclosed volume = t->whole;
    bool is_bounded;
    if (!t->plan->has_volumes)
        return PLEATS_OK;
    if (part != t->cell)
        TRY(pleats_measure_enclose(&t->plan->measure, s, &part->vertices,
                                   &t->room, t->plan->enough, &volume));
    c->n++;
    c->volume.value += volume.value;
    c->volume.error += volume.error;
    if (t->plan->exact_volumes) {
        TRY(pleats_measure_exact(&t->plan->measure, s, &part->vertices,
                                 &t->room, t->exact, &is_bounded));
        pleats_fractions_add(&c->exact, t->exact);
    }
done:
    return status;
}

static pleats_status note_classes(pleats_survey_tally *t, pleats_space *s,
                                  pleats_cell *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n = 0;
    TRY(pleats_classes_find(&t->classes, s, cell, note_class, t));
    for (pleats_idx i = 0; i < t->classes.n; i++) {
        const int standing = t->classes.standing[i];
        if (standing == PLEATS_CLASS_NOWHERE || t->classes.same[i] != i)
            continue;
        n++;
        t->class[i].somewhere++;
        t->class[i].everywhere += standing == PLEATS_CLASS_EVERYWHERE;
    }
    t->mixed += n > 1;
done:
    return status;
}

pleats_status pleats_survey_note(pleats_survey_tally *t, pleats_space *s,
                                 pleats_cell *cell)
{
    pleats_status status = PLEATS_OK;
    t->cell = cell;
    t->regions++;
    note_active(t, s);
    note_last(t, s, cell);
    TRY(pleats_look_at(&t->look, s));
    if (t->plan->has_volumes) {
        TRY(pleats_measure_enclose(&t->plan->measure, s, &cell->vertices,
                                   &t->room, t->plan->enough, &t->whole));
        pleats_numbers_add(&t->numbers[VOLUME], t->whole.value);
        TRY(note_diameter(t, s->ctx, (size_t)cell->vertices.n));
        note_slope(t, s);
        note_distance(t, s, cell);
    }
    TRY(note_classes(t, s, cell));
done:
    return status;
}

/* ---- several workers ---- */

static void join_class(pleats_class_tally *c, const pleats_class_tally *other)
{
    c->somewhere += other->somewhere;
    c->everywhere += other->everywhere;
    c->n += other->n;
    c->volume.value += other->volume.value;
    c->volume.error += other->volume.error;
    for (int i = 0; i < PLEATS_FRACTION_LEVELS; i++)
        if (other->exact.has[i])
            pleats_fractions_add(&c->exact, other->exact.level[i]);
}

void pleats_survey_tally_join(pleats_survey_tally *t,
                              const pleats_survey_tally *other)
{
    t->regions += other->regions;
    t->mixed += other->mixed;
    t->uncut += other->uncut;
    for (pleats_idx i = 0; i < t->classes.n; i++)
        join_class(&t->class[i], &other -> class[i]);
    for (pleats_idx i = 0; i < t->plan->layers.n_layers; i++)
        t->last[i] += other->last[i];
    for (pleats_idx i = 0; i <= t->plan->net->n_units; i++)
        t->active[i] += other->active[i];
    for (int i = 0; i < PLEATS_SURVEY_NUMBERS; i++)
        pleats_numbers_join(&t->numbers[i], &other->numbers[i]);
    pleats_seen_join(&t->look.seen, &other->look.seen);
}
