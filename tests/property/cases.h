/* The main loop of a property test: one random case for each seed. */
#ifndef PLEATS_TEST_CASES_H
#define PLEATS_TEST_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the property holds in the case of that seed; tells on stderr when it
 * does not. */
typedef bool (*case_fn)(uint64_t seed);

/* Runs `normal` cases (times the environment's PLEATS_TEST_MULTIPLIER), from
 * seed PLEATS_TEST_FIRST (1) on, or the one case of PLEATS_TEST_SEED, and
 * prints how many there were; stops after a few failures.  Returns the number
 * of failures. */
uint64_t failed_cases(uint64_t normal, case_fn run_case);

/* The number of failures among seeds [n] that found something once; of none
 * when PLEATS_TEST_SEED asks for one case. */
uint64_t failed_again(size_t n, const uint64_t *seed, case_fn run_case);

#endif
