#include "print/hull_report.h"

#include "print/report.h"

#include <stdio.h>

static bool has_cuts(const pleats_hull_result *r)
{
    return r->cut_regions != NULL;
}

/* x [n x n_layers] as a list of lists, null where it is not asked for. */
static json_t *matrix(const pleats_hull_result *r, bool is_asked,
                      const int32_t *x)
{
    json_t *rows = is_asked ? json_array() : json_null();
    for (uint64_t i = 0; is_asked && i < r->n; i++) {
        json_t *row = json_array();
        for (int32_t l = 0; l < r->n_layers; l++)
            report_append(
                &row, json_integer(x[i * (uint64_t)r->n_layers + (uint64_t)l]));
        report_append(&rows, row);
    }
    return rows;
}

static json_t *layers_json(const pleats_hull_result *r)
{
    json_t *layers = json_array();
    for (int32_t l = 0; l < r->n_layers; l++)
        report_append(&layers, json_pack("{s:o, s:o, s:i}", "name",
                                         report_text(r->layer[l].name), "op",
                                         report_text(r->layer[l].op), "units",
                                         r->layer[l].units));
    return layers;
}

/* Of every cut: its regions and whether they are all of it. */
static json_t *cuts_json(const pleats_hull_result *r)
{
    json_t *cuts = has_cuts(r) ? json_array() : json_null();
    for (uint64_t i = 0; has_cuts(r) && i < r->n; i++)
        report_append(&cuts, json_pack("{s:I, s:s}", "regions",
                                       (json_int_t)r->cut_regions[i], "label",
                                       r->cut_is_whole[i] ? "exact" : "lower"));
    return cuts;
}

/* Whether the bounds meet everywhere. */
static bool is_exact(const pleats_hull_result *r)
{
    for (uint64_t i = 0; i < r->n * (uint64_t)r->n_layers; i++)
        if (r->lower[i] != r->upper[i])
            return false;
    return true;
}

int print_hulls_json(const session *s, const hull_facts *f,
                     const pleats_hull_result *r)
{
    const report_facts facts = {.verb = "density",
                                .domain = "hulls",
                                .definition =
                                    "no piece gives the unit's value at all "
                                    "points of the hull",
                                .label = is_exact(r) ? "exact" : NULL,
                                .complete = !r->stopped,
                                .seconds = r->seconds,
                                .seed = &f->seed};
    json_t *labels =
        json_pack("{s:s, s:s}", "lower", "lower", "upper", "upper");
    json_t *own = json_pack(
        "{s:s, s:o, s:s, s:i, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "quantity", "units that change", "input", report_text(f->input),
        "radius", f->radius, "directions", r->directions, "count",
        (json_int_t)r->n, "layers", layers_json(r), "labels", labels, "lower",
        matrix(r, true, r->lower), "upper", matrix(r, true, r->upper), "cut",
        matrix(r, has_cuts(r), r->cut), "cuts", cuts_json(r), "stopped",
        report_stop(r->stopped), "remarks", report_remarks(s));
    return report_print(report_new(s, &facts), own);
}

void print_hulls_csv(const pleats_hull_result *r)
{
    printf("row,layer,units,lower,upper%s\n",
           has_cuts(r) ? ",cut,cut_regions,cut_label" : "");
    for (uint64_t i = 0; i < r->n; i++)
        for (int32_t l = 0; l < r->n_layers; l++) {
            const uint64_t at = i * (uint64_t)r->n_layers + (uint64_t)l;
            printf("%llu,%d,%d,%d,%d", (unsigned long long)i, l + 1,
                   r->layer[l].units, r->lower[at], r->upper[at]);
            if (has_cuts(r))
                printf(",%d,%llu,%s", r->cut[at],
                       (unsigned long long)r->cut_regions[i],
                       r->cut_is_whole[i] ? "exact" : "lower");
            putchar('\n');
        }
    if (r->stopped)
        fprintf(stderr, "pleats: stopped by the %s: %llu rows are done\n",
                pleats_stop_text(r->stopped), (unsigned long long)r->n);
}

/* Over all rows, of a layer. */
static double mean(const pleats_hull_result *r, const int32_t *x, int32_t layer)
{
    double sum = 0;
    for (uint64_t i = 0; i < r->n; i++)
        sum += x[i * (uint64_t)r->n_layers + (uint64_t)layer];
    return sum / (double)r->n;
}

static void print_layer(const pleats_hull_result *r, int32_t l)
{
    const uint64_t step = (uint64_t)r->n_layers;
    int32_t least = INT32_MAX, greatest = 0;
    char name[24];
    for (uint64_t i = 0; i < r->n; i++) {
        const int32_t lo = r->lower[i * step + (uint64_t)l];
        const int32_t hi = r->upper[i * step + (uint64_t)l];
        least = lo < least ? lo : least;
        greatest = hi > greatest ? hi : greatest;
    }
    snprintf(name, sizeof name, "layer %d", l + 1);
    printf("%-10s %10d %12.6g %12.6g %12d %12d", name, r->layer[l].units,
           mean(r, r->lower, l), mean(r, r->upper, l), least, greatest);
    if (has_cuts(r))
        printf(" %12.6g", mean(r, r->cut, l));
    putchar('\n');
}

static void print_cuts(const pleats_hull_result *r)
{
    uint64_t whole = 0;
    double regions = 0;
    for (uint64_t i = 0; i < r->n; i++) {
        whole += r->cut_is_whole[i];
        regions += (double)r->cut_regions[i];
    }
    printf("cuts    %.6g regions on average; %llu of %llu exact%s\n",
           regions / (double)r->n, (unsigned long long)whole,
           (unsigned long long)r->n,
           whole < r->n ? ", the others lower bounds" : "");
}

void print_hulls_text(const session *s, const hull_facts *f,
                      const pleats_hull_result *r)
{
    printf("units that change, %llu hulls of radius %s in %d directions%s%s\n",
           (unsigned long long)r->n, f->radius, r->directions,
           r->stopped ? "; stopped by the " : "",
           r->stopped ? pleats_stop_text(r->stopped) : "");
    printf("%-10s %10s %12s %12s %12s %12s%s\n", "layer", "units", "lower",
           "upper", "least", "greatest", has_cuts(r) ? "          cut" : "");
    for (int32_t l = 0; l < r->n_layers; l++)
        print_layer(r, l);
    printf("lower and upper bounds, means over the rows; least lower and "
           "greatest upper bound%s\n",
           is_exact(r) ? "; they meet: exact" : "");
    if (has_cuts(r))
        print_cuts(r);
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    printf("cost    %.3g s\n", r->seconds);
}
