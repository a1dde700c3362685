/* What gzip packed. */
#ifndef PLEATS_BASE_GUNZIP_H
#define PLEATS_BASE_GUNZIP_H

#include "base/base.h"

/* Whether the bytes [n] begin as gzip's do. */
bool pleats_is_gzip(const char *bytes, size_t n);

/* Unpacks one or more members, with a zero byte after them all.  Memory is
 * taken as bytes come out and ends with `max_bytes`.  PLEATS_INVALID beyond
 * that, and for damaged or incomplete data. */
PLEATS_NODISCARD pleats_status pleats_gunzip(pleats_ctx *ctx, const char *bytes,
                                             size_t n, size_t max_bytes,
                                             pleats_give char **out,
                                             size_t *size);

#endif
