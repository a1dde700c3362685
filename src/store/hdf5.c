/* Cells as an HDF5 file.
 *
 * Cells are gathered to blocks, and each column of a block is one chunk, which
 * goes to the disk when the block is full.  What says how much of that counts
 * (the metadata) stays in memory between two flushes, so that a process that is
 * killed leaves the file as it was at the last one.  Where cells come slowly, a
 * block is written before it is full, and its chunks again later; they may then
 * take each other's room, so that a flush follows at once.
 * The library is not safe for threads: a lock is held around all calls. */
#include "store/domain_text.h"
#include "store/hdf5_file.h"

#include <string.h>

enum { DEFLATE = 1 };

/* From one flush to the next, and how long a block waits to be full. */
static const double FLUSH_SECONDS = 1, BLOCK_SECONDS = 5;

typedef struct {
    pleats_ctx *ctx;
    const pleats_store_head *head; /* lent */
    pleats_output *out;            /* lent */
    pleats_hdf5_file h;
    hid_t set[PLEATS_MOST_COLUMNS];
    pleats_idx block;                           /* cells */
    unsigned char *buffer[PLEATS_MOST_COLUMNS]; /* [block] of a column */
    pleats_idx n_buffered, n_on_disk;           /* cells of the block */
    hsize_t n_before; /* cells of the blocks before it */
    double flushed;   /* pleats_now */
} hdf5_file;

static pleats_status write_tail(hdf5_file *f, const pleats_store_tail *tail,
                                bool is_new)
{
    pleats_fact fact[PLEATS_MOST_FACTS];
    size_t n = pleats_store_tail_facts(f->head, tail, fact);
    return pleats_hdf5_facts(&f->h, n, fact, is_new);
}

static pleats_status write_head(hdf5_file *f)
{
    pleats_status status = PLEATS_OK;
    pleats_fact fact[PLEATS_MOST_FACTS];
    char *domain = NULL;
    TRY(pleats_store_domain_text(f->ctx, f->head->domain, &domain));
    size_t n = pleats_store_head_facts(f->head, domain, fact);
    TRY(pleats_hdf5_facts(&f->h, n, fact, true));
    TRY(write_tail(f, &(pleats_store_tail){.dimension = -1}, true));
done:
    pleats_release(f->ctx, domain);
    return status;
}

/* ---- columns ---- */

/* Pieces of each unit: int32 [n_units]. */
static pleats_status write_pieces(hdf5_file *f)
{
    pleats_status status = PLEATS_OK;
    const hsize_t n = (hsize_t)f->head->net->n_units;
    pleats_idx *pieces = NULL;
    hid_t space = H5I_INVALID_HID, set = H5I_INVALID_HID;
    TRY(pleats_store_pieces(f->ctx, f->head->net, &pieces));
    space = H5Screate_simple(1, &n, NULL);
    set = H5Dcreate2(f->h.file, "n_pieces", H5T_STD_I32LE, space, H5P_DEFAULT,
                     H5P_DEFAULT, H5P_DEFAULT);
    TRY(pleats_hdf5_check(&f->h, space >= 0 && set >= 0));
    if (n > 0)
        TRY(pleats_hdf5_check(&f->h,
                              H5Dwrite(set, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL,
                                       H5P_DEFAULT, pieces) >= 0));
done:
    if (set >= 0)
        H5Dclose(set);
    if (space >= 0)
        H5Sclose(space);
    pleats_release(f->ctx, pieces);
    return status;
}

/* The shape of n cells in a column; how many axes. */
static int shape_of(const pleats_column *c, hsize_t n, hsize_t *dims)
{
    dims[0] = n;
    for (pleats_idx j = 0; j < c->n_dims; j++)
        dims[j + 1] = (hsize_t)c->dims[j];
    return c->n_dims + 1;
}

/* How a column lies on disk: a chunk is a block. */
static hid_t layout_of(const pleats_column *c, pleats_idx block)
{
    hsize_t chunk[PLEATS_COLUMN_DIMS + 1];
    const int rank = shape_of(c, (hsize_t)block, chunk);
    for (int j = 0; j < rank; j++)
        chunk[j] = chunk[j] > 0 ? chunk[j] : 1;
    hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    if (layout < 0 || H5Pset_chunk(layout, rank, chunk) < 0 ||
        (c->type == PLEATS_COLUMN_REAL && H5Pset_shuffle(layout) < 0) ||
        H5Pset_deflate(layout, DEFLATE) < 0 ||
        H5Pset_fill_time(layout, H5D_FILL_TIME_NEVER) < 0) {
        if (layout >= 0)
            H5Pclose(layout);
        return H5I_INVALID_HID;
    }
    return layout;
}

