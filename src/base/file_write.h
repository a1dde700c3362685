/* Files that appear whole or not at all. */
#ifndef PLEATS_BASE_FILE_WRITE_H
#define PLEATS_BASE_FILE_WRITE_H

#include "base/base.h"

/* Writes the bytes [n] to a file beside `path` that then takes its place.  A
 * device or pipe is written directly.  PLEATS_IO when that cannot be done. */
PLEATS_NODISCARD pleats_status pleats_file_write(pleats_ctx *ctx,
                                                 const char *path,
                                                 const unsigned char *bytes,
                                                 size_t n);

#endif
