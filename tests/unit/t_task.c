/* Tasks as strings of bytes: what is written is read, and nothing else is. */
#include "unit.h"

#include "cells/task.h"
#include "domains.h"
#include "mlp.h"
#include "rng.h"

#include <stdlib.h>

static const pleats_origin here = {{{1, 2, 3}}, {{4, 5, 6}}};

static void check_round_trip(pleats_ctx *ctx, const pleats_task *task)
{
    pleats_parcel bytes = {0};
    pleats_task back = {0};
    assert_int_equal(pleats_task_write(ctx, task, &bytes), PLEATS_OK);
    assert_int_equal(pleats_task_read(ctx, &bytes, &here, &back), PLEATS_OK);
    assert_true(back.budget == task->budget);
    assert_int_equal(back.n, task->n);
    for (size_t i = 0; i < task->n; i++)
        assert_int_equal(back.child[i], task->child[i]);
    assert_memory_equal(&back.origin, &here, sizeof here);
    pleats_release(ctx, bytes.byte);
    pleats_task_clear(ctx, &back);
}

static void what_is_written_is_read(void **state)
{
    static const uint64_t budgets[] = {0, 1, 127, 128, 1 << 20, UINT64_MAX};
    static const pleats_idx children[] = {0, 1, 127, 128, 16384, INT32_MAX};
    pleats_ctx *ctx = *state;
    pleats_task task = {.origin = here};
    for (size_t i = 0; i < 6; i++) {
        task.budget = budgets[i];
        check_round_trip(ctx, &task);
        assert_int_equal(pleats_task_go(ctx, &task, children[i]), PLEATS_OK);
        check_round_trip(ctx, &task);
    }
    pleats_task_clear(ctx, &task);
}

/* Reads n bytes; whatever is taken for a task must be written as these same
 * bytes. */
static pleats_status read_bytes(pleats_ctx *ctx, const unsigned char *byte,
                                size_t n)
{
    pleats_task task = {0};
    pleats_parcel in = {NULL, n}, out = {0};
    /* Exactly n bytes, so that a sanitizer sees a look beyond. */
    in.byte = malloc(n ? n : 1);
    assert_non_null(in.byte);
    memcpy(in.byte, byte, n);
    pleats_status status = pleats_task_read(ctx, &in, &here, &task);
    if (status == PLEATS_OK) {
        assert_int_equal(pleats_task_write(ctx, &task, &out), PLEATS_OK);
        assert_int_equal(out.n, n);
        assert_memory_equal(out.byte, byte, n);
    } else {
        assert_int_equal(status, PLEATS_INVALID);
    }
    free(in.byte);
    pleats_release(ctx, out.byte);
    pleats_task_clear(ctx, &task);
    return status;
}

static pleats_parcel example(pleats_ctx *ctx)
{
    pleats_task task = {
        .origin = here, .budget = 300, .first = 200, .end = 1000};
    pleats_parcel bytes = {0};
    for (pleats_idx i = 0; i < 4; i++)
        assert_int_equal(pleats_task_go(ctx, &task, 100 * i), PLEATS_OK);
    assert_int_equal(pleats_task_write(ctx, &task, &bytes), PLEATS_OK);
    pleats_task_clear(ctx, &task);
    return bytes;
}

static void a_part_of_a_task_is_none(void **state)
{
    pleats_parcel whole = example(*state);
    unsigned char longer[256] = {0};
    for (size_t n = 0; n < whole.n; n++)
        assert_int_equal(read_bytes(*state, whole.byte, n), PLEATS_INVALID);
    memcpy(longer, whole.byte, whole.n);
    assert_int_equal(read_bytes(*state, longer, whole.n + 1), PLEATS_INVALID);
    pleats_release(*state, whole.byte);
}

/* Version and digests are all looked at. */
static void other_heads_are_refused(void **state)
{
    pleats_parcel bytes = example(*state);
    for (size_t i = 0; i < 65; i++) {
        bytes.byte[i] ^= 16;
        assert_int_equal(read_bytes(*state, bytes.byte, bytes.n),
                         PLEATS_INVALID);
        bytes.byte[i] ^= 16;
    }
    pleats_release(*state, bytes.byte);
}

