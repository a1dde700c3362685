#include "draw/plane/axes.h"

#include "exact/integers.h"
#include "exact/rational.h"

#include <math.h>
#include <stdio.h>

/* entry [3] = input i as a function of (t, 1). */
static void input_row(const pleats_coordinates *c, pleats_idx i, mpq_t *entry)
{
    for (size_t j = 0; j < 3; j++) {
        mpz_set(mpq_numref(entry[j]), c->num[(size_t)i * 3 + j]);
        mpz_set(mpq_denref(entry[j]), c->den);
        mpq_canonicalize(entry[j]);
    }
}

/* det = a d - b c */
static void determinant(mpq_t det, mpq_t *const matrix)
{
    mpq_t other;
    mpq_init(other);
    mpq_mul(det, matrix[0], matrix[3]);
    mpq_mul(other, matrix[1], matrix[2]);
    mpq_sub(det, det, other);
    mpq_clear(other);
}

/* matrix [2 x 2] = how inputs i and j depend on the coordinates: the part's
 * own, or (part NULL) the frame's. */
static void dependence(const pleats_part *part, const pleats_coordinates *c,
                       pleats_idx i, pleats_idx j, mpq_t *matrix)
{
    const pleats_idx input[] = {i, j};
    for (size_t r = 0; r < 2; r++)
        for (size_t k = 0; k < 2; k++) {
            mpq_ptr to = matrix[2 * r + k];
            size_t n = (size_t)c->n_inputs, at = (size_t)input[r];
            if (!part) {
                mpz_set(mpq_numref(to), c->num[at * 3 + k]);
                mpz_set(mpq_denref(to), c->den);
                mpq_canonicalize(to);
            } else if (part->direction) {
                mpq_set(to, part->direction[k * n + at]);
            } else {
                mpq_set_ui(to, at == k, 1);
            }
        }
}

/* Two inputs that tell points apart, and the matrix of their dependence. */
static pleats_status find_inputs(pleats_ctx *ctx, const pleats_part *part,
                                 const pleats_coordinates *c, pleats_idx *pair,
                                 mpq_t *matrix, mpq_t det)
{
    for (pleats_idx i = 0; i < c->n_inputs; i++)
        for (pleats_idx j = i + 1; j < c->n_inputs; j++) {
            dependence(part, c, i, j, matrix);
            determinant(det, matrix);
            if (mpq_sgn(det) != 0) {
                pair[0] = i;
                pair[1] = j;
                return PLEATS_OK;
            }
            if (mpq_sgn(matrix[0]) == 0 && mpq_sgn(matrix[1]) == 0)
                break;
        }
    return pleats_fail(ctx, PLEATS_INTERNAL, "a plane has no two coordinates");
}

/* place = matrix^-1 (x - origin) */
static void solve(const pleats_part *part, const pleats_idx *pair,
                  mpq_t *matrix, const mpq_t det, mpq_t *row[2], mpq_t *place)
{
    mpq_t term;
    mpq_init(term);
    for (size_t i = 0; i < 2; i++)
        mpq_sub(row[i][2], row[i][2], part->origin[pair[i]]);
    for (size_t k = 0; k < 2; k++)
        for (size_t j = 0; j < 3; j++) {
            mpq_ptr to = place[3 * k + j];
            mpq_mul(to, matrix[k ? 0 : 3], row[k ? 1 : 0][j]);
            mpq_mul(term, matrix[k ? 2 : 1], row[k ? 0 : 1][j]);
            mpq_sub(to, to, term);
            mpq_div(to, to, det);
        }
    mpq_clear(term);
}

/* place [4] = row [3] over one denominator. */
static void take_row(mpq_t *row, mpz_t *place)
{
    mpz_set_ui(place[3], 1);
    for (size_t j = 0; j < 3; j++)
        mpz_lcm(place[3], place[3], mpq_denref(row[j]));
    for (size_t j = 0; j < 3; j++) {
        mpz_divexact(place[j], place[3], mpq_denref(row[j]));
        mpz_mul(place[j], place[j], mpq_numref(row[j]));
    }
}

pleats_idx pleats_axes_input(const pleats_part *part, pleats_idx j,
                             pleats_idx n_inputs)
{
    pleats_idx input = -1;
    if (!part->direction)
        return j;
    for (pleats_idx i = 0; i < n_inputs; i++) {
        mpq_t *entry = &part->direction[j * n_inputs + i];
        if (mpq_sgn(*entry) == 0)
            continue;
        if (input >= 0 || mpq_cmp_ui(*entry, 1, 1) != 0 ||
            mpq_sgn(part->origin[i]) != 0)
            return -1;
        input = i;
    }
    return input;
}

