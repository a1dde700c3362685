/* Walks of certificates, of random networks on random domains, that are stopped
 * between any two cells, at regions, and wherever memory or time end, and go on
 * from the way to the next cell alone: together they write what one at one go
 * writes, byte by byte, and say as much of it.  So do whole certificates that
 * several threads write, stop and go on with.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include <stdio.h> /* before GMP, which then has its output */

#include "cases.h"
#include "cert/cert.h"
#include "cert/cert_frame.h"
#include "count/count.h"
#include "folder.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

enum {
    CASES = 150,
    MOST_PLACES = 40,
    MOST_RUNS = 4000,
    HANDED = 30,
    STARVED = 10,
    STARVED_UNITS = 60,
    STARVED_STEP = 512 /* bytes */
};

/* Units by input dimension. */
static const int32_t max_units[] = {0, 30, 20, 14, 10};

/* What was written, and when a walk is to end: 0 is never. */
typedef struct {
    pleats_ctx *ctx;
    uint64_t stop_at_pause, stop_at_region, pauses, regions;
    char *byte; /* [n] */
    size_t n;
    pleats_cert_tally tally;
} writing;

typedef struct {
    pleats_ctx *ctx;
    rng r;
    const pleats_net *net;
    const pleats_frame *frame;
    bool is_text;
    pleats_cert_deal deal;
    writing alone;
    pleats_tally counted;
} setting;

static pleats_status at_region(void *state, const pleats_space *space)
{
    writing *w = state;
    (void)space;
    if (w->stop_at_region > 0 && w->regions == w->stop_at_region)
        return pleats_fail(w->ctx, PLEATS_LIMIT, "enough");
    w->regions++;
    return PLEATS_OK;
}

static pleats_status at_pause(void *state, pleats_sink *sink,
                              const pleats_task *place, size_t depth)
{
    writing *w = state;
    (void)sink;
    (void)place;
    (void)depth;
    w->pauses++;
    if (w->stop_at_pause > 0 && w->pauses == w->stop_at_pause)
        return pleats_fail(w->ctx, PLEATS_LIMIT, "enough");
    return PLEATS_OK;
}

/* Walks on from `place`; whether the tree came to its end. */
static bool walk(setting *s, pleats_task *place, writing *w,
                 const pleats_limits *limits)
{
    pleats_sink sink = {.ctx = s->ctx, .is_text = s->is_text};
    const pleats_certified visit = {
        .region = at_region, .lines = at_pause, .state = w};
    pleats_cert_deal deal = s->deal;
    pleats_watch watch = {0};
    need_ok(s->ctx, pleats_watch_begin(s->ctx, limits, &watch));
    const pleats_status status =
        pleats_cert_walk(s->ctx, s->net, s->frame, &deal, &visit, &sink, place);
    pleats_watch_end(s->ctx, &watch);
    if (status != PLEATS_LIMIT)
        need_ok(s->ctx, status);
    w->byte = need_more(w->byte, w->n + sink.n + 1, 1);
    if (sink.n > 0)
        memcpy(w->byte + w->n, sink.byte, sink.n);
    w->n += sink.n;
    pleats_cert_tally_add(&w->tally, &sink.tally);
    pleats_sink_clear(&sink);
    return status == PLEATS_OK;
}

/* The place as another process has it. */
static void move(setting *s, pleats_task *place)
{
    pleats_text text = {0};
    pleats_lines lines = {0};
    char *at;
    need_ok(s->ctx, pleats_text_put(s->ctx, &text, "next "));
    need_ok(s->ctx, pleats_task_put_path(s->ctx, place, &text));
    need_ok(s->ctx, pleats_text_put(s->ctx, &text, "\n"));
    need_ok(s->ctx, pleats_text_end(s->ctx, &text));
    need_ok(s->ctx, pleats_lines_open(s->ctx, &lines, "here", "walk", text.byte,
                                      text.n));
    need_ok(s->ctx, pleats_lines_need(&lines, "next", &at));
    need_ok(s->ctx, pleats_task_take_path(&lines, &at, place));
    pleats_lines_close(&lines);
    pleats_release(s->ctx, text.byte);
}

static bool is_alone(const setting *s, const writing *w, const char *how)
{
    const writing *a = &s->alone;
    const bool same = w->n == a->n && memcmp(w->byte, a->byte, w->n) == 0 &&
                      w->regions == a->regions &&
                      memcmp(&w->tally, &a->tally, sizeof w->tally) == 0;
    if (!same)
        fprintf(stderr,
                "%s: %zu bytes, %llu regions instead of %zu, %llu, or others\n",
                how, w->n, (unsigned long long)w->regions, a->n,
                (unsigned long long)a->regions);
    return same;
}

