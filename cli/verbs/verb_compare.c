/* pleats compare: architectures side by side, for the regions that their
 * parameters can buy. */
#include "exit_codes.h"
#include "options/numbers.h"
#include "options/spec_argument.h"
#include "print/compare_claims.h"
#include "print/compare_table.h"
#include "signals.h"
#include "verbs/verbs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SPECS = 64, SHOWN_DIGITS = 20 };

typedef struct {
    model_options model; /* its path is the first argument */
    const char *argument[MOST_SPECS];
    int n_arguments;
    bool csv, match_fc;
    int64_t budget;             /* 0: the parameters of each spec */
    int64_t depth_lo, depth_hi; /* 0: no sweep */
    int64_t scale_lo, scale_hi; /* 0: no sweep */
    compare_claims claims;      /* with --scale */
} compare_options;

static const char statement[] =
    "Some weights reach a lower bound; no weights exceed an upper bound. A "
    "lower bound above another architecture's upper bound proves that its "
    "maximum is larger; intervals that overlap prove nothing, and no bound "
    "speaks of one trained network.";

enum { KEY_CSV = 0x200, KEY_MATCH, KEY_BUDGET, KEY_DEPTHS, KEY_SCALE };

static const struct argp_option option_table[] = {
    {"match", KEY_MATCH, "fc", 0,
     "Set beside each architecture the fully connected networks of the same "
     "depth, and of one hidden layer, that come closest in parameters",
     0},
    {"depths", KEY_DEPTHS, "A-B", 0,
     "Instead of each SPEC itself: its first layer of units repeated A to B "
     "times, with the number of filters or units that comes closest to the "
     "budget",
     0},
    {"budget", KEY_BUDGET, "P", 0,
     "Parameters for --depths (default: those of the SPEC)", 0},
    {"scale", KEY_SCALE, "A-B", 0,
     "Each SPEC with its numbers of filters and units times A to B; says from "
     "which size on one is proved to be ahead of another",
     0},
    {"csv", KEY_CSV, NULL, 0, "Answer with a table of comma-separated values",
     0},
    {0}};

static const char doc[] =
    "Architectures side by side: parameters, units, the best lower and upper "
    "bounds of the number of activation regions, and their log10 for each "
    "parameter. Where both bounds are equal the number is the exact maximum."
    "\v" SPEC_ARGUMENT_HELP "\n\n"
    "Examples:\n"
    "  pleats compare cnn:in=1x5/conv=6@3/relu mlp:5,4,1\n"
    "  pleats compare cnn:in=1x8x8/conv=4@3x3/relu/conv=4@3x3/relu "
    "--match fc\n"
    "  pleats compare mlp:4,16,1 --depths 1-6 --budget 500 --csv\n"
    "  pleats compare cnn:in=1x5/conv=3@3/relu mlp:5,3,1 --scale "
    "1-16\n\n" EXIT_CODES_HELP;

