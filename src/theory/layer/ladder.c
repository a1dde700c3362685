#include "theory/layer/ladder.h"

#include "theory/layer/labelled.h"

enum { FIRST_BUDGET = 20000000, TIMES = 4 };

uint64_t pleats_next_budget(uint64_t last, uint64_t all)
{
    const uint64_t next = last ? last * TIMES : FIRST_BUDGET;
    return all == 0 || next > all || next < last ? all : next;
}

void pleats_answers_init(pleats_answers *a)
{
    *a = (pleats_answers){0};
    mpz_inits(a->generic.value, a->no_bias.value, a->no_bias_upper.value,
              a->low, a->high, NULL);
}

void pleats_answers_clear(pleats_answers *a)
{
    mpz_clears(a->generic.value, a->no_bias.value, a->no_bias_upper.value,
               a->low, a->high, NULL);
}

bool pleats_is_settled(const pleats_labelled *number)
{
    return number->is_known &&
           (number->label == PLEATS_EXACT || number->label == PLEATS_PROBABLE);
}

static void swap(pleats_labelled *a, pleats_labelled *b)
{
    const pleats_labelled other = *a;
    *a = *b;
    *b = other;
}

void pleats_answers_take(pleats_answers *a, pleats_one_layer *one)
{
    if (one->generic.is_known && !pleats_is_settled(&one->generic)) {
        swap(&a->generic, &one->generic);
        mpz_swap(a->low, one->low);
        mpz_swap(a->high, one->high);
        a->is_interval = one->is_interval;
        one->generic.is_known = one->is_interval = false;
    }
    if ((one->no_bias.is_known || one->no_bias_upper.is_known) &&
        !pleats_is_settled(&one->no_bias)) {
        swap(&a->no_bias, &one->no_bias);
        swap(&a->no_bias_upper, &one->no_bias_upper);
        one->no_bias.is_known = one->no_bias_upper.is_known = false;
    }
}

/* How much a label says. */
static int rank_of(const pleats_labelled *number)
{
    if (!number->is_known)
        return 0;
    if (number->label == PLEATS_EXACT)
        return 4;
    if (number->label == PLEATS_PROBABLE)
        return 3;
    return number->label == PLEATS_ESTIMATE ? 2 : 1;
}

/* Whether `a` is worth more: by its label, and of lower bounds the larger. */
static bool is_better(const pleats_labelled *a, const pleats_labelled *b)
{
    const int x = rank_of(a), y = rank_of(b);
    return x != y ? x > y
                  : x == 1 && a->label == PLEATS_LOWER &&
                        b->label == PLEATS_LOWER &&
                        mpz_cmp(a->value, b->value) > 0;
}

void pleats_answers_keep_generic(pleats_answers *a, pleats_one_layer *one)
{
    if (!is_better(&a->generic, &one->generic))
        return;
    swap(&a->generic, &one->generic);
    mpz_swap(a->low, one->low);
    mpz_swap(a->high, one->high);
    one->is_interval = a->is_interval;
}

void pleats_answers_keep_no_bias(pleats_answers *a, pleats_one_layer *one)
{
    const pleats_labelled *old = &a->no_bias_upper, *new = &one->no_bias_upper;
    if (is_better(&a->no_bias, &one->no_bias))
        swap(&a->no_bias, &one->no_bias);
    if (old->is_known && one->no_bias.label != PLEATS_EXACT &&
        (!new->is_known || mpz_cmp(old->value, new->value) < 0))
        swap(&a->no_bias_upper, &one->no_bias_upper);
}
