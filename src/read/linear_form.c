/* Linear forms over a network's inputs and outputs, as constraint files write
 * them. */
#include "read/linear_form.h"

#include "exact/rational.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_NUMBER_BITS = 1 << 16 };

void pleats_form_init(pleats_form *form)
{
    *form = (pleats_form){0};
    mpq_init(form->constant);
}

void pleats_form_clear(pleats_ctx *ctx, pleats_form *form)
{
    for (size_t i = 0; i < form->n; i++)
        mpq_clear(form->term[i].weight);
    pleats_release(ctx, form->term);
    mpq_clear(form->constant);
    *form = (pleats_form){0};
}

static pleats_status add_variable(pleats_ctx *ctx, pleats_form *form,
                                  pleats_idx variable, const mpq_t weight)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &form->term, &form->capacity, form->n + 1,
                    sizeof *form->term));
    form->term[form->n].variable = variable;
    mpq_init(form->term[form->n].weight);
    mpq_set(form->term[form->n].weight, weight);
    form->n++;
done:
    return status;
}

/* Sums and products of numbers in hostile files must not grow without end. */
static pleats_status check_size(pleats_ctx *ctx, const mpq_t number)
{
    if (mpz_sizeinbase(mpq_numref(number), 2) <= MAX_NUMBER_BITS &&
        mpz_sizeinbase(mpq_denref(number), 2) <= MAX_NUMBER_BITS)
        return PLEATS_OK;
    return pleats_fail(ctx, PLEATS_INVALID,
                       "a number of more than %d bits comes out here",
                       MAX_NUMBER_BITS);
}

pleats_status pleats_form_add_scaled(pleats_ctx *ctx, pleats_form *form,
                                     const mpq_t scale,
                                     const pleats_form *other)
{
    pleats_status status = PLEATS_OK;
    mpq_t product;
    mpq_init(product);
    for (size_t i = 0; i < other->n; i++) {
        mpq_mul(product, scale, other->term[i].weight);
        TRY(check_size(ctx, product));
        TRY(add_variable(ctx, form, other->term[i].variable, product));
    }
    mpq_mul(product, scale, other->constant);
    mpq_add(form->constant, form->constant, product);
    TRY(check_size(ctx, form->constant));
    form->has_outputs |= other->has_outputs;
    form->has_others |= other->has_others;
done:
    mpq_clear(product);
    return status;
}

static pleats_status add_named(const pleats_form_source *s, pleats_form *form,
                               const mpq_t scale, const pleats_sexpr *atom)
{
    pleats_status status = PLEATS_OK;
    pleats_idx variable = PLEATS_VARIABLE_OTHER;
    TRY(pleats_variables_find(s->ctx, s->names, atom, &variable));
    form->has_outputs |= variable < 0 || variable >= s->names->n_inputs;
    form->has_others |= variable < 0;
    if (variable >= 0)
        TRY(add_variable(s->ctx, form, variable, scale));
done:
    return status;
}

static pleats_status add_atom(const pleats_form_source *s, pleats_form *form,
                              const mpq_t scale, const pleats_sexpr *atom)
{
    pleats_status status = PLEATS_OK;
    mpq_t value;
    if (!strchr("+-.0123456789", atom->text[0]))
        return add_named(s, form, scale, atom);
    if (atom->index)
        return pleats_fail(s->ctx, PLEATS_INVALID, "a number has no elements");
    mpq_init(value);
    TRY(pleats_rational_parse(s->ctx, atom->text, (size_t)atom->length, value));
    mpq_mul(value, value, scale);
    mpq_add(form->constant, form->constant, value);
    TRY(check_size(s->ctx, form->constant));
done:
    mpq_clear(value);
    return status;
}

/* (+ a b ...) and (- a b ...); (- a) is the negative of a. */
static pleats_status add_sum(const pleats_form_source *s, pleats_form *form,
                             const mpq_t scale, pleats_idx head)
{
    pleats_status status = PLEATS_OK;
    const pleats_sexpr *node = s->tree->node;
    bool is_difference = pleats_sexpr_is(s->tree, head, "-");
    bool negates_first =
        is_difference && pleats_sexpr_count_after(s->tree, head) == 1;
    mpq_t negative;
    mpq_init(negative);
    mpq_neg(negative, scale);
    for (pleats_idx i = node[head].next; i >= 0; i = node[i].next) {
        bool is_first = i == node[head].next;
        bool negate = is_first ? negates_first : is_difference;
        TRY(pleats_form_add(s, form, negate ? negative : scale, i));
    }
done:
    mpq_clear(negative);
    return status;
}

/* (* a b ...): the product of the factors so far is a number until the one
 * factor with variables comes, and a form from then on. */
