#include "print/survey_report.h"

#include "print/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The four lists of numbers, with their names. */
static const char *const number_names[] = {"volume", "diameter", "slope",
                                           "distance"};
enum { N_NUMBERS = sizeof number_names / sizeof *number_names };

static const pleats_survey_numbers *numbers_of(const pleats_survey_result *r,
                                               int i)
{
    const pleats_survey_numbers *const all[] = {&r->volume, &r->diameter,
                                                &r->slope, &r->distance};
    return all[i];
}

/* ---- text ---- */

static void print_classes(const pleats_survey_result *r)
{
    printf("\nclass  regions       alone         share of the volume\n");
    for (int32_t i = 0; i < r->n_classes; i++) {
        const pleats_survey_class *c = &r->classes[i];
        if (c->somewhere == 0)
            continue;
        printf("%5d  %-12" PRIu64 "  %-12" PRIu64, i, c->somewhere,
               c->everywhere);
        if (r->has_volumes && c->share_lo == c->share_hi)
            printf("  %.10g", c->share_lo);
        else if (r->has_volumes)
            printf("  %.10g .. %.10g", c->share_lo, c->share_hi);
        else
            printf("  -");
        if (c->exact_volume && strlen(c->exact_volume) <= 100)
            printf(" (volume %s)", c->exact_volume);
        printf("\n");
    }
    if (r->mixed > 0)
        printf("mixed  %" PRIu64 "\n", r->mixed);
}

static void print_layers(const pleats_survey_result *r)
{
    printf("\nlayer  operator      units  off    on     change undecided  last "
           "wall\n");
    for (int32_t i = 0; i < r->n_layers; i++) {
        const pleats_survey_layer *l = &r->layer[i];
        printf("%5d  %-12s  %-5d  %-5d  %-5d  %-5d  %-9d  %" PRIu64 "\n", i + 1,
               l->units.op ? l->units.op : "", l->units.units, l->units.off,
               l->units.on, l->units.changes, l->units.undecided, l->last);
    }
    if (r->uncut > 0)
        printf("no wall at all: %" PRIu64 "\n", r->uncut);
}

static void print_active(const pleats_survey_result *r)
{
    int32_t least = -1, most = -1;
    double sum = 0, n = 0;
    for (int32_t i = 0; i < r->n_active; i++) {
        if (r->active[i] == 0)
            continue;
        least = least < 0 ? i : least;
        most = i;
        sum += (double)i * (double)r->active[i];
        n += (double)r->active[i];
    }
    if (n > 0)
        printf("\nactive units of a region: %d to %d, %.4g on average\n", least,
               most, sum / n);
}

static void print_numbers(const pleats_survey_result *r)
{
    printf("\n%-9s  %12s  %12s  %12s\n", "", "least", "mean", "most");
    for (int i = 0; i < N_NUMBERS; i++) {
        const pleats_survey_numbers *a = numbers_of(r, i);
        printf("%-9s  %12.5g  %12.5g  %12.5g", number_names[i], a->least,
               a->mean, a->most);
        if (a->infinite > 0)
            printf("  (and %" PRIu64 " infinite)", a->infinite);
        printf("\n");
    }
}

static void print_rows(const pleats_survey_result *r)
{
    printf("\nrows    %" PRId64 " in %" PRId64 " regions", r->n_rows,
           r->n_used);
    if (r->n_used > 0)
        printf(", at most %" PRId64 " in one", r->in_region[0]);
    if (r->rows_outside > 0)
        printf("; %" PRId64 " outside", r->rows_outside);
    if (r->rows_on_walls > 0)
        printf("; %" PRId64 " on walls", r->rows_on_walls);
    printf("\n");
}

void print_survey_text(const session *s, const pleats_survey_result *r)
{
    printf("%s%s activation region%s (%s%s)\n", r->stopped ? "at least " : "",
           r->regions, strcmp(r->regions, "1") == 0 ? "" : "s",
           r->stopped ? "lower bound; stopped by the " : "",
           r->stopped ? pleats_stop_text(r->stopped) : report_exact(s));
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    printf("domain  %s", pleats_domain_text(s->domain));
    if (r->dimension < 0 && !r->stopped)
        printf(", which is empty");
    else if (r->dimension >= 0 && r->dimension < pleats_net_n_inputs(s->net))
        printf(", of dimension %d", r->dimension);
    if (r->domain_volume && strlen(r->domain_volume) <= 40)
        printf(", of volume %s", r->domain_volume);
    printf("\ncost    %.3g s, %.3g MiB\n", r->seconds,
           (double)pleats_ctx_peak_bytes(s->ctx) / 0x1p20);
    if (r->n_classes == 0)
        return;
    print_classes(r);
    print_layers(r);
    print_active(r);
    if (r->has_volumes)
        print_numbers(r);
    if (s->rows)
        print_rows(r);
}

/* ---- JSON ---- */

static json_t *count_json(uint64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, n);
    return json_string(text);
}

static json_t *classes_json(const pleats_survey_result *r)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < r->n_classes; i++) {
        const pleats_survey_class *c = &r->classes[i];
        const bool has = r->has_volumes;
        report_append(
            &list,
            json_pack(
                "{s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "class", i, "regions",
                count_json(c->somewhere), "alone", count_json(c->everywhere),
                "volume", has ? report_number(c->volume) : json_null(),
                "volume_error",
                has ? report_number(c->volume_error) : json_null(), "share",
                has ? json_pack("[o, o]", report_number(c->share_lo),
                                report_number(c->share_hi))
                    : json_null(),
                "exact_volume", report_text(c->exact_volume)));
    }
    return list;
}

