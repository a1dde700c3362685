/* Files that are written at once, and those that are not written from one end
 * to the other. */
#ifndef PLEATS_BASE_OUTPUT_H
#define PLEATS_BASE_OUTPUT_H

#include "base/base.h"
#include "pleats/output.h"

/* The descriptor of a regular file, which may be read and written at any place
 * until its commit; -1 of devices and pipes.  Lent. */
int pleats_output_file(const pleats_output *out);

/* Writes a whole file at once, as by pleats_output_open, _write and _commit. */
PLEATS_NODISCARD pleats_status pleats_output_put(pleats_ctx *ctx,
                                                 const char *path,
                                                 const void *bytes, size_t n);

#endif
