/* What one worker of a survey has found. */
#ifndef PLEATS_SURVEY_TALLY_H
#define PLEATS_SURVEY_TALLY_H

#include "count/look.h"
#include "exact/fractions.h"
#include "local/classes.h"
#include "local/wall_layers.h"
#include "survey/gauge.h"
#include "survey/numbers.h"
#include "volume/measure.h"

/* What all workers share; lent to them. */
typedef struct {
    const pleats_net *net;
    bool has_volumes, exact_volumes;
    pleats_measure measure; /* with volumes */
    pleats_gauge gauge;
    double enough; /* a volume that is off by no more will do */
    pleats_wall_layers layers;
} pleats_survey_plan;

typedef struct {
    uint64_t somewhere, everywhere, n; /* n: parts in the sum */
    pleats_enclosed volume;            /* sums of values and of errors */
    pleats_fractions exact;
} pleats_class_tally;

enum { PLEATS_SURVEY_NUMBERS = 4 }; /* volume, diameter, slope, distance */

typedef struct {
    const pleats_survey_plan *plan; /* NULL: not made */
    uint64_t regions, mixed, uncut;
    pleats_classes classes;
    pleats_class_tally *class; /* [classes.n] */
    uint64_t *last;            /* [n_layers] */
    uint64_t *active;          /* [n_units + 1] */
    pleats_look look;
    pleats_volume_room room;
    pleats_numbers *numbers; /* [PLEATS_SURVEY_NUMBERS] */
    double *placed;          /* room for vertices */
    size_t placed_capacity;
    pleats_enclosed whole; /* of the region at hand */
    pleats_cell *cell;
    mpq_t exact;
} pleats_survey_tally;

PLEATS_NODISCARD pleats_status pleats_survey_tally_init(
    pleats_ctx *ctx, pleats_survey_tally *tally, const pleats_survey_plan *plan,
    const pleats_frame *frame);
void pleats_survey_tally_clear(pleats_ctx *ctx, pleats_survey_tally *tally);

/* Notes the region that the space is in. */
PLEATS_NODISCARD pleats_status pleats_survey_note(pleats_survey_tally *tally,
                                                  pleats_space *space,
                                                  pleats_cell *cell);

/* Adds what another worker found. */
void pleats_survey_tally_join(pleats_survey_tally *tally,
                              const pleats_survey_tally *other);

#endif
