#include "arrangement/arrangement_walk.h"

#include "arrangement/arrangement_plane.h"

#include <string.h>

/* Restrictions of up to SHORT rows between two looks at the clock. */
enum { PATIENCE = 64, SHORT = 64 };

typedef struct {
    char before[PLEATS_LINE]; /* nothing that another thread reads */
    pleats_ctx *ctx;
    const pleats_moduli *moduli;
    size_t room;            /* of all below: rows */
    pleats_residues raw;    /* rows on their way to a level */
    pleats_residues *level; /* [k + 1] by dimension; rows that begin with 1 */
    pleats_idx **lead;      /* [k + 1][room] where */
    pleats_idx n_levels;
    uint64_t *factor; /* [n_fields x room] */
    uint64_t *spare;  /* [room + 64] */
    uint64_t *hash;   /* [room] */
    uint32_t *keep, *rest;
    uint64_t *echelon; /* [k x k] */
    pleats_plane plane;
    pleats_distinct distinct;
    uint32_t n_restrictions;
    pleats_crew *crew;        /* that it works in */
    size_t *row, *next, *end; /* [k + 1] of a level: the row that it is
                                 restricted to, the rows still to come */
    bool is_stuck, is_stopped;
    uint64_t tally; /* of regions not yet in `regions` */
    mpz_t regions;
    char behind[PLEATS_LINE]; /* alike */
} walker;

/* One walker for each worker. */
typedef struct {
    const pleats_moduli *moduli;
    const pleats_residues *rows;
    walker *walker; /* [team] */
} walkers;

pleats_status pleats_residues_new(pleats_ctx *ctx, pleats_idx n_fields,
                                  pleats_idx k, size_t room,
                                  pleats_residues *out)
{
    pleats_status status = PLEATS_OK;
    size_t words;
    if (__builtin_mul_overflow((size_t)n_fields, (size_t)k + 1, &words) ||
        __builtin_mul_overflow(words, room, &words))
        TRY(pleats_fail(ctx, PLEATS_NOMEM, "%zu rows do not fit in memory",
                        room));
    TRY(pleats_alloc(ctx, words, sizeof *out->x, &out->x));
    out->k = k;
    out->n = 0;
    out->room = room;
done:
    return status;
}

/* Puts those of the n_rest rows that are not 0 in column c on the list of raw
 * rows to keep, their entries in `factor`; returns how many are left. */
static inline __attribute__((always_inline)) size_t
take_leads(walker *w, pleats_idx n_fields, pleats_idx c, size_t n_rest)
{
    size_t n_left = 0, n = w->raw.n;
    const uint64_t *x = pleats_residues_column(&w->raw, 0, c);
    size_t between = ((size_t)w->raw.k + 1) * w->raw.room;
    for (size_t i = 0; i < n_rest; i++) {
        uint32_t row = w->rest[i];
        pleats_idx n_zero = 0;
        for (size_t f = 0; f < (size_t)n_fields; f++) {
            uint64_t entry = x[f * between + row];
            w->factor[f * w->room + n] = entry;
            n_zero += entry == 0;
        }
        w->keep[n] = w->rest[n_left] = row;
        n += n_zero < n_fields;
        n_left += n_zero == n_fields;
        w->is_stuck |= n_zero && n_zero < n_fields;
    }
    w->raw.n = n;
    return n_left;
}

/* Puts the raw rows in the order of their first coordinates that are not 0.
 * Rows without any are empty or everything: dropped. */
static void find_leads(walker *w, pleats_idx *lead)
{
    pleats_idx n_fields = w->moduli->n_fields;
    size_t n_rest = w->raw.n, n = 0;
    for (size_t i = 0; i < n_rest; i++)
        w->rest[i] = (uint32_t)i;
    w->raw.n = 0;
    for (pleats_idx c = 0; c < w->raw.k && n_rest; c++) {
        n_rest = n_fields == 1 ? take_leads(w, 1, c, n_rest)
                               : take_leads(w, n_fields, c, n_rest);
        for (; n < w->raw.n; n++)
            lead[n] = c;
    }
    w->is_stuck |= n_rest && !w->moduli->is_certain;
}

