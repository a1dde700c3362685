/* Ends a test, as skipped, on a machine that cannot run what is tested. */
#include <stdio.h>
#include <stdlib.h>

#if PLEATS_MACHINE > 1
__attribute__((constructor)) static void look_at_machine(void)
{
#if PLEATS_MACHINE == 3
    if (__builtin_cpu_supports("x86-64-v3"))
        return;
#else
    if (__builtin_cpu_supports("x86-64-v4"))
        return;
#endif
    printf("this processor is no x86-64-v%d: skipped\n", PLEATS_MACHINE);
    exit(77);
}
#endif
