/* pleats count: the exact number of linear regions on a domain. */
#include "exit_codes.h"
#include "options/certificate_options.h"
#include "options/domain_options.h"
#include "options/numbers.h"
#include "options/work_options.h"
#include "print/progress.h"
#include "print/report.h"
#include "verbs/count_verb.h"
#include "verbs/long_certificate.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include "pleats/count.h"

#include <stdio.h>
#include <string.h>

enum { KEY_WHAT = 0x300, KEY_SEED };

typedef struct {
    model_options model;
    domain_options domain;
    long_options life;
    pleats_count_options count;
    work_options work;
    certificate_options certificate;
    int64_t seed;
    count_with how;
} count_verb_options;

static const char doc[] =
    "Counts the activation regions of a network on a domain, exactly: the "
    "non-empty open sets of inputs on which every unit keeps one piece. "
    "Everything is decided over the rationals, with the parameters in the file "
    "taken as the numbers that they are."
    "\v"
    "With --what, affine pieces (connected unions of neighbouring regions on "
    "which the network is one affine map) and affine maps (distinct ones) are "
    "counted too: regions >= pieces >= maps. A count that a limit or an "
    "interrupt stops ends with the regions found so far, a lower "
    "bound.\n\n" DOMAIN_HELP "\n"
    "Examples:\n"
    "  pleats count net.onnx --box -1,1\n"
    "  pleats count net.onnx --what regions,pieces,maps --plane plane.json\n"
    "  pleats count net.onnx --rows data.npz:0,1,2 --json\n"
    "  pleats count net.onnx --ball 1/255 --at data.npz:7 --time-limit 60\n"
    "  pleats count net.onnx --vnnlib property.vnnlib --max-cells "
    "100000\n"
    "  pleats count net.onnx --box -1,1 --certificate "
    "net.cert\n\n" EXIT_CODES_HELP;

static const struct argp_option option_table[] = {
    {"what", KEY_WHAT, "LIST", 0,
     "What to count: regions (always), pieces, maps, with commas between; "
     "pieces and maps take memory in proportion to the regions",
     0},
    {"seed", KEY_SEED, "N", 0,
     "Echoed in the answer; the exact count does not depend on it", 0},
    {0}};

static const struct argp_child children[] = {
    {&domain_argp, 0, NULL, 0},      {&long_argp, 0, NULL, 0},
    {&model_argp, 0, NULL, 0},       {&work_argp, 0, NULL, 0},
    {&certificate_argp, 0, NULL, 0}, {0}};

static void read_what(const struct argp_state *state, const char *list,
                      pleats_count_options *o)
{
    const char *word = list;
    while (word) {
        const char *comma = strchr(word, ',');
        size_t length = comma ? (size_t)(comma - word) : strlen(word);
        if (length == 6 && memcmp(word, "pieces", 6) == 0)
            o->pieces = true;
        else if (length == 4 && memcmp(word, "maps", 4) == 0)
            o->maps = true;
        else if (length != 7 || memcmp(word, "regions", 7) != 0)
            refuse_usage(state,
                         "--what %s: must be among regions, pieces, maps, with "
                         "commas between",
                         list);
        word = comma ? comma + 1 : NULL;
    }
}

/* A certificate is of the regions, and made by one process at a time. */
static void check_certificate(const struct argp_state *state,
                              const count_verb_options *o)
{
    if (o->how || o->life.digests)
        refuse_usage(state, "--certificate is made without digests and ranks");
    if (o->count.pieces || o->count.maps)
        refuse_usage(state, "--certificate is of regions; leave --what out");
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    count_verb_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->domain;
        state->child_inputs[1] = &o->life;
        state->child_inputs[2] = &o->model;
        state->child_inputs[3] = &o->work;
        state->child_inputs[4] = &o->certificate;
        return 0;
    case KEY_WHAT:
        read_what(state, value, &o->count);
        return 0;
    case KEY_SEED:
        if (!read_whole(value, &o->seed))
            refuse_usage(state, "--seed %s: must be a whole number", value);
        return 0;
    case ARGP_KEY_END:
        if (o->life.digests && !o->count.maps)
            refuse_usage(state, "--digests goes with --what maps");
        if (o->certificate.path)
            check_certificate(state, o);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Which part of which count it is; null for a whole count at one go.  The parts
 * of a certificate are others than those of a count, and have no "count". */
static json_t *json_shard(const long_count_facts *facts, const char *digests)
{
    if (!facts->key[0] && facts->of == 1)
        return json_null();
    return json_pack("{s:I, s:I, s:o, s:o}", "part", (json_int_t)facts->part,
                     "of", (json_int_t)facts->of, "count",
                     report_text(facts->key[0] ? facts->key : NULL), "digests",
                     report_text(digests));
}

/* What was written of it; null where none was asked for. */
static json_t *json_certificate(const char *path,
                                const pleats_certificate_result *c)
{
    if (!path)
        return json_null();
    return json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:f}", "path",
                     c->stopped ? json_null() : report_text(path), "stopped",
                     report_stop(c->stopped), "lines", (json_int_t)c->lines,
                     "splits", (json_int_t)c->splits, "points",
                     (json_int_t)c->points, "multipliers",
                     (json_int_t)c->multipliers, "by_exact",
                     (json_int_t)c->by_exact, "seconds", c->seconds);
}

