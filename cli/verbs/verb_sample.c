/* pleats sample: distinct activation patterns among many points. */
#include "exit_codes.h"
#include "options/sample_options.h"
#include "options/spec_argument.h"
#include "print/progress.h"
#include "print/report.h"
#include "verbs/run_verb.h"
#include "verbs/verbs.h"

#include <stdio.h>

/* The runs, one for each standard deviation. */
typedef struct {
    pleats_sample_result run[MAX_SCALES];
    int32_t n_runs, n_wanted;
    int32_t best; /* the run with most patterns, whose numbers are the answer */
    double seconds;
    progress line;
} samples;

static void report_share(void *state, const pleats_progress *now)
{
    samples *all = state;
    pleats_progress of_all = *now;
    of_all.share = (all->n_runs + now->share) / all->n_wanted;
    progress_report(&all->line, &of_all);
}

static double per_unit(const session *s, const pleats_sample_result *r)
{
    int32_t units = pleats_net_n_units(s->net);
    return units > 0 ? (double)r->patterns / units : 0;
}

/* Run number i; sigma is its standard deviation, where runs have one. */
static json_t *run_json(const session *s, const sample_options *o,
                        const samples *all, int32_t i)
{
    const bool is_random = o->sample.source != PLEATS_SAMPLE_SEQUENCE;
    const pleats_sample_result *r = &all->run[i];
    json_t *estimates = json_pack("{s:s, s:o, s:o}", "label", "estimate",
                                  "coverage", report_number(r->coverage),
                                  "richness", report_number(r->richness));
    json_t *run = json_pack(
        "{s:I, s:I, s:I, s:I, s:b, s:I, s:{s:I, s:I}, s:O}", "points",
        (json_int_t)r->points, "patterns", (json_int_t)r->patterns,
        "singletons", (json_int_t)r->singletons, "doubletons",
        (json_int_t)r->doubletons, "saturated", (int)r->is_saturated,
        "decided_exactly", (json_int_t)r->by_exact, "left_out", "on_walls",
        (json_int_t)r->on_walls, "undecided", (json_int_t)r->undecided,
        "estimates", is_random ? estimates : json_null());
    json_decref(estimates);
    report_put(&run, "per_unit",
               o->per_unit ? report_number(per_unit(s, r)) : json_null());
    report_put(&run, "sigma",
               o->n_scales > 0 ? report_number(o->scale[i]) : json_null());
    return run;
}

static int print_json(const session *s, const sample_options *o,
                      const char *domain, const samples *all)
{
    static const char *const source[] = {"uniform", "sequence", "gaussian",
                                         "rows"};
    const pleats_sample_result *last = &all->run[all->n_runs - 1];
    const report_facts facts = {
        .verb = "sample",
        .domain = domain,
        .definition = "distinct activation patterns of points, each that of "
                      "an activation region",
        .label = "lower",
        .complete = !last->stopped,
        .seconds = all->seconds,
        .seed = &o->init.seed};
    const bool is_made = !pleats_net_sha256(s->net)[0];
    json_t *own = run_json(s, o, all, all->best);
    json_t *runs = o->n_scales > 0 ? json_array() : json_null();
    for (int32_t i = 0; i < all->n_runs && o->n_scales > 0; i++)
        report_append(&runs, run_json(s, o, all, i));
    report_put(&own, "source", json_string(source[o->sample.source]));
    report_put(&own, "preset", report_text(o->preset));
    report_put(&own, "init",
               report_text(is_made ? init_weights(&o->init) : NULL));
    report_put(&own, "bias", report_text(is_made ? init_bias(&o->init) : NULL));
    report_put(&own, "units", json_integer(pleats_net_n_units(s->net)));
    report_put(&own, "memory",
               json_integer((json_int_t)pleats_ctx_peak_bytes(s->ctx)));
    report_put(&own, "remarks", report_remarks(s));
    report_put(&own, "runs", runs);
    report_put(&own, "stopped", report_stop(last->stopped));
    return report_print(report_new(s, &facts), own);
}

static void print_runs(const sample_options *o, const samples *all)
{
    printf("sigma   %10s %10s %10s %10s %9s %12s\n", "points", "patterns",
           "seen once", "twice", "coverage", "richness");
    for (int32_t i = 0; i < all->n_runs; i++) {
        const pleats_sample_result *r = &all->run[i];
        printf("%-7g %10llu %10llu %10llu %10llu %9.4f %12.6g\n", o->scale[i],
               (unsigned long long)r->points, (unsigned long long)r->patterns,
               (unsigned long long)r->singletons,
               (unsigned long long)r->doubletons, r->coverage, r->richness);
    }
}

