#include "draw/plane/corners.h"

#include "exact/integers.h"

#include <math.h>
#include <string.h>

/* Squares of the grid on [-1, 1]^2 have sides 2^-24: few corners share one, and
 * few vertices are known so badly that they may lie in several. */
#define SQUARES_A_UNIT 0x1p24

/* How far doubles may be off that are not worth working out anew; that are kept
 * as a corner's place; that a corner is looked for with; of what was rounded
 * once. */
#define ERROR_GOOD 0x1p-44
#define ERROR_KEPT 0x1p-28
#define ERROR_SEARCHED 0x1p-26
#define ERROR_SOLVED 0x1p-50

void pleats_corners_init(pleats_ctx *ctx, pleats_corners *c, bool is_exact)
{
    *c = (pleats_corners){.ctx = ctx, .is_exact = is_exact};
    for (size_t j = 0; j < 3; j++)
        mpz_init(c->row[j]);
}

void pleats_corners_clear(pleats_corners *c)
{
    pleats_ctx *ctx = c->ctx;
    if (!ctx)
        return;
    for (size_t j = 0; j < 3; j++)
        mpz_clear(c->row[j]);
    for (size_t i = 0; i < c->n; i++)
        pleats_exact_point_release(ctx, c->exact[i]);
    pleats_release(ctx, c->local);
    pleats_release(ctx, c->error);
    pleats_release(ctx, c->exact);
    pleats_release(ctx, c->of_name);
    pleats_release(ctx, c->next);
    pleats_release(ctx, c->first);
    *c = (pleats_corners){0};
}

/* ---- the grid ---- */

static int64_t square_of(double t)
{
    return (int64_t)floor(t * SQUARES_A_UNIT);
}

static size_t hash_of(const pleats_corners *c, int64_t x, int64_t y)
{
    uint64_t hash = (uint64_t)x * 0x9e3779b97f4a7c15u + (uint64_t)y;
    hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93u;
    return (size_t)(hash ^ hash >> 32) & (c->n_squares - 1);
}

static void put(pleats_corners *c, size_t i)
{
    const double *t = c->local + 2 * i;
    size_t square = hash_of(c, square_of(t[0]), square_of(t[1]));
    c->next[i] = c->first[square];
    c->first[square] = i + 1;
}

/* Puts the last corner on the grid. */
static pleats_status put_last(pleats_corners *c)
{
    pleats_status status = PLEATS_OK;
    size_t *first = NULL;
    TRY(pleats_grow(c->ctx, &c->next, &c->next_capacity, c->n,
                    sizeof *c->next));
    if (c->n <= c->n_squares) {
        put(c, c->n - 1);
        return PLEATS_OK;
    }
    c->n_squares = c->n_squares ? 4 * c->n_squares : 256;
    TRY(pleats_alloc(c->ctx, c->n_squares, sizeof *first, &first));
    pleats_release(c->ctx, c->first);
    c->first = first;
    for (size_t i = 0; i < c->n; i++)
        put(c, i);
done:
    return status;
}

/* ---- places ---- */

/* Where the vertex is, and how far off that may be; infinite: not known. */
static double place_of(const pleats_vertices *cell, pleats_idx i, double *t)
{
    const double *x = cell->point + i;
    double w = x[2 * cell->pad], error = cell->error[i];
    for (size_t j = 0; j < 2; j++)
        t[j] = x[j * cell->pad] / w;
    if (!(w > 4 * error) || !(fabs(t[0]) <= 2) || !(fabs(t[1]) <= 2))
        return INFINITY;
    return 8 * (error / w + 0x1p-52);
}

/* The same, worked out over the integers. */
static pleats_status solve_place(pleats_space *space, pleats_vertices *cell,
                                 pleats_idx i, double *t, double *error)
{
    pleats_status status = PLEATS_OK;
    mpz_t *x = NULL;
    TRY(pleats_vertices_solve(space, cell, i, &x));
    for (size_t j = 0; j < 2; j++)
        t[j] = pleats_quotient_to_double(x[j], x[2], NULL);
    *error = ERROR_SOLVED;
done:
    return status;
}

/* t [2] = the place of vertex i, off by at most *error <= most. */
static pleats_status find_place(pleats_space *space, pleats_vertices *cell,
                                pleats_idx i, double most, double *t,
                                double *error)
{
    *error = place_of(cell, i, t);
    if (!(*error <= ERROR_GOOD) && pleats_vertices_refine(space, cell, i))
        *error = place_of(cell, i, t);
    return *error <= most ? PLEATS_OK : solve_place(space, cell, i, t, error);
}

/* ---- the corner at a vertex ---- */

