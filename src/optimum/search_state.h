/* A search at work, for search.c and describe.c. */
#ifndef PLEATS_OPTIMUM_SEARCH_STATE_H
#define PLEATS_OPTIMUM_SEARCH_STATE_H

#include "optimum/bounder.h"
#include "optimum/leaf.h"
#include "optimum/search.h"
#include "par/numbered.h"

/* A child at work, and what came of it. */
typedef struct {
    pleats_node node;
    bool is_done;
    pleats_interval value; /* around the largest goal at the point */
    double *point;         /* [most k] */
    bool is_found;         /* a leaf with points */
    mpq_t least;           /* on it */
    mpz_t *at;             /* [most k + 1] where */
} pleats_search_job;

typedef struct {
    pleats_bounder bounder;
    pleats_leaf *leaf; /* [n_sites] zeroed until they are needed */
} pleats_search_worker;

/* The best point so far. */
typedef struct {
    bool has;
    bool is_least;       /* of a leaf: `value` is exact */
    double lowest, most; /* around the value */
    mpq_t value;
    pleats_idx site;
    mpz_t *at; /* [most k + 1] */
} pleats_best_point;

typedef struct {
    pleats_ctx *ctx;
    const pleats_optimum_task *task;
    pleats_goals goals;
    pleats_idx n_sites, most_k;
    pleats_site *site; /* [n_sites] */
    pleats_team team;
    pleats_search_worker *worker; /* [team.n] */
    pleats_queue queue;
    size_t n_jobs, job_capacity;
    pleats_search_job *job; /* [n_jobs] */
    pleats_best_point best;
    double reported;
    bool is_whole; /* what is not in the queue is settled */
    double floor;  /* the goal is nowhere below this */
    pleats_optimum *out;
} pleats_search_state;

/* Whether nothing in a node can be better than what there is. */
bool pleats_search_is_beaten(const pleats_search_state *s,
                             const pleats_node *node);
/* Whether the question is answered. */
bool pleats_search_is_settled(const pleats_search_state *s);
/* The goal's scalar is nowhere below this, when all that is left is in the
 * queue. */
double pleats_search_lowest(const pleats_search_state *s);
/* A bound of the goal's scalar as one of the goal, which is not above it; with
 * several goals there is none but its sign. */
double pleats_search_unscaled(const pleats_search_state *s, double bound);

/* Fills in s->out. */
PLEATS_NODISCARD pleats_status pleats_search_describe(pleats_search_state *s);

#endif