static void read_range(char *text, const char *flag,
                       const struct argp_state *state, int64_t *lo, int64_t *hi)
{
    char *dash = strchr(text, '-');
    if (dash)
        *dash = '\0';
    if (!read_whole(text, lo) || !read_whole(dash ? dash + 1 : text, hi) ||
        *lo < 1 || *hi < *lo || *hi > COMPARE_MOST_SCALES)
        refuse_usage(state, "%s wants a range such as 1-6, up to %d", flag,
                     COMPARE_MOST_SCALES);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    compare_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->model;
        return 0;
    case KEY_CSV:
        o->csv = true;
        return 0;
    case KEY_MATCH:
        if (strcmp(value, "fc") != 0)
            refuse_usage(state, "--match knows fc only, not %s", value);
        o->match_fc = true;
        return 0;
    case KEY_BUDGET:
        if (!read_whole(value, &o->budget) || o->budget < 1)
            refuse_usage(state, "--budget wants a number of parameters");
        return 0;
    case KEY_DEPTHS:
        read_range(value, "--depths", state, &o->depth_lo, &o->depth_hi);
        return 0;
    case KEY_SCALE:
        read_range(value, "--scale", state, &o->scale_lo, &o->scale_hi);
        return 0;
    case ARGP_KEY_ARG:
        if (o->n_arguments == 0)
            o->model.path = value;
        if (o->n_arguments == MOST_SPECS)
            refuse_usage(state, "at most %d architectures", MOST_SPECS);
        o->argument[o->n_arguments++] = value;
        return 0;
    case ARGP_KEY_END:
        if (o->csv && o->model.json)
            refuse_usage(state, "either --json or --csv");
        if (o->budget && !o->depth_lo)
            refuse_usage(state, "--budget belongs to --depths");
        if (o->scale_lo && (o->depth_lo || o->match_fc))
            refuse_usage(state, "--scale goes with neither --depths nor "
                                "--match");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The fully connected network that matches, unless it is the spec itself. */
static int add_match(compare_table *t, const pleats_spec *spec, int32_t depth,
                     const char *role)
{
    pleats_spec *fc = NULL;
    pleats_status status =
        pleats_spec_match_fc(t->session.ctx, spec, depth, &fc);
    if (status != PLEATS_OK)
        return session_fail_at(&t->session, status, "--match fc");
    if (strcmp(pleats_spec_text(fc), pleats_spec_text(spec)) != 0)
        return compare_add(t, fc, role);
    pleats_spec_free(t->session.ctx, fc);
    return EXIT_ANSWERED;
}

/* The spec, and the fully connected networks that match it. */
static int add_with_matches(compare_table *t, const compare_options *o,
                            pleats_spec *spec, const char *role)
{
    int code = compare_add(t, spec, role);
    if (code == EXIT_ANSWERED && o->match_fc && pleats_spec_depth(spec) > 1)
        code = add_match(t, spec, 0, "fc, same depth");
    if (code == EXIT_ANSWERED && o->match_fc)
        code = add_match(t, spec, 1, "fc, one layer");
    return code;
}

/* The spec in other depths; those for which its shapes are too small are left
 * out with a note. */
static int add_depths(compare_table *t, const compare_options *o,
                      const pleats_spec *spec)
{
    int code = EXIT_ANSWERED;
    for (int64_t d = o->depth_lo;
         code == EXIT_ANSWERED && !t->stopped && d <= o->depth_hi; d++) {
        pleats_spec *deep = NULL;
        pleats_status status = pleats_spec_with_depth(
            t->session.ctx, spec, (int32_t)d, o->budget, &deep);
        if (status == PLEATS_INVALID && d > o->depth_lo) {
            fprintf(stderr, "pleats: note: depth %d and more left out: %s\n",
                    (int)d, pleats_ctx_message(t->session.ctx));
            break;
        }
        code = status == PLEATS_OK
                   ? add_with_matches(t, o, deep, "depth")
                   : session_fail_at(&t->session, status, "--depths");
        if (status == PLEATS_INVALID)
            code = EXIT_USAGE;
    }
    return code;
}

/* The spec with all scales. */
static int add_scales(compare_table *t, compare_options *o,
                      const pleats_spec *spec)
{
    int code = EXIT_ANSWERED;
    compare_claims_begin(&o->claims, t->n);
    for (int64_t k = o->scale_lo;
         code == EXIT_ANSWERED && !t->stopped && k <= o->scale_hi; k++) {
        pleats_spec *wide = NULL;
        pleats_status status =
            pleats_spec_scaled(t->session.ctx, spec, k, &wide);
        code = status == PLEATS_OK
                   ? compare_add(t, wide, "scale")
                   : session_fail_at(&t->session, status, "--scale");
        if (status == PLEATS_INVALID)
            code = EXIT_USAGE;
    }
    return code;
}

static json_t *side_json(const compare_side *side)
{
    if (!side->value)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "value", side->value, "name",
                     side->name, "source", side->source, "log10",
                     report_number(side->log10), "log10_per_parameter",
                     report_number(side->per_parameter));
}

static json_t *row_json(const compare_row *r)
{
    return json_pack(
        "{s:o, s:s, s:I, s:I, s:i, s:b, s:o, s:o}", "spec",
        report_text(pleats_spec_text(r->spec)), "role", r->role, "parameters",
        (json_int_t)pleats_spec_n_parameters(r->spec), "units",
        (json_int_t)pleats_spec_n_units(r->spec), "depth",
        (int)pleats_spec_depth(r->spec), "exact", (int)compare_is_exact(r),
        "lower", side_json(&r->lower), "upper", side_json(&r->upper));
}

static int print_json(const compare_table *t, const compare_claims *claims)
{
    const report_facts facts = {.verb = "compare",
                                .definition = "activation regions",
                                .complete = !t->stopped,
                                .seconds = t->seconds};
    json_t *rows = json_array(), *proved = json_array();
    for (int i = 0; i < t->n; i++) {
        report_append(&rows, row_json(&t->row[i]));
        for (int j = 0; j < t->n; j++)
            if (compare_is_proved(t, i, j))
                report_append(&proved,
                              json_pack("{s:i, s:i}", "more", i, "fewer", j));
    }
    json_t *own =
        json_pack("{s:o, s:o, s:o, s:s, s:o, s:o}", "rows", rows, "proved",
                  proved, "claims", compare_claims_json(claims, t), "meaning",
                  statement, "stopped", report_stop(t->stopped), "remarks",
                  report_remarks(&t->session));
    return report_print(spec_report_new(&t->session, &facts, NULL), own);
}

static void print_csv_side(const compare_side *side)
{
    if (!side->value)
        printf(",,,");
    else if (isfinite(side->per_parameter))
        printf(",%s,%.6f,%.9f", side->value, side->log10, side->per_parameter);
    else
        printf(",%s,%.6f,", side->value, side->log10);
}

