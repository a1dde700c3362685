#include "exact/fractions.h"

/* Like adding 1 to a binary number: a carry takes the sum of a full level. */
void pleats_fractions_add(pleats_fractions *s, const mpq_t x)
{
    int i = 0;
    mpq_t carry;
    mpq_init(carry);
    mpq_set(carry, x);
    for (; s->has[i]; i++) {
        mpq_add(carry, carry, s->level[i]);
        mpq_clear(s->level[i]);
        s->has[i] = false;
    }
    mpq_init(s->level[i]);
    mpq_swap(s->level[i], carry);
    s->has[i] = true;
    s->n++;
    mpq_clear(carry);
}

void pleats_fractions_total(const pleats_fractions *s, mpq_t out)
{
    for (int i = 0; i < PLEATS_FRACTION_LEVELS; i++)
        if (s->has[i])
            mpq_add(out, out, s->level[i]);
}

void pleats_fractions_clear(pleats_fractions *s)
{
    for (int i = 0; i < PLEATS_FRACTION_LEVELS; i++)
        if (s->has[i])
            mpq_clear(s->level[i]);
    *s = (pleats_fractions){0};
}
