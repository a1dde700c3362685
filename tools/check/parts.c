#include "parts.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- parts over their own coordinates ---- */

static bool is_fixed(const raw_part *p, size_t j)
{
    return p->has_lo[j] && p->has_hi[j] && mpq_equal(p->lo[j], p->hi[j]);
}

/* to [kept k + 1] = the line [k + 1] over t, written over s. */
static void to_own(const raw_part *p, mpq_t *line, mpq_t *to)
{
    size_t at = 0;
    mpq_t share;
    mpq_init(share);
    for (size_t j = 0; j < p->k; j++) {
        if (p->has_lo[j] && p->has_hi[j]) {
            mpq_add(share, p->lo[j], p->hi[j]);
            mpq_div_2exp(share, share, 1);
            mpq_mul(share, share, line[j]);
            mpq_add(line[p->k], line[p->k], share);
            mpq_sub(share, p->hi[j], p->lo[j]);
            mpq_div_2exp(share, share, 1);
            mpq_mul(line[j], line[j], share);
        }
        if (!is_fixed(p, j))
            mpq_set(to[at++], line[j]);
    }
    mpq_set(to[at], line[p->k]);
    mpq_clear(share);
}

/* Adds the side whose line [k + 1] is over t. */
static void add_side(part *to, const raw_part *p, mpq_t *line)
{
    const size_t width = to->k + 1;
    mpq_t *own = rationals(width);
    mpz_t *side = to->side + to->n_sides * width;
    mpz_t common;
    bool has = false;
    to_own(p, line, own);
    mpz_init_set_ui(common, 1);
    for (size_t c = 0; c < width; c++)
        mpz_lcm(common, common, mpq_denref(own[c]));
    for (size_t c = 0; c < width; c++) {
        mpz_divexact(side[c], common, mpq_denref(own[c]));
        mpz_mul(side[c], side[c], mpq_numref(own[c]));
        has = has || (c < to->k && mpz_sgn(side[c]) != 0);
    }
    mpz_set_ui(common, 0);
    for (size_t c = 0; c < width; c++)
        mpz_gcd(common, common, side[c]);
    for (size_t c = 0; c < width && has; c++)
        mpz_divexact(side[c], side[c], common);
    to->is_empty = to->is_empty || (!has && mpq_sgn(own[to->k]) < 0);
    to->n_sides += has;
    mpz_clear(common);
    for (size_t c = 0; c < width; c++)
        mpq_clear(own[c]);
    free(own);
}

static void zero(mpq_t *line, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mpq_set_ui(line[i], 0, 1);
}

static void make_sides(part *to, const raw_part *p)
{
    mpq_t *line = rationals(p->k + 1);
    for (size_t j = 0; j < p->k; j++) {
        if (p->has_lo[j] == p->has_hi[j])
            continue;
        zero(line, p->k + 1);
        mpq_set_si(line[j], p->has_lo[j] ? 1 : -1, 1);
        mpq_set(line[p->k], p->has_lo[j] ? p->lo[j] : p->hi[j]);
        if (p->has_lo[j])
            mpq_neg(line[p->k], line[p->k]);
        add_side(to, p, line);
    }
    for (size_t i = 0; i < p->m; i++) {
        for (size_t j = 0; j <= p->k; j++)
            mpq_set(line[j], p->row[i * (p->k + 1) + j]);
        for (size_t j = 0; j < p->k; j++)
            mpq_neg(line[j], line[j]);
        add_side(to, p, line);
    }
}

void part_make(part *to, const raw_part *p, size_t n_inputs)
{
    mpq_t *line = rationals(p->k + 1);
    to->boxed = room(p->k, sizeof *to->boxed);
    to->fills = !p->is_slice;
    for (size_t j = 0; j < p->k; j++) {
        const bool both = p->has_lo[j] && p->has_hi[j];
        if (is_fixed(p, j))
            to->fills = false;
        else
            to->boxed[to->k++] = both;
        if (both && mpq_cmp(p->lo[j], p->hi[j]) > 0)
            to->is_empty = true;
    }
    to->input = rationals(n_inputs * (to->k + 1));
    to->side = integers((p->k + p->m) * (to->k + 1));
    for (size_t i = 0; i < n_inputs; i++) {
        zero(line, p->k + 1);
        for (size_t j = 0; j < p->k; j++)
            if (p->is_slice)
                mpq_set(line[j], p->direction[j * n_inputs + i]);
            else if (i == j)
                mpq_set_ui(line[j], 1, 1);
        if (p->is_slice)
            mpq_set(line[p->k], p->origin[i]);
        to_own(p, line, to->input + i * (to->k + 1));
    }
    make_sides(to, p);
}

/* ---- words ---- */

static void print_vector(mpq_t *v, size_t n, FILE *out)
{
    fprintf(out, "(");
    for (size_t i = 0; i < n; i++)
        gmp_fprintf(out, i ? ", %Qd" : "%Qd", v[i]);
    fprintf(out, ")");
}

void part_print(const raw_part *p, size_t n_inputs, FILE *out)
{
    const char *name = p->is_slice ? "t" : "x";
    const char *between = "";
    if (p->is_slice) {
        fprintf(out, "x = ");
        print_vector(p->origin, n_inputs, out);
        for (size_t j = 0; j < p->k; j++) {
            fprintf(out, " + t_%zu ", j);
            print_vector(p->direction + j * n_inputs, n_inputs, out);
        }
        between = "; ";
    }
    for (size_t j = 0; j < p->k; j++) {
        if (!p->has_lo[j] && !p->has_hi[j])
            continue;
        fprintf(out, "%s", between);
        if (p->has_lo[j])
            gmp_fprintf(out, "%Qd <= ", p->lo[j]);
        fprintf(out, "%s_%zu", name, j);
        if (p->has_hi[j])
            gmp_fprintf(out, " <= %Qd", p->hi[j]);
        between = "; ";
    }
    for (size_t i = 0; i < p->m; i++) {
        mpq_t *row = p->row + i * (p->k + 1);
        const char *plus = "";
        fprintf(out, "%s", between);
        for (size_t j = 0; j < p->k; j++) {
            if (mpq_sgn(row[j]) == 0)
                continue;
            gmp_fprintf(out, "%s%Qd %s_%zu", plus, row[j], name, j);
            plus = " + ";
        }
        gmp_fprintf(out, " <= %Qd", row[p->k]);
        between = "; ";
    }
    fprintf(out, "%s\n", *between ? "" : "all of the input space");
}
