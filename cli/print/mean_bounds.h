/* What is known of expected numbers of regions, beside measured means. */
#ifndef PLEATS_CLI_PRINT_MEAN_BOUNDS_H
#define PLEATS_CLI_PRINT_MEAN_BOUNDS_H

#include "print/report.h"

#include "pleats/bounds.h"

/* Lines of text, or [{"name", "source", "value", "times", "statement",
 * "hypotheses", "certainty"}]; `value` is a number that `times` a factor which
 * the weights' distribution sets gives the bound. */
void mean_bounds_print(const pleats_spec *spec);
json_t *mean_bounds_json(const pleats_spec *spec);

#endif
