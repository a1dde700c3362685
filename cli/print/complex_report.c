#include "print/complex_report.h"

#include "print/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- text ---- */

static void print_numbers(const uint64_t *n, int32_t most)
{
    for (int32_t d = 0; d <= most; d++)
        printf(" %" PRIu64, n[d]);
}

static bool are_equal(const pleats_complex_set *set, int32_t k)
{
    return set->has_rational &&
           memcmp(set->betti, set->rational,
                  (size_t)(k + 1) * sizeof *set->betti) == 0;
}

static void print_set(const pleats_complex_set *set, const char *level,
                      int32_t k)
{
    static const char *const sign[] = {"<=", ">=", "="};
    char name[80];
    if (set->kind <= PLEATS_SET_LEVEL)
        snprintf(name, sizeof name, "output %d %s %.40s", set->number,
                 sign[set->kind], level);
    else if (set->kind == PLEATS_SET_CLASS)
        snprintf(name, sizeof name, "class %d", set->number);
    else
        snprintf(name, sizeof name, "boundary");
    printf("%-20s  Betti", name);
    print_numbers(set->betti, k);
    if (are_equal(set, k))
        printf(" (over GF(2) and Q)");
    else {
        printf(" (over GF(2)), ");
        if (set->has_rational)
            print_numbers(set->rational, k);
        else
            printf("unknown");
        printf(" (over Q)");
    }
    printf(", Euler %" PRId64 ", faces", set->euler);
    print_numbers(set->faces, k);
    printf("\n");
}

static void print_components(const pleats_complex_result *r)
{
    if (r->n_components > 0)
        printf("\nclass  component  parts     volume\n");
    for (int32_t i = 0, n = 0; i < r->n_components; i++) {
        const pleats_complex_component *c = &r->component[i];
        n = i > 0 && c->number == c[-1].number ? n + 1 : 0;
        printf("%5d  %-9d  %-8" PRIu64 "  %.10g", c->number, n, c->parts,
               c->volume);
        if (c->exact_volume && strlen(c->exact_volume) <= 100)
            printf(" (%s)", c->exact_volume);
        printf("\n");
    }
}

static void print_head(const session *s, const pleats_complex_result *r)
{
    const bool is_part = r->label != PLEATS_EXACT;
    const uint64_t regions = r->dimension < 0 ? 0 : r->faces[r->dimension];
    printf("%s%" PRIu64 " activation region%s (%s%s)\n",
           is_part ? "at least " : "", regions, regions == 1 ? "" : "s",
           is_part ? "lower bound; stopped by the " : "",
           is_part ? pleats_stop_text(r->stopped) : report_exact(s));
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    printf("domain  %s", pleats_domain_text(s->domain));
    if (r->dimension < 0)
        printf(", which is empty");
    else if (r->dimension < pleats_net_n_inputs(s->net))
        printf(", of dimension %d", r->dimension);
    printf("\ncost    %.3g s, %.3g MiB\n", r->seconds,
           (double)pleats_ctx_peak_bytes(s->ctx) / 0x1p20);
}

void print_complex_text(const session *s, const char *level,
                        const pleats_complex_result *r)
{
    const bool is_part = r->label != PLEATS_EXACT;
    print_head(s, r);
    if (r->dimension < 0)
        return;
    printf("faces  %s", is_part ? " at least" : "");
    print_numbers(r->faces, r->dimension);
    printf(", of dimensions 0 to %d\n", r->dimension);
    if (is_part)
        return;
    printf("inside ");
    print_numbers(r->inside, r->dimension);
    printf(", not in the domain's boundary\nEuler   %" PRId64
           ", as of every convex set\n",
           r->euler);
    if (r->n_sets > 0)
        printf("\n");
    for (int32_t i = 0; i < r->n_sets; i++)
        print_set(&r->set[i], level, r->dimension);
    print_components(r);
    if (r->stopped)
        printf("stopped by the %s: what is above is all there is\n",
               pleats_stop_text(r->stopped));
}

/* ---- JSON ---- */

static json_t *numbers_json(const uint64_t *n, int32_t most)
{
    json_t *list = json_array();
    for (int32_t d = 0; d <= most; d++)
        report_append(&list, json_integer((json_int_t)n[d]));
    return list;
}

static json_t *sets_json(const char *level, const pleats_complex_result *r)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < r->n_sets; i++) {
        const pleats_complex_set *set = &r->set[i];
        const bool is_level = set->kind <= PLEATS_SET_LEVEL;
        const bool is_class = set->kind == PLEATS_SET_CLASS;
        report_append(
            &list,
            json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "set",
                      pleats_set_text(set->kind), "output",
                      is_level ? json_integer(set->number) : json_null(),
                      "level", report_text(is_level ? level : NULL), "class",
                      is_class ? json_integer(set->number) : json_null(),
                      "faces", numbers_json(set->faces, r->dimension), "euler",
                      (json_int_t)set->euler, "betti",
                      numbers_json(set->betti, r->dimension), "betti_rational",
                      set->has_rational
                          ? numbers_json(set->rational, r->dimension)
                          : json_null()));
    }
    return list;
}

static json_t *components_json(const pleats_complex_result *r)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < r->n_components; i++) {
        const pleats_complex_component *c = &r->component[i];
        report_append(&list,
                      json_pack("{s:i, s:I, s:o, s:o, s:o}", "class", c->number,
                                "parts", (json_int_t)c->parts, "volume",
                                report_number(c->volume), "volume_error",
                                report_number(c->volume_error), "exact_volume",
                                report_text(c->exact_volume)));
    }
    return list;
}

int print_complex_json(const session *s, const char *level,
                       const pleats_complex_result *r)
{
    const report_facts facts = {.verb = "complex",
                                .domain = pleats_domain_text(s->domain),
                                .definition = "faces: sets of one sign of "
                                              "every unit at every breakpoint",
                                .label = pleats_label_text(r->label),
                                .complete = !r->stopped,
                                .seconds = r->seconds};
    const bool is_whole = r->label == PLEATS_EXACT;
    char regions[24];
    snprintf(regions, sizeof regions, "%" PRIu64,
             r->dimension < 0 ? 0 : r->faces[r->dimension]);
    json_t *own = json_pack(
        "{s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "regions",
        regions, "dimension", r->dimension, "faces",
        numbers_json(r->faces, r->dimension), "inside",
        is_whole ? numbers_json(r->inside, r->dimension) : json_null(), "euler",
        is_whole ? json_integer(r->euler) : json_null(), "sets",
        sets_json(level, r), "components", components_json(r), "stopped",
        report_stop(r->stopped), "memory",
        (json_int_t)pleats_ctx_peak_bytes(s->ctx), "remarks",
        report_remarks(s));
    return report_print(report_new(s, &facts), own);
}