/* Keeps the first of equal rows. */
static void drop_repeats(walker *w, pleats_residues *to, pleats_idx *lead)
{
    size_t words = (size_t)w->moduli->n_fields * ((size_t)to->k + 1);
    memset(w->hash, 0, to->n * sizeof *w->hash);
    for (pleats_idx c = 0; c <= to->k; c++) {
        const uint64_t *x = pleats_residues_column(to, 0, c);
        uint64_t odd = (2 * (uint64_t)c + 1) * 0xD6E8FEB86659FD93U;
        for (size_t i = 0; i < to->n; i++)
            w->hash[i] += x[i] * odd;
    }
    size_t n = pleats_distinct_tuples(&w->distinct, to->n, w->hash, to->x,
                                      to->room, words, w->keep);
    if (n == to->n)
        return;
    w->is_stuck |= !w->moduli->is_certain;
    for (size_t word = 0; word < words; word++)
        for (size_t i = 0; i < n; i++)
            to->x[word * to->room + i] = to->x[word * to->room + w->keep[i]];
    for (size_t i = 0; i < n; i++)
        lead[i] = lead[w->keep[i]];
    to->n = n;
}

/* Makes the raw rows a level: each scaled to begin with 1, no two equal. */
static void settle(walker *w, pleats_idx k)
{
    pleats_residues *to = &w->level[k];
    find_leads(w, w->lead[k]);
    to->n = w->raw.n;
    if (w->is_stuck)
        return;
    for (pleats_idx f = 0; f < w->moduli->n_fields; f++) {
        const pleats_field *field = &w->moduli->field[f];
        uint64_t *factor = w->factor + (size_t)f * w->room;
        pleats_field_invert(field, to->n, factor, w->spare);
        for (pleats_idx c = 0; c <= k; c++) {
            const uint64_t *from = pleats_residues_column(&w->raw, f, c);
            uint64_t *x = pleats_residues_column(to, f, c);
            for (size_t i = 0; i < to->n; i++)
                x[i] = pleats_field_mul(field, from[w->keep[i]], factor[i]);
        }
    }
    drop_repeats(w, to, w->lead[k]);
}

static pleats_status make_level(walker *w, pleats_idx k)
{
    pleats_status status = PLEATS_OK;
    if (w->lead[k])
        return PLEATS_OK;
    TRY(pleats_residues_new(w->ctx, w->moduli->n_fields, k, w->room,
                            &w->level[k]));
    TRY(pleats_alloc(w->ctx, w->room, sizeof **w->lead, &w->lead[k]));
done:
    return status;
}

/* The rows before i of level k, on the hyperplane of row i, as level k - 1:
 * coordinate lead[i] is what row i says. */
static pleats_status restrict_to(walker *w, pleats_idx k, size_t i)
{
    pleats_status status = PLEATS_OK;
    const pleats_residues *at = &w->level[k];
    pleats_idx pivot = w->lead[k][i];
    TRY(make_level(w, k - 1));
    if (i > SHORT || ++w->n_restrictions % PATIENCE == 0) {
        TRY(pleats_check_stop(w->ctx));
        pleats_crew_look(w->crew, pleats_now());
    }
    w->raw.k = k - 1;
    w->raw.n = i;
    for (pleats_idx f = 0; f < w->moduli->n_fields; f++) {
        const pleats_field *field = &w->moduli->field[f];
        const uint64_t *out = pleats_residues_column(at, f, pivot);
        for (pleats_idx c = 0; c <= k; c++) {
            const uint64_t *from = pleats_residues_column(at, f, c);
            uint64_t *x = pleats_residues_column(&w->raw, f, c - (c > pivot));
            if (c == pivot)
                continue;
            if (from[i] == 0)
                memcpy(x, from, i * sizeof *x);
            else
                for (size_t j = 0; j < i; j++)
                    x[j] = pleats_field_sub(
                        field, from[j],
                        pleats_field_mul(field, out[j], from[i]));
        }
    }
    settle(w, k - 1);
done:
    return status;
}

/* Makes `row` 0 where `by` has its first entry that is not. */
static void clear_pivot(const pleats_field *field, size_t width,
                        const uint64_t *by, uint64_t *row)
{
    size_t pivot = 0;
    while (!by[pivot])
        pivot++;
    uint64_t left = by[pivot], right = row[pivot];
    for (size_t c = 0; right && c < width; c++)
        row[c] = pleats_field_sub(field, pleats_field_mul(field, row[c], left),
                                  pleats_field_mul(field, by[c], right));
}

/* How many rows from the first on have independent normals. */
static size_t independent_start(const walker *w, pleats_idx k)
{
    const pleats_residues *at = &w->level[k];
    const pleats_field *field = w->moduli->field;
    size_t width = (size_t)k, n = 0;
    for (; n < at->n && n < width; n++) {
        uint64_t *row = w->echelon + n * width;
        for (pleats_idx c = 0; c < k; c++)
            row[c] = pleats_residues_column(at, 0, c)[n];
        for (size_t e = 0; e < n; e++)
            clear_pivot(field, width, w->echelon + e * width, row);
        size_t c = 0;
        while (c < width && !row[c])
            c++;
        if (c == width)
            break;
    }
    return n;
}