/* Ends before the stop-th cell, and goes on in one run. */
static bool stop_once(setting *s, uint64_t stop)
{
    writing w = {.ctx = s->ctx, .stop_at_pause = stop};
    pleats_task place = {0};
    bool same = !walk(s, &place, &w, NULL);
    move(s, &place);
    w.stop_at_pause = 0;
    same = same && walk(s, &place, &w, NULL) && is_alone(s, &w, "once");
    free(w.byte);
    pleats_task_clear(s->ctx, &place);
    return same;
}

/* Limits that end a run soon, in the middle of a cell. */
static pleats_limits some_limits(setting *s, int run, writing *w)
{
    pleats_limits limits;
    pleats_init_limits(&limits);
    w->stop_at_region = 0;
    switch (rng_int(&s->r, 0, 2)) {
    case 0:
        w->stop_at_region = w->regions + (uint64_t)rng_int(&s->r, 1, 3);
        break;
    case 1:
        limits.seconds = 1e-6 * rng_int(&s->r, 1, 100 + run);
        break;
    default:
        limits.bytes = pleats_ctx_live_bytes(s->ctx) +
                       (size_t)rng_int(&s->r, 1, 30000 + 100 * run);
    }
    return limits;
}

/* Ends and goes on, again and again. */
static bool stop_often(setting *s)
{
    writing w = {.ctx = s->ctx};
    pleats_task place = {0};
    bool is_whole = false;
    for (int run = 0; run < MOST_RUNS && !is_whole; run++) {
        const pleats_limits limits = some_limits(s, run, &w);
        is_whole = walk(s, &place, &w, &limits);
        if (!is_whole)
            move(s, &place);
    }
    const bool same = is_whole && is_alone(s, &w, "often");
    free(w.byte);
    pleats_task_clear(s->ctx, &place);
    return same;
}

/* A way that goes into a region, or beyond the children of a cell, is refused.
 */
static bool refuses(setting *s)
{
    writing w = {.ctx = s->ctx};
    pleats_sink sink = {.ctx = s->ctx, .is_text = s->is_text};
    const pleats_certified visit = {
        .region = at_region, .lines = at_pause, .state = &w};
    pleats_task way = {0};
    const bool is_first = rng_one_in(&s->r, 2);
    for (int i = 0; i < (is_first ? 1 : 1000); i++)
        need_ok(s->ctx, pleats_task_go(s->ctx, &way, is_first ? 1000 : 0));
    pleats_cert_deal deal = s->deal;
    const pleats_status status =
        pleats_cert_walk(s->ctx, s->net, s->frame, &deal, &visit, &sink, &way);
    const bool good = status == PLEATS_INVALID && sink.n == 0;
    if (!good)
        fprintf(stderr, "a way to nowhere: %d\n", (int)status);
    pleats_sink_clear(&sink);
    pleats_task_clear(s->ctx, &way);
    return good;
}

/* *is_slow: one run alone takes too long, as exact programmes over numbers of
 * all sizes may. */
static bool run_frame(setting *s, bool *is_slow)
{
    pleats_limits limits;
    pleats_init_limits(&limits);
    limits.seconds = 0.3;
    pleats_task place = {0};
    s->alone = (writing){.ctx = s->ctx};
    bool same = walk(s, &place, &s->alone, &limits);
    pleats_task_clear(s->ctx, &place);
    *is_slow = !same;
    if (*is_slow) {
        free(s->alone.byte);
        return true;
    }
    const uint64_t n = s->alone.pauses - 1; /* the last one is the end */
    for (uint64_t i = 0; i < n && i < MOST_PLACES && same; i++)
        same = stop_once(
            s, n <= MOST_PLACES ? i + 1 : (uint64_t)rng_int(&s->r, 1, (int)n));
    same = same && stop_often(s) && refuses(s);
    free(s->alone.byte);
    return same;
}

static bool run_parts(setting *s, const pleats_domain *domain, bool *is_slow)
{
    bool same = true;
    for (pleats_idx i = 0; i < domain->n_parts && same && !*is_slow; i++) {
        pleats_frame frame = {0};
        need_ok(s->ctx, pleats_cert_frame(s->ctx, &frame, domain->n_inputs,
                                          &domain->part[i]));
        s->frame = &frame;
        same = frame.empty || run_frame(s, is_slow);
        s->frame = NULL;
        pleats_frame_clear(s->ctx, &frame);
    }
    return same;
}

/* ---- whole certificates ---- */

static pleats_cert new_certificate(setting *s, const pleats_domain *domain,
                                   uint64_t claim, pleats_idx n_threads,
                                   const char *path)
{
    pleats_cert c = {.ctx = s->ctx,
                     .net = s->net,
                     .domain = domain,
                     .is_text = true,
                     .of = 1,
                     .n_threads = n_threads,
                     .is_eager = true,
                     .path = path,
                     .claim = claim};
    need_ok(s->ctx, pleats_cert_begin(&c));
    return c;
}

