/* Where a file is while it is written. */
#ifndef PLEATS_BASE_OUTPUT_H
#define PLEATS_BASE_OUTPUT_H

#include "base/base.h"
#include "pleats/output.h"

/* The path, until its commit, of a regular file that was opened by
 * pleats_output_open_kept, for libraries that write to paths; NULL of all
 * others.  Lent. */
const char *pleats_output_place(const pleats_output *out);

#endif