/* Behind a good head: numbers that are too large, longer than need be, or more
 * than are there; and ranges of no sections. */
static void bad_numbers_are_refused(void **state)
{
    static const char *const tails[] = {
        "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00\x00\x00\x00",
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00",
        "\x80\x00\x00\x00\x00",
        "\x00\x00\x00\x01\xff\xff\xff\xff\x0f",
        "\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        "\x00\x00\x00\x02\x01",
        "\x00\x01\x00\x00",
        "\x00\x02\x02\x00",
        "\x00\x03\x02\x00"};
    static const size_t length[] = {14, 13, 5, 9, 13, 5, 4, 4, 4};
    pleats_parcel whole = example(*state);
    unsigned char bytes[128];
    memcpy(bytes, whole.byte, 65);
    for (size_t i = 0; i < sizeof length / sizeof *length; i++) {
        memcpy(bytes + 65, tails[i], length[i]);
        assert_int_equal(read_bytes(*state, bytes, 65 + length[i]),
                         PLEATS_INVALID);
    }
    pleats_release(*state, whole.byte);
}

static void random_bytes(void **state)
{
    rng r = {1};
    pleats_parcel whole = example(*state);
    unsigned char bytes[128];
    size_t n_good = 0;
    for (int round = 0; round < 20000; round++) {
        size_t n = 65 + (size_t)rng_int(&r, 0, 12);
        memcpy(bytes, whole.byte, 65);
        for (size_t i = 65; i < n; i++)
            bytes[i] = (unsigned char)(rng_one_in(&r, 2) ? rng_int(&r, 0, 12)
                                                         : rng_int(&r, 0, 255));
        n_good += read_bytes(*state, bytes, n) == PLEATS_OK;
    }
    assert_true(n_good > 100);
    pleats_release(*state, whole.byte);
}

static pleats_origin origin(pleats_ctx *ctx, const double *rows,
                            const char *box)
{
    pleats_net *net = arrangement_net(ctx, 2, 2, rows);
    pleats_domain *domain = domain_boxes(ctx, 2, box);
    pleats_frame frame = {0};
    pleats_hasher *hasher = NULL;
    pleats_origin out;
    assert_int_equal(pleats_hasher_new(ctx, &hasher), PLEATS_OK);
    assert_int_equal(pleats_frame_init(ctx, &frame, domain, &domain->part[0]),
                     PLEATS_OK);
    assert_int_equal(pleats_origin_of(ctx, hasher, net, &frame, &out),
                     PLEATS_OK);
    pleats_hasher_free(ctx, hasher);
    pleats_frame_clear(ctx, &frame);
    pleats_domain_clear(ctx, domain);
    pleats_net_clear(ctx, net);
    return out;
}

/* Equal networks and domains have equal origins; a bias or a side that differs
 * makes others. */
static void origins(void **state)
{
    static const double rows[] = {1, 0, 0, 0, 1, 0};
    static const double other_rows[] = {1, 0, 0, 0, 1, 1};
    pleats_origin a = origin(*state, rows, "-1 1 -1 1");
    pleats_origin same = origin(*state, rows, "-1 1 -1 1");
    pleats_origin net = origin(*state, other_rows, "-1 1 -1 1");
    pleats_origin box = origin(*state, rows, "-1 1 -1 2");
    assert_memory_equal(&a, &same, sizeof a);
    assert_memory_not_equal(&a.net, &net.net, sizeof a.net);
    assert_memory_equal(&a.frame, &net.frame, sizeof a.frame);
    assert_memory_not_equal(&a.frame, &box.frame, sizeof a.frame);
    assert_memory_equal(&a.net, &box.net, sizeof a.net);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_is_written_is_read, ctx),
        cmocka_unit_test_prestate(a_part_of_a_task_is_none, ctx),
        cmocka_unit_test_prestate(other_heads_are_refused, ctx),
        cmocka_unit_test_prestate(bad_numbers_are_refused, ctx),
        cmocka_unit_test_prestate(random_bytes, ctx),
        cmocka_unit_test_prestate(origins, ctx),
    };
    return RUN(tests, ctx);
}
