#include "draw/chart/reports.h"

#include "theory/sums.h"
#include "json/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_ROWS = 4096, SHOWN = 40 };

typedef struct {
    pleats_reports *reports;
    const char *path;
    const json_t *root; /* the report that is read */
} reading;

/* ---- fields ---- */

pleats_status pleats_log10_of_decimal(pleats_ctx *ctx, const char *text,
                                      double *out)
{
    mpz_t value;
    if (!*text || text[strspn(text, "0123456789")])
        return pleats_fail(
            ctx, PLEATS_INVALID, "'%.*s' is not a decimal number",
            (int)pleats_printable(text, strlen(text), SHOWN), text);
    mpz_init_set_str(value, text, 10);
    *out = pleats_log10(value);
    mpz_clear(value);
    return PLEATS_OK;
}

/* A field that must be a text. */
static pleats_status text_of(const reading *r, const json_t *object,
                             const char *key, const char **out)
{
    *out = json_string_value(json_object_get(object, key));
    if (*out)
        return PLEATS_OK;
    return pleats_fail(r->reports->ctx, PLEATS_INVALID,
                       "%s: \"%s\" must be a text, as the program writes it",
                       r->path, key);
}

/* A field that must be a number from 0. */
static pleats_status number_of(const reading *r, const json_t *object,
                               const char *key, double *out)
{
    const json_t *value = json_object_get(object, key);
    *out = json_number_value(value);
    if (json_is_number(value) && *out >= 0)
        return PLEATS_OK;
    return pleats_fail(r->reports->ctx, PLEATS_INVALID,
                       "%s: \"%s\" must be a number, as this version of the "
                       "program writes it",
                       r->path, key);
}

/* log10 of a decimal in a text, NaN when it is null or not there. */
static pleats_status count_of(const reading *r, const json_t *object,
                              const char *key, double *out)
{
    const json_t *value = json_object_get(object, key);
    pleats_status status = PLEATS_OK;
    *out = NAN;
    if (!value || json_is_null(value))
        return PLEATS_OK;
    if (json_is_string(value))
        status = pleats_log10_of_decimal(r->reports->ctx,
                                         json_string_value(value), out);
    if (!json_is_string(value) || status != PLEATS_OK)
        return pleats_fail(r->reports->ctx, PLEATS_INVALID,
                           "%s: \"%s\" must be a decimal number in a text",
                           r->path, key);
    return PLEATS_OK;
}

/* ---- kinds of architectures ---- */

/* "CNN", "FC" or, of a model that is no chain of layers, "network". */
static const char *family_of(const char *spec)
{
    if (strstr(spec, "conv="))
        return "CNN";
    if (strncmp(spec, "mlp:", 4) == 0 || strncmp(spec, "cnn:", 4) == 0)
        return "FC";
    return "network";
}

/* "2-D convolution": of a layer, by the sizes in "cnn:in=CxHxW/". */
static void name_layer(const char *spec, char *name, size_t size)
{
    int axes = 0;
    if (!strstr(spec, "conv=")) {
        snprintf(name, size, "%s", family_of(spec));
        return;
    }
    for (const char *c = spec; *c && *c != '/'; c++)
        axes += *c == 'x';
    snprintf(name, size, "%d-D convolution", axes);
}

static void name_row(const char *spec, const char *role, char *name,
                     size_t size)
{
    if (strncmp(role, "fc, ", 4) == 0)
        snprintf(name, size, "FC, %.40s", role + 4);
    else
        snprintf(name, size, "%s", family_of(spec));
}

/* ---- rows ---- */

static bool is_same(const pleats_report_row *a, const pleats_report_row *b)
{
    bool same_upper =
        a->upper == b->upper || (isnan(a->upper) && isnan(b->upper));
    return a->verb == b->verb && strcmp(a->spec, b->spec) == 0 &&
           strcmp(a->series, b->series) == 0 && a->label == b->label &&
           same_upper;
}

/* Adds the row unless it is there; copies its texts. */
static pleats_status add_row(pleats_reports *x, const pleats_report_row *row,
                             const char *spec, const char *series)
{
    pleats_status status = PLEATS_OK;
    pleats_report_row own = *row;
    own.spec = own.series = NULL;
    TRY(pleats_strdup(x->ctx, spec, &own.spec));
    TRY(pleats_strdup(x->ctx, series, &own.series));
    for (size_t i = 0; i < x->n; i++)
        if (is_same(&x->row[i], &own))
            goto done;
    if (x->n == MOST_ROWS)
        TRY(pleats_fail(x->ctx, PLEATS_INVALID,
                        "more than %d architectures in one figure", MOST_ROWS));
    TRY(pleats_grow(x->ctx, &x->row, &x->capacity, x->n + 1, sizeof own));
    x->row[x->n++] = own;
    own.spec = own.series = NULL;
done:
    pleats_release(x->ctx, own.spec);
    pleats_release(x->ctx, own.series);
    return status;
}

