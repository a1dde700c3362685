#include "patterns.h"

#include "network.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash(const unsigned char *p, size_t n)
{
    uint64_t h = 1469598103934665603u; /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 1099511628211u;
    return h ^ h >> 32;
}

static unsigned char **find_slot(const patterns *s, const unsigned char *p)
{
    size_t i = hash(p, s->bytes) & (s->n_slots - 1);
    while (s->slot[i] && memcmp(s->slot[i], p, s->bytes) != 0)
        i = (i + 1) & (s->n_slots - 1);
    return &s->slot[i];
}

bool patterns_add(patterns *s, unsigned char *p)
{
    if (2 * s->n >= s->n_slots) {
        patterns grown = {s->bytes, s->n, s->n_slots ? 2 * s->n_slots : 64, 0};
        grown.slot = room(grown.n_slots, sizeof *grown.slot);
        for (size_t i = 0; i < s->n_slots; i++)
            if (s->slot[i])
                *find_slot(&grown, s->slot[i]) = s->slot[i];
        free(s->slot);
        *s = grown;
    }
    unsigned char **slot = find_slot(s, p);
    if (*slot) {
        free(p);
        return false;
    }
    *slot = p;
    s->n++;
    return true;
}