/* An empty column; chunks go to the disk as they are written. */
static pleats_status make_column(hdf5_file *f, size_t i)
{
    pleats_status status = PLEATS_OK;
    const pleats_column *c = &f->head->column[i];
    hsize_t dims[PLEATS_COLUMN_DIMS + 1], most[PLEATS_COLUMN_DIMS + 1];
    const int rank = shape_of(c, 0, dims);
    shape_of(c, H5S_UNLIMITED, most);
    const hid_t type =
        c->type == PLEATS_COLUMN_REAL ? H5T_IEEE_F64LE : H5T_STD_U8LE;
    hid_t space = H5Screate_simple(rank, dims, most);
    hid_t layout = layout_of(c, f->block),
          access = H5Pcreate(H5P_DATASET_ACCESS);
    TRY(pleats_hdf5_check(&f->h, space >= 0 && layout >= 0 && access >= 0 &&
                                     H5Pset_chunk_cache(access, 1, 0, 1) >= 0));
    f->set[i] = H5Dcreate2(f->h.file, c->name, type, space, H5P_DEFAULT, layout,
                           access);
    TRY(pleats_hdf5_check(&f->h, f->set[i] >= 0));
    TRY(pleats_alloc(f->ctx, (size_t)f->block, c->bytes, &f->buffer[i]));
done:
    if (space >= 0)
        H5Sclose(space);
    if (layout >= 0)
        H5Pclose(layout);
    if (access >= 0)
        H5Pclose(access);
    return status;
}

static pleats_status append(hdf5_file *f, size_t i)
{
    pleats_status status = PLEATS_OK;
    const pleats_column *c = &f->head->column[i];
    const hsize_t n = (hsize_t)f->n_buffered;
    hsize_t dims[PLEATS_COLUMN_DIMS + 1], start[PLEATS_COLUMN_DIMS + 1] = {0};
    const hid_t type =
        c->type == PLEATS_COLUMN_REAL ? H5T_NATIVE_DOUBLE : H5T_NATIVE_UINT8;
    hid_t there = H5I_INVALID_HID, here = H5I_INVALID_HID;
    shape_of(c, f->n_before + n, dims);
    TRY(pleats_hdf5_check(&f->h, H5Dset_extent(f->set[i], dims) >= 0));
    if (c->bytes == 0)
        goto done;
    dims[0] = n;
    start[0] = f->n_before;
    there = H5Dget_space(f->set[i]);
    here = H5Screate_simple(c->n_dims + 1, dims, NULL);
    TRY(pleats_hdf5_check(&f->h,
                          there >= 0 && here >= 0 &&
                              H5Sselect_hyperslab(there, H5S_SELECT_SET, start,
                                                  NULL, dims, NULL) >= 0 &&
                              H5Dwrite(f->set[i], type, here, there,
                                       H5P_DEFAULT, f->buffer[i]) >= 0));
done:
    if (here >= 0)
        H5Sclose(here);
    if (there >= 0)
        H5Sclose(there);
    return status;
}

/* Brings the file to a state that can be read. */
static pleats_status flush(hdf5_file *f)
{
    pleats_status status = PLEATS_OK;
    const pleats_store_tail tail = {
        .cells = f->n_before + (hsize_t)f->n_on_disk, .dimension = -1};
    TRY(write_tail(f, &tail, false));
    TRY(pleats_hdf5_check(&f->h, H5Fflush(f->h.file, H5F_SCOPE_LOCAL) >= 0));
    f->flushed = pleats_now();
done:
    return status;
}

/* Puts the block on disk, full or not. */
static pleats_status write_block(hdf5_file *f)
{
    pleats_status status = PLEATS_OK;
    const bool is_again = f->n_on_disk > 0, is_full = f->n_buffered == f->block;
    for (size_t i = 0; i < f->head->n_columns; i++)
        TRY(append(f, i));
    f->n_on_disk = f->n_buffered;
    if (is_full) {
        f->n_before += (hsize_t)f->n_buffered;
        f->n_buffered = f->n_on_disk = 0;
    }
    if (is_again || !is_full || pleats_now() - f->flushed >= FLUSH_SECONDS)
        TRY(flush(f));
done:
    return status;
}