/* The label of proven bounds. */
static void settle_bounds(pleats_report_row *row)
{
    row->value = NAN;
    row->label = PLEATS_COUNT_BETWEEN;
    if (isnan(row->lower) && isnan(row->upper))
        row->label = PLEATS_COUNT_NONE;
}

static pleats_status read_compared(const reading *r, const json_t *item)
{
    pleats_status status = PLEATS_OK;
    pleats_report_row row = {.verb = PLEATS_REPORT_COMPARE, .formula = NAN};
    const char *spec, *role;
    char series[64];
    TRY(text_of(r, item, "spec", &spec));
    TRY(text_of(r, item, "role", &role));
    TRY(number_of(r, item, "parameters", &row.parameters));
    TRY(number_of(r, item, "depth", &row.depth));
    TRY(count_of(r, json_object_get(item, "lower"), "value", &row.lower));
    TRY(count_of(r, json_object_get(item, "upper"), "value", &row.upper));
    settle_bounds(&row);
    if (json_is_true(json_object_get(item, "exact")) && !isnan(row.lower)) {
        row.label = PLEATS_COUNT_EXACT;
        row.value = row.lower;
    }
    row.is_of_depths = strcmp(role, "depth") == 0;
    name_row(spec, role, series, sizeof series);
    TRY(add_row(r->reports, &row, spec, series));
done:
    return status;
}

static pleats_status read_compare(const reading *r)
{
    const json_t *rows = json_object_get(r->root, "rows");
    if (!json_is_array(rows) || json_array_size(rows) == 0)
        return pleats_fail(r->reports->ctx, PLEATS_INVALID,
                           "%s: \"rows\" must be a list of architectures",
                           r->path);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        pleats_status status = read_compared(r, json_array_get(rows, i));
        if (status != PLEATS_OK)
            return status;
    }
    return PLEATS_OK;
}

static pleats_status read_bound(const reading *r)
{
    pleats_status status = PLEATS_OK;
    pleats_report_row row = {.verb = PLEATS_REPORT_BOUND, .formula = NAN};
    const bool is_on_box = json_is_string(json_object_get(r->root, "domain"));
    const char *spec, *label;
    if (r->reports->n > 0 && is_on_box != r->reports->is_on_box)
        TRY(pleats_fail(r->reports->ctx, PLEATS_INVALID,
                        "%s: bounds of a network on a box and bounds for all "
                        "weights do not go into one figure",
                        r->path));
    r->reports->is_on_box = is_on_box;
    TRY(text_of(r, r->root, "spec", &spec));
    TRY(text_of(r, r->root, "label", &label));
    TRY(number_of(r, r->root, "parameters", &row.parameters));
    TRY(number_of(r, r->root, "depth", &row.depth));
    TRY(count_of(r, r->root, "best_lower", &row.lower));
    TRY(count_of(r, r->root, "best_upper", &row.upper));
    settle_bounds(&row);
    if (strcmp(label, "exact") == 0 && !isnan(row.upper)) {
        row.label = PLEATS_COUNT_EXACT;
        row.value = row.lower = row.upper;
    }
    TRY(add_row(r->reports, &row, spec, family_of(spec)));
done:
    return status;
}

/* The count of a layer: exact, an estimate in its interval, or partial. */
static pleats_status read_generic(const reading *r, const json_t *generic,
                                  pleats_report_row *row)
{
    pleats_status status = PLEATS_OK;
    const char *label = json_string_value(json_object_get(generic, "label"));
    double value;
    TRY(count_of(r, generic, "value", &value));
    row->value = row->lower = row->upper = NAN;
    if (isnan(value) || !label)
        goto done;
    if (strcmp(label, "exact") == 0) {
        row->label = PLEATS_COUNT_EXACT;
        row->value = row->lower = row->upper = value;
    } else if (strcmp(label, "estimate") == 0) {
        row->label = PLEATS_COUNT_ESTIMATE;
        row->value = value;
        TRY(count_of(r, generic, "lower", &row->lower));
        TRY(count_of(r, generic, "upper", &row->upper));
        r->reports->level =
            json_number_value(json_object_get(generic, "level"));
    } else {
        const bool is_lower =
            strcmp(label, "lower") == 0 || strcmp(label, "probable") == 0;
        row->label = PLEATS_COUNT_BETWEEN;
        row->lower = is_lower ? value : NAN;
        row->upper = strcmp(label, "upper") == 0 ? value : row->formula;
    }
done:
    return status;
}

