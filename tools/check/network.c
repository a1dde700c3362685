#include "network.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 1 << 14 };

unsigned long refuse_line;
const char *refuse_of = "";

void refuse(const char *format, ...)
{
    va_list args;
    printf("REFUSED: ");
    if (refuse_line > 0)
        printf("line %lu%s: ", refuse_line, refuse_of);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
    exit(1);
}

void *room(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (!p) {
        fprintf(stderr, "out of memory\n");
        exit(3);
    }
    return p;
}

mpz_t *integers(size_t n)
{
    mpz_t *z = room(n, sizeof *z);
    for (size_t i = 0; i < n; i++)
        mpz_init(z[i]);
    return z;
}

mpq_t *rationals(size_t n)
{
    mpq_t *q = room(n, sizeof *q);
    for (size_t i = 0; i < n; i++)
        mpq_init(q[i]);
    return q;
}

/* ---- reading ---- */

typedef struct {
    FILE *file;
    char word[WORD];
} reader;

static const char *word(reader *r)
{
    if (fscanf(r->file, "%16383s", r->word) != 1)
        refuse("the text of the network ends too early");
    return r->word;
}

static void expect(reader *r, const char *text)
{
    if (strcmp(word(r), text) != 0)
        refuse("the text of the network has '%.40s' instead of '%s'", r->word,
               text);
}

static size_t natural(reader *r, size_t below)
{
    char *end;
    const unsigned long long x = strtoull(word(r), &end, 10);
    if (*end || r->word[0] == '-' || x >= below)
        refuse("the text of the network has '%.40s' for a number below %zu",
               r->word, below);
    return (size_t)x;
}

static void rational(reader *r, mpq_t q)
{
    if (mpq_set_str(q, word(r), 10) != 0 || mpz_sgn(mpq_denref(q)) == 0)
        refuse("the text of the network has '%.40s' for a number", r->word);
    mpq_canonicalize(q);
}

static void sum_new(sum *s, size_t n)
{
    s->n = n;
    s->scalar = room(n, sizeof *s->scalar);
    s->weight = rationals(n);
    s->whole = integers(n);
    mpq_init(s->constant);
    mpz_init(s->whole_constant);
}

static void read_sum(reader *r, rule *u, size_t before)
{
    u->sort = AFFINE;
    u->n_pieces = 1;
    u->piece = room(1, sizeof *u->piece);
    mpq_t constant;
    mpq_init(constant);
    rational(r, constant);
    sum *s = u->piece;
    sum_new(s, natural(r, (size_t)1 << 30));
    mpq_swap(s->constant, constant);
    mpq_clear(constant);
    for (size_t i = 0; i < s->n; i++) {
        s->scalar[i] = natural(r, before);
        rational(r, s->weight[i]);
    }
}

/* Breakpoints increase, and pieces meet there: the function is continuous. */
static void check_bent(const rule *u)
{
    mpq_t left, right;
    mpq_init(left);
    mpq_init(right);
    for (size_t i = 0; i + 1 < u->n_pieces; i++) {
        if (i > 0 && mpq_cmp(u->at[i - 1], u->at[i]) >= 0)
            refuse("the breakpoints of unit %zu do not increase", u->unit);
        mpq_mul(left, u->piece[i].weight[0], u->at[i]);
        mpq_add(left, left, u->piece[i].constant);
        mpq_mul(right, u->piece[i + 1].weight[0], u->at[i]);
        mpq_add(right, right, u->piece[i + 1].constant);
        if (!mpq_equal(left, right))
            refuse("unit %zu jumps", u->unit);
    }
    mpq_clear(left);
    mpq_clear(right);
}

static void read_bent(reader *r, rule *u, size_t before)
{
    u->sort = BENT;
    const size_t scalar = natural(r, before);
    u->n_pieces = natural(r, (size_t)1 << 20) + 1;
    u->at = rationals(u->n_pieces - 1);
    u->piece = room(u->n_pieces, sizeof *u->piece);
    for (size_t i = 0; i + 1 < u->n_pieces; i++)
        rational(r, u->at[i]);
    for (size_t i = 0; i < u->n_pieces; i++) {
        sum_new(&u->piece[i], 1);
        u->piece[i].scalar[0] = scalar;
        rational(r, u->piece[i].weight[0]);
        rational(r, u->piece[i].constant);
    }
    check_bent(u);
}