static void print_csv(const compare_table *t)
{
    puts("spec,role,parameters,units,depth,exact,lower,lower_log10,"
         "lower_log10_per_parameter,upper,upper_log10,"
         "upper_log10_per_parameter");
    for (int i = 0; i < t->n; i++) {
        const compare_row *r = &t->row[i];
        putchar('"');
        print_plain(pleats_spec_text(r->spec));
        printf("\",\"%s\",%lld,%lld,%d,%d", r->role,
               (long long)pleats_spec_n_parameters(r->spec),
               (long long)pleats_spec_n_units(r->spec),
               pleats_spec_depth(r->spec), compare_is_exact(r));
        print_csv_side(&r->lower);
        print_csv_side(&r->upper);
        putchar('\n');
    }
}

static void print_side(const compare_side *side)
{
    char power[32] = "-";
    const char *value = power;
    if (side->value && strlen(side->value) <= SHOWN_DIGITS)
        value = side->value;
    else if (side->value)
        snprintf(power, sizeof power, "10^%.4f", side->log10);
    printf("  %*s", SHOWN_DIGITS, value);
    if (isfinite(side->per_parameter))
        printf("  %9.5f", side->per_parameter);
    else
        printf("  %9s", "-");
}

/* "1 has more regions than 2, 3" for every row of which that is proved. */
static void print_proved(const compare_table *t)
{
    bool any = false;
    for (int i = 0; i < t->n; i++) {
        const char *between = "";
        for (int j = 0; j < t->n; j++) {
            if (!compare_is_proved(t, i, j))
                continue;
            if (!*between)
                printf("%sProved: the maximum of %d is above that of ",
                       any ? "" : "\n", i + 1);
            printf("%s%d", between, j + 1);
            between = ", ";
            any = true;
        }
        if (*between)
            putchar('\n');
    }
}

static void print_text(const compare_table *t, const compare_claims *claims)
{
    printf("%3s  %10s  %8s  %5s  %*s  %9s  %*s  %9s\n", "", "parameters",
           "units", "depth", SHOWN_DIGITS, "lower bound", "log10/par",
           SHOWN_DIGITS, "upper bound", "log10/par");
    for (int i = 0; i < t->n; i++) {
        const compare_row *r = &t->row[i];
        printf("%3d  %10lld  %8lld  %5d", i + 1,
               (long long)pleats_spec_n_parameters(r->spec),
               (long long)pleats_spec_n_units(r->spec),
               pleats_spec_depth(r->spec));
        print_side(&r->lower);
        print_side(&r->upper);
        printf("%s\n", compare_is_exact(r) ? "  exact" : "");
    }
    putchar('\n');
    for (int i = 0; i < t->n; i++) {
        printf("%3d  %s: ", i + 1, t->row[i].role);
        print_plain(pleats_spec_text(t->row[i].spec));
        putchar('\n');
    }
    if (claims->n_specs > 1)
        compare_claims_print(claims, t);
    else
        print_proved(t);
    printf("\n%s\n", statement);
}

static int fill_table(compare_table *t, compare_options *o)
{
    int code = EXIT_ANSWERED;
    for (int i = 0; code == EXIT_ANSWERED && !t->stopped && i < o->n_arguments;
         i++) {
        pleats_spec *spec = NULL;
        code = spec_read(&t->session, o->argument[i], &o->model.load, &spec,
                         i == 0 ? &t->session.net : NULL);
        if (code != EXIT_ANSWERED)
            break;
        if (!o->depth_lo && !o->scale_lo) {
            code = add_with_matches(t, o, spec, "given");
        } else if (o->scale_lo) {
            code = add_scales(t, o, spec);
            pleats_spec_free(t->session.ctx, spec);
        } else {
            code = add_depths(t, o, spec);
            pleats_spec_free(t->session.ctx, spec);
        }
    }
    return code;
}

static int compare(compare_table *t, compare_options *o)
{
    o->claims.first_scale = o->scale_lo;
    const int code = fill_table(t, o);
    release_signals();
    session_show_remarks(&t->session);
    if (code != EXIT_ANSWERED)
        return code;
    if (t->stopped)
        fprintf(stderr, "pleats: stopped by the %s: not all rows, or bounds\n",
                pleats_stop_text(t->stopped));
    int printed = EXIT_ANSWERED;
    if (o->model.json)
        printed = print_json(t, &o->claims);
    else if (o->csv)
        print_csv(t);
    else
        print_text(t, &o->claims);
    return session_code(printed, t->stopped);
}

int verb_compare(int argc, char **argv)
{
    const struct argp_child children[] = {{&model_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {.options = option_table,
                              .parser = parse,
                              .args_doc = "SPEC|MODEL...",
                              .doc = doc,
                              .children = children};
    compare_options o = {0};
    compare_table *t = calloc(1, sizeof *t);
    if (!t)
        return session_no_memory();
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    int code = session_start(&t->session, &o.model);
    if (code == EXIT_ANSWERED)
        code = compare(t, &o);
    compare_clear(t);
    free(t);
    return code;
}