/* Whatever is rounded is so once, from exact numbers: at the ends of the
 * doubles' range products of rounded ones would vanish. */
static pleats_status round_axes(pleats_ctx *ctx, pleats_axes *x)
{
    static const size_t from[] = {4, 1, 3, 0};
    pleats_status status = PLEATS_OK;
    mpq_t *m = NULL, entry;
    mpq_init(entry);
    TRY(pleats_rational_array(ctx, 1, &x->area));
    TRY(pleats_rational_array(ctx, 6, &m));
    for (size_t i = 0; i < 6; i++) {
        mpz_t *row = x->place + i / 3 * 4;
        mpz_set(mpq_numref(m[i]), row[i % 3]);
        mpz_set(mpq_denref(m[i]), row[3]);
        mpq_canonicalize(m[i]);
    }
    mpq_mul(x->area[0], m[0], m[4]);
    mpq_mul(entry, m[1], m[3]);
    mpq_sub(x->area[0], x->area[0], entry);
    x->unit = pleats_rational_to_double(x->area[0]);
    for (size_t i = 0; i < 4; i++) {
        mpq_div(entry, m[from[i]], x->area[0]);
        double rounded = pleats_rational_to_double(entry);
        x->inverse[i] = i == 1 || i == 2 ? -rounded : rounded;
    }
    for (size_t i = 0; i < 4; i++)
        x->matrix[i] = pleats_rational_to_double(m[i / 2 * 3 + i % 2]);
    x->origin[0] = pleats_rational_to_double(m[2]);
    x->origin[1] = pleats_rational_to_double(m[5]);
done:
    pleats_rational_array_free(ctx, 6, m);
    mpq_clear(entry);
    return status;
}

pleats_status pleats_axes_init(pleats_ctx *ctx, pleats_axes *axes,
                               const pleats_part *part,
                               const pleats_frame *frame)
{
    pleats_status status = PLEATS_OK;
    const bool own = part->k == 2;
    pleats_idx pair[2];
    mpq_t *room = NULL, det;
    mpq_init(det);
    *axes = (pleats_axes){0};
    TRY(pleats_rational_array(ctx, 16, &room));
    TRY(pleats_integers_new(ctx, 8, &axes->place));
    TRY(find_inputs(ctx, own ? part : NULL, &frame->coordinates, pair, room,
                    det));
    mpq_t *row[2] = {room + 4, room + 7}, *place = own ? room + 10 : room + 4;
    for (size_t i = 0; i < 2; i++)
        input_row(&frame->coordinates, pair[i], row[i]);
    if (own)
        solve(part, pair, room, det, row, place);
    for (size_t i = 0; i < 2; i++) {
        take_row(place + 3 * i, axes->place + 4 * i);
        pleats_idx input = own ? pleats_axes_input(part, (pleats_idx)i,
                                                   frame->coordinates.n_inputs)
                               : pair[i];
        if (input >= 0)
            snprintf(axes->name[i], sizeof axes->name[i], "x%d", input);
        else
            snprintf(axes->name[i], sizeof axes->name[i], "%c", i ? 't' : 's');
    }
    TRY(round_axes(ctx, axes));
done:
    pleats_rational_array_free(ctx, 16, room);
    mpq_clear(det);
    return status;
}

void pleats_axes_clear(pleats_ctx *ctx, pleats_axes *axes)
{
    pleats_integers_free(ctx, axes->place, 8);
    pleats_rational_array_free(ctx, 1, axes->area);
    *axes = (pleats_axes){0};
}

void pleats_axes_round(const pleats_axes *axes, mpz_t *point, double *at)
{
    mpz_t num, den;
    mpz_init(num);
    mpz_init(den);
    for (size_t i = 0; i < 2; i++) {
        mpz_t *place = axes->place + 4 * i;
        mpz_mul(num, place[0], point[0]);
        mpz_addmul(num, place[1], point[1]);
        mpz_addmul(num, place[2], point[2]);
        mpz_mul(den, place[3], point[2]);
        at[i] = pleats_quotient_to_double(num, den, NULL);
    }
    mpz_clear(num);
    mpz_clear(den);
}

bool pleats_axes_place(const pleats_axes *axes, const double *local, double *at)
{
    for (size_t i = 0; i < 2; i++) {
        const double *row = axes->matrix + 2 * i;
        at[i] = row[0] * local[0] + row[1] * local[1] + axes->origin[i];
    }
    return isfinite(at[0]) && isfinite(at[1]);
}
