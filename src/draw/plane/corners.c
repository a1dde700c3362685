#include "draw/plane/corners.h"

#include "exact/integers.h"

#include <math.h>

/* Squares of the grid on [-1, 1]^2 have sides 2^-24: few corners share one, and
 * few vertices are known so badly that they may lie in several. */
#define SQUARES_A_UNIT 0x1p24

void pleats_corners_init(pleats_ctx *ctx, pleats_corners *c)
{
    *c = (pleats_corners){0};
    pleats_vectors_init(ctx, &c->points, 3);
    for (size_t j = 0; j < 3; j++)
        mpz_init(c->row[j]);
}

void pleats_corners_clear(pleats_corners *c)
{
    pleats_ctx *ctx = c->points.ctx;
    if (!ctx)
        return;
    for (size_t j = 0; j < 3; j++)
        mpz_clear(c->row[j]);
    pleats_vectors_clear(&c->points);
    pleats_release(ctx, c->local);
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

/* Makes room for the last corner and puts it on the grid. */
static pleats_status put_last(pleats_corners *c, mpz_t *point)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = c->points.ctx;
    size_t n = c->points.n, *first = NULL;
    TRY(pleats_grow(ctx, &c->local, &c->local_capacity, 2 * n,
                    sizeof *c->local));
    TRY(pleats_grow(ctx, &c->next, &c->next_capacity, n, sizeof *c->next));
    for (size_t j = 0; j < 2; j++)
        c->local[2 * (n - 1) + j] =
            pleats_quotient_to_double(point[j], point[2], NULL);
    if (n <= c->n_squares) {
        put(c, n - 1);
        goto done;
    }
    c->n_squares = c->n_squares ? 4 * c->n_squares : 256;
    TRY(pleats_alloc(ctx, c->n_squares, sizeof *first, &first));
    pleats_release(ctx, c->first);
    c->first = first;
    for (size_t i = 0; i < n; i++)
        put(c, i);
done:
    return status;
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
    *number = SIZE_MAX;
    for (size_t at = c->first[square]; at && !is; at = c->next[at - 1]) {
        const double *local = c->local + 2 * (at - 1);
        if (fabs(local[0] - t[0]) > error || fabs(local[1] - t[1]) > error)
            continue;
        TRY(is_at(c, space, cell, i, pleats_vector(&c->points, at - 1), &is));
        if (is)
            *number = at - 1;
    }
done:
    return status;
}

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

/* Likewise on all squares where it may be: at most four. */
static pleats_status find_near(pleats_corners *c, pleats_space *space,
                               pleats_vertices *cell, pleats_idx i,
                               size_t *number)
{
    pleats_status status = PLEATS_OK;
    double t[2], error = place_of(cell, i, t);
    *number = SIZE_MAX;
    if (!(error < 1 / SQUARES_A_UNIT) && pleats_vertices_refine(space, cell, i))
        error = place_of(cell, i, t);
    if (c->n_squares == 0 || !(error < 1 / SQUARES_A_UNIT))
        return PLEATS_OK;
    const int64_t last_x = square_of(t[0] + error);
    const int64_t last_y = square_of(t[1] + error);
    for (int64_t x = square_of(t[0] - error); x <= last_x; x++)
        for (int64_t y = square_of(t[1] - error);
             y <= last_y && *number == SIZE_MAX; y++)
            TRY(find_in(c, space, cell, i, hash_of(c, x, y), t, error, number));
done:
    return status;
}

pleats_status pleats_corners_find(pleats_corners *c, pleats_space *space,
                                  pleats_vertices *cell, pleats_idx i,
                                  size_t *number)
{
    pleats_status status = PLEATS_OK;
    mpz_t *point;
    bool is_new;
    TRY(find_near(c, space, cell, i, number));
    if (*number != SIZE_MAX)
        goto done;
    TRY(pleats_vertices_solve(space, cell, i, &point));
    TRY(pleats_vectors_add(&c->points, point, number, &is_new));
    if (is_new)
        TRY(put_last(c, point));
done:
    return status;
}
