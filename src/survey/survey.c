/* The count's own workers find the regions; each tallies those that it finds.
 */
#include "survey/survey.h"

#include "count/count.h"
#include "exact/rational.h"
#include "survey/data_rows.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

typedef struct {
    pleats_ctx *ctx;
    const pleats_domain *domain;
    const pleats_survey_task *task;
    pleats_frame frame; /* of the domain */
    bool has_measure;
    pleats_survey_plan plan;
    double size; /* of the domain, in doubles */
    pleats_idx n_tallies;
    pleats_survey_tally *tally; /* [n_tallies] by worker */
} surveying;

static void clear(surveying *v)
{
    for (pleats_idx i = 0; i < v->n_tallies && v->tally; i++)
        pleats_survey_tally_clear(v->ctx, &v->tally[i]);
    pleats_release(v->ctx, v->tally);
    pleats_wall_layers_clear(v->ctx, &v->plan.layers);
    if (v->has_measure)
        pleats_measure_clear(&v->plan.measure);
    pleats_frame_clear(v->ctx, &v->frame);
}

/* Volumes are told of cells that are held by their vertices, on domains that
 * have one. */
static pleats_status plan_volumes(surveying *v, pleats_survey_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain_volume volume = {0};
    const char *why = NULL;
    if (v->frame.k > PLEATS_VERTICES_DIMENSION)
        why = "the domain has more than 8 dimensions";
    else if (v->task->engine == PLEATS_ENGINE_PROGRAMME)
        why = "programmes do not tell them";
    if (!why) {
        TRY(pleats_domain_volume_init(v->ctx, &volume, v->plan.net, v->domain));
        why = volume.volume ? NULL : "the domain is not bounded";
    }
    if (why) {
        if (v->task->exact_volumes)
            TRY(pleats_fail(v->ctx, PLEATS_INVALID, "no volumes: %s", why));
        TRY(pleats_remark(v->ctx, "no volumes and lengths: %s", why));
        goto done;
    }
    v->has_measure = true;
    TRY(pleats_measure_init(v->ctx, &v->plan.measure, v->domain, &v->frame));
    pleats_gauge_init(&v->plan.gauge, &v->frame.coordinates);
    v->plan.has_volumes = out->has_volumes = true;
    v->plan.exact_volumes = v->task->exact_volumes;
    out->domain_volume = volume.volume;
    out->volume_gram = volume.gram;
    volume = (pleats_domain_volume){0};
done:
    pleats_domain_volume_clear(v->ctx, &volume);
    return status;
}

static pleats_status plan_size(surveying *v, const char *fraction)
{
    mpq_t size;
    mpq_init(size);
    if (mpq_set_str(size, fraction, 10) == 0)
        v->size = pleats_rational_to_double(size);
    v->plan.enough = 0x1p-48 * v->size;
    mpq_clear(size);
    return PLEATS_OK;
}

static pleats_status on_region(void *state, pleats_idx worker, pleats_space *s,
                               pleats_cell *cell, bool *stop)
{
    pleats_status status = PLEATS_OK;
    surveying *v = state;
    pleats_survey_tally *t = &v->tally[worker];
    *stop = false;
    if (!t->plan)
        TRY(pleats_survey_tally_init(s->ctx, t, &v->plan, s->frame));
    TRY(pleats_survey_note(t, s, cell));
done:
    return status;
}

/* ---- what was found ---- */

/* The share lies between lo and hi: what was seen of the class is in it, and
 * what was seen of the others is not; of a whole survey, only that is not. */
static void bound_shares(const surveying *v, pleats_survey_result *out)
{
    const double wide = 4 * DBL_EPSILON, off = out->n_classes * DBL_EPSILON;
    const bool is_whole = out->label == PLEATS_EXACT;
    double most = 0, least = 0;
    for (int32_t i = 0; i < out->n_classes; i++) {
        pleats_survey_class *c = &out->classes[i];
        c->share_lo = (c->volume - c->volume_error) / v->size * (1 - wide);
        c->share_hi = (c->volume + c->volume_error) / v->size * (1 + wide);
        if (!(c->share_lo > 0))
            c->share_lo = 0;
        if (!is_whole || !(c->share_hi < 1))
            c->share_hi = 1;
        if (is_whole && c->somewhere == 0)
            c->share_hi = 0;
        least += c->share_lo;
        most += c->share_hi;
    }
    for (int32_t i = 0; i < out->n_classes; i++) {
        pleats_survey_class *c = &out->classes[i];
        const double others_lo = least - c->share_lo;
        const double others_hi = most - c->share_hi;
        if (others_lo > 0)
            c->share_hi = fmin(c->share_hi, 1 - others_lo + 4 * off);
        if (is_whole && others_hi < 1)
            c->share_lo = fmax(c->share_lo,
                               1 - others_hi - (others_hi > 0 ? 4 * off : 0));
    }
}

