#include "cases.h"

#include "need.h"

#include <stdio.h>

enum { FIRST_SEED = 1, MAX_FAILURES = 5 };

uint64_t failed_cases(uint64_t normal, case_fn run_case)
{
    uint64_t seed = number_from_environment("PLEATS_TEST_SEED", 0);
    uint64_t first =
        seed ? seed : number_from_environment("PLEATS_TEST_FIRST", FIRST_SEED);
    uint64_t cases = seed ? 1 : n_cases(normal), failures = 0;
    for (uint64_t i = 0; i < cases && failures < MAX_FAILURES; i++)
        failures += !run_case(first + i);
    printf("%llu cases from seed %llu, %llu failures\n",
           (unsigned long long)cases, (unsigned long long)first,
           (unsigned long long)failures);
    return failures;
}

uint64_t failed_again(size_t n, const uint64_t *seed, case_fn run_case)
{
    uint64_t failures = 0;
    if (number_from_environment("PLEATS_TEST_SEED", 0))
        return 0;
    for (size_t i = 0; i < n; i++)
        failures += !run_case(seed[i]);
    return failures;
}