static json_t *layers_json(const pleats_survey_result *r)
{
    static const char *const states[] = {"off", "on", "changes", "undecided"};
    json_t *list = json_array();
    for (int32_t i = 0; i < r->n_layers; i++) {
        const pleats_survey_layer *l = &r->layer[i];
        json_t *units = json_array();
        for (int32_t u = 0; u < l->units.units; u++)
            report_append(
                &units, json_string(states[r->state[l->units.first_unit + u]]));
        report_append(
            &list, json_pack("{s:o, s:o, s:i, s:i, s:i, s:i, s:i, s:o, s:o}",
                             "name", report_text(l->units.name), "op",
                             report_text(l->units.op), "units", l->units.units,
                             "off", l->units.off, "on", l->units.on, "changes",
                             l->units.changes, "undecided", l->units.undecided,
                             "states", units, "last", count_json(l->last)));
    }
    return list;
}

static json_t *active_json(const pleats_survey_result *r)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < r->n_active; i++)
        report_append(&list, count_json(r->active[i]));
    return list;
}

static json_t *numbers_json(const pleats_survey_result *r, int i)
{
    const pleats_survey_numbers *a = numbers_of(r, i);
    json_t *bins = json_array();
    if (!r->has_volumes) {
        json_decref(bins);
        return json_null();
    }
    for (int32_t j = 0; j < a->n; j++)
        report_append(&bins, count_json(a->bin[j]));
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "first", a->first,
                     "bins", bins, "zeros", count_json(a->zeros), "infinite",
                     count_json(a->infinite), "least", report_number(a->least),
                     "mean", report_number(a->mean), "most",
                     report_number(a->most));
}

static json_t *rows_json(const session *s, const pleats_survey_result *r)
{
    json_t *in = s->rows ? json_array() : NULL;
    if (!in)
        return json_null();
    for (int64_t i = 0; i < r->n_used; i++)
        report_append(&in, json_integer(r->in_region[i]));
    return json_pack("{s:I, s:I, s:I, s:I, s:o}", "rows", (json_int_t)r->n_rows,
                     "outside", (json_int_t)r->rows_outside, "on_walls",
                     (json_int_t)r->rows_on_walls, "regions",
                     (json_int_t)r->n_used, "in_region", in);
}

int print_survey_json(const session *s, const pleats_survey_result *r)
{
    const report_facts facts = {.verb = "survey",
                                .domain = pleats_domain_text(s->domain),
                                .definition = "activation regions",
                                .label = pleats_label_text(r->label),
                                .complete = !r->stopped,
                                .seconds = r->seconds};
    json_t *own = json_pack(
        "{s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, "
        "s:o}",
        "regions", report_text(r->regions), "dimension", r->dimension,
        "domain_volume", report_text(r->domain_volume), "volume_gram",
        report_text(r->volume_gram), "classes", classes_json(r), "mixed",
        count_json(r->mixed), "layers", layers_json(r), "uncut",
        count_json(r->uncut), "active", active_json(r), "data", rows_json(s, r),
        "stopped", report_stop(r->stopped), "memory",
        (json_int_t)pleats_ctx_peak_bytes(s->ctx), "remarks", report_remarks(s),
        "numbers",
        json_pack("{s:o, s:o, s:o, s:o}", "volume", numbers_json(r, 0),
                  "diameter", numbers_json(r, 1), "slope", numbers_json(r, 2),
                  "distance", numbers_json(r, 3)));
    return report_print(report_new(s, &facts), own);
}

/* ---- a table: what, of which, how many or how much ---- */

static void print_csv_numbers(const pleats_survey_result *r, int i)
{
    const pleats_survey_numbers *a = numbers_of(r, i);
    printf("%s_zero,,%" PRIu64 "\n%s_infinite,,%" PRIu64 "\n", number_names[i],
           a->zeros, number_names[i], a->infinite);
    for (int32_t j = 0; j < a->n; j++)
        printf("%s_from,%.17g,%" PRIu64 "\n", number_names[i],
               ldexp(1, a->first + j), a->bin[j]);
}

void print_survey_csv(const pleats_survey_result *r)
{
    printf("what,of,number\nregions,,%s\ncomplete,,%d\nmixed,,%" PRIu64 "\n",
           r->regions, r->stopped == PLEATS_STOP_NONE, r->mixed);
    for (int32_t i = 0; i < r->n_classes; i++) {
        const pleats_survey_class *c = &r->classes[i];
        printf("class_regions,%d,%" PRIu64 "\nclass_alone,%d,%" PRIu64 "\n", i,
               c->somewhere, i, c->everywhere);
        if (r->has_volumes)
            printf("class_share_lo,%d,%.17g\nclass_share_hi,%d,%.17g\n", i,
                   c->share_lo, i, c->share_hi);
    }
    for (int32_t i = 0; i < r->n_layers; i++)
        printf("layer_off,%d,%d\nlayer_on,%d,%d\nlayer_changes,%d,%d\n"
               "layer_last,%d,%" PRIu64 "\n",
               i + 1, r->layer[i].units.off, i + 1, r->layer[i].units.on, i + 1,
               r->layer[i].units.changes, i + 1, r->layer[i].last);
    for (int32_t i = 0; i < r->n_active; i++)
        if (r->active[i] > 0)
            printf("active,%d,%" PRIu64 "\n", i, r->active[i]);
    for (int i = 0; i < N_NUMBERS && r->has_volumes; i++)
        print_csv_numbers(r, i);
}
