/* What `pleats local` answers. */
#include "print/local_report.h"

#include "print/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NUMBERS_SHOWN = 4096 }; /* of a map, in JSON */

static const char *const proof_names[PLEATS_N_PROOFS] = {
    [PLEATS_PROOF_NONE] = "undecided",
    [PLEATS_PROOF_RAY] = "ray",
    [PLEATS_PROOF_PROGRAMME] = "programme",
    [PLEATS_PROOF_EXACT_FACET] = "exact",
    [PLEATS_PROOF_INDEPENDENT] = "independent",
    [PLEATS_PROOF_SUM] = "redundant by bounds",
    [PLEATS_PROOF_EXACT_REDUNDANT] = "redundant exactly",
    [PLEATS_PROOF_REPEATED] = "repeated"};

static const char *const shape_names[] = {[PLEATS_SHAPE_UNKNOWN] = "unknown",
                                          [PLEATS_SHAPE_BOUNDED] = "bounded",
                                          [PLEATS_SHAPE_UNBOUNDED] =
                                              "unbounded"};

unit_place place_of_unit(const session *s, int32_t unit)
{
    unit_place place = {-1, unit};
    for (int32_t i = 0; i < pleats_net_n_layers(s->net); i++) {
        int32_t units = pleats_net_layer(s->net, i).units;
        if (units > 0 && place.index < units) {
            place.layer = i;
            return place;
        }
        place.index -= units;
    }
    return place;
}

/* ---- JSON ---- */

/* Negative lengths are not known. */
static json_t *length_json(double length)
{
    return length < 0 ? json_null() : report_number(length);
}

static json_t *unit_json(const session *s, int32_t unit)
{
    unit_place p = place_of_unit(s, unit);
    return json_pack("{s:i, s:i, s:i}", "unit", unit, "layer", p.layer, "index",
                     p.index);
}

static json_t *facet_json(const local_report *o, const pleats_facet *f)
{
    json_t *units = json_array(), *changes = json_array();
    for (int32_t i = 0; i < f->n_units; i++)
        report_append(&units, unit_json(o->s, f->unit[i]));
    for (int32_t i = 0; i < f->n_changes; i++)
        report_append(&changes,
                      json_pack("{s:i, s:i, s:i}", "unit", f->change[i].unit,
                                "from", f->change[i].from, "to",
                                f->change[i].to));
    return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o}", "units", units, "side",
                     f->side < 0 ? json_null() : json_integer(f->side), "proof",
                     proof_names[f->proof], "distance",
                     length_json(f->distance), "max_distance",
                     length_json(f->max_distance), "neighbour", changes);
}

/* One list of pieces for each layer with units. */
static json_t *pattern_json(const local_report *o)
{
    json_t *layers = json_array();
    const int32_t *piece = o->r->piece;
    for (int32_t i = 0; i < o->r->n_layers; i++) {
        pleats_layer l = pleats_net_layer(o->s->net, o->r->layer[i].layer);
        json_t *list = json_array();
        for (int32_t u = 0; u < l.units; u++)
            report_append(&list, json_integer(*piece++));
        report_append(&layers, list);
    }
    return layers;
}

static json_t *layers_json(const local_report *o)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < o->r->n_layers; i++) {
        const pleats_layer_walls *w = &o->r->layer[i];
        pleats_layer l = pleats_net_layer(o->s->net, w->layer);
        report_append(&list,
                      json_pack("{s:i, s:o, s:i, s:i, s:o, s:o}", "layer",
                                w->layer, "name", report_text(l.name), "units",
                                l.units, "facets", w->facets, "facet_distance",
                                length_json(w->facet_distance), "wall_distance",
                                length_json(w->wall_distance)));
    }
    return list;
}

static json_t *numbers_json(const double *number, int64_t n)
{
    json_t *list = json_array();
    for (int64_t i = 0; i < n; i++)
        report_append(&list, report_number(number[i]));
    return list;
}

