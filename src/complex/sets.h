/* The topology of level sets and of classes, and what classes are made of. */
#ifndef PLEATS_COMPLEX_SETS_H
#define PLEATS_COMPLEX_SETS_H

#include "complex/complex.h"

/* Room for the sets that the options ask for. */
PLEATS_NODISCARD pleats_status pleats_complex_reserve(
    pleats_complex_work *work, const pleats_complex_options *options,
    pleats_complex_result *out);

/* Both cut the faces, by an output's level and by the outputs' maximum, and add
 * sets to `out`. */
PLEATS_NODISCARD pleats_status
pleats_complex_level_sets(pleats_complex_work *work, pleats_idx output,
                          const char *level, pleats_complex_result *out);
PLEATS_NODISCARD pleats_status pleats_complex_classes(
    pleats_complex_work *work, bool exact_volumes, pleats_complex_result *out);

/* The components of the classes: class [n faces of dimension k]. */
PLEATS_NODISCARD pleats_status
pleats_complex_components(pleats_complex_work *work, const pleats_idx *class,
                          bool exact_volumes, pleats_complex_result *out);

/* Regions and their common facets. */
PLEATS_NODISCARD pleats_status pleats_complex_graph(pleats_complex_work *work,
                                                    pleats_complex_result *out);

#endif
