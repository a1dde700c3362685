/* A survey of all regions on a domain: how many there are of each kind, how the
 * classes share its volume, how large and steep regions are, which units do
 * something on it, and in which of them data rows lie.  One pass; memory does
 * not grow with the regions, but with the data rows. */
#ifndef PLEATS_SURVEY_H
#define PLEATS_SURVEY_H

#include "pleats/output.h"
#include "pleats/regions.h"
#include "pleats/rows.h"
#include "pleats/stable.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    size_t size; /* of this struct; pleats_init_survey_options */
    bool paranoid;
    pleats_count_engine engine;
    bool exact_volumes;      /* of the classes as fractions, which grow with
                                every region: for small domains */
    const pleats_rows *rows; /* lent; NULL: none */
} pleats_survey_options;

static inline void pleats_init_survey_options(pleats_survey_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

/* A class is where an output is the largest, as of PLEATS_REGION_CLASS; what
 * equal outputs share belongs to the first of them.  Its boundary cuts regions:
 * its volume is that of the parts of regions in which it is the largest. */
typedef struct {
    uint64_t somewhere;          /* regions that have some of it in them */
    uint64_t everywhere;         /* regions that it has to itself */
    double volume, volume_error; /* |volume - true| <= volume_error */
    double share_lo, share_hi; /* of the domain's volume, proved, also when the
                                  survey was stopped */
    char *exact_volume;        /* a fraction; NULL: not asked for */
} pleats_survey_class;

/* A layer of units, with what its units do on the domain, as of
 * pleats_stable_layer: units that are off are constant, those that are on are
 * affine functions of their input; both change nothing anywhere. */
typedef struct {
    pleats_stable_layer units;
    uint64_t last; /* regions that units of this layer cut out: no unit of a
                      later layer has a wall around them */
} pleats_survey_layer;

/* Numbers, one of a region, in bins: bin i has those from 2^(first + i) to
 * 2^(first + i + 1). */
typedef struct {
    int32_t n, first;
    uint64_t *bin; /* [n] */
    uint64_t zeros, infinite;
    double least, most, mean; /* of the finite ones */
} pleats_survey_numbers;

typedef struct {
    char *regions;      /* decimal */
    pleats_label label; /* PLEATS_EXACT: of all; or PLEATS_LOWER */
    pleats_stop stopped;
    int32_t dimension; /* -1: the domain is empty */
    int32_t n_classes;
    pleats_survey_class *classes; /* [n_classes] */
    uint64_t mixed;               /* regions with more than one class */
    int32_t n_layers;
    pleats_survey_layer *layer; /* [n_layers] */
    uint64_t uncut;             /* regions without a wall: 1 or 0 */
    int32_t n_units;
    pleats_unit_state *state; /* [n_units] */
    int32_t n_active;         /* units that are functions of one scalar, + 1 */
    uint64_t *active; /* [n_active] regions in which i of them have a slope */
    /* Volumes are told on bounded domains of at most 8 dimensions. */
    bool has_volumes;
    char *domain_volume, *volume_gram; /* fractions, see docs/formats.md */
    /* In doubles: of a region its volume, its diameter, the greatest slope of
     * an output along the domain, and how far the mean of its vertices is from
     * the nearest of its sides; lengths are those in the inputs. */
    pleats_survey_numbers volume, diameter, slope, distance;
    int64_t n_rows, rows_outside, rows_on_walls; /* data rows: all, and those
                                                    that are in no region */
    int64_t n_used;                              /* regions with data rows */
    int64_t *in_region; /* [n_used] rows in each, the most first */
    double seconds;
    uint64_t reserved[8];
} pleats_survey_result;

/* Surveys the regions of a single convex domain.  What is said of regions,
 * classes, layers and units is certain, as of pleats_count, and volumes are
 * within their errors.  A limit is no failure: what is said is then of the
 * regions that were seen.  Cost: that of pleats_regions with its volumes and
 * classes.  PLEATS_INVALID for unions.  `options` and `limits` may be NULL.
 * Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_survey(pleats_ctx *ctx, const pleats_net *net,
              const pleats_domain *domain, const pleats_survey_options *options,
              const pleats_limits *limits, pleats_survey_result *out);
PLEATS_API void pleats_survey_result_clear(pleats_ctx *ctx,
                                           pleats_survey_result *result);

/* ---- one page of figures ------------------------------------------------ */

typedef struct {
    size_t size;        /* of this struct; pleats_init_survey_figure_options */
    double width;       /* points (1/72 inch); of a PNG, pixels; 0: 600, 1500 */
    const char *title;  /* the network's name; NULL: none */
    const char *domain; /* in words; NULL: none */
} pleats_survey_figure_options;

static inline void
pleats_init_survey_figure_options(pleats_survey_figure_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

/* Draws a survey on one page: regions and shares of classes, units and last
 * walls of layers, active units, and how volumes, diameters, slopes and
 * distances are spread; what the survey does not have is left out.  The name of
 * the output says what it becomes: .svg, .pdf, .png, or .html, which holds the
 * picture and tables of its numbers.  Commit it.  `options` may be NULL.
 * PLEATS_INVALID for other names, for a survey of no region, and where the
 * library was built without pictures. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_survey_draw(
    pleats_ctx *ctx, const pleats_survey_result *survey,
    const pleats_survey_figure_options *options, pleats_output *out);

#ifdef __cplusplus
}
#endif
#endif