static int print_json(const session *s, const count_verb_options *o,
                      const pleats_count_result *r,
                      const long_count_facts *facts_of_work,
                      const pleats_certificate_result *certified)
{
    const report_facts facts = {.verb = "count",
                                .domain = pleats_domain_text(s->domain),
                                .definition = "activation regions",
                                .label = pleats_label_text(r->label),
                                .complete = !r->stopped,
                                .seconds = r->seconds,
                                .seed = &o->seed};
    json_t *own = json_pack(
        "{s:o, s:{s:I, s:I}, s:i, s:I, s:o, s:o, s:o, s:o, s:o, s:o}",
        "regions", report_text(r->regions), "verdicts", "bounds",
        (json_int_t)r->by_bounds, "exact", (json_int_t)r->by_exact, "dimension",
        r->dimension, "memory", (json_int_t)pleats_ctx_peak_bytes(s->ctx),
        "remarks", report_remarks(s), "pieces", report_text(r->pieces), "maps",
        report_text(r->maps), "stopped", report_stop(r->stopped), "shard",
        json_shard(facts_of_work, o->life.digests), "certificate",
        json_certificate(o->certificate.path, certified));
    return report_print(report_new(s, &facts), own);
}

/* "1203 affine pieces (exact)"; nothing when it was not counted. */
static void print_number(const char *number, const char *what,
                         const pleats_count_result *r, const char *label)
{
    if (number)
        printf("%s%s %s%s (%s)\n", !r->stopped ? "" : "at least ", number, what,
               strcmp(number, "1") == 0 ? "" : "s", label);
}

static void print_text(const session *s, const pleats_count_result *r,
                       double share, const long_count_facts *part)
{
    const char *label = !r->stopped ? report_exact(s) : "lower bound";
    char stopped[128];
    snprintf(stopped, sizeof stopped,
             "lower bound; stopped by the %s, ~%.2f%% of the search done",
             r->stopped ? pleats_stop_text(r->stopped) : "", 100 * share);
    print_number(r->regions, "activation region", r,
                 !r->stopped ? label : stopped);
    print_number(r->pieces, "affine piece", r, label);
    print_number(r->maps, "affine map", r, label);
    printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
           pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    if (part->of > 1)
        printf("part    %llu of %llu, whose own regions these are\n",
               (unsigned long long)part->part, (unsigned long long)part->of);
    printf("domain  %s", pleats_domain_text(s->domain));
    if (r->dimension < 0 && !r->stopped)
        printf(", which is empty");
    else if (r->dimension >= 0 && r->dimension < pleats_net_n_inputs(s->net))
        printf(", of dimension %d", r->dimension);
    printf("\nproof   %llu verdicts by rounding bounds, %llu by exact "
           "arithmetic\n",
           (unsigned long long)r->by_bounds, (unsigned long long)r->by_exact);
    printf("cost    %.3g s, %.3g MiB\n", r->seconds,
           (double)pleats_ctx_peak_bytes(s->ctx) / 0x1p20);
}

/* Counts by what does the counting; with a certificate where that is asked for,
 * whose result is lent to `result` and stays `certified`'s. */
static pleats_status count(const session *s, count_verb_options *o,
                           long_count_facts *facts,
                           pleats_certificate_result *certified,
                           pleats_count_result *result)
{
    pleats_status status = PLEATS_OK;
    const pleats_limits *limits = &o->work.limits;
    if (o->certificate.path) {
        if (o->life.has_shard) {
            facts->part = o->life.part;
            facts->of = o->life.of;
        }
        status = o->life.state.checkpoint || o->life.state.resume
                     ? long_certificate(s, &o->life.state, &o->certificate,
                                        limits, facts, certified)
                     : certificate_write(s, &o->certificate, facts->part,
                                         facts->of, limits, certified);
        *result = certified->count;
        return status;
    }
    if (o->how)
        return o->how(s, &o->life, &o->count, limits, facts, result);
    if (long_is_asked_for(&o->life))
        return long_count(s, &o->life, &o->count, limits, facts, result);
    return pleats_count(s->ctx, s->net, s->domain, &o->count, limits, result);
}

/* "proof   in FILE: ..." */
static void print_certificate(const char *path, const char *checkpoint,
                              const pleats_certificate_result *c)
{
    printf("certificate ");
    if (c->stopped) {
        printf("none: stopped by the %s", pleats_stop_text(c->stopped));
        if (checkpoint) {
            printf("; goes on by --resume ");
            print_plain(checkpoint);
        }
        printf("\n");
        return;
    }
    print_plain(path);
    printf(": %llu lines, %llu points, %.3g s\n", (unsigned long long)c->lines,
           (unsigned long long)c->points, c->seconds);
}

static int answer(session *s, void *options)
{
    count_verb_options *o = options;
    pleats_count_result result = {0};
    long_count_facts facts = {.of = 1};
    pleats_certificate_result certified = {0};
    progress line;
    pleats_limits *limits = &o->work.limits;
    progress_start(&line, o->work.progress);
    limits->progress = progress_report;
    limits->progress_state = &line;
    o->count.paranoid = o->work.paranoid;
    o->count.engine = o->work.engine;
    pleats_status status = count(s, o, &facts, &certified, &result);
    progress_end(&line);
    int code = facts.failed ? facts.failed : session_finish(s, status);
    if (code == EXIT_ANSWERED && o->model.json)
        code = print_json(s, o, &result, &facts, &certified);
    else if (code == EXIT_ANSWERED)
        print_text(s, &result, facts.share > 0 ? facts.share : line.share,
                   &facts);
    if (code == EXIT_ANSWERED && o->certificate.path && !o->model.json)
        print_certificate(o->certificate.path, o->life.state.checkpoint,
                          &certified);
    code = session_code(code, result.stopped || certified.stopped);
    pleats_count_result_clear(s->ctx, &result);
    return code;
}

int count_verb(int argc, char **argv, count_with how)
{
    const struct argp argp = {option_table, parse, "MODEL", doc,
                              children,     NULL,  NULL};
    count_verb_options o = {.how = how};
    const verb v = {.argp = &argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}

int verb_count(int argc, char **argv)
{
    return count_verb(argc, argv, NULL);
}