static pleats_status put_classes(surveying *v, const pleats_survey_tally *t,
                                 pleats_survey_result *out)
{
    pleats_status status = PLEATS_OK;
    mpq_t total;
    mpq_init(total);
    out->n_classes = t->classes.n;
    TRY(pleats_alloc(v->ctx, (size_t)out->n_classes, sizeof *out->classes,
                     &out->classes));
    for (int32_t i = 0; i < out->n_classes; i++) {
        const pleats_class_tally *from = &t->class[i];
        pleats_survey_class *to = &out->classes[i];
        const double steps = DBL_EPSILON * (double)(from->n + 4);
        to->somewhere = from->somewhere;
        to->everywhere = from->everywhere;
        to->volume = from->volume.value;
        to->volume_error =
            from->volume.error * (1 + steps) + steps * from->volume.value;
        if (!v->plan.exact_volumes)
            continue;
        mpq_set_ui(total, 0, 1);
        pleats_fractions_total(&from->exact, total);
        TRY(pleats_fraction_text(v->ctx, total, &to->exact_volume));
    }
    if (v->plan.has_volumes)
        bound_shares(v, out);
done:
    mpq_clear(total);
    return status;
}

static void put_layer(const surveying *v, const pleats_survey_tally *t,
                      pleats_idx i, pleats_survey_result *out)
{
    const pleats_step *s = &v->plan.net->step[v->plan.layers.step[i]];
    pleats_survey_layer *to = &out->layer[i];
    *to = (pleats_survey_layer){.units = {.first_unit = s->first_unit,
                                          .units = s->n_out,
                                          .name = s->name,
                                          .op = s->op},
                                .last = t->last[i]};
    for (pleats_idx u = 0; u < s->n_out; u++) {
        const pleats_unit_state state = pleats_seen_state(&t->look.seen, s, u);
        out->state[s->first_unit + u] = state;
        to->units.off += state == PLEATS_UNIT_OFF;
        to->units.on += state == PLEATS_UNIT_ON;
        to->units.changes += state == PLEATS_UNIT_CHANGES;
        to->units.undecided += state == PLEATS_UNIT_UNDECIDED;
    }
}

static pleats_status put_units(surveying *v, const pleats_survey_tally *t,
                               pleats_survey_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n = 1;
    for (pleats_idx i = 0; i < v->plan.net->n_steps; i++)
        if (v->plan.net->step[i].kind == PLEATS_STEP_PL)
            n += v->plan.net->step[i].n_out;
    out->n_units = v->plan.net->n_units;
    out->n_layers = v->plan.layers.n_layers;
    out->n_active = n;
    TRY(pleats_alloc(v->ctx, (size_t)out->n_units, sizeof *out->state,
                     &out->state));
    TRY(pleats_alloc(v->ctx, (size_t)out->n_layers, sizeof *out->layer,
                     &out->layer));
    TRY(pleats_alloc(v->ctx, (size_t)n, sizeof *out->active, &out->active));
    for (pleats_idx i = 0; i < n; i++)
        out->active[i] = t->active[i];
    for (pleats_idx i = 0; i < out->n_layers; i++)
        put_layer(v, t, i, out);
    out->uncut = t->uncut;
done:
    return status;
}