static void read_extremum(reader *r, rule *u, sort which, size_t before)
{
    u->sort = which;
    u->n_pieces = natural(r, 65);
    if (u->n_pieces == 0)
        refuse("a maximum of nothing");
    u->piece = room(u->n_pieces, sizeof *u->piece);
    for (size_t i = 0; i < u->n_pieces; i++) {
        sum_new(&u->piece[i], 1);
        u->piece[i].scalar[0] = natural(r, before);
        mpq_set_ui(u->piece[i].weight[0], 1, 1);
    }
}

/* One scalar; whether it is a unit. */
static bool read_rule(reader *r, const char *letter, rule *u, size_t before)
{
    if (strcmp(letter, "a") == 0)
        read_sum(r, u, before);
    else if (strcmp(letter, "b") == 0)
        read_bent(r, u, before);
    else if (strcmp(letter, "m") == 0 || strcmp(letter, "n") == 0)
        read_extremum(r, u, letter[0] == 'm' ? LARGEST : SMALLEST, before);
    else
        refuse("the text of the network has a line '%.40s'", letter);
    return u->sort != AFFINE;
}

void network_read(network *net, const char *path)
{
    reader r = {.file = fopen(path, "r")};
    size_t left = 0; /* units of the step that are to come */
    *net = (network){0};
    if (!r.file)
        refuse("%s cannot be read", path);
    expect(&r, "pleats-network/1");
    expect(&r, "model");
    if (strlen(word(&r)) != 64)
        refuse("the text of the network has no digest");
    memcpy(net->model, r.word, 65);
    expect(&r, "inputs");
    net->n_inputs = natural(&r, (size_t)1 << 30);
    expect(&r, "scalars");
    const size_t n = natural(&r, (size_t)1 << 30);
    net->n_scalars = net->n_inputs + n;
    net->rule = room(n, sizeof *net->rule);
    net->unit = room(n, sizeof *net->unit);
    net->step = room(n + 1, sizeof *net->step);
    for (size_t i = 0; i < n; i++) {
        rule *u = &net->rule[i];
        if (strcmp(word(&r), "units") == 0) {
            if (left > 0)
                refuse("a step of units begins within another");
            left = natural(&r, n + 1);
            net->step[net->n_steps++] = net->n_units;
            word(&r);
        }
        const bool is_unit = read_rule(&r, r.word, u, net->n_inputs + i);
        if (is_unit != (left > 0))
            refuse("the text of the network has a unit outside a step, or a "
                   "sum within one");
        if (!is_unit)
            continue;
        u->unit = net->n_units;
        net->unit[net->n_units++] = net->n_inputs + i;
        left--;
    }
    net->step[net->n_steps] = net->n_units;
    expect(&r, "end");
    fclose(r.file);
}

/* ---- forms ---- */

/* den = a multiple of it and of what a sum needs. */
static void widen(const network *net, const sum *s, mpz_t den, mpz_t part)
{
    for (size_t i = 0; i < s->n; i++) {
        mpz_mul(part, mpq_denref(s->weight[i]), net->den[s->scalar[i]]);
        mpz_lcm(den, den, part);
    }
    mpz_lcm(den, den, mpq_denref(s->constant));
}

/* The sum between numerators, its own over den. */
static void make_whole(const network *net, sum *s, const mpz_t den, mpz_t part)
{
    for (size_t i = 0; i < s->n; i++) {
        mpz_mul(part, mpq_denref(s->weight[i]), net->den[s->scalar[i]]);
        mpz_divexact(s->whole[i], den, part);
        mpz_mul(s->whole[i], s->whole[i], mpq_numref(s->weight[i]));
    }
    mpz_divexact(s->whole_constant, den, mpq_denref(s->constant));
    mpz_mul(s->whole_constant, s->whole_constant, mpq_numref(s->constant));
}

static void make_common(network *net)
{
    mpz_set_ui(net->common, 1);
    for (size_t u = 0; u < net->n_units; u++) {
        const rule *r = network_unit(net, u);
        for (size_t i = 0; i < r->n_pieces; i++)
            mpz_lcm(net->common, net->common, net->den[r->piece[i].scalar[0]]);
        for (size_t i = 0; r->sort == BENT && i + 1 < r->n_pieces; i++)
            mpz_lcm(net->common, net->common, mpq_denref(r->at[i]));
    }
    for (size_t u = 0; u < net->n_units; u++) {
        const rule *r = network_unit(net, u);
        for (size_t i = 0; i < r->n_pieces; i++) {
            const size_t s = r->piece[i].scalar[0];
            mpz_divexact(net->factor[s], net->common, net->den[s]);
        }
    }
}

