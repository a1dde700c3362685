/* The union of sorted files of digests: a heap of files by their next digest.
 */
#include "store/shards.h"

#include "exact/digest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_DIGESTS = 512 };

/* A file is open only while a block of it is read: there may be more files than
 * a process may have open. */
typedef struct {
    const char *path;
    pleats_hasher *hasher; /* of the digests so far */
    uint64_t left;         /* digests behind the next one */
    pleats_digest next;
    off_t offset; /* of the next block */
    size_t n, at; /* bytes of the block, and those that are taken */
    unsigned char block[BLOCK_DIGESTS * PLEATS_DIGEST_BYTES];
} source;

static int compare(const pleats_digest *a, const pleats_digest *b)
{
    return memcmp(a->byte, b->byte, PLEATS_DIGEST_BYTES);
}

/* None is left in the file when s->n is 0 then. */
static pleats_status read_block(pleats_ctx *ctx, source *s)
{
    FILE *file = fopen(s->path, "rbe");
    bool is_read = file && fseeko(file, s->offset, SEEK_SET) == 0;
    s->at = s->n = 0;
    if (is_read) {
        s->n = fread(s->block, 1, sizeof s->block, file);
        s->offset += (off_t)s->n;
        is_read = !ferror(file);
    }
    const int error = errno;
    if (file)
        fclose(file);
    return is_read ? PLEATS_OK
                   : pleats_fail(ctx, PLEATS_INVALID, "%s: %s", s->path,
                                 strerror(error));
}

static pleats_status take(pleats_ctx *ctx, source *s, pleats_digest *digest)
{
    pleats_status status = PLEATS_OK;
    if (s->at == s->n)
        TRY(read_block(ctx, s));
    if (s->n - s->at < PLEATS_DIGEST_BYTES)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: ends before the digests that its report says",
                           s->path);
    memcpy(digest->byte, s->block + s->at, PLEATS_DIGEST_BYTES);
    s->at += PLEATS_DIGEST_BYTES;
done:
    return status;
}

/* Takes the next digest, which must be above the last one. */
static pleats_status advance(pleats_ctx *ctx, source *s, bool is_first)
{
    pleats_status status = PLEATS_OK;
    const pleats_digest last = s->next;
    TRY(take(ctx, s, &s->next));
    s->left--;
    pleats_hasher_add(s->hasher, s->next.byte, PLEATS_DIGEST_BYTES);
    if (!is_first && compare(&last, &s->next) >= 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: its digests are not in ascending order",
                           s->path);
done:
    return status;
}

/* Behind the last digest stands that of all, and nothing else. */
static pleats_status check_end(pleats_ctx *ctx, source *s)
{
    pleats_status status = PLEATS_OK;
    pleats_digest all, said;
    pleats_hasher_end(s->hasher, &all);
    TRY(take(ctx, s, &said));
    if (s->at == s->n)
        TRY(read_block(ctx, s));
    if (compare(&all, &said) != 0 || s->at < s->n)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: is damaged, or not of its report: its last 32 "
                           "bytes must be the digest of the others",
                           s->path);
done:
    return status;
}

static pleats_status open_source(pleats_ctx *ctx, source *s, const char *path,
                                 uint64_t n)
{
    pleats_status status = PLEATS_OK;
    s->path = path;
    s->left = n;
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
    size_t n_heap = 0;
    mpz_set_ui(distinct, 0);
    TRY(pleats_alloc(ctx, n, sizeof *list, &list));
    TRY(pleats_alloc(ctx, n, sizeof *heap, &heap));
    for (size_t i = 0; i < n; i++) {
        TRY(open_source(ctx, &list[i], path[i], n_digests[i]));
        if (n_digests[i] > 0)
            heap[n_heap++] = &list[i];
    }
    TRY(unite(ctx, heap, n_heap, distinct));
done:
    for (size_t i = 0; list && i < n; i++)
        pleats_hasher_free(ctx, list[i].hasher);
    pleats_release(ctx, heap);
    pleats_release(ctx, list);
    return status;
}
