/* Tasks that are shared by threads: nothing is lost or done twice, a failure or
 * a stop ends all, and all that began has ended then. */
#include "par/crew.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { WORKERS = 4, NUMBERS = 3000 };

/* A task is the numbers from first to last; one of several is cut in two. */
typedef struct {
    int first, last;
} range;

typedef struct {
    atomic_int done[NUMBERS];
    int poison; /* the number that fails, or -1 */
    bool stops; /* instead of failing */
} adding;

static pleats_status give(pleats_crew *crew, pleats_ctx *ctx, range r)
{
    pleats_status status = PLEATS_OK;
    pleats_parcel task = {.n = sizeof r};
    TRY(pleats_alloc(ctx, 1, sizeof r, &task.byte));
    memcpy(task.byte, &r, sizeof r);
    TRY(pleats_crew_give(crew, ctx, task));
done:
    return status;
}

static pleats_status add(void *state, pleats_crew *crew, pleats_idx worker,
                         pleats_ctx *ctx, const pleats_parcel *task, bool *stop)
{
    pleats_status status = PLEATS_OK;
    adding *a = state;
    range r;
    assert_true(worker >= 0 && worker < WORKERS);
    assert_int_equal(task->n, sizeof r);
    memcpy(&r, task->byte, sizeof r);
    if (r.first < r.last) {
        int middle = r.first + (r.last - r.first) / 2;
        TRY(give(crew, ctx, (range){r.first, middle}));
        TRY(give(crew, ctx, (range){middle + 1, r.last}));
    } else {
        a->done[r.first]++;
        *stop = r.first == a->poison && a->stops;
        if (r.first == a->poison && !a->stops)
            TRY(pleats_fail(ctx, PLEATS_UNDECIDED, "number %d", r.first));
    }
done:
    return status;
}

static pleats_status run_adding(pleats_ctx *ctx, adding *a, bool *complete)
{
    pleats_ctx *contexts[WORKERS] = {ctx};
    range all = {0, NUMBERS - 1};
    unsigned char bytes[sizeof all];
    const pleats_parcel task = {bytes, sizeof bytes};
    const pleats_team team = {WORKERS, true, contexts};
    const pleats_job job = {&team, a, add, NULL};
    memcpy(bytes, &all, sizeof all);
    pleats_status status = pleats_crew_run(&job, &task, complete);
    for (int i = 1; i < WORKERS; i++)
        pleats_ctx_join(ctx, contexts[i]);
    return status;
}

static void all_tasks_are_done_once(void **state)
{
    for (int round = 0; round < 20; round++) {
        adding a = {.poison = -1};
        bool complete = false;
        assert_int_equal(run_adding(*state, &a, &complete), PLEATS_OK);
        assert_true(complete);
        for (int i = 0; i < NUMBERS; i++)
            assert_int_equal(a.done[i], 1);
    }
}

static void a_failure_ends_all(void **state)
{
    for (int poison = 0; poison < NUMBERS; poison += 499) {
        adding a = {.poison = poison};
        bool complete = true;
        char text[32];
        snprintf(text, sizeof text, "number %d", poison);
        assert_int_equal(run_adding(*state, &a, &complete), PLEATS_UNDECIDED);
        assert_false(complete);
        assert_string_equal(pleats_ctx_message(*state), text);
    }
}

static void a_stop_ends_all(void **state)
{
    adding a = {.poison = NUMBERS / 2, .stops = true};
    bool complete = true;
    assert_int_equal(run_adding(*state, &a, &complete), PLEATS_OK);
    assert_false(complete);
    assert_int_equal(a.done[NUMBERS / 2], 1);
}

/* ---- work that is put down ---- */

static pleats_status go_on(pleats_ctx *ctx, adding *a, pleats_idx workers,
                           pleats_parcels *tasks, bool *complete)
{
    pleats_ctx *contexts[WORKERS] = {ctx};
    const pleats_team team = {workers, true, contexts};
    const pleats_job job = {&team, a, add, NULL};
    pleats_status status = pleats_crew_go_on(&job, tasks, complete);
    for (int i = 1; i < WORKERS; i++)
        if (contexts[i])
            pleats_ctx_join(ctx, contexts[i]);
    return status;
}

/* Each number has been done or is in one task that is left. */
static void need_all_once(const adding *a, const pleats_parcels *tasks)
{
    int times[NUMBERS];
    for (int i = 0; i < NUMBERS; i++)
        times[i] = a->done[i];
    for (size_t i = 0; i < tasks->n; i++) {
        range r;
        assert_int_equal(tasks->task[i].n, sizeof r);
        memcpy(&r, tasks->task[i].byte, sizeof r);
        for (int j = r.first; j <= r.last; j++)
            times[j]++;
    }
    for (int i = 0; i < NUMBERS; i++)
        assert_int_equal(times[i], 1);
}

