#include "theory/bounds/maxima.h"

#include "theory/bounds/rank_table.h"
#include "theory/sums.h"

void pleats_maxima_patterns(const pleats_level *level, bool is_line,
                            const uint16_t *ranks, mpz_t out)
{
    int64_t all = 0;
    mpz_t product, one;
    mpz_init_set_ui(product, 1);
    mpz_init(one);
    for (pleats_idx i = 0; i < level->n; i++) {
        const int64_t n = level->reads[i] ? level->size[i] : 0;
        const uint16_t r =
            is_line ? ranks[i * level->n + i] : ranks[(size_t)1 << i];
        pleats_zaslavsky(one, n, pleats_lesser(n, r), level->pieces - 1);
        mpz_mul(product, product, one);
        all += n;
    }
    const uint16_t r = pleats_rank_of_all(is_line, level->n, ranks);
    pleats_zaslavsky(out, all, pleats_lesser(all, r), level->pieces - 1);
    if (mpz_cmp(product, out) < 0)
        mpz_set(out, product);
    mpz_clear(product);
    mpz_clear(one);
}