/* Goes on; not beyond limits that end it soon, if `some`. */
static void go_on(setting *s, pleats_cert *c, bool some, int run)
{
    writing unused = {0};
    pleats_limits limits = {0};
    pleats_watch watch = {0};
    if (some)
        limits = some_limits(s, 10 * run, &unused);
    need_ok(s->ctx, pleats_watch_begin(s->ctx, &limits, &watch));
    need_ok(s->ctx, pleats_cert_run(c, &limits));
    pleats_watch_end(s->ctx, &watch);
}

/* The certificate as another process has it. */
static pleats_cert moved(setting *s, pleats_cert *c)
{
    pleats_text text = {0};
    need_ok(s->ctx, pleats_cert_save(c, &text));
    const pleats_domain *domain = c->domain;
    const uint64_t claim = c->claim;
    const char *path = c->path;
    pleats_cert_clear(c);
    pleats_cert other = new_certificate(s, domain, claim,
                                        (pleats_idx)rng_int(&s->r, 1, 4), path);
    need_ok(s->ctx, pleats_cert_resume(&other, "here", text.byte, text.n));
    pleats_release(s->ctx, text.byte);
    return other;
}

static char *contents(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    *n = 0;
    for (size_t got = 1; file && got > 0; *n += got) {
        bytes = need_more(bytes, *n + 4096, 1);
        got = fread(bytes + *n, 1, 4096, file);
    }
    if (file)
        fclose(file);
    return bytes;
}

static bool is_same_file(const char *a, const char *b)
{
    size_t n = 0, m = 0;
    char *x = contents(a, &n), *y = contents(b, &m);
    const bool same = n > 0 && n == m && memcmp(x, y, n) == 0;
    if (!same)
        fprintf(stderr, "by threads: %zu bytes instead of %zu, or others\n", m,
                n);
    free(x);
    free(y);
    return same;
}

/* With another number it is a defect, and nothing goes on. */
static bool is_seen(setting *s, const pleats_domain *domain, uint64_t claim)
{
    pleats_cert c =
        new_certificate(s, domain, claim + 1, 1, in_folder("wrong"));
    pleats_text text = {0};
    const pleats_limits limits = {0};
    const bool good = pleats_cert_run(&c, &limits) == PLEATS_INTERNAL &&
                      pleats_cert_save(&c, &text) == PLEATS_INVALID &&
                      pleats_cert_commit(&c) == PLEATS_INVALID;
    if (!good)
        fprintf(stderr, "a wrong number is not seen\n");
    pleats_release(s->ctx, text.byte);
    pleats_cert_clear(&c);
    return good;
}

/* One thread is stopped, or several, and the others go on from there to the
 * end.
 */
static bool hand_on(setting *s, const pleats_domain *domain, uint64_t claim,
                    const char *plain)
{
    const char *handed = in_folder("handed");
    bool same = true;
    for (int i = 0; i < HANDED && same; i++) {
        pleats_cert c =
            new_certificate(s, domain, claim, i % 2 ? 3 : 1, handed);
        go_on(s, &c, true, 3 * i);
        c.n_threads = i % 2 ? 1 : 3;
        c.is_cut = false;
        go_on(s, &c, false, 0);
        need_ok(s->ctx, pleats_cert_commit(&c));
        pleats_cert_clear(&c);
        same = is_same_file(plain, handed);
    }
    return same;
}

/* By one thread at one go, and by several, in several runs. */
static bool run_whole(setting *s, const pleats_domain *domain)
{
    const char *plain = in_folder("plain"), *often = in_folder("often");
    const uint64_t claim = mpz_get_ui(s->counted.regions);
    pleats_cert a = new_certificate(s, domain, claim, 1, plain);
    go_on(s, &a, false, 0);
    need_ok(s->ctx, pleats_cert_commit(&a));
    pleats_cert b = new_certificate(s, domain, claim,
                                    (pleats_idx)rng_int(&s->r, 2, 4), often);
    for (int run = 0; !b.is_done; run++) {
        go_on(s, &b, rng_one_in(&s->r, 20) ? false : run < MOST_RUNS, run);
        if (rng_one_in(&s->r, 2))
            b = moved(s, &b);
    }
    need_ok(s->ctx, pleats_cert_commit(&b));
    const bool same = hand_on(s, domain, claim, plain) &&
                      is_same_file(plain, often) && a.regions == b.regions &&
                      memcmp(&a.tally, &b.tally, sizeof a.tally) == 0;
    if (!same)
        fprintf(stderr, "%llu regions, and %llu by threads\n",
                (unsigned long long)a.regions, (unsigned long long)b.regions);
    pleats_cert_clear(&a);
    pleats_cert_clear(&b);
    return same;
}