/* Whether all walls that hold vertex i hold the point. */
static pleats_status is_at(pleats_corners *c, pleats_space *space,
                           const pleats_vertices *cell, pleats_idx i,
                           mpz_t *point, bool *is)
{
    pleats_status status = PLEATS_OK;
    const uint64_t *on = pleats_vertices_walls(cell, i);
    mpz_t sum;
    mpz_init(sum);
    *is = true;
    for (pleats_idx s = 0; s < cell->n_slots && *is; s++) {
        if (!(on[s / 64] >> (s % 64) & 1))
            continue;
        TRY(pleats_vertices_wall_row(space, cell->slot[s], c->row));
        mpz_mul(sum, c->row[0], point[0]);
        mpz_addmul(sum, c->row[1], point[1]);
        mpz_addmul(sum, c->row[2], point[2]);
        *is = mpz_sgn(sum) == 0;
    }
done:
    mpz_clear(sum);
    return status;
}

/* *number of the corner among those of a square, SIZE_MAX when it is none. */
static pleats_status find_in(pleats_corners *c, pleats_space *space,
                             const pleats_vertices *cell, pleats_idx i,
                             size_t square, const double *t, double error,
                             size_t *number)
{
    pleats_status status = PLEATS_OK;
    bool is = false;
    for (size_t at = c->first[square]; at && !is; at = c->next[at - 1]) {
        const double *local = c->local + 2 * (at - 1);
        const double reach = error + c->error[at - 1];
        if (fabs(local[0] - t[0]) > reach || fabs(local[1] - t[1]) > reach)
            continue;
        c->unclear = !c->is_exact;
        if (c->unclear)
            return PLEATS_OK;
        TRY(is_at(c, space, cell, i, c->exact[at - 1]->x, &is));
        if (is)
            *number = at - 1;
    }
done:
    return status;
}

/* Likewise on all squares where it may be: at most four. */
static pleats_status find_near(pleats_corners *c, pleats_space *space,
                               const pleats_vertices *cell, pleats_idx i,
                               const double *t, double error, size_t *number)
{
    pleats_status status = PLEATS_OK;
    const double reach = error + ERROR_KEPT;
    const int64_t last_x = square_of(t[0] + reach);
    const int64_t last_y = square_of(t[1] + reach);
    *number = SIZE_MAX;
    for (int64_t x = square_of(t[0] - reach); x <= last_x && c->n > 0; x++)
        for (int64_t y = square_of(t[1] - reach);
             y <= last_y && *number == SIZE_MAX; y++)
            TRY(find_in(c, space, cell, i, hash_of(c, x, y), t, error, number));
done:
    return status;
}

static pleats_status add(pleats_corners *c, const double *t, double error,
                         size_t *number)
{
    pleats_status status = PLEATS_OK;
    const size_t n = c->n + 1;
    TRY(pleats_grow(c->ctx, &c->local, &c->local_capacity, 2 * n,
                    sizeof *c->local));
    TRY(pleats_grow(c->ctx, &c->error, &c->error_capacity, n,
                    sizeof *c->error));
    TRY(pleats_grow(c->ctx, &c->exact, &c->exact_capacity, n,
                    sizeof(pleats_exact_point *)));
    memcpy(c->local + 2 * c->n, t, 2 * sizeof *t);
    c->error[c->n] = error;
    *number = c->n++;
    TRY(put_last(c));
done:
    return status;
}

static pleats_status find_by_place(pleats_corners *c, pleats_space *space,
                                   pleats_vertices *cell, pleats_idx i,
                                   size_t *number)
{
    pleats_status status = PLEATS_OK;
    const double most = c->is_exact ? ERROR_SEARCHED : ERROR_KEPT;
    mpz_t *x;
    double t[2], error;
    TRY(find_place(space, cell, i, most, t, &error));
    TRY(find_near(c, space, cell, i, t, error, number));
    if (*number != SIZE_MAX)
        goto done;
    if (c->is_exact)
        TRY(solve_place(space, cell, i, t, &error));
    TRY(add(c, t, error, number));
    if (c->is_exact)
        TRY(pleats_corners_solve(c, space, cell, i, *number, &x));
done:
    return status;
}

pleats_status pleats_corners_find(pleats_corners *c, pleats_space *space,
                                  pleats_vertices *cell, pleats_idx i,
                                  size_t *number)
{
    pleats_status status = PLEATS_OK;
    if (c->is_exact)
        return find_by_place(c, space, cell, i, number);
    const size_t name = (size_t)cell->name[i];
    TRY(pleats_grow(c->ctx, &c->of_name, &c->n_names, name + 1,
                    sizeof *c->of_name));
    if (c->of_name[name] == 0) {
        TRY(find_by_place(c, space, cell, i, number));
        c->of_name[name] = *number + 1;
    }
    *number = c->of_name[name] - 1;
done:
    return status;
}

pleats_status pleats_corners_solve(pleats_corners *c, pleats_space *space,
                                   pleats_vertices *cell, pleats_idx i,
                                   size_t number, mpz_t **x)
{
    pleats_status status = PLEATS_OK;
    if (!c->exact[number]) {
        TRY(pleats_vertices_solve(space, cell, i, x));
        c->exact[number] = cell->exact[i];
        c->exact[number]->n_users++;
    }
    *x = c->exact[number]->x;
done:
    return status;
}
