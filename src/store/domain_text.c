#include "store/domain_text.h"

#include "store/facts_json.h"

#include <jansson.h>
#include <stdlib.h>

/* "-1/3"; NULL without memory, as all that is made here. */
static json_t *number_json(const mpq_t value)
{
    const size_t room = mpz_sizeinbase(mpq_numref(value), 10) +
                        mpz_sizeinbase(mpq_denref(value), 10) + 3;
    char *text = malloc(room);
    json_t *json = text ? json_string(mpq_get_str(text, 10, value)) : NULL;
    free(text);
    return json;
}

/* Adds an item, which it takes; false: one of both is NULL. */
static bool append(json_t *list, json_t *item)
{
    return json_array_append_new(list, item) == 0;
}

/* n rationals; null for those that `has` (may be NULL) says are not there. */
static json_t *list_json(size_t n, mpq_t *value, const bool *has)
{
    json_t *list = json_array();
    bool is_good = list != NULL;
    for (size_t i = 0; i < n && is_good; i++)
        is_good =
            append(list, !has || has[i] ? number_json(value[i]) : json_null());
    if (is_good)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *matrix_json(size_t n, size_t width, mpq_t *value)
{
    json_t *rows = json_array();
    bool is_good = rows != NULL;
    for (size_t i = 0; i < n && is_good; i++)
        is_good = append(rows, list_json(width, value + i * width, NULL));
    if (is_good)
        return rows;
    json_decref(rows);
    return NULL;
}

static json_t *flags_json(size_t n, const bool *flag)
{
    json_t *list = json_array();
    bool is_good = list != NULL;
    for (size_t i = 0; i < n && is_good; i++)
        is_good = append(list, json_boolean(flag && flag[i]));
    if (is_good)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *part_json(const pleats_domain *domain, const pleats_part *p)
{
    const size_t n = (size_t)domain->n_inputs, k = (size_t)p->k;
    const size_t m = (size_t)p->m;
    const bool is_slice = p->direction || k != n;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "origin",
        list_json(n, p->origin, NULL), "directions",
        is_slice ? matrix_json(p->direction ? k : 0, n, p->direction)
                 : json_null(),
        "lo", list_json(k, p->lo, p->has_lo), "hi",
        list_json(k, p->hi, p->has_hi), "A", matrix_json(m, k, p->a), "b",
        list_json(m, p->b, NULL), "open",
        flags_json(p->is_open ? 2 * k + m : 0, p->is_open));
}

static json_t *domain_json(const pleats_domain *domain)
{
    json_t *parts = json_array();
    bool is_good = parts != NULL;
    for (pleats_idx i = 0; i < domain->n_parts && is_good; i++)
        is_good = append(parts, part_json(domain, &domain->part[i]));
    if (is_good)
        return json_pack("{s:i, s:o}", "n_inputs", domain->n_inputs, "parts",
                         parts);
    json_decref(parts);
    return NULL;
}

pleats_status pleats_store_domain_text(pleats_ctx *ctx,
                                       const pleats_domain *domain, char **out)
{
    return pleats_store_json_text(ctx, domain_json(domain), out);
}

pleats_status pleats_store_pieces(pleats_ctx *ctx, const pleats_net *net,
                                  pleats_idx **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof **out, out));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++)
            (*out)[s->first_unit + u] = pleats_step_pieces(s, u);
    }
done:
    return status;
}
