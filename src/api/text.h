/* Numbers as the texts that cross the public boundary. */
#ifndef PLEATS_API_TEXT_H
#define PLEATS_API_TEXT_H

#include "base/base.h"

#include <gmp.h>

PLEATS_NODISCARD pleats_status pleats_integer_text(pleats_ctx *ctx,
                                                   const mpz_t z,
                                                   pleats_give char **out);
PLEATS_NODISCARD pleats_status pleats_count_text(pleats_ctx *ctx, uint64_t n,
                                                 pleats_give char **out);

#endif
