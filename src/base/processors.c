#define _GNU_SOURCE
#include "base/base.h"

#include <sched.h>
#include <unistd.h>

pleats_idx pleats_n_processors(void)
{
    cpu_set_t set;
    long n = sched_getaffinity(0, sizeof set, &set) == 0
                 ? CPU_COUNT(&set)
                 : sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 && n <= INT32_MAX ? (pleats_idx)n : 1;
}