/* The map itself where it is small, else its shape and file alone. */
static json_t *map_json(const local_report *o)
{
    const pleats_local_result *r = o->r;
    json_t *map = json_pack("{s:[i, i], s:o}", "shape", r->n_outputs,
                            r->n_inputs, "file", report_text(o->map));
    const bool is_shown =
        r->a && (int64_t)r->n_outputs * r->n_inputs <= NUMBERS_SHOWN;
    json_t *rows = is_shown ? json_array() : json_null();
    for (int32_t i = 0; i < r->n_outputs && is_shown; i++)
        report_append(
            &rows, numbers_json(r->a + (int64_t)i * r->n_inputs, r->n_inputs));
    json_t *slopes = r->slope ? json_array() : json_null();
    for (int32_t i = 0; i < r->n_outputs && r->slope; i++)
        report_append(&slopes, numbers_json(r->slope + 3 * (int64_t)i, 3));
    report_put(&map, "A", rows);
    report_put(&map, "b",
               is_shown ? numbers_json(r->b, r->n_outputs) : json_null());
    report_put(&map, "slope", slopes);
    return map;
}

static json_t *vertices_json(const pleats_local_result *r)
{
    json_t *list = json_array();
    for (int32_t i = 0; r->vertex && i < r->n_vertices; i++) {
        json_t *one = json_array();
        for (int32_t j = 0; j < r->n_inputs; j++)
            report_append(&one,
                          report_text(r->vertex[(int64_t)i * r->n_inputs + j]));
        report_append(&list, one);
    }
    return list;
}

static json_t *proofs_json(const pleats_local_result *r)
{
    json_t *proofs = json_object();
    for (int i = 0; i < PLEATS_N_PROOFS; i++)
        report_put(&proofs, proof_names[i], json_integer(r->proofs[i]));
    return proofs;
}

static json_t *chebyshev_json(const pleats_local_result *r)
{
    if (!r->centre)
        return json_null();
    return json_pack("{s:o, s:o}", "centre",
                     numbers_json(r->centre, r->n_inputs), "radius",
                     report_number(r->radius));
}

static void add_shape(json_t **own, const pleats_local_result *r)
{
    const bool listed = r->vertex || r->n_rays > 0;
    report_put(own, "shape", json_string(shape_names[r->shape]));
    report_put(own, "chebyshev", chebyshev_json(r));
    report_put(own, "vertices", listed ? vertices_json(r) : json_null());
    report_put(own, "rays", listed ? json_integer(r->n_rays) : json_null());
}

int local_print_json(const local_report *o)
{
    const pleats_local_result *r = o->r;
    const report_facts facts = {.verb = "local",
                                .domain = o->domain,
                                .definition = "activation region",
                                .label = r->exact ? "exact" : "undecided",
                                .complete = r->exact && !r->stopped,
                                .seconds = r->seconds};
    json_t *facets = json_array();
    for (int32_t i = 0; i < r->n_facets; i++)
        report_append(&facets, facet_json(o, &r->facet[i]));
    json_t *own = json_pack(
        "{s:o, s:i, s:b, s:o, s:i, s:o, s:o, s:o, s:{s:o, s:o, s:o}, s:o, s:o, "
        "s:o}",
        "point", report_text(o->point), "dimension", r->dimension, "on_side",
        (int)r->on_side, "pieces", pattern_json(o), "halfspaces",
        r->n_halfspaces, "proofs", proofs_json(r), "facets", facets, "layers",
        layers_json(o), "ball", "radius", report_text(r->ball), "below",
        length_json(r->ball_below), "unit",
        r->ball_unit < 0 ? json_null() : json_integer(r->ball_unit), "distance",
        length_json(r->distance), "map", map_json(o), "remarks",
        report_remarks(o->s));
    report_put(&own, "verdicts",
               json_pack("{s:I, s:I}", "bounds", (json_int_t)r->by_bounds,
                         "exact", (json_int_t)r->by_exact));
    add_shape(&own, r);
    report_put(&own, "stopped", report_stop(r->stopped));
    return report_print(report_new(o->s, &facts), own);
}

/* ---- text ---- */

static void print_unit(const session *s, int32_t unit)
{
    unit_place p = place_of_unit(s, unit);
    pleats_layer l = pleats_net_layer(s->net, p.layer);
    printf("unit %d of ", p.index);
    print_plain(l.name[0] ? l.name : l.op);
}

static void print_facet(const local_report *o, const pleats_facet *f)
{
    printf("facet   ");
    for (int32_t i = 0; i < f->n_units; i++) {
        printf("%s", i ? ", " : "");
        print_unit(o->s, f->unit[i]);
    }
    if (f->side >= 0)
        printf("%sside %d of the domain", f->n_units ? ", " : "", f->side);
    if (f->distance >= 0)
        printf(", at %.6g", f->distance);
    for (int32_t i = 0; i < f->n_changes; i++)
        printf("%s %d from %d to %d", i ? "," : "; piece of unit",
               f->change[i].unit, f->change[i].from, f->change[i].to);
    printf(" (%s)\n", proof_names[f->proof]);
}