static void count(setting *s, const pleats_domain *domain)
{
    mpz_init(s->counted.regions);
    need_ok(s->ctx, pleats_count_regions(s->ctx, s->net, domain,
                                         &(pleats_count_task){0}, &s->counted));
}

/* R^2 twice: all regions are in both parts. */
static pleats_domain *two_planes(pleats_ctx *ctx)
{
    pleats_domain *domain = NULL;
    pleats_part *part;
    need_ok(ctx, pleats_domain_new(ctx, 2, "R^2 twice", &domain));
    for (int i = 0; i < 2; i++)
        need_ok(ctx, pleats_domain_add_part(ctx, domain, 2, 0, false, &part));
    return domain;
}

/* Runs that have a little more memory each, so that the tables of a union's
 * regions are among what they cannot have. */
static bool run_starved(uint64_t seed)
{
    setting s = {.r = {seed}, .ctx = need_ctx()};
    const char *plain = in_folder("plain"), *starved = in_folder("starved");
    pleats_net *net = random_net(s.ctx, &s.r, 2, STARVED_UNITS);
    pleats_domain *domain = two_planes(s.ctx);
    memset(net->sha256, '0', PLEATS_DIGEST_DIGITS);
    s.net = net;
    count(&s, domain);
    const uint64_t claim = mpz_get_ui(s.counted.regions);
    pleats_cert a = new_certificate(&s, domain, claim, 1, plain);
    go_on(&s, &a, false, 0);
    need_ok(s.ctx, pleats_cert_commit(&a));
    pleats_cert b = new_certificate(&s, domain, claim, 1, starved);
    for (size_t room = 0; !b.is_done; room += STARVED_STEP) {
        const pleats_limits limits = {.bytes =
                                          pleats_ctx_live_bytes(s.ctx) + room};
        pleats_watch watch = {0};
        need_ok(s.ctx, pleats_watch_begin(s.ctx, &limits, &watch));
        need_ok(s.ctx, pleats_cert_run(&b, &limits));
        pleats_watch_end(s.ctx, &watch);
    }
    need_ok(s.ctx, pleats_cert_commit(&b));
    const bool same = is_same_file(plain, starved) && a.regions == b.regions;
    if (!same)
        fprintf(stderr, "starved, seed %llu\n", (unsigned long long)seed);
    pleats_cert_clear(&a);
    pleats_cert_clear(&b);
    mpz_clear(s.counted.regions);
    pleats_domain_clear(s.ctx, domain);
    pleats_net_clear(s.ctx, net);
    pleats_ctx_free(s.ctx);
    return same;
}

static bool run_case(uint64_t seed)
{
    setting s = {.r = {seed}, .ctx = need_ctx()};
    const int32_t n_inputs = rng_int(&s.r, 1, 4);
    const int32_t units =
        rng_int(&s.r, max_units[n_inputs] / 3, max_units[n_inputs]);
    pleats_net *net = random_net(s.ctx, &s.r, n_inputs, units);
    pleats_domain *domain = random_domain(s.ctx, &s.r, n_inputs);
    memset(net->sha256, '0', PLEATS_DIGEST_DIGITS);
    s.net = net;
    s.is_text = rng_one_in(&s.r, 2);
    s.deal = (pleats_cert_deal){.of = 1};
    if (rng_one_in(&s.r, 3))
        s.deal = (pleats_cert_deal){.of = (uint64_t)rng_int(&s.r, 2, 3),
                                    .depth = (size_t)rng_int(&s.r, 1, 5)};
    count(&s, domain);
    const size_t live = pleats_ctx_live_bytes(s.ctx);
    bool is_slow = false;
    const bool has_one = pleats_cert_check(s.ctx, net, domain, 1) == PLEATS_OK;
    const bool same =
        !has_one ||
        (run_parts(&s, domain, &is_slow) &&
         (is_slow || (run_whole(&s, domain) &&
                      is_seen(&s, domain, mpz_get_ui(s.counted.regions)))));
    const bool leaks = pleats_ctx_live_bytes(s.ctx) != live;
    if (leaks)
        fprintf(stderr, "memory leaks\n");
    if (!same || leaks) {
        fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
        show_net(stderr, net);
        show_domain(stderr, domain);
    }
    mpz_clear(s.counted.regions);
    pleats_domain_clear(s.ctx, domain);
    pleats_net_clear(s.ctx, net);
    pleats_ctx_free(s.ctx);
    return same && !leaks;
}

int main(void)
{
    folder_make();
    return failed_cases(CASES, run_case) + failed_cases(STARVED, run_starved) >
           0;
}
