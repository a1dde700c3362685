/* A set of patterns: the pieces of all units in a region. */
#ifndef PATTERNS_H
#define PATTERNS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    size_t bytes, n, n_slots;
    unsigned char **slot; /* [n_slots] a pattern, or NULL */
} patterns;

/* Whether the pattern [bytes], which is taken over, was not there. */
bool patterns_add(patterns *s, unsigned char *p);

#endif