/* Points of a sequence are not independent: nothing is estimated from them. */
static void print_seen(const sample_options *o, const pleats_sample_result *r)
{
    printf("seen    %llu patterns once, %llu twice\n",
           (unsigned long long)r->singletons,
           (unsigned long long)r->doubletons);
    if (o->sample.source != PLEATS_SAMPLE_SEQUENCE)
        printf("estimate  coverage %.6f (Good-Turing), richness %.6g (Chao1)\n",
               r->coverage, r->richness);
}

static void print_text(const session *s, const sample_options *o,
                       const char *domain, const samples *all)
{
    static const char *const source[] = {"uniform", "by Halton's sequence",
                                         "normal", "rows"};
    const pleats_sample_result *r = &all->run[all->best];
    const pleats_sample_result *last = &all->run[all->n_runs - 1];
    printf("at least %llu activation region%s (lower bound: distinct patterns "
           "among %llu points)\n",
           (unsigned long long)r->patterns, r->patterns == 1 ? "" : "s",
           (unsigned long long)r->points);
    if (last->stopped)
        printf("stopped by the %s, ~%.2f%% of the points done\n",
               pleats_stop_text(last->stopped), 100 * all->line.share);
    if (o->per_unit)
        printf("per unit %.6g\n", per_unit(s, r));
    if (r->is_saturated)
        printf("warning  more than half of the points have a pattern that no "
               "earlier one had:\n         the number of points limits this "
               "number, not the network\n");
    if (pleats_net_sha256(s->net)[0])
        printf("model   %s (sha256 %.8s...), %d PL units\n", s->name,
               pleats_net_sha256(s->net), pleats_net_n_units(s->net));
    else
        printf("spec    %s, weights %s, biases %s, %d PL units\n", s->name,
               init_weights(&o->init), init_bias(&o->init),
               pleats_net_n_units(s->net));
    printf("points  %s, in %s, seed %lld\n", source[o->sample.source], domain,
           (long long)o->init.seed);
    if (all->n_runs > 1)
        print_runs(o, all);
    else
        print_seen(o, r);
    printf("near walls  %llu points decided exactly; left out: %llu on walls, "
           "%llu undecided\n",
           (unsigned long long)r->by_exact, (unsigned long long)r->on_walls,
           (unsigned long long)r->undecided);
    printf("cost    %.3g s, %.3g MiB\n", all->seconds,
           (double)pleats_ctx_peak_bytes(s->ctx) / 0x1p20);
}

/* All runs; a limit that ends one ends all. */
static pleats_status run_all(session *s, const sample_options *o, samples *all)
{
    pleats_status status = PLEATS_OK;
    pleats_sample_options options = o->sample;
    options.rows = s->rows;
    const double start = seconds_now();
    pleats_limits limits = o->limits;
    limits.progress = report_share;
    limits.progress_state = all;
    bool goes_on = true;
    while (goes_on && all->n_runs < all->n_wanted) {
        pleats_sample_result *r = &all->run[all->n_runs];
        options.scale = o->scale[all->n_runs];
        status = pleats_sample(s->ctx, s->net, s->domain, &options, &limits, r);
        if (status == PLEATS_LIMIT && all->n_runs > 0) {
            all->run[all->n_runs - 1].stopped = pleats_ctx_limit(s->ctx);
            return PLEATS_OK;
        }
        if (status != PLEATS_OK)
            return status;
        if (r->patterns > all->run[all->best].patterns)
            all->best = all->n_runs;
        all->n_runs++;
        all->seconds = seconds_now() - start;
        goes_on = !r->stopped;
    }
    return PLEATS_OK;
}

/* The network of a model, or a random one of the spec. */
static int open_net(session *s, void *options)
{
    const sample_options *o = options;
    pleats_status status = PLEATS_OK;
    if (!s->net)
        status = pleats_net_random(s->ctx, s->spec, &o->init.init, &s->net);
    return status == PLEATS_OK ? EXIT_ANSWERED : spec_fail(s, status);
}

static int answer(session *s, void *options)
{
    const sample_options *o = options;
    samples all = {.n_wanted = o->n_scales > 0 ? o->n_scales : 1};
    progress_start(&all.line, o->progress);
    all.line.what = "patterns";
    all.line.of = "points";
    pleats_status status = run_all(s, o, &all);
    progress_end(&all.line);
    int code = session_finish(s, status);
    if (code != EXIT_ANSWERED)
        return code;
    if (o->model.json)
        code = print_json(s, o, pleats_domain_text(s->domain), &all);
    else
        print_text(s, o, pleats_domain_text(s->domain), &all);
    return session_code(code, all.run[all.n_runs - 1].stopped);
}

int verb_sample(int argc, char **argv)
{
    sample_options o = {0};
    const verb v = {.argp = &sample_argp,
                    .options = &o,
                    .model = &o.model,
                    .domain = &o.domain,
                    .input = &o.input,
                    .open = open_net,
                    .answer = answer};
    return run_verb(argc, argv, &v);
}
