/* Cells as an HDF5 file.
 *
 * Cells are gathered to blocks, and each column of a block is one chunk, which
 * goes to the disk when the block is full.  What says how much of that counts
 * (the metadata) stays in memory between two flushes, so that a process that is
 * killed leaves the file as it was at the last one.  Where cells come slowly, a
 * block is written before it is full, and its chunks again later; they may then
 * take each other's room, so that a flush follows at once.
 * The library is not safe for threads: a lock is held around all calls. */
#include "base/output.h"
#include "store/domain_text.h"
#include "store/hdf5_driver.h"
#include "store/store.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { DEFLATE = 1, REASON_BYTES = 512 };

/* From one flush to the next, and how long a block waits to be full. */
static const double FLUSH_SECONDS = 1, BLOCK_SECONDS = 5;

typedef struct {
    pleats_ctx *ctx;
    const pleats_store_head *head; /* lent */
    const char *path;              /* for messages */
    pleats_hdf5_disk disk;
    hid_t file;
    hid_t text_type, scalar;
    hid_t set[PLEATS_MOST_COLUMNS];
    pleats_idx block;                           /* cells */
    unsigned char *buffer[PLEATS_MOST_COLUMNS]; /* [block] of a column */
    pleats_idx n_buffered, n_on_disk;           /* cells of the block */
    hsize_t n_before; /* cells of the blocks before it */
    double flushed;   /* pleats_now */
} hdf5_file;

/* ---- the library ---- */

static pthread_mutex_t library = PTHREAD_MUTEX_INITIALIZER;

/* How the process wants failures to be printed. */
typedef struct {
    H5E_auto2_t print;
    void *data;
} loudness;

static loudness enter_library(void)
{
    loudness before = {0};
    pthread_mutex_lock(&library);
    H5Eget_auto2(H5E_DEFAULT, &before.print, &before.data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return before;
}

static void leave_library(loudness before)
{
    H5Eset_auto2(H5E_DEFAULT, before.print, before.data);
    pthread_mutex_unlock(&library);
}

/* Keeps the description of the innermost failure. */
static herr_t note_reason(unsigned n, const H5E_error2_t *error, void *reason)
{
    if (n == 0 && error->desc)
        snprintf(reason, REASON_BYTES, "%s", error->desc);
    return 0;
}

static pleats_status check(const hdf5_file *f, bool is_good)
{
    char reason[REASON_BYTES] = "unknown error";
    if (f->disk.error)
        return pleats_fail(f->ctx, PLEATS_IO, "cannot write %s: %s", f->path,
                           strerror(f->disk.error));
    if (is_good)
        return PLEATS_OK;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_reason, reason);
    return pleats_fail(f->ctx, PLEATS_IO, "cannot write %s: HDF5: %s", f->path,
                       reason);
}

/* ---- facts ---- */

static pleats_status write_fact(hdf5_file *f, const pleats_fact *fact,
                                bool is_new)
{
    pleats_status status = PLEATS_OK;
    const hid_t number = fact->is_flag ? H5T_STD_U8LE : H5T_STD_I64LE;
    const hid_t type = fact->text ? f->text_type : number;
    hid_t attribute = is_new ? H5Acreate2(f->file, fact->name, type, f->scalar,
                                          H5P_DEFAULT, H5P_DEFAULT)
                             : H5Aopen(f->file, fact->name, H5P_DEFAULT);
    TRY(check(f, attribute >= 0));
    if (fact->text)
        TRY(check(f, H5Awrite(attribute, f->text_type, &fact->text) >= 0));
    else
        TRY(check(f,
                  H5Awrite(attribute, H5T_NATIVE_INT64, &fact->number) >= 0));
done:
    if (attribute >= 0 && H5Aclose(attribute) < 0 && status == PLEATS_OK)
        status = check(f, false);
    return status;
}

static pleats_status write_facts(hdf5_file *f, size_t n,
                                 const pleats_fact *fact, bool is_new)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < n; i++)
        TRY(write_fact(f, &fact[i], is_new));
done:
    return status;
}

static pleats_status write_tail(hdf5_file *f, const pleats_store_tail *tail,
                                bool is_new)
{
    pleats_fact fact[PLEATS_MOST_FACTS];
    size_t n = pleats_store_tail_facts(f->head, tail, fact);
    return write_facts(f, n, fact, is_new);
}

