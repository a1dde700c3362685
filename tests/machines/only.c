/* Ends a test, as skipped, on a machine that cannot run what is tested. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#if PLEATS_MACHINE > 1
__attribute__((constructor)) static void look_at_machine(void)
{
    bool can = __builtin_cpu_supports("avx2") &&
               __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
#if PLEATS_MACHINE > 3
    can = can && __builtin_cpu_supports("avx512f") &&
          __builtin_cpu_supports("avx512vl") &&
          __builtin_cpu_supports("avx512dq") &&
          __builtin_cpu_supports("avx512bw") &&
          __builtin_cpu_supports("avx512cd");
#endif
    if (can)
        return;
    printf("this processor is no x86-64-v%d: skipped\n", PLEATS_MACHINE);
    exit(77);
}
#endif
