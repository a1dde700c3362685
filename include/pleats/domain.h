/* Domains: the sets of inputs on which regions are counted.
 *
 * A domain is a union of polyhedra in R^n, or in an affine subspace of it, with
 * rational coordinates.  It is made for a number of inputs and serves every
 * network that has so many.  Texts of numbers are exact decimals or fractions
 * ("-0.1", "1e-3", "1/3"); doubles are taken as the exact numbers that they
 * are.  In JSON files a number is the double that it reads as, and a string is
 * an exact number.
 *
 * All constructors: PLEATS_INVALID with a line that says which number is wrong
 * and what would be right; `*out` is then NULL. */
#ifndef PLEATS_DOMAIN_H
#define PLEATS_DOMAIN_H

#include "pleats/rows.h"

#ifdef __cplusplus
extern "C" {
#endif

/* It does not change, and may be lent to several threads. */
typedef struct pleats_domain pleats_domain;

/* NULL is fine. */
PLEATS_API void pleats_domain_free(pleats_ctx *ctx,
                                   pleats_take pleats_domain *domain);

/* The domain in words: "box [-1, 1]^2", "R^3".  Lent. */
PLEATS_API const char *pleats_domain_text(const pleats_domain *domain);
PLEATS_API int32_t pleats_domain_n_inputs(const pleats_domain *domain);

/* ---- from arrays ------------------------------------------------------- */

/* An array of numbers, as doubles or as texts: one of both, the other is NULL.
 * Both NULL: no array, where a function says that there need not be one. */
typedef struct {
    const double *number;
    const char *const *text;
} pleats_values;

static inline pleats_values pleats_doubles(const double *number)
{
    pleats_values values = {number, NULL};
    return values;
}

static inline pleats_values pleats_texts(const char *const *text)
{
    pleats_values values = {NULL, text};
    return values;
}

typedef enum {
    PLEATS_NORM_INF, /* largest entry */
    PLEATS_NORM_1,   /* sum of entries in absolute value */
    PLEATS_NORM_2    /* Euclidean length */
} pleats_norm;

/* "inf", "1", "2". */
PLEATS_API const char *pleats_norm_text(pleats_norm norm);

/* R^n. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_domain_all(
    pleats_ctx *ctx, int32_t n_inputs, pleats_give pleats_domain **out);

/* The same interval for every input. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_domain_cube(pleats_ctx *ctx, int32_t n_inputs, const char *lo,
                   const char *hi, pleats_give pleats_domain **out);

/* lo [n_inputs] <= x <= hi [n_inputs]; either may be no array, and entries may
 * be infinite ("-inf", "inf"), where there is no bound. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_domain_box(pleats_ctx *ctx, int32_t n_inputs, pleats_values lo,
                  pleats_values hi, pleats_give pleats_domain **out);

/* The points origin + sum_j t_j direction_j, lo <= t <= hi: a line (k = 1), a
 * plane (k = 2), ...  origin [n_inputs], direction [k x n_inputs], which must
 * be independent; lo and hi [k] as of a box. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_domain_slice(
    pleats_ctx *ctx, int32_t n_inputs, int32_t k, pleats_values origin,
    pleats_values direction, pleats_values lo, pleats_values hi,
    pleats_give pleats_domain **out);

/* a x <= b; a [n_rows x n_inputs], row-major, b [n_rows]. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_domain_polytope(
    pleats_ctx *ctx, int32_t n_inputs, int32_t n_rows, pleats_values a,
    pleats_values b, pleats_give pleats_domain **out);

/* Max-norm ball of a radius about centre [n_inputs]. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_domain_ball(pleats_ctx *ctx, int32_t n_inputs, pleats_values centre,
                   const char *radius, pleats_give pleats_domain **out);

/* The same in norm 1 or inf; norm 2 is refused by a line that has the radii of
 * polytopes around and within it.  With more than six inputs a ball in norm 1
 * is held without its 2^n sides: pleats_count and pleats_work alone take it
 * (all others: PLEATS_INVALID), and it is part of no union. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_domain_ball_in(
    pleats_ctx *ctx, int32_t n_inputs, pleats_values centre, const char *radius,
    pleats_norm norm, pleats_give pleats_domain **out);

/* The union of domains [n], which are copied.  They may overlap. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_domain_union(
    pleats_ctx *ctx, int32_t n, const pleats_domain *const *domain,
    pleats_give pleats_domain **out);

/* ---- from data rows ---------------------------------------------------- */

/* Line (n = 2) or plane (n = 3) through data rows: the first is the origin,
 * the others end the directions; every coordinate in [lo, hi]. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_domain_rows(
    pleats_ctx *ctx, const pleats_rows *rows, int32_t n, const int64_t *index,
    const char *lo, const char *hi, pleats_give pleats_domain **out);

/* Inputs axis [n], n from 1 to 3, each in [lo, hi]; the others are as in a data
 * row. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_domain_axes(pleats_ctx *ctx, const pleats_rows *rows, int64_t index,
                   int32_t n, const int32_t *axis, const char *lo,
                   const char *hi, pleats_give pleats_domain **out);

/* Max-norm ball about a data row. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_domain_row_ball(pleats_ctx *ctx, const pleats_rows *rows, int64_t index,
                       const char *radius, pleats_give pleats_domain **out);

/* The same in norm 1 or inf, as pleats_domain_ball_in. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_domain_row_ball_in(
    pleats_ctx *ctx, const pleats_rows *rows, int64_t index, const char *radius,
    pleats_norm norm, pleats_give pleats_domain **out);

/* ---- from files -------------------------------------------------------- */

/* {"lo": [..], "hi": [..]} */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_domain_box_file(pleats_ctx *ctx, int32_t n_inputs, const char *path,
                       pleats_give pleats_domain **out);
/* {"origin": [..], "u": [..], "v": [..], "box": [s0, s1, t0, t1]}; without
 * "box" the whole plane */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_domain_plane_file(pleats_ctx *ctx, int32_t n_inputs, const char *path,
                         pleats_give pleats_domain **out);
/* {"origin": [..], "u": [..], "range": [t0, t1]}; without "range" the whole
 * line */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_domain_line_file(pleats_ctx *ctx, int32_t n_inputs, const char *path,
                        pleats_give pleats_domain **out);
/* {"A": [[..]], "b": [..]}: A x <= b */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_domain_polytope_file(pleats_ctx *ctx, int32_t n_inputs, const char *path,
                            pleats_give pleats_domain **out);
/* The input constraints of a VNN-LIB file, 1.0 or 2.0; where `<` leaves
 * nothing over, the domain is empty. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_domain_vnnlib_file(pleats_ctx *ctx, int32_t n_inputs, const char *path,
                          pleats_give pleats_domain **out);

#ifdef __cplusplus
}
#endif
#endif
