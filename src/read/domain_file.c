/* Domains from JSON files. */
#include "read/domain_file.h"

#include "domain/domain_check.h"
#include "exact/rational.h"
#include "json/json.h"

#include <stdio.h>

enum { TEXT_BYTES = 4608, MAX_KEYS = 4 };

/* One kind of file: its keys, of which the first `required` must be there, and
 * what adds the part that they describe. */
typedef struct {
    const char *kind;
    size_t n_keys, required;
    const char *key[MAX_KEYS];
    pleats_status (*add)(pleats_ctx *ctx, const char *path, const json_t *root,
                         pleats_domain *domain);
} file_format;

/* Reads a file of the given format to a domain named "kind of path". */
static pleats_status read_domain(pleats_ctx *ctx, const file_format *format,
                                 const char *path, pleats_idx n_inputs,
                                 pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    json_t *root = NULL;
    pleats_domain *domain = NULL;
    char text[TEXT_BYTES];
    *out = NULL;
    TRY(pleats_json_load(ctx, path, &root));
    TRY(pleats_json_check_keys(ctx, path, root, format->n_keys,
                               format->required, format->key));
    snprintf(text, sizeof text, "%s of %s", format->kind, path);
    TRY(pleats_domain_new(ctx, n_inputs, text, &domain));
    TRY(format->add(ctx, path, root, domain));
    *out = domain;
    domain = NULL;
done:
    json_decref(root);
    pleats_domain_clear(ctx, domain);
    return status;
}

static pleats_status add_box(pleats_ctx *ctx, const char *path,
                             const json_t *root, pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    pleats_part *part = NULL;
    size_t n = (size_t)domain->n_inputs;
    TRY(pleats_domain_add_part(ctx, domain, domain->n_inputs, 0, false, &part));
    TRY(pleats_json_numbers(ctx, path, "lo", json_object_get(root, "lo"), n,
                            part->lo));
    TRY(pleats_json_numbers(ctx, path, "hi", json_object_get(root, "hi"), n,
                            part->hi));
    for (pleats_idx j = 0; j < part->k; j++)
        part->has_lo[j] = part->has_hi[j] = true;
    TRY(pleats_part_check_bounds(ctx, path, part));
done:
    return status;
}

/* The bounds of a slice stand in one list: lo and hi of each coordinate. */
static pleats_status read_slice_bounds(pleats_ctx *ctx, const char *path,
                                       const char *name, const json_t *list,
                                       pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    mpq_t *bound = NULL;
    size_t n = 2 * (size_t)part->k;
    TRY(pleats_rational_array(ctx, n, &bound));
    TRY(pleats_json_numbers(ctx, path, name, list, n, bound));
    for (pleats_idx j = 0; j < part->k; j++) {
        pleats_part_set_lo(part, j, bound[2 * (size_t)j]);
        pleats_part_set_hi(part, j, bound[2 * (size_t)j + 1]);
    }
    TRY(pleats_part_check_bounds(ctx, path, part));
done:
    pleats_rational_array_free(ctx, n, bound);
    return status;
}

/* Reads origin, the directions and, when they are there, the bounds. */
static pleats_status add_slice(pleats_ctx *ctx, const char *path,
                               const json_t *root, pleats_idx k,
                               const char *bounds, pleats_domain *domain)
{
    static const char *const name[] = {"u", "v"};
    pleats_status status = PLEATS_OK;
    pleats_part *part = NULL;
    bool is_slice;
    size_t n = (size_t)domain->n_inputs;
    TRY(pleats_domain_add_part(ctx, domain, k, 0, true, &part));
    TRY(pleats_json_numbers(ctx, path, "origin",
                            json_object_get(root, "origin"), n, part->origin));
    for (size_t j = 0; j < (size_t)k; j++)
        TRY(pleats_json_numbers(ctx, path, name[j],
                                json_object_get(root, name[j]), n,
                                part->direction + j * n));
    TRY(pleats_part_is_slice(ctx, part, domain->n_inputs, &is_slice));
    if (!is_slice)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        k == 1 ? "%s: u is zero: a line needs a direction"
                               : "%s: u and v are dependent: a plane "
                                 "needs two directions, neither zero nor "
                                 "parallel",
                        path));
    const json_t *list = json_object_get(root, bounds);
    if (list)
        TRY(read_slice_bounds(ctx, path, bounds, list, part));
done:
    return status;
}

static pleats_status add_plane(pleats_ctx *ctx, const char *path,
                               const json_t *root, pleats_domain *domain)
{
    return add_slice(ctx, path, root, 2, "box", domain);
}

static pleats_status add_line(pleats_ctx *ctx, const char *path,
                              const json_t *root, pleats_domain *domain)
{
    return add_slice(ctx, path, root, 1, "range", domain);
}

static pleats_status add_polytope(pleats_ctx *ctx, const char *path,
                                  const json_t *root, pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    pleats_part *part = NULL;
    char name[32];
    const json_t *a = json_object_get(root, "A");
    size_t m = json_array_size(a), n = (size_t)domain->n_inputs;
    if (!json_is_array(a))
        TRY(pleats_fail(ctx, PLEATS_INVALID, "%s: A must be a list of rows",
                        path));
    TRY(pleats_domain_add_part(ctx, domain, domain->n_inputs, (pleats_idx)m,
                               false, &part));
    for (size_t i = 0; i < m; i++) {
        snprintf(name, sizeof name, "A[%zu]", i);
        TRY(pleats_json_numbers(ctx, path, name, json_array_get(a, i), n,
                                part->a + i * n));
    }
    TRY(pleats_json_numbers(ctx, path, "b", json_object_get(root, "b"), m,
                            part->b));
done:
    return status;
}

pleats_status pleats_domain_read_box(pleats_ctx *ctx, const char *path,
                                     pleats_idx n_inputs, pleats_domain **out)
{
    static const file_format box = {"box", 2, 2, {"lo", "hi"}, add_box};
    return read_domain(ctx, &box, path, n_inputs, out);
}

pleats_status pleats_domain_read_plane(pleats_ctx *ctx, const char *path,
                                       pleats_idx n_inputs, pleats_domain **out)
{
    static const file_format plane = {
        "plane", 4, 3, {"origin", "u", "v", "box"}, add_plane};
    return read_domain(ctx, &plane, path, n_inputs, out);
}

pleats_status pleats_domain_read_line(pleats_ctx *ctx, const char *path,
                                      pleats_idx n_inputs, pleats_domain **out)
{
    static const file_format line = {
        "line", 3, 2, {"origin", "u", "range"}, add_line};
    return read_domain(ctx, &line, path, n_inputs, out);
}

pleats_status pleats_domain_read_polytope(pleats_ctx *ctx, const char *path,
                                          pleats_idx n_inputs,
                                          pleats_domain **out)
{
    static const file_format polytope = {
        "polytope", 2, 2, {"A", "b"}, add_polytope};
    return read_domain(ctx, &polytope, path, n_inputs, out);
}
