/* Measures what `pleats-mpi count` is made of, in processor time, by the public
 * calls of pleats/work.h.  measure.py builds and calls it:
 *
 *     frontier cuts MODEL all|BOX_FILE CELLS...
 *
 * stops a count after so many regions, and counts every subtree that is left
 * for itself, in its order; a first line is of the whole count.  Of the last
 * CELLS the largest subtrees are cut once more, at a tenth.
 *
 *     frontier costs MODEL all|BOX_FILE CELLS N...
 *
 * fills a store with N tasks, those left after CELLS regions again and again,
 * and times giving, adding and saving.
 *
 *     frontier slices MODEL all|BOX_FILE CELLS ENOUGH
 *
 * counts until ENOUGH regions are found, 0: all, in runs of CELLS each, 0: in
 * one.  Lines of JSON on
 * stdout. */
#define _POSIX_C_SOURCE 200809L
#include <pleats/pleats.h>
#include <pleats/work.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_TASKS = 4096, AGAIN = 6, REPEATS = 20 };

static pleats_ctx *ctx;
static pleats_net *net;
static pleats_domain *domain;

typedef struct {
    char *byte;
    size_t n;
} text;

typedef struct {
    double seconds, regions;
} cost;

static void need(pleats_status status)
{
    if (status == PLEATS_OK)
        return;
    fprintf(stderr, "frontier: %s\n", pleats_ctx_message(ctx));
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static pleats_work *new_work(void)
{
    pleats_work *work;
    pleats_limits limits;
    pleats_init_limits(&limits);
    limits.threads = 1;
    need(pleats_work_new(ctx, net, domain, NULL, &limits, &work));
    return work;
}

/* Counts on, `cells` regions more or all (0): those found since it was made. */
static cost run(pleats_work *work, double cells)
{
    pleats_limits limits;
    pleats_count_result result;
    pleats_init_limits(&limits);
    limits.cells = (uint64_t)cells;
    const double start = now();
    need(pleats_work_run(ctx, work, &limits));
    const double seconds = now() - start;
    need(pleats_work_result(ctx, work, &result));
    const cost c = {seconds, strtod(result.regions, NULL)};
    pleats_count_result_clear(ctx, &result);
    return c;
}

static void add(pleats_work *work, text t)
{
    need(pleats_work_add_text(ctx, work, t.byte, t.n));
}

static text give(pleats_work *work, size_t n)
{
    text t;
    need(pleats_work_give(ctx, work, n, &t.byte, &t.n));
    return t;
}

/* Counts each task of `work` for itself; what they are is left in `task` where
 * that is not NULL.  Returns how many. */
static size_t measure(pleats_work *work, cost done, text *task, cost *size)
{
    const size_t n = pleats_work_n_tasks(work);
    pleats_work *one = new_work();
    printf("{\"regions\": %.0f, \"seconds\": %.4f, \"left\": [", done.regions,
           done.seconds);
    for (size_t i = 0; i < n && i < MOST_TASKS; i++) {
        text t = give(work, 1);
        pleats_work_clear(one);
        add(one, t);
        size[i] = run(one, 0);
        printf("%s[%.0f, %.6f]", i ? ", " : "", size[i].regions,
               size[i].seconds);
        if (task)
            task[i] = t;
        else
            pleats_work_text_free(ctx, t.byte);
    }
    printf("]}\n");
    fflush(stdout);
    pleats_work_free(ctx, one);
    return n < MOST_TASKS ? n : MOST_TASKS;
}

/* Cuts the largest of n tasks, after a tenth of its regions. */
static void cut_largest(size_t n, const text *task, cost *size)
{
    static cost part[MOST_TASKS];
    size_t largest = 0;
    pleats_work *work = new_work();
    for (size_t i = 1; i < n; i++)
        if (size[i].regions > size[largest].regions)
            largest = i;
    pleats_work_clear(work);
    add(work, task[largest]);
    measure(work, run(work, 1 + size[largest].regions / 10), NULL, part);
    size[largest].regions = 0;
    pleats_work_free(ctx, work);
}

static void cuts(int n, char **cells)
{
    static text task[MOST_TASKS];
    static cost size[MOST_TASKS];
    for (int i = 0; i < n; i++) {
        pleats_work *work = new_work();
        const cost done = run(work, strtod(cells[i], NULL));
        const size_t left = measure(work, done, task, size);
        for (size_t j = 0; i + 1 == n && j < AGAIN && j < left; j++)
            cut_largest(left, task, size);
        for (size_t j = 0; j < left; j++)
            pleats_work_text_free(ctx, task[j].byte);
        pleats_work_free(ctx, work);
    }
}

/* With n tasks in the store, of each of two numbers of tasks at a time: seconds
 * to give them, to add them, bytes; and seconds to save the store. */
static void time_store(const text *some, size_t n)
{
    pleats_work *store = new_work();
    text t;
    pleats_work_clear(store);
    while (pleats_work_n_tasks(store) < n)
        add(store, *some);
    n = pleats_work_n_tasks(store);
    const size_t portions[] = {1, 10, n / 10};
    for (int i = 0; i < 3; i++) {
        double giving = 0, adding = 0;
        for (int j = 0; j < REPEATS; j++) {
            const double start = now();
            t = give(store, portions[i]);
            const double given = now();
            add(store, t);
            giving += given - start;
            adding += now() - given;
            if (j + 1 < REPEATS)
                pleats_work_text_free(ctx, t.byte);
        }
        printf("{\"store\": %zu, \"tasks\": %zu, \"bytes\": %zu, \"give\": "
               "%.3g, \"add\": %.3g}\n",
               n, portions[i], t.n, giving / REPEATS, adding / REPEATS);
        pleats_work_text_free(ctx, t.byte);
    }
    const double start = now();
    need(pleats_work_save(ctx, store, &t.byte, &t.n));
    printf("{\"store\": %zu, \"bytes\": %zu, \"save\": %.3g}\n", n, t.n,
           now() - start);
    pleats_work_text_free(ctx, t.byte);
    pleats_work_free(ctx, store);
}

static void costs(int n, char **argument)
{
    pleats_work *work = new_work();
    run(work, strtod(argument[0], NULL));
    const text some = give(work, SIZE_MAX);
    for (int i = 1; i < n; i++)
        time_store(&some, strtoul(argument[i], NULL, 10));
    pleats_work_text_free(ctx, some.byte);
    pleats_work_free(ctx, work);
}

/* Until so many regions are found, 0: all. */
static void slices(double cells, double enough)
{
    pleats_work *work = new_work();
    cost c = {0};
    double seconds = 0;
    long n = 0;
    while (!pleats_work_is_done(work) && (enough == 0 || c.regions < enough)) {
        c = run(work, cells);
        seconds += c.seconds;
        n++;
    }
    printf("{\"slices\": %ld, \"seconds\": %.4f, \"regions\": %.0f}\n", n,
           seconds, c.regions);
    pleats_work_free(ctx, work);
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: frontier cuts|costs|slices MODEL all|BOX_FILE "
                        "NUMBER NUMBER...\n");
        return 2;
    }
    if (pleats_ctx_new(NULL, &ctx) != PLEATS_OK)
        return 1;
    need(pleats_net_load(ctx, argv[2], NULL, &net));
    const int32_t n_inputs = pleats_net_n_inputs(net);
    need(strcmp(argv[3], "all") == 0
             ? pleats_domain_all(ctx, n_inputs, &domain)
             : pleats_domain_box_file(ctx, n_inputs, argv[3], &domain));
    if (strcmp(argv[1], "cuts") == 0)
        cuts(argc - 4, argv + 4);
    else if (strcmp(argv[1], "costs") == 0)
        costs(argc - 4, argv + 4);
    else
        slices(strtod(argv[4], NULL), strtod(argv[5], NULL));
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    pleats_ctx_free(ctx);
}