static pleats_status put_all(surveying *v, pleats_survey_tally *t,
                             pleats_survey_result *out)
{
    pleats_status status = PLEATS_OK;
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, t->regions);
    TRY(pleats_strdup(v->ctx, text, &out->regions));
    t->look.seen.complete = out->label == PLEATS_EXACT;
    out->mixed = t->mixed;
    TRY(put_classes(v, t, out));
    TRY(put_units(v, t, out));
    TRY(pleats_numbers_get(v->ctx, &t->numbers[0], &out->volume));
    TRY(pleats_numbers_get(v->ctx, &t->numbers[1], &out->diameter));
    TRY(pleats_numbers_get(v->ctx, &t->numbers[2], &out->slope));
    TRY(pleats_numbers_get(v->ctx, &t->numbers[3], &out->distance));
done:
    return status;
}

/* ---- the whole ---- */

static pleats_status prepare(surveying *v, pleats_survey_result *out)
{
    pleats_status status = PLEATS_OK;
    v->frame.empty = true;
    if (v->domain->n_parts > 1)
        TRY(pleats_fail(v->ctx, PLEATS_INVALID,
                        "a survey is of one convex domain; this one is a union "
                        "of %d parts",
                        v->domain->n_parts));
    if (v->domain->n_parts == 1)
        TRY(pleats_frame_init(v->ctx, &v->frame, v->domain,
                              &v->domain->part[0]));
    TRY(pleats_wall_layers_init(v->ctx, &v->plan.layers, v->plan.net));
    if (!v->frame.empty)
        TRY(plan_volumes(v, out));
    if (out->domain_volume)
        TRY(plan_size(v, out->domain_volume));
done:
    return status;
}

static pleats_status count_all(surveying *v, pleats_tally *found)
{
    pleats_status status = PLEATS_OK;
    const pleats_survey_task *t = v->task;
    const pleats_count_task count = {
        .paranoid = t->paranoid,
        .engine = v->plan.has_volumes ? PLEATS_ENGINE_VERTICES : t->engine,
        .limits = t->limits,
        .outputs = true,
        .visit = on_region,
        .visit_state = v};
    v->n_tallies = pleats_watch_threads(&count.limits);
    TRY(pleats_alloc(v->ctx, (size_t)v->n_tallies, sizeof *v->tally,
                     &v->tally));
    TRY(pleats_count_regions(v->ctx, v->plan.net, v->domain, &count, found));
done:
    return status;
}

/* Adds all workers' tallies to one. */
static pleats_status join_all(surveying *v, pleats_survey_tally **out)
{
    pleats_status status = PLEATS_OK;
    pleats_survey_tally *first = NULL;
    for (pleats_idx i = 0; i < v->n_tallies; i++) {
        pleats_survey_tally *t = &v->tally[i];
        if (first && t->plan)
            pleats_survey_tally_join(first, t);
        else if (t->plan)
            first = t;
    }
    if (!first) {
        first = &v->tally[0];
        TRY(pleats_survey_tally_init(v->ctx, first, &v->plan, &v->frame));
    }
    *out = first;
done:
    return status;
}

/* A limit leaves the rows behind it out. */
static pleats_status place_rows(surveying *v, pleats_survey_result *out)
{
    pleats_status status =
        pleats_survey_rows(v->ctx, v->plan.net, &v->frame, v->task->rows, out);
    if (status != PLEATS_LIMIT || !pleats_ctx_limit(v->ctx))
        return status;
    out->stopped = pleats_ctx_limit(v->ctx);
    return PLEATS_OK;
}

pleats_status pleats_survey_run(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_domain *domain,
                                const pleats_survey_task *task,
                                pleats_survey_result *out)
{
    pleats_status status = PLEATS_OK;
    surveying v = {
        .ctx = ctx, .domain = domain, .task = task, .plan = {.net = net}};
    pleats_tally found = {0};
    pleats_survey_tally *all = NULL;
    mpz_init(found.regions);
    TRY(prepare(&v, out));
    TRY(count_all(&v, &found));
    out->label = found.complete ? PLEATS_EXACT : PLEATS_LOWER;
    out->stopped = found.stopped;
    out->dimension = found.dimension;
    if (task->rows && found.complete && !v.frame.empty)
        TRY(place_rows(&v, out));
    pleats_set_ending(ctx, true);
    if (v.frame.empty) {
        TRY(pleats_strdup(ctx, "0", &out->regions));
        goto done;
    }
    TRY(join_all(&v, &all));
    TRY(put_all(&v, all, out));
done:
    clear(&v);
    mpz_clear(found.regions);
    return status;
}