static pleats_status read_layer(const reading *r)
{
    pleats_status status = PLEATS_OK;
    pleats_report_row row = {.verb = PLEATS_REPORT_LAYER};
    const json_t *formula = json_object_get(r->root, "formula");
    const json_t *generic = json_object_get(r->root, "generic");
    const char *spec, *label;
    char series[64];
    if (!formula || !generic)
        return pleats_fail(r->reports->ctx, PLEATS_INVALID,
                           "%s: holds no formula and generic number of a "
                           "layer; pleats layer --what formula,generic --json "
                           "writes both",
                           r->path);
    TRY(text_of(r, r->root, "spec", &spec));
    TRY(count_of(r, formula, "value", &row.formula));
    label = json_string_value(json_object_get(formula, "label"));
    row.formula_is_exact = label && strcmp(label, "exact") == 0;
    TRY(read_generic(r, generic, &row));
    name_layer(spec, series, sizeof series);
    TRY(add_row(r->reports, &row, spec, series));
done:
    return status;
}

/* ---- files ---- */

/* Keeps what all reports have in common: sets the text at the first one. */
static pleats_status keep_common(const reading *r, bool is_first,
                                 const char *key, char **text)
{
    pleats_ctx *ctx = r->reports->ctx;
    const char *value = json_string_value(json_object_get(r->root, key));
    if (is_first)
        return value ? pleats_strdup(ctx, value, text) : PLEATS_OK;
    if (*text && (!value || strcmp(*text, value) != 0)) {
        pleats_release(ctx, *text);
        *text = NULL;
    }
    return PLEATS_OK;
}

static pleats_status read_report(const reading *r)
{
    pleats_status status = PLEATS_OK;
    pleats_reports *x = r->reports;
    const bool is_first = x->n == 0;
    const char *schema = json_string_value(json_object_get(r->root, "schema"));
    const char *verb = json_string_value(json_object_get(r->root, "verb"));
    if (!schema || strcmp(schema, "pleats/1") != 0 || !verb)
        TRY(pleats_fail(x->ctx, PLEATS_INVALID,
                        "%s: is no report of pleats compare, bound or layer "
                        "with --json (\"schema\" is not \"pleats/1\")",
                        r->path));
    if (strcmp(verb, "compare") == 0)
        TRY(read_compare(r));
    else if (strcmp(verb, "bound") == 0)
        TRY(read_bound(r));
    else if (strcmp(verb, "layer") == 0)
        TRY(read_layer(r));
    else
        TRY(pleats_fail(
            x->ctx, PLEATS_INVALID,
            "%s: is a report of pleats %.*s; a figure needs "
            "reports of compare, bound or layer",
            r->path, (int)pleats_printable(verb, strlen(verb), SHOWN), verb));
    if ((x->row[0].verb == PLEATS_REPORT_LAYER) !=
        (x->row[x->n - 1].verb == PLEATS_REPORT_LAYER))
        TRY(pleats_fail(x->ctx, PLEATS_INVALID,
                        "%s: a report of %s does not go into one figure with "
                        "the reports before it",
                        r->path, verb));
    TRY(keep_common(r, is_first, "definition", &x->definition));
    TRY(keep_common(r, is_first, "domain", &x->domain));
done:
    return status;
}

pleats_status pleats_reports_read(pleats_ctx *ctx, pleats_reports *x, size_t n,
                                  const char *const *path)
{
    pleats_status status = PLEATS_OK;
    json_t *list = NULL;
    *x = (pleats_reports){.ctx = ctx};
    for (size_t i = 0; i < n; i++) {
        TRY(pleats_json_load_all(ctx, path[i], &list));
        for (size_t j = 0; j < json_array_size(list); j++) {
            const reading r = {x, path[i], json_array_get(list, j)};
            TRY(read_report(&r));
        }
        json_decref(list);
        list = NULL;
    }
done:
    json_decref(list);
    return status;
}

void pleats_reports_clear(pleats_reports *x)
{
    if (!x->ctx)
        return;
    for (size_t i = 0; i < x->n; i++) {
        pleats_release(x->ctx, x->row[i].spec);
        pleats_release(x->ctx, x->row[i].series);
    }
    pleats_release(x->ctx, x->row);
    pleats_release(x->ctx, x->definition);
    pleats_release(x->ctx, x->domain);
    *x = (pleats_reports){0};
}
