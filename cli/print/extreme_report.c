#include "print/extreme_report.h"

#include "print/rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static json_t *extreme_json(const pleats_range_result *r,
                            const pleats_extreme *e)
{
    json_t *input = json_array();
    for (int32_t i = 0; e->input && i < r->n_inputs; i++)
        report_append(&input, report_number(e->input[i]));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o}",
                     "value", report_text(e->value), "label",
                     report_text(pleats_label_text(e->label)), "lower",
                     report_number(e->lower), "upper", report_number(e->upper),
                     "point", report_texts(r->n_inputs, e->point), "input",
                     input, "outputs", report_texts(r->n_outputs, e->output),
                     "pattern", report_pattern(r->n_units, e->pattern), "parts",
                     (json_int_t)e->nodes, "leaves", (json_int_t)e->leaves,
                     "stopped", report_stop(e->stopped));
}

static json_t *item_json(const extreme_list *list, int32_t i)
{
    const pleats_range_result *r = &list->item[i];
    return json_pack(
        "{s:o, s:o, s:o, s:o}", "output",
        list->has_direction ? json_null() : json_integer(list->first + i),
        "direction",
        list->has_direction ? report_text(list->function) : json_null(),
        "least", r->is_empty ? json_null() : extreme_json(r, &r->least),
        "largest", r->is_empty ? json_null() : extreme_json(r, &r->largest));
}

/* What all answers of the verb have: one of `ranges` and `property`, both of
 * which it takes, the other one null. */
static int print_answer(const session *s, const report_facts *facts,
                        json_t *ranges, json_t *property, pleats_stop stopped)
{
    json_t *own = json_pack("{s:o, s:o, s:o, s:o}", "ranges", ranges,
                            "property", property, "stopped",
                            report_stop(stopped), "remarks", report_remarks(s));
    return report_print(report_new(s, facts), own);
}

int extremes_print_json(const session *s, const extreme_list *list)
{
    report_facts facts = {.verb = "range",
                          .domain = pleats_domain_text(s->domain),
                          .definition = "least and largest value"};
    pleats_stop stopped = PLEATS_STOP_NONE;
    json_t *values = json_array();
    for (int32_t i = 0; i < list->n; i++) {
        report_append(&values, item_json(list, i));
        facts.seconds += list->item[i].seconds;
        if (list->item[i].stopped)
            stopped = list->item[i].stopped;
    }
    facts.complete = !stopped;
    facts.label = stopped ? NULL : "exact";
    return print_answer(s, &facts, values, json_null(), stopped);
}

/* ---- text ---- */

static void print_extreme(const session *s, const char *word,
                          const pleats_range_result *r, const pleats_extreme *e)
{
    if (e->label == PLEATS_EXACT)
        printf("  %-8s %s (%s)\n", word, e->shown, report_exact(s));
    else
        printf("  %-8s in [%.9g, %.9g] (stopped by the %s)\n", word, e->lower,
               e->upper, pleats_stop_text(e->stopped));
    if (!e->input)
        return;
    print_row("at", r->n_inputs, e->input);
}

void extremes_print(const session *s, const extreme_list *list)
{
    uint64_t parts = 0, leaves = 0;
    double seconds = 0;
    for (int32_t i = 0; i < list->n; i++) {
        const pleats_range_result *r = &list->item[i];
        if (list->has_direction)
            printf("outputs times %s\n", list->function);
        else
            printf("output %d\n", list->first + i);
        if (r->is_empty) {
            printf("  no value: the domain is empty\n");
        } else {
            print_extreme(s, "least", r, &r->least);
            print_extreme(s, "largest", r, &r->largest);
        }
        parts += r->least.nodes + r->largest.nodes;
        leaves += r->least.leaves + r->largest.leaves;
        seconds += r->seconds;
    }
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    printf("domain  %s\n", pleats_domain_text(s->domain));
    printf("search  %llu parts of the domain, %llu of them solved exactly\n",
           (unsigned long long)parts, (unsigned long long)leaves);
    printf("cost    %.3g s\n", seconds);
}

/* ---- properties ---- */

int property_print_json(const session *s, const char *path,
                        const pleats_property_result *r)
{
    const bool is_open = r->verdict == PLEATS_PROPERTY_OPEN;
    const report_facts facts = {.verb = "range",
                                .definition = "property of a VNN-LIB file",
                                .label = is_open ? NULL : "exact",
                                .complete = !is_open,
                                .seconds = r->seconds};
    json_t *point = NULL, *input = json_array();
    for (int32_t i = 0; r->input && i < r->n_inputs; i++)
        report_append(&input, report_number(r->input[i]));
    point = json_pack("{s:o, s:o, s:o, s:o}", "point",
                      report_texts(r->n_inputs, r->point), "input", input,
                      "outputs", report_texts(r->n_outputs, r->output),
                      "pattern", report_pattern(r->n_units, r->pattern));
    if (!r->point) {
        json_decref(point);
        point = json_null();
    }
    json_t *property = json_pack(
        "{s:o, s:s, s:o, s:i, s:i, s:f, s:I, s:I}", "file", report_text(path),
        "verdict", pleats_verdict_text(r->verdict), "counterexample", point,
        "cases", r->cases, "settled", r->settled, "left", r->share, "parts",
        (json_int_t)r->nodes, "leaves", (json_int_t)r->leaves);
    return print_answer(s, &facts, json_null(), property, r->stopped);
}

void property_print(const session *s, const char *path,
                    const pleats_property_result *r)
{
    if (r->verdict == PLEATS_PROPERTY_HOLDS)
        printf("holds (%s): no point meets the constraints\n", report_exact(s));
    else if (r->verdict == PLEATS_PROPERTY_VIOLATED)
        printf("violated (%s): a point meets the constraints\n",
               report_exact(s));
    else
        printf("open (stopped by the %s): %d of %d cases settled; of the "
               "others' domains %.3g%% left\n",
               pleats_stop_text(r->stopped), r->settled, r->cases,
               100 * r->share);
    if (r->input)
        print_row("at", r->n_inputs, r->input);
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    printf("file    ");
    print_plain(path);
    printf("\nsearch  %llu parts of the domain, %llu of them solved exactly\n",
           (unsigned long long)r->nodes, (unsigned long long)r->leaves);
    printf("cost    %.3g s\n", r->seconds);
}
