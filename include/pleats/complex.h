/* The polyhedral complex of a network on a bounded convex domain: its faces of
 * all dimensions, how its regions lie beside each other, and the topology of
 * level sets and of classes.
 *
 * A *face* is a set of points of the domain at which every unit is on the same
 * side of each of its breakpoints, or on it, a maximum is taken by the same of
 * its candidates, and the same sides of the domain are met; it is never empty.
 * Faces are convex, relatively open and disjoint, and the closure of one is a
 * union of faces: they are a complex, also where units are dead, equal,
 * parallel, or meet in more than general position allows.  Faces of the
 * domain's own dimension are the activation regions of pleats_count. */
#ifndef PLEATS_COMPLEX_H
#define PLEATS_COMPLEX_H

#include "pleats/local.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The greatest dimension of a domain, and the numbers of one for each
 * dimension. */
enum { PLEATS_COMPLEX_DIMENSION = 8, PLEATS_COMPLEX_LEVELS = 9 };

typedef struct {
    size_t size;       /* of this struct; pleats_init_complex_options */
    const char *level; /* a number as text ("1/3"): the sets where an output is
                          at most, at least, and just that; NULL: none */
    int32_t output;    /* that output */
    bool classes; /* the sets where an output is a largest one, where two are,
                     and the components of the classes with their volumes */
    bool exact_volumes; /* of components as fractions, which grow with every
                           region: for small domains */
    bool graph;         /* the regions and their common facets */
} pleats_complex_options;

static inline void pleats_init_complex_options(pleats_complex_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef enum {
    PLEATS_SET_SUBLEVEL,   /* output <= level */
    PLEATS_SET_SUPERLEVEL, /* output >= level */
    PLEATS_SET_LEVEL,      /* output = level */
    PLEATS_SET_CLASS,      /* output i >= all others; of one output: class 0 is
                              where it is at most 0, class 1 at least 0 */
    PLEATS_SET_BOUNDARY    /* two outputs are the largest ones; of one output:
                              it is 0 */
} pleats_set_kind;
/* "sublevel", "superlevel", "level", "class", "boundary". */
PLEATS_API const char *pleats_set_text(pleats_set_kind kind);

/* A closed set in the domain that is a union of faces, once these are cut by
 * its own bounds, and its homology by these cells. */
typedef struct {
    pleats_set_kind kind;
    int32_t number; /* of the class, else of the output; -1: the boundary */
    uint64_t faces[PLEATS_COMPLEX_LEVELS]; /* by dimension */
    int64_t euler;
    uint64_t betti[PLEATS_COMPLEX_LEVELS]; /* over the field of two elements */
    bool has_rational; /* false: numbers beyond 64 bits came up */
    uint64_t rational[PLEATS_COMPLEX_LEVELS]; /* over the rationals */
} pleats_complex_set;

/* Where output i is larger than the others (of equal ones the first, as of
 * PLEATS_REGION_CLASS): parts of regions, joined through common facets. */
typedef struct {
    int32_t number;              /* of the class */
    uint64_t parts;              /* of regions */
    double volume, volume_error; /* |volume - true| <= volume_error, in the unit
                                    of docs/formats.md */
    char *exact_volume;          /* a fraction; NULL: not asked for */
} pleats_complex_component;

typedef struct {
    int32_t facets; /* of the region */
    int32_t sides;  /* those in the boundary of the domain */
    int32_t vertices;
} pleats_complex_node;

typedef struct {
    pleats_label label; /* PLEATS_EXACT; PLEATS_LOWER: at least so many faces of
                           each dimension, and nothing else */
    pleats_stop stopped;
    int32_t dimension;                      /* -1: the domain is empty */
    uint64_t faces[PLEATS_COMPLEX_LEVELS];  /* by dimension, of the closed
                                               domain */
    uint64_t inside[PLEATS_COMPLEX_LEVELS]; /* not in its boundary */
    int64_t euler; /* alternating sum of faces: 1, which is checked, as is that
                      of those inside; 0 of an empty domain */
    int32_t n_sets;
    pleats_complex_set *set; /* [n_sets] */
    int32_t n_components;
    pleats_complex_component *component; /* [n_components] by classes, the
                                            largest first */
    /* The graph, when asked for. */
    int32_t n_inputs, n_units;
    int64_t n_nodes, n_edges;
    pleats_complex_node *node; /* [n_nodes] regions */
    int32_t *piece;            /* [n_nodes x n_units] */
    double *point; /* [n_nodes x n_inputs] near the mean of the vertices */
    pleats_walk_edge *edge; /* [n_edges] common facets */
    int32_t *unit;          /* what the edges lend */
    double seconds;
    uint64_t reserved[8];
} pleats_complex_result;

/* Works in the caller's thread, over the integers.  A limit is no failure:
 * limits->cells are regions.  PLEATS_INVALID for unions, and for domains that
 * are not bounded or have more than PLEATS_COMPLEX_DIMENSION dimensions.  Cost:
 * the vertices of all regions times the network's parameters, and the faces
 * times its units.  `options` and `limits` may be NULL.  Clear the result in
 * every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_complex(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_complex_options *options, const pleats_limits *limits,
    pleats_complex_result *out);
PLEATS_API void pleats_complex_result_clear(pleats_ctx *ctx,
                                            pleats_complex_result *result);

#ifdef __cplusplus
}
#endif
#endif