/* Adds 2^n regions. */
static void add_power(walker *w, size_t n)
{
    if (w->tally >> 62 || n > 62) {
        mpz_t more;
        mpz_init(more);
        mpz_setbit(more, n);
        mpz_add(w->regions, w->regions, more);
        mpz_set_ui(more, w->tally);
        mpz_add(w->regions, w->regions, more);
        mpz_clear(more);
        w->tally = 0;
    } else {
        w->tally += (uint64_t)1 << n;
    }
}

static pleats_status count_plane(walker *w)
{
    const pleats_residues *at = &w->level[2];
    size_t n_slanted = 0;
    while (n_slanted < at->n && w->lead[2][n_slanted] == 0)
        n_slanted++;
    w->tally += at->n;
    return pleats_plane_points(w->ctx, &w->plane, at, n_slanted, &w->tally,
                               &w->is_stuck);
}

/* Gives away the last row to come of level k: a task is the rows to which the
 * levels are restricted, one after the other. */
static pleats_status give_last(walker *w, pleats_idx k)
{
    pleats_status status = PLEATS_OK;
    pleats_idx top = w->n_levels - 1;
    pleats_parcel task = {.n = (size_t)(top - k + 1) * sizeof *w->row};
    TRY(pleats_alloc(w->ctx, task.n, 1, &task.byte));
    for (pleats_idx j = top; j >= k; j--) {
        size_t row = j > k ? w->row[j] : w->end[k] - 1;
        memcpy(task.byte + (size_t)(top - j) * sizeof row, &row, sizeof row);
    }
    TRY(pleats_crew_give(w->crew, w->ctx, task));
    w->end[k]--;
done:
    return status;
}

/* Between two rows of level `least`: gives away one of the largest parts of
 * what is left, unless it is all. */
static pleats_status share_work(walker *w, pleats_idx least)
{
    pleats_idx largest = -1;
    size_t n = 0;
    w->is_stopped = w->is_stopped || pleats_crew_is_stopping(w->crew);
    if (!pleats_crew_is_hungry(w->crew))
        return PLEATS_OK;
    for (pleats_idx k = w->n_levels - 1; k >= least && n < 2; k--) {
        if (w->next[k] == w->end[k])
            continue;
        largest = largest < 0 ? k : largest;
        n += w->end[k] - w->next[k];
    }
    return n > 1 ? give_last(w, largest) : PLEATS_OK;
}

static pleats_status visit(walker *w, pleats_idx k)
{
    pleats_status status = PLEATS_OK;
    if (w->is_stuck)
        return PLEATS_OK;
    if (k <= 2) {
        add_power(w, 0);
        if (k == 2)
            return count_plane(w);
        w->tally += w->level[k].n;
        return PLEATS_OK;
    }
    size_t start = independent_start(w, k);
    add_power(w, start);
    w->next[k] = start;
    w->end[k] = w->level[k].n;
    while (w->next[k] < w->end[k] && !w->is_stuck && !w->is_stopped) {
        w->row[k] = w->next[k]++;
        TRY(restrict_to(w, k, w->row[k]));
        TRY(visit(w, k - 1));
        TRY(share_work(w, k));
    }
done:
    return status;
}

static pleats_status prepare(walker *w, const pleats_residues *rows)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = w->ctx;
    size_t k = (size_t)rows->k, n_fields = (size_t)w->moduli->n_fields;
    w->room = rows->n;
    w->n_levels = rows->k + 1;
    TRY(pleats_alloc(ctx, k + 1, sizeof *w->level, &w->level));
    TRY(pleats_alloc(ctx, k + 1, sizeof *w->lead, &w->lead));
    TRY(pleats_residues_new(ctx, w->moduli->n_fields, rows->k, w->room,
                            &w->raw));
    TRY(make_level(w, rows->k));
    TRY(pleats_alloc(ctx, n_fields * w->room, sizeof *w->factor, &w->factor));
    TRY(pleats_alloc(ctx, w->room + 64, sizeof *w->spare, &w->spare));
    TRY(pleats_alloc(ctx, w->room, sizeof *w->hash, &w->hash));
    TRY(pleats_alloc(ctx, w->room, sizeof *w->keep, &w->keep));
    TRY(pleats_alloc(ctx, w->room, sizeof *w->rest, &w->rest));
    TRY(pleats_alloc(ctx, k * k, sizeof *w->echelon, &w->echelon));
    TRY(pleats_alloc(ctx, k + 1, sizeof *w->row, &w->row));
    TRY(pleats_alloc(ctx, k + 1, sizeof *w->next, &w->next));
    TRY(pleats_alloc(ctx, k + 1, sizeof *w->end, &w->end));
    TRY(pleats_plane_init(ctx, &w->plane, w->moduli, w->room));
    TRY(pleats_distinct_init(ctx, &w->distinct, w->room));
    w->raw.n = rows->n;
    for (pleats_idx f = 0; f < w->moduli->n_fields; f++)
        for (pleats_idx c = 0; c <= rows->k; c++)
            memcpy(pleats_residues_column(&w->raw, f, c),
                   pleats_residues_column(rows, f, c),
                   rows->n * sizeof *rows->x);