static void what_is_left_is_the_callers(void **state)
{
    range all = {0, NUMBERS - 1};
    for (int stop = 0; stop < NUMBERS; stop += 371) {
        adding a = {.poison = stop, .stops = true};
        pleats_parcels tasks = {0};
        const pleats_parcel root = {(unsigned char *)&all, sizeof all};
        bool complete = true;
        need_ok(*state, pleats_parcels_add(*state, &tasks, &root));
        need_ok(*state, go_on(*state, &a, stop % 3 + 1, &tasks, &complete));
        assert_false(complete && tasks.n > 0);
        need_all_once(&a, &tasks);
        assert_int_equal(a.done[stop], 1);
        a.poison = -1;
        need_ok(*state, go_on(*state, &a, stop % 3 + 1, &tasks, &complete));
        assert_true(complete);
        assert_int_equal(tasks.n, 0);
        assert_false(tasks.is_torn);
        need_all_once(&a, &tasks);
        pleats_parcels_clear(*state, &tasks);
    }
}

static pleats_status note_first(void *state, pleats_crew *crew,
                                pleats_idx worker, pleats_ctx *ctx,
                                const pleats_parcel *task, bool *stop)
{
    (void)crew;
    (void)worker;
    (void)ctx;
    *(unsigned char *)state = task->byte[0];
    *stop = true;
    return PLEATS_OK;
}

static void the_last_task_is_the_next(void **state)
{
    pleats_ctx *contexts[] = {*state};
    const pleats_team team = {1, false, contexts};
    unsigned char first = 0;
    const pleats_job job = {&team, &first, note_first, NULL};
    pleats_parcels tasks = {0};
    bool complete = true;
    for (unsigned char i = 1; i <= 3; i++) {
        const pleats_parcel task = {&i, 1};
        need_ok(*state, pleats_parcels_add(*state, &tasks, &task));
    }
    need_ok(*state, pleats_crew_go_on(&job, &tasks, &complete));
    assert_false(complete);
    assert_int_equal(first, 3);
    assert_int_equal(tasks.n, 2);
    assert_int_equal(tasks.task[0].byte[0], 1);
    assert_int_equal(tasks.task[1].byte[0], 2);
    pleats_parcels_clear(*state, &tasks);
}

static pleats_status tear(void *state, pleats_crew *crew, pleats_idx worker,
                          pleats_ctx *ctx, const pleats_parcel *task,
                          bool *stop)
{
    (void)state;
    (void)worker;
    (void)ctx;
    (void)task;
    (void)stop;
    pleats_crew_tear(crew);
    return PLEATS_OK;
}

static void lost_tasks_are_told(void **state)
{
    pleats_ctx *contexts[] = {*state};
    const pleats_team team = {1, false, contexts};
    const pleats_job job = {&team, NULL, tear, NULL};
    const pleats_parcel task = {NULL, 0};
    pleats_parcels tasks = {0};
    bool complete;
    need_ok(*state, pleats_parcels_add(*state, &tasks, &task));
    need_ok(*state, pleats_crew_go_on(&job, &tasks, &complete));
    assert_true(tasks.is_torn);
    pleats_parcels_clear(*state, &tasks);
    assert_false(tasks.is_torn);
}

/* ---- counts ---- */

typedef struct {
    pleats_ctx *context[WORKERS]; /* those of workers that were started */
    atomic_bool has_begun;
    int n_started;
} late;

static int count_started(const late *l)
{
    int n = 0;
    while (n < WORKERS && l->context[n])
        n++;
    return n;
}

/* The first task, which is empty, gives another one away, and ends all work
 * when that has begun; which then gives more than there are workers to take. */
static pleats_status give_late(void *state, pleats_crew *crew,
                               pleats_idx worker, pleats_ctx *ctx,
                               const pleats_parcel *task, bool *stop)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    pleats_status status = PLEATS_OK;
    late *l = state;
    (void)worker;
    if (task->n == 0) {
        TRY(give(crew, ctx, (range){0}));
        while (!l->has_begun)
            nanosleep(&moment, NULL);
        *stop = true;
    } else {
        l->has_begun = true;
        while (!pleats_crew_is_stopping(crew))
            nanosleep(&moment, NULL);
        l->n_started = count_started(l);
        for (int i = 0; i < WORKERS; i++)
            TRY(give(crew, ctx, (range){0}));
    }
done:
    return status;
}

static void no_thread_starts_when_work_ends(void **state)
{
    late l = {.context = {*state}};
    bool complete = true;
    const pleats_parcel task = {NULL, 0};
    const pleats_team team = {WORKERS, true, l.context};
    const pleats_job job = {&team, &l, give_late, NULL};
    need_ok(*state, pleats_crew_run(&job, &task, &complete));
    assert_false(complete);
    assert_in_range(l.n_started, 2, WORKERS - 1);
    assert_int_equal(count_started(&l), l.n_started);
    for (int i = 1; i < WORKERS; i++)
        pleats_ctx_join(*state, l.context[i]);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(all_tasks_are_done_once, ctx),
        cmocka_unit_test_prestate(a_failure_ends_all, ctx),
        cmocka_unit_test_prestate(a_stop_ends_all, ctx),
        cmocka_unit_test_prestate(what_is_left_is_the_callers, ctx),
        cmocka_unit_test_prestate(the_last_task_is_the_next, ctx),
        cmocka_unit_test_prestate(lost_tasks_are_told, ctx),
        cmocka_unit_test_prestate(no_thread_starts_when_work_ends, ctx),
    };
    return RUN(tests, ctx);
}
