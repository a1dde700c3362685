/* The rows of `pleats compare`: architectures and their best bounds. */
#ifndef PLEATS_CLI_PRINT_COMPARE_TABLE_H
#define PLEATS_CLI_PRINT_COMPARE_TABLE_H

#include "session.h"

#include "pleats/bounds.h"
#include "pleats/layer.h"

#include <stdbool.h>

enum { MOST_ROWS = 256 };

/* One side of a row; value NULL and numbers NaN where there is none. */
typedef struct {
    const char *value; /* decimal */
    const char *name, *source;
    double log10, per_parameter; /* log10 for each parameter */
} compare_side;

typedef struct {
    pleats_spec *spec;
    const char *role; /* "given", "depth", "fc, same depth", "fc, one layer" */
    compare_side lower, upper;
    pleats_bounds_result bounds; /* what the sides lend from */
    pleats_one_layer_result one;
} compare_row;

typedef struct {
    session session;
    compare_row row[MOST_ROWS];
    int n;
    double seconds;
    pleats_stop stopped; /* by which limit */
} compare_table;

/* Takes the spec as the next row and works out its bounds; for one layer of
 * units whose bounds do not meet, its generic count too.  Returns EXIT_ANSWERED
 * or the exit code of a failure that has been reported. */
int compare_add(compare_table *t, pleats_spec *spec, const char *role);
void compare_clear(compare_table *t);

/* Whether lower and upper bound meet. */
bool compare_is_exact(const compare_row *r);

/* Whether the maximum of row i is proved to be above that of row j. */
bool compare_is_proved(const compare_table *t, int i, int j);

#endif
