/* Answers by growing budgets.
 *
 * Several enumerations, each with the budget, come one after the other; where a
 * time limit ends the first one, the others would have nothing.  So all are
 * made with a small budget first, then with four times as much, up to the
 * whole, and the better answer is kept.  The budgets but for the last are the
 * same for all larger ones, so that with more of it there is more time for each
 * only when all smaller ones have answered.  Cost: at most a third more.
 */
#ifndef PLEATS_THEORY_LADDER_H
#define PLEATS_THEORY_LADDER_H

#include "theory/layer/one_layer.h"

/* The next budget behind `last` (0: none yet) for a whole one of `all` (0: no
 * bound, at one go). */
uint64_t pleats_next_budget(uint64_t last, uint64_t all);

/* What the enumerations with one budget said. */
typedef struct {
    pleats_labelled generic, no_bias, no_bias_upper;
    mpz_t low, high;
    bool is_interval;
} pleats_answers;

void pleats_answers_init(pleats_answers *answers);
void pleats_answers_clear(pleats_answers *answers);

/* Takes the answers that are not settled out of `one`, as if nothing had been
 * asked. */
void pleats_answers_take(pleats_answers *answers, pleats_one_layer *one);
/* Puts the generic number, or those without biases, back where they are better
 * than those that `one` has now. */
void pleats_answers_keep_generic(pleats_answers *answers,
                                 pleats_one_layer *one);
void pleats_answers_keep_no_bias(pleats_answers *answers,
                                 pleats_one_layer *one);

/* Whether no larger budget could say more: exact, or but for a probability. */
bool pleats_is_settled(const pleats_labelled *number);

#endif
