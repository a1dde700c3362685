/* Whole files in memory, and messages that begin with a place. */
#ifndef PLEATS_BASE_FILE_H
#define PLEATS_BASE_FILE_H

#include "base/base.h"

/* The contents of a file and a zero byte after them; "-" is standard input,
 * which can be read once.  What gzip packed is unpacked, whatever its name.
 * PLEATS_INVALID when it cannot be read or has more than `max_bytes`, packed or
 * unpacked. */
PLEATS_NODISCARD pleats_status pleats_file_read(pleats_ctx *ctx,
                                                const char *path,
                                                size_t max_bytes,
                                                pleats_give char **out,
                                                size_t *size);

/* How to name a path to people: "standard input" for "-". */
const char *pleats_file_name(const char *path);

/* Skips the mark that says UTF-8 at the start of a text. */
void pleats_skip_mark(const char **text, size_t *length);

/* Puts "place: " before the context's message and hands `status` on. */
PLEATS_NODISCARD pleats_status pleats_blame(pleats_ctx *ctx,
                                            pleats_status status,
                                            const char *place, ...)
    __attribute__((format(printf, 3, 4)));

#endif