static pleats_status add_product(const pleats_form_source *s, pleats_form *form,
                                 const mpq_t scale, pleats_idx head)
{
    pleats_status status = PLEATS_OK;
    const pleats_sexpr *node = s->tree->node;
    pleats_form factor, variable;
    mpq_t number, one;
    bool has_variable = false;
    mpq_init(number);
    mpq_init(one);
    pleats_form_init(&factor);
    pleats_form_init(&variable);
    mpq_set(number, scale);
    mpq_set_ui(one, 1, 1);
    for (pleats_idx i = node[head].next; i >= 0; i = node[i].next) {
        TRY(pleats_form_add(s, &factor, one, i));
        bool is_number = factor.n == 0 && !factor.has_outputs;
        if (!is_number && has_variable)
            TRY(pleats_fail(s->ctx, PLEATS_INVALID,
                            "a product of variables: only linear constraints "
                            "are read"));
        if (is_number) {
            mpq_mul(number, number, factor.constant);
            TRY(check_size(s->ctx, number));
            mpq_set_ui(factor.constant, 0, 1);
        } else {
            has_variable = true;
            pleats_form_clear(s->ctx, &variable);
            variable = factor;
            pleats_form_init(&factor);
        }
    }
    if (!has_variable)
        mpq_add(form->constant, form->constant, number);
    else
        TRY(pleats_form_add_scaled(s->ctx, form, number, &variable));
done:
    pleats_form_clear(s->ctx, &factor);
    pleats_form_clear(s->ctx, &variable);
    mpq_clear(number);
    mpq_clear(one);
    return status;
}

/* (/ a b ...): all but a are numbers other than 0. */
static pleats_status add_quotient(const pleats_form_source *s,
                                  pleats_form *form, const mpq_t scale,
                                  pleats_idx head)
{
    pleats_status status = PLEATS_OK;
    const pleats_sexpr *node = s->tree->node;
    pleats_idx first = node[head].next;
    pleats_form divisor;
    mpq_t share, one;
    mpq_init(share);
    mpq_init(one);
    pleats_form_init(&divisor);
    mpq_set(share, scale);
    mpq_set_ui(one, 1, 1);
    if (node[first].next < 0)
        TRY(pleats_fail(s->ctx, PLEATS_INVALID, "(/) lacks its divisor"));
    for (pleats_idx i = node[first].next; i >= 0; i = node[i].next) {
        pleats_form_clear(s->ctx, &divisor);
        pleats_form_init(&divisor);
        TRY(pleats_form_add(s, &divisor, one, i));
        pleats_form_reduce(&divisor);
        if (divisor.n > 0 || divisor.has_outputs ||
            mpq_sgn(divisor.constant) == 0)
            TRY(pleats_fail(s->ctx, PLEATS_INVALID,
                            "a divisor must be a number other than 0"));
        mpq_div(share, share, divisor.constant);
        TRY(check_size(s->ctx, share));
    }
    TRY(pleats_form_add(s, form, share, first));
done:
    pleats_form_clear(s->ctx, &divisor);
    mpq_clear(share);
    mpq_clear(one);
    return status;
}

/* The reader bounds the depth of lists, and so of this recursion. */
pleats_status pleats_form_add(const pleats_form_source *s, pleats_form *form,
                              const mpq_t scale, pleats_idx i)
{
    const pleats_sexpr *node = s->tree->node;
    *s->line = node[i].line;
    if (!node[i].is_list)
        return add_atom(s, form, scale, &node[i]);
    pleats_idx head = pleats_sexpr_head(s->tree, i);
    char operation = '\0';
    if (head >= 0 && node[head].length == 1 && !node[head].index &&
        strchr("+-*/", node[head].text[0]))
        operation = node[head].text[0];
    if (operation == '\0')
        return pleats_fail(s->ctx, PLEATS_INVALID,
                           "a term must be a number, a variable, or made of "
                           "them by +, -, * and /");
    if (node[head].next < 0)
        return pleats_fail(s->ctx, PLEATS_INVALID, "(%c) lacks its operands",
                           operation);
    switch (operation) {
    case '*':
        return add_product(s, form, scale, head);
    case '/':
        return add_quotient(s, form, scale, head);
    default:
        return add_sum(s, form, scale, head);
    }
}

static int by_variable(const void *left, const void *right)
{
    const pleats_form_term *a = left, *b = right;
    return (a->variable > b->variable) - (a->variable < b->variable);
}

void pleats_form_reduce(pleats_form *form)
{
    size_t kept = 0;
    if (form->n > 1)
        qsort(form->term, form->n, sizeof *form->term, by_variable);
    for (size_t i = 0; i < form->n; i++) {
        pleats_form_term *last = kept > 0 ? &form->term[kept - 1] : NULL;
        if (last && last->variable == form->term[i].variable) {
            mpq_add(last->weight, last->weight, form->term[i].weight);
            mpq_clear(form->term[i].weight);
        } else {
            form->term[kept++] = form->term[i];
        }
    }
    form->n = 0;
    for (size_t i = 0; i < kept; i++) {
        if (mpq_sgn(form->term[i].weight) == 0)
            mpq_clear(form->term[i].weight);
        else
            form->term[form->n++] = form->term[i];
    }
}