static pleats_status write_head(hdf5_file *f)
{
    pleats_status status = PLEATS_OK;
    pleats_fact fact[PLEATS_MOST_FACTS];
    char *domain = NULL;
    TRY(pleats_store_domain_text(f->ctx, f->head->domain, &domain));
    size_t n = pleats_store_head_facts(f->head, domain, fact);
    TRY(write_facts(f, n, fact, true));
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
    set = H5Dcreate2(f->file, "n_pieces", H5T_STD_I32LE, space, H5P_DEFAULT,
                     H5P_DEFAULT, H5P_DEFAULT);
    TRY(check(f, space >= 0 && set >= 0));
    if (n > 0)
        TRY(check(f, H5Dwrite(set, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL,
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
    TRY(check(f, space >= 0 && layout >= 0 && access >= 0 &&
                     H5Pset_chunk_cache(access, 1, 0, 1) >= 0));
    f->set[i] =
        H5Dcreate2(f->file, c->name, type, space, H5P_DEFAULT, layout, access);
    TRY(check(f, f->set[i] >= 0));
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
    TRY(check(f, H5Dset_extent(f->set[i], dims) >= 0));
    if (c->bytes == 0)
        goto done;
    dims[0] = n;
    start[0] = f->n_before;
    there = H5Dget_space(f->set[i]);
    here = H5Screate_simple(c->n_dims + 1, dims, NULL);
    TRY(check(f, there >= 0 && here >= 0 &&
                     H5Sselect_hyperslab(there, H5S_SELECT_SET, start, NULL,
                                         dims, NULL) >= 0 &&
                     H5Dwrite(f->set[i], type, here, there, H5P_DEFAULT,
                              f->buffer[i]) >= 0));
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
    TRY(check(f, H5Fflush(f->file, H5F_SCOPE_LOCAL) >= 0));
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

/* ---- the file ---- */

/* Metadata are written by flushes alone. */
static pleats_status create(hdf5_file *f)
{
    pleats_status status = PLEATS_OK;
    H5AC_cache_config_t cache = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    TRY(check(f, access >= 0 && H5Pget_mdc_config(access, &cache) >= 0));
    cache.evictions_enabled = false;
    cache.incr_mode = H5C_incr__off;
    cache.flash_incr_mode = H5C_flash_incr__off;
    cache.decr_mode = H5C_decr__off;
    TRY(check(f, H5Pset_mdc_config(access, &cache) >= 0 &&
                     pleats_hdf5_set_disk(access, &f->disk) >= 0));
    f->file = H5Fcreate(f->path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    TRY(check(f, f->file >= 0));
    f->scalar = H5Screate(H5S_SCALAR);
    f->text_type = H5Tcopy(H5T_C_S1);
    TRY(check(f, f->scalar >= 0 && f->text_type >= 0 &&
                     H5Tset_size(f->text_type, H5T_VARIABLE) >= 0 &&
                     H5Tset_cset(f->text_type, H5T_CSET_UTF8) >= 0));
done:
    if (access >= 0)
        H5Pclose(access);
    return status;
}

static pleats_status begin_within(hdf5_file *f)
{
    pleats_status status = PLEATS_OK;
    TRY(create(f));
    TRY(write_head(f));
    TRY(write_pieces(f));
    for (size_t i = 0; i < f->head->n_columns; i++)
        TRY(make_column(f, i));
    TRY(check(f, H5Fflush(f->file, H5F_SCOPE_LOCAL) >= 0));
    f->flushed = pleats_now();
done:
    return status;
}

static pleats_status begin(pleats_ctx *ctx, const pleats_store_head *head,
                           pleats_output *out, void **state)
{
    pleats_status status = PLEATS_OK;
    hdf5_file *f = NULL;
    const int fd = pleats_output_file(out);
    if (fd < 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "HDF5 is written to regular files, which %s is not: "
                        "JSON lines go everywhere",
                        pleats_output_path(out)));
    TRY(pleats_alloc(ctx, 1, sizeof *f, &f));
    *f = (hdf5_file){.ctx = ctx,
                     .head = head,
                     .path = pleats_output_path(out),
                     .disk = {.fd = fd},
                     .file = H5I_INVALID_HID,
                     .text_type = H5I_INVALID_HID,
                     .scalar = H5I_INVALID_HID,
                     .block = pleats_store_block(head)};
    for (size_t i = 0; i < PLEATS_MOST_COLUMNS; i++)
        f->set[i] = H5I_INVALID_HID;
    *state = f;
    const loudness before = enter_library();
    status = begin_within(f);
    leave_library(before);
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
            const loudness before = enter_library();
            status = write_block(f);
            leave_library(before);
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
    if (f->text_type >= 0)
        is_good = H5Tclose(f->text_type) >= 0 && is_good;
    if (f->scalar >= 0)
        is_good = H5Sclose(f->scalar) >= 0 && is_good;
    if (f->file >= 0)
        is_good = H5Fclose(f->file) >= 0 && is_good;
    f->text_type = f->scalar = f->file = H5I_INVALID_HID;
    return is_good;
}

static pleats_status end(void *state, const pleats_store_tail *tail)
{
    pleats_status status = PLEATS_OK;
    hdf5_file *f = state;
    const loudness before = enter_library();
    if (f->n_buffered > f->n_on_disk)
        TRY(write_block(f));
    TRY(write_tail(f, tail, false));
    TRY(check(f, close_all(f)));
done:
    leave_library(before);
    return status;
}

static void free_file(void *state)
{
    hdf5_file *f = state;
    if (!f)
        return;
    const loudness before = enter_library();
    (void)close_all(f);
    leave_library(before);
    for (size_t i = 0; i < PLEATS_MOST_COLUMNS; i++)
        pleats_release(f->ctx, f->buffer[i]);
    pleats_release(f->ctx, f);
}

const pleats_store_format pleats_store_hdf5 = {begin, add, end, free_file};
