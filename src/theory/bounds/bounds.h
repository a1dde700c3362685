/* Every bound of the number of regions that docs/theory.md states, each a rule
 * that checks its hypotheses and works out its value. */
#ifndef PLEATS_THEORY_BOUNDS_BOUNDS_H
#define PLEATS_THEORY_BOUNDS_BOUNDS_H

#include "theory/bounds/stack.h"

typedef struct {
    bool applies;
    const char *why; /* static: what holds, or what does not */
    mpz_t value;     /* where it applies */
} pleats_finding;

/* Sets applies and why, and the value when it applies. */
typedef pleats_status (*pleats_rule)(pleats_ctx *ctx, const pleats_stack *stack,
                                     pleats_finding *out);

typedef struct {
    const char *name;
    bool is_upper;
    const char *source;
    pleats_rule rule;
    const char *of; /* the counts that it is proved for */
} pleats_bound_entry;

/* All of them; ends with an entry without a name. */
extern const pleats_bound_entry pleats_bound_table[];

/* bounds_product.c: products over layers. */
pleats_status pleats_bound_patterns(pleats_ctx *, const pleats_stack *,
                                    pleats_finding *);
pleats_status pleats_bound_zaslavsky(pleats_ctx *, const pleats_stack *,
                                     pleats_finding *);
pleats_status pleats_bound_montufar_2017(pleats_ctx *, const pleats_stack *,
                                         pleats_finding *);
pleats_status pleats_bound_goujon(pleats_ctx *, const pleats_stack *,
                                  pleats_finding *);
pleats_status pleats_bound_raghu(pleats_ctx *, const pleats_stack *,
                                 pleats_finding *);

/* bounds_active.c: what counts active units. */
pleats_status pleats_bound_serra(pleats_ctx *, const pleats_stack *,
                                 pleats_finding *);
pleats_status pleats_bound_serra_ranks(pleats_ctx *, const pleats_stack *,
                                       pleats_finding *);
pleats_status pleats_bound_flat_pieces(pleats_ctx *, const pleats_stack *,
                                       pleats_finding *);
pleats_status pleats_bound_pooled(pleats_ctx *, const pleats_stack *,
                                  pleats_finding *);
pleats_status pleats_bound_hinz_serra(pleats_ctx *, const pleats_stack *,
                                      pleats_finding *);
pleats_status pleats_bound_hinz_line(pleats_ctx *, const pleats_stack *,
                                     pleats_finding *);
pleats_status pleats_bound_hinz_plane(pleats_ctx *, const pleats_stack *,
                                      pleats_finding *);
pleats_status pleats_bound_xie(pleats_ctx *, const pleats_stack *,
                               pleats_finding *);

/* bounds_sets.c */
pleats_status pleats_bound_active_sets(pleats_ctx *, const pleats_stack *,
                                       pleats_finding *);

pleats_status pleats_bound_cones(pleats_ctx *, const pleats_stack *,
                                 pleats_finding *);

/* bounds_conv.c */
pleats_status pleats_bound_conv_aware(pleats_ctx *, const pleats_stack *,
                                      pleats_finding *);
pleats_status pleats_bound_xiong_upper(pleats_ctx *, const pleats_stack *,
                                       pleats_finding *);
pleats_status pleats_bound_first_layer(pleats_ctx *, const pleats_stack *,
                                       pleats_finding *);
pleats_status pleats_bound_xiong_lower(pleats_ctx *, const pleats_stack *,
                                       pleats_finding *);
pleats_status pleats_bound_xiong_fold(pleats_ctx *, const pleats_stack *,
                                      pleats_finding *);

/* bounds_pool.c */
pleats_status pleats_bound_pool_orders(pleats_ctx *, const pleats_stack *,
                                       pleats_finding *);
pleats_status pleats_bound_pool_alone(pleats_ctx *, const pleats_stack *,
                                      pleats_finding *);

/* bounds_folds.c */
pleats_status pleats_bound_folds(pleats_ctx *, const pleats_stack *,
                                 pleats_finding *);

/* bounds_maxout.c */
pleats_status pleats_bound_serra_maxout(pleats_ctx *, const pleats_stack *,
                                        pleats_finding *);
pleats_status pleats_bound_maxout_product(pleats_ctx *, const pleats_stack *,
                                          pleats_finding *);

/* bounds_fc.c: constructions with fully connected layers. */
pleats_status pleats_bound_pascanu(pleats_ctx *, const pleats_stack *,
                                   pleats_finding *);
pleats_status pleats_bound_montufar_2014(pleats_ctx *, const pleats_stack *,
                                         pleats_finding *);
pleats_status pleats_bound_pl_fold(pleats_ctx *, const pleats_stack *,
                                   pleats_finding *);
pleats_status pleats_bound_serra_lower(pleats_ctx *, const pleats_stack *,
                                       pleats_finding *);
pleats_status pleats_bound_line(pleats_ctx *, const pleats_stack *,
                                pleats_finding *);
pleats_status pleats_bound_arora(pleats_ctx *, const pleats_stack *,
                                 pleats_finding *);
pleats_status pleats_bound_serra_zonotope(pleats_ctx *, const pleats_stack *,
                                          pleats_finding *);

#endif
