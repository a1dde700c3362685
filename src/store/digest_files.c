/* The union of sorted files of digests: a heap of files by their next digest.
 */
#include "store/shards.h"

#include "exact/digest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *path;
    FILE *file;
    pleats_hasher *hasher; /* of the digests so far */
    uint64_t left;         /* digests behind the next one */
    pleats_digest next;
} source;

static int compare(const pleats_digest *a, const pleats_digest *b)
{
    return memcmp(a->byte, b->byte, PLEATS_DIGEST_BYTES);
}

/* Takes the next digest, which must be above the last one. */
static pleats_status advance(pleats_ctx *ctx, source *s, bool is_first)
{
    const pleats_digest last = s->next;
    if (fread(s->next.byte, PLEATS_DIGEST_BYTES, 1, s->file) != 1)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: ends before the digests that its report says",
                           s->path);
    s->left--;
    pleats_hasher_add(s->hasher, s->next.byte, PLEATS_DIGEST_BYTES);
    if (!is_first && compare(&last, &s->next) >= 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: its digests are not in ascending order",
                           s->path);
    return PLEATS_OK;
}

/* Behind the last digest stands that of all. */
static pleats_status check_end(pleats_ctx *ctx, source *s)
{
    pleats_digest all, said;
    pleats_hasher_end(s->hasher, &all);
    if (fread(said.byte, PLEATS_DIGEST_BYTES, 1, s->file) != 1)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: ends before the digests that its report says",
                           s->path);
    if (compare(&all, &said) != 0 || fgetc(s->file) != EOF)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: is damaged, or not of its report: its last 32 "
                           "bytes must be the digest of the others",
                           s->path);
    return PLEATS_OK;
}

static pleats_status open_source(pleats_ctx *ctx, source *s, const char *path,
                                 uint64_t n)
{
    pleats_status status = PLEATS_OK;
    *s = (source){.path = path, .left = n, .file = fopen(path, "rbe")};
    if (!s->file)
        return pleats_fail(ctx, PLEATS_INVALID, "%s: %s", path,
                           strerror(errno));
    TRY(pleats_hasher_new(ctx, &s->hasher));
    if (n > 0)
        TRY(advance(ctx, s, true));
    else
        TRY(check_end(ctx, s));
done:
    return status;
}

/* Makes heap[i ..] a heap again whose smallest one is on top. */
static void sift_down(source **heap, size_t n, size_t i)
{
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n &&
            compare(&heap[child + 1]->next, &heap[child]->next) < 0)
            child++;
        if (compare(&heap[i]->next, &heap[child]->next) <= 0)
            break;
        source *s = heap[i];
        heap[i] = heap[child];
        heap[child] = s;
    }
}

static pleats_status unite(pleats_ctx *ctx, source **heap, size_t n,
                           mpz_t distinct)
{
    pleats_status status = PLEATS_OK;
    pleats_digest last;
    bool is_first = true;
    for (size_t i = n; i-- > 0;)
        sift_down(heap, n, i);
    while (n > 0) {
        source *top = heap[0];
        if (is_first || compare(&last, &top->next) != 0)
            mpz_add_ui(distinct, distinct, 1);
        is_first = false;
        last = top->next;
        if (top->left > 0) {
            TRY(advance(ctx, top, false));
        } else {
            TRY(check_end(ctx, top));
            heap[0] = heap[--n];
        }
        TRY(pleats_check_work(ctx, 1));
        sift_down(heap, n, 0);
    }
done:
    return status;
}

pleats_status pleats_digest_files_unite(pleats_ctx *ctx, size_t n,
                                        char *const *path,
                                        const uint64_t *n_digests,
                                        mpz_t distinct)
{
    pleats_status status = PLEATS_OK;
    source *list = NULL, **heap = NULL;
    size_t n_open = 0, n_heap = 0;
    mpz_set_ui(distinct, 0);
    TRY(pleats_alloc(ctx, n, sizeof *list, &list));
    TRY(pleats_alloc(ctx, n, sizeof *heap, &heap));
    for (; n_open < n; n_open++) {
        TRY(open_source(ctx, &list[n_open], path[n_open], n_digests[n_open]));
        if (n_digests[n_open] > 0)
            heap[n_heap++] = &list[n_open];
    }
    TRY(unite(ctx, heap, n_heap, distinct));
done:
    for (size_t i = 0; list && i < n; i++) {
        pleats_hasher_free(ctx, list[i].hasher);
        if (list[i].file)
            fclose(list[i].file);
    }
    pleats_release(ctx, heap);
    pleats_release(ctx, list);
    return status;
}