static pleats_status write_block_alone(hdf5_file *f)
{
    pleats_status status = PLEATS_OK;
    pleats_hdf5_loudness before;
    TRY(pleats_hdf5_enter(f->ctx, &before));
    status = write_block(f);
    pleats_hdf5_leave(before);
done:
    return status;
}

/* ---- the file ---- */

static pleats_status begin_within(hdf5_file *f)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_hdf5_create(f->ctx, f->out, &f->h));
    TRY(write_head(f));
    TRY(write_pieces(f));
    for (size_t i = 0; i < f->head->n_columns; i++)
        TRY(make_column(f, i));
    TRY(pleats_hdf5_check(&f->h, H5Fflush(f->h.file, H5F_SCOPE_LOCAL) >= 0));
    f->flushed = pleats_now();
done:
    return status;
}

static pleats_status begin(pleats_ctx *ctx, const pleats_store_head *head,
                           pleats_output *out, void **state)
{
    pleats_status status = PLEATS_OK;
    hdf5_file *f = NULL;
    pleats_hdf5_loudness before;
    TRY(pleats_alloc(ctx, 1, sizeof *f, &f));
    *f = (hdf5_file){.ctx = ctx,
                     .head = head,
                     .out = out,
                     .h = {.file = H5I_INVALID_HID,
                           .text_type = H5I_INVALID_HID,
                           .scalar = H5I_INVALID_HID},
                     .block = pleats_store_block(head)};
    for (size_t i = 0; i < PLEATS_MOST_COLUMNS; i++)
        f->set[i] = H5I_INVALID_HID;
    *state = f;
    TRY(pleats_hdf5_enter(ctx, &before));
    status = begin_within(f);
    pleats_hdf5_leave(before);
done:
    return status;
}

static pleats_status add(void *state, const pleats_region_batch *batch)
{
    pleats_status status = PLEATS_OK;
    hdf5_file *f = state;
    for (pleats_idx from = 0; from < batch->n && status == PLEATS_OK;) {
        const pleats_idx n = (pleats_idx)pleats_lesser(
            batch->n - from, f->block - f->n_buffered);
        for (size_t i = 0; i < f->head->n_columns; i++) {
            const pleats_column *c = &f->head->column[i];
            const unsigned char *rows = pleats_column_of(c, batch);
            if (c->bytes)
                memcpy(f->buffer[i] + (size_t)f->n_buffered * c->bytes,
                       rows + (size_t)from * c->bytes, (size_t)n * c->bytes);
        }
        from += n;
        f->n_buffered += n;
        if (f->n_buffered == f->block ||
            pleats_now() - f->flushed >= BLOCK_SECONDS) {
            status = write_block_alone(f);
        }
    }
    return status;
}

/* Closes what is open; whether the file is whole. */
static bool close_all(hdf5_file *f)
{
    bool is_good = true;
    for (size_t i = 0; i < PLEATS_MOST_COLUMNS; i++) {
        if (f->set[i] >= 0)
            is_good = H5Dclose(f->set[i]) >= 0 && is_good;
        f->set[i] = H5I_INVALID_HID;
    }
    return pleats_hdf5_close(&f->h) && is_good;
}

static pleats_status end_within(hdf5_file *f, const pleats_store_tail *tail)
{
    pleats_status status = PLEATS_OK;
    if (f->n_buffered > f->n_on_disk)
        TRY(write_block(f));
    TRY(write_tail(f, tail, false));
    TRY(pleats_hdf5_check(&f->h, close_all(f)));
done:
    return status;
}

static pleats_status end(void *state, const pleats_store_tail *tail)
{
    pleats_status status = PLEATS_OK;
    hdf5_file *f = state;
    pleats_hdf5_loudness before;
    TRY(pleats_hdf5_enter(f->ctx, &before));
    status = end_within(f, tail);
    pleats_hdf5_leave(before);
done:
    return status;
}

static void free_file(void *state)
{
    hdf5_file *f = state;
    pleats_hdf5_loudness before;
    if (!f)
        return;
    if (pleats_hdf5_enter(f->ctx, &before) == PLEATS_OK) {
        (void)close_all(f);
        pleats_hdf5_leave(before);
    }
    for (size_t i = 0; i < PLEATS_MOST_COLUMNS; i++)
        pleats_release(f->ctx, f->buffer[i]);
    pleats_release(f->ctx, f);
}

const pleats_store_format pleats_store_hdf5 = {begin, add, end, free_file};