done:
    return status;
}

static void dismiss(walker *w)
{
    pleats_ctx *ctx = w->ctx;
    if (!ctx)
        return;
    for (pleats_idx k = 0; k < w->n_levels; k++) {
        if (w->level)
            pleats_release(ctx, w->level[k].x);
        if (w->lead)
            pleats_release(ctx, w->lead[k]);
    }
    pleats_release(ctx, w->level);
    pleats_release(ctx, w->lead);
    pleats_release(ctx, w->raw.x);
    pleats_release(ctx, w->factor);
    pleats_release(ctx, w->spare);
    pleats_release(ctx, w->hash);
    pleats_release(ctx, w->keep);
    pleats_release(ctx, w->rest);
    pleats_release(ctx, w->echelon);
    pleats_release(ctx, w->row);
    pleats_release(ctx, w->next);
    pleats_release(ctx, w->end);
    pleats_plane_clear(ctx, &w->plane);
    pleats_distinct_clear(ctx, &w->distinct);
    mpz_clear(w->regions);
}

/* Makes a worker's walker, when it is first needed. */
static pleats_status need_walker(const walkers *x, walker *w, pleats_ctx *ctx)
{
    pleats_status status = PLEATS_OK;
    if (w->ctx)
        return PLEATS_OK;
    w->ctx = ctx;
    w->moduli = x->moduli;
    mpz_init(w->regions);
    TRY(prepare(w, x->rows));
    settle(w, x->rows->k);
done:
    return status;
}

static pleats_status walk_task(void *state, pleats_crew *crew,
                               pleats_idx worker, pleats_ctx *ctx,
                               const pleats_parcel *task, bool *stop)
{
    pleats_status status = PLEATS_OK;
    walkers *x = state;
    walker *w = &x->walker[worker];
    pleats_idx k = x->rows->k;
    TRY(need_walker(x, w, ctx));
    w->crew = crew;
    for (size_t at = 0; at < task->n && !w->is_stuck; at += sizeof *w->row) {
        memcpy(&w->row[k], task->byte + at, sizeof *w->row);
        w->next[k] = w->end[k] = 0;
        TRY(restrict_to(w, k, w->row[k]));
        k--;
    }
    TRY(visit(w, k));
done:
    *stop = w->is_stuck || w->is_stopped;
    return status;
}

pleats_status pleats_residues_count(pleats_ctx *ctx,
                                    const pleats_moduli *moduli,
                                    const pleats_residues *rows, mpz_t regions,
                                    bool *is_stuck)
{
    pleats_status status = PLEATS_OK;
    const pleats_team alone = {.n = 1, .ctx = &ctx};
    const pleats_team *team = moduli->team ? moduli->team : &alone;
    walkers x = {moduli, rows, NULL};
    const pleats_job job = {team, &x, walk_task, NULL};
    const pleats_parcel all = {0};
    bool complete;
    mpz_set_ui(regions, rows->n == 0);
    *is_stuck = false;
    if (rows->n == 0)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, (size_t)team->n, sizeof *x.walker, &x.walker));
    TRY(pleats_crew_run(&job, &all, &complete));
done:
    for (pleats_idx i = 0; x.walker && i < team->n; i++) {
        walker *w = &x.walker[i];
        if (!w->ctx)
            continue;
        mpz_add(regions, regions, w->regions);
        mpz_add_ui(regions, regions, w->tally);
        *is_stuck = *is_stuck || w->is_stuck;
        dismiss(w);
    }
    pleats_release(ctx, x.walker);
    return status;
}