static void print_layers(const local_report *o)
{
    for (int32_t i = 0; i < o->r->n_layers; i++) {
        const pleats_layer_walls *w = &o->r->layer[i];
        pleats_layer l = pleats_net_layer(o->s->net, w->layer);
        printf("layer   ");
        print_plain(l.name[0] ? l.name : l.op);
        printf(": %d units, %d facet%s", l.units, w->facets,
               w->facets == 1 ? "" : "s");
        if (w->facet_distance >= 0)
            printf(", the nearest at %.6g", w->facet_distance);
        if (w->wall_distance >= 0)
            printf("; nearest wall at %.6g", w->wall_distance);
        putchar('\n');
    }
}

static void print_shape(const local_report *o)
{
    const pleats_local_result *r = o->r;
    if (r->ball_unit >= 0) {
        printf("ball    max-norm radius %.9g, rounded down, to ",
               r->ball_below);
        print_unit(o->s, r->ball_unit);
        printf("; nearest wall at %.6g\n", r->distance);
    } else if (r->ball_below < 0 && r->distance >= 0) {
        printf("ball    no wall\n");
    }
    printf("shape   %s", shape_names[r->shape]);
    if (r->centre)
        printf("; holds a ball of radius %.6g", r->radius);
    if (r->vertex || r->n_rays)
        printf("; %d vertices, %d rays", r->n_vertices, r->n_rays);
    putchar('\n');
    for (int32_t i = 0; r->vertex && i < r->n_vertices; i++) {
        printf("vertex ");
        for (int32_t j = 0; j < r->n_inputs; j++)
            printf(" %s", r->vertex[(int64_t)i * r->n_inputs + j]);
        putchar('\n');
    }
}

/* The largest slope of an output in each norm, as doubles have it. */
static void print_map(const local_report *o)
{
    const pleats_local_result *r = o->r;
    double most[3] = {0};
    printf("map     %d x %d", r->n_outputs, r->n_inputs);
    for (int32_t i = 0; i < 3 * r->n_outputs && r->slope; i++)
        if (!isnan(most[i % 3]) && !(r->slope[i] <= most[i % 3]))
            most[i % 3] = r->slope[i];
    if (r->slope)
        printf("; slope%s ~%.6g (1-norm), ~%.6g (2-norm), ~%.6g (max norm)",
               r->n_outputs > 1 ? " of the steepest output" : "", most[0],
               most[1], most[2]);
    if (o->map)
        printf("; written to %s", o->map);
    putchar('\n');
}

static void print_proofs(const pleats_local_result *r)
{
    bool first = true;
    printf("proof   ");
    for (int i = 0; i < PLEATS_N_PROOFS; i++) {
        if (r->proofs[i] == 0)
            continue;
        printf("%s%d %s", first ? "" : ", ", r->proofs[i], proof_names[i]);
        first = false;
    }
    printf("%s\n", first ? "nothing to prove" : "");
}

void local_print_text(const local_report *o)
{
    const pleats_local_result *r = o->r;
    printf("%s%d facet%s of %d half-space%s (%s)\n",
           r->exact ? "" : "at least ", r->n_facets,
           r->n_facets == 1 ? "" : "s", r->n_halfspaces,
           r->n_halfspaces == 1 ? "" : "s",
           r->exact ? report_exact(o->s) : "some are undecided");
    printf("model   %s (sha256 %.8s...), %d PL units\n", o->s->name,
           pleats_net_sha256(o->s->net), r->n_units);
    printf("domain  %s\n", o->domain);
    printf("point   %s%s\n", o->point,
           r->on_side ? ", on a side of the domain" : "");
    print_layers(o);
    print_shape(o);
    print_map(o);
    for (int32_t i = 0; o->facets && i < r->n_facets; i++)
        print_facet(o, &r->facet[i]);
    print_proofs(r);
    printf("cost    %.3g s, %.3g MiB\n", r->seconds,
           (double)pleats_ctx_peak_bytes(o->s->ctx) / 0x1p20);
}
