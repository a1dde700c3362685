#include "local/input_rows.h"

#include "exact/integers.h"
#include "exact/rational.h"
#include "local/solver.h"

void pleats_input_rows_clear(pleats_ctx *ctx, pleats_input_rows *r)
{
    if (!r->coordinates)
        return;
    size_t n = r->is_diagonal ? r->k : r->k * r->k;
    pleats_rational_array_free(ctx, n, r->inverse);
    pleats_rational_array_free(ctx, (size_t)r->coordinates->n_inputs + 1,
                               r->row);
    pleats_release(ctx, r->input);
    *r = (pleats_input_rows){0};
}

static mpz_t *row_of(const pleats_input_rows *r, size_t input)
{
    return r->coordinates->num + input * (r->k + 1);
}

/* The only coordinate on which an input depends; k: none, or several. */
static size_t only_coordinate(const pleats_input_rows *r, size_t input)
{
    size_t found = r->k, n = 0;
    mpz_t *num = row_of(r, input);
    for (size_t j = 0; j < r->k; j++)
        if (mpz_sgn(num[j]) != 0) {
            found = j;
            n++;
        }
    return n == 1 ? found : r->k;
}

/* Whether each coordinate has an input of its own: the first one. */
static bool find_diagonal(pleats_input_rows *r)
{
    const size_t n = (size_t)r->coordinates->n_inputs;
    size_t found = 0;
    for (size_t j = 0; j < r->k; j++)
        r->input[j] = n;
    for (size_t i = 0; i < n && found < r->k; i++) {
        size_t j = only_coordinate(r, i);
        if (j == r->k || r->input[j] < n)
            continue;
        r->input[j] = i;
        found++;
    }
    return found == r->k;
}

static pleats_status invert_diagonal(pleats_ctx *ctx, pleats_input_rows *r)
{
    pleats_status status = PLEATS_OK;
    r->is_diagonal = true;
    TRY(pleats_rational_array(ctx, r->k, &r->inverse));
    for (size_t j = 0; j < r->k; j++) {
        mpq_set_z(r->inverse[j], row_of(r, r->input[j])[j]);
        mpq_inv(r->inverse[j], r->inverse[j]);
    }
done:
    return status;
}

/* Takes in the inputs one by one; what is behind the coefficients of a row says
 * of which of those that were taken it is made. */
static pleats_status invert(pleats_ctx *ctx, pleats_input_rows *r)
{
    pleats_status status = PLEATS_OK;
    pleats_solver s = {0};
    size_t found = 0, pivot = 0;
    TRY(pleats_rational_array(ctx, r->k * r->k, &r->inverse));
    TRY(pleats_solver_init(ctx, &s, r->k, 2 * r->k));
    for (size_t i = 0; found < r->k; i++) {
        mpz_t *num = row_of(r, i);
        TRY(pleats_check_stop(ctx));
        for (size_t j = 0; j < r->k; j++) {
            mpq_set_z(s.spare[j], num[j]);
            mpq_set_ui(s.spare[r->k + j], j == found, 1);
        }
        TRY(pleats_solver_take_in(ctx, &s, &pivot));
        if (pivot < r->k)
            r->input[found++] = i;
    }
    for (size_t j = 0; j < r->k; j++)
        for (size_t m = 0; m < r->k; m++)
            mpq_set(r->inverse[j * r->k + m], s.row[j][r->k + m]);
done:
    pleats_solver_clear(ctx, &s);
    return status;
}

pleats_status pleats_input_rows_init(pleats_ctx *ctx, pleats_input_rows *r,
                                     const pleats_coordinates *c)
{
    pleats_status status = PLEATS_OK;
    *r = (pleats_input_rows){.coordinates = c, .k = (size_t)c->k};
    TRY(pleats_alloc(ctx, r->k, sizeof *r->input, &r->input));
    TRY(pleats_rational_array(ctx, (size_t)c->n_inputs + 1, &r->row));
    if (find_diagonal(r))
        TRY(invert_diagonal(ctx, r));
    else
        TRY(invert(ctx, r));
done:
    return status;
}

/* row += by * (den x_input[m] - num[input[m]][k]) */
static void add_input(pleats_input_rows *r, size_t m, const mpq_t by)
{
    mpq_t *constant = &r->row[r->coordinates->n_inputs];
    mpq_t part;
    mpq_init(part);
    mpq_set_z(part, r->coordinates->den);
    mpq_mul(part, part, by);
    mpq_add(r->row[r->input[m]], r->row[r->input[m]], part);
    mpq_set_z(part, row_of(r, r->input[m])[r->k]);
    mpq_mul(part, part, by);
    mpq_sub(*constant, *constant, part);
    mpq_clear(part);
}

/* by = the weight of den x_input[m] - num[input[m]][k] in row . (t, 1) */
static void find_weight(const pleats_input_rows *r, mpz_t *row, size_t m,
                        mpq_t by)
{
    mpq_t part;
    mpq_init(part);
    mpq_set_ui(by, 0, 1);
    if (r->is_diagonal) {
        mpq_set_z(part, row[m]);
        mpq_mul(by, part, r->inverse[m]);
    }
    for (size_t j = 0; j < r->k && !r->is_diagonal; j++) {
        mpq_set_z(part, row[j]);
        mpq_mul(part, part, r->inverse[j * r->k + m]);
        mpq_add(by, by, part);
    }
    mpq_clear(part);
}

/* out [n] = the primitive positive multiple of q [n]. */
static void clear_fractions(size_t n, mpq_t *q, mpz_t *out)
{
    mpz_t den;
    mpz_init_set_ui(den, 1);
    for (size_t i = 0; i < n; i++)
        mpz_lcm(den, den, mpq_denref(q[i]));
    for (size_t i = 0; i < n; i++) {
        mpz_divexact(out[i], den, mpq_denref(q[i]));
        mpz_mul(out[i], out[i], mpq_numref(q[i]));
    }
    pleats_integers_make_primitive(out, n);
    mpz_clear(den);
}

void pleats_input_rows_convert(pleats_input_rows *r, mpz_t *row, mpz_t *out)
{
    const size_t n = (size_t)r->coordinates->n_inputs;
    mpq_t by;
    mpq_init(by);
    for (size_t i = 0; i < n; i++)
        mpq_set_ui(r->row[i], 0, 1);
    mpq_set_z(r->row[n], row[r->k]);
    for (size_t m = 0; m < r->k; m++) {
        find_weight(r, row, m, by);
        add_input(r, m, by);
    }
    clear_fractions(n + 1, r->row, out);
    mpq_clear(by);
}
