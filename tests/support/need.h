/* Memory and other things without which a test cannot go on: on failure the
 * program ends with a line on stderr. */
#ifndef PLEATS_TEST_NEED_H
#define PLEATS_TEST_NEED_H

#include "pleats/context.h"

/* `count` zeroed objects of `size` bytes; free() them. */
void *need_memory(size_t count, size_t size);
/* `pointer` made to hold `count` objects; new room is not zeroed. */
void *need_more(void *pointer, size_t count, size_t size);

/* Ends the program with the context's message unless `status` is OK. */
void need_ok(pleats_ctx *ctx, pleats_status status);

/* A context with malloc; ends the program when there is none. */
pleats_ctx *need_ctx(void);

/* The number in environment variable `name`, or `otherwise`. */
uint64_t number_from_environment(const char *name, uint64_t otherwise);

/* How many cases a property test runs: `normal` times the environment's
 * PLEATS_TEST_MULTIPLIER (default 1), or one PLEATS_TEST_SHARE-th of that. */
uint64_t n_cases(uint64_t normal);

#endif