void network_prepare(network *net, size_t k, mpq_t *input)
{
    const size_t width = k + 1;
    mpz_t part;
    mpz_init(part);
    if (net->form) {
        for (size_t i = 0; i < net->n_scalars * (net->k + 1); i++)
            mpz_clear(net->form[i]);
        free(net->form);
    } else {
        net->den = integers(net->n_scalars);
        net->factor = integers(net->n_scalars);
        net->is_zero = room(net->n_scalars, sizeof *net->is_zero);
        mpz_init(net->common);
    }
    net->k = k;
    net->form = integers(net->n_scalars * width);
    for (size_t i = 0; i < net->n_inputs; i++) {
        mpz_set_ui(net->den[i], 1);
        for (size_t c = 0; c < width; c++)
            mpz_lcm(net->den[i], net->den[i], mpq_denref(input[i * width + c]));
        for (size_t c = 0; c < width; c++) {
            mpz_ptr to = net->form[i * width + c];
            mpz_divexact(to, net->den[i], mpq_denref(input[i * width + c]));
            mpz_mul(to, to, mpq_numref(input[i * width + c]));
        }
    }
    for (size_t i = net->n_inputs; i < net->n_scalars; i++) {
        rule *r = &net->rule[i - net->n_inputs];
        mpz_set_ui(net->den[i], 1);
        for (size_t p = 0; p < r->n_pieces; p++)
            widen(net, &r->piece[p], net->den[i], part);
        for (size_t p = 0; p < r->n_pieces; p++)
            make_whole(net, &r->piece[p], net->den[i], part);
    }
    make_common(net);
    net->n_ready = net->n_inputs;
    mpz_clear(part);
}

/* to += weight * form, both [width]. */
static void add_multiple(mpz_t *to, const mpz_t weight, mpz_t *form,
                         size_t width)
{
    for (size_t c = 0; c < width; c++)
        mpz_addmul(to[c], weight, form[c]);
}

static void run_sum(network *net, size_t scalar, const sum *s)
{
    const size_t width = net->k + 1;
    mpz_t *to = net->form + scalar * width;
    for (size_t c = 0; c < net->k; c++)
        mpz_set_ui(to[c], 0);
    mpz_set(to[net->k], s->whole_constant);
    for (size_t i = 0; i < s->n; i++)
        if (!net->is_zero[s->scalar[i]] && mpz_sgn(s->whole[i]) != 0)
            add_multiple(to, s->whole[i], net->form + s->scalar[i] * width,
                         width);
    net->is_zero[scalar] = true;
    for (size_t c = 0; c < width; c++)
        net->is_zero[scalar] = net->is_zero[scalar] && mpz_sgn(to[c]) == 0;
}

void network_run(network *net, size_t end, const size_t *piece)
{
    for (; net->n_ready < end; net->n_ready++) {
        const rule *r = &net->rule[net->n_ready - net->n_inputs];
        const size_t p = r->sort == AFFINE ? 0 : piece[r->unit];
        run_sum(net, net->n_ready, &r->piece[p]);
    }
}

void network_plane(const network *net, size_t unit, size_t at, mpz_t *out)
{
    const rule *r = network_unit(net, unit);
    const size_t s = r->piece[0].scalar[0], width = net->k + 1;
    for (size_t c = 0; c < width; c++)
        mpz_mul(out[c], net->form[s * width + c], net->factor[s]);
    if (mpq_sgn(r->at[at]) == 0)
        return;
    mpz_t part;
    mpz_init(part);
    mpz_divexact(part, net->common, mpq_denref(r->at[at]));
    mpz_submul(out[net->k], part, mpq_numref(r->at[at]));
    mpz_clear(part);
}

void network_duel(const network *net, size_t unit, size_t i, size_t j,
                  mpz_t *out)
{
    const rule *r = network_unit(net, unit);
    const bool is_min = r->sort == SMALLEST;
    const size_t a = r->piece[is_min ? j : i].scalar[0];
    const size_t b = r->piece[is_min ? i : j].scalar[0];
    const size_t width = net->k + 1;
    for (size_t c = 0; c < width; c++) {
        mpz_mul(out[c], net->form[a * width + c], net->factor[a]);
        mpz_submul(out[c], net->form[b * width + c], net->factor[b]);
    }
}
