/* The HDF5 files of all parts of a domain's cells as one file: each column is a
 * virtual dataset, which shows the rows of all parts, where they lie. */
#include "store/join.h"

#include "store/hdf5_file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* What all parts must say alike. */
static const char *const alike_text[] = {"schema", "version", "sha256",
                                         "domain_exact", "definition"};
/* What is copied besides. */
static const char *const more_text[] = {"model", "domain", "label", "stopped"};
static const char *const whole[] = {"rounded_parameters", "n_inputs",
                                    "n_outputs", "n_units", "dimension"};
enum {
    N_ALIKE = sizeof alike_text / sizeof *alike_text,
    N_MORE = sizeof more_text / sizeof *more_text,
    N_TEXT = N_ALIKE + N_MORE,
    N_WHOLE = sizeof whole / sizeof *whole
};

static const char *const columns[] = {"pattern", "point", "is_inside", "a",
                                      "b"};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

typedef struct {
    const char *path;
    hid_t file;
    char *text[N_TEXT]; /* of the library */
    int64_t whole[N_WHOLE], part, parts, regions, complete;
    char source[PATH_MAX]; /* how the joined file calls it */
} part_file;

/* ---- reading ---- */

static bool read_text(hid_t file, const char *name, char **out)
{
    bool is_good = false;
    hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
    hid_t type = H5Tcopy(H5T_C_S1);
    if (attribute >= 0 && type >= 0)
        is_good = H5Tset_size(type, H5T_VARIABLE) >= 0 &&
                  H5Tset_cset(type, H5T_CSET_UTF8) >= 0 &&
                  H5Aread(attribute, type, out) >= 0 && *out;
    if (type >= 0)
        H5Tclose(type);
    if (attribute >= 0)
        H5Aclose(attribute);
    return is_good;
}

static bool read_whole(hid_t file, const char *name, int64_t *out)
{
    hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
    const bool is_good =
        attribute >= 0 && H5Aread(attribute, H5T_NATIVE_INT64, out) >= 0;
    if (attribute >= 0)
        H5Aclose(attribute);
    return is_good;
}

static pleats_status read_part(pleats_ctx *ctx, part_file *p)
{
    bool is_good;
    p->file = H5Fopen(p->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    is_good = p->file >= 0 && read_whole(p->file, "part", &p->part) &&
              read_whole(p->file, "parts", &p->parts) &&
              read_whole(p->file, "regions", &p->regions) &&
              read_whole(p->file, "complete", &p->complete);
    for (int i = 0; i < N_ALIKE && is_good; i++)
        is_good = read_text(p->file, alike_text[i], &p->text[i]);
    for (int i = 0; i < N_MORE && is_good; i++)
        is_good = read_text(p->file, more_text[i], &p->text[N_ALIKE + i]);
    for (int i = 0; i < N_WHOLE && is_good; i++)
        is_good = read_whole(p->file, whole[i], &p->whole[i]);
    if (!is_good)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: is no HDF5 file of pleats cells", p->path);
    if (!p->complete)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: its part is not complete (%s)", p->path,
                           p->text[N_ALIKE + N_MORE - 1]);
    return PLEATS_OK;
}

static int by_part(const void *a, const void *b)
{
    const part_file *x = a, *y = b;
    return (x->part > y->part) - (x->part < y->part);
}

/* The files, in their order, are parts 0, 1, ... of one domain's cells. */
static pleats_status check_parts(pleats_ctx *ctx, size_t n, const part_file *p)
{
    for (size_t i = 0; i < n; i++) {
        for (int j = 0; j < N_ALIKE; j++)
            if (strcmp(p[i].text[j], p[0].text[j]) != 0)
                return pleats_fail(ctx, PLEATS_INVALID,
                                   "%s: its %s is not that of %s", p[i].path,
                                   alike_text[j], p[0].path);
        if (p[i].parts != p[0].parts)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "%s: is one of %lld parts, %s of %lld",
                               p[i].path, (long long)p[i].parts, p[0].path,
                               (long long)p[0].parts);
        if (i > 0 && p[i].part == p[i - 1].part)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "%s: is part %lld, and so is %s", p[i].path,
                               (long long)p[i].part, p[i - 1].path);
    }
    for (int64_t i = 0; i < p[0].parts; i++)
        if (i >= (int64_t)n || p[i].part != i)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "part %lld of %lld is missing, of %zu files",
                               (long long)i, (long long)p[0].parts, n);
    return PLEATS_OK;
}

/* ---- writing ---- */

/* A file in the folder of the joined one is found beside it, others where they
 * are. */
static pleats_status name_source(pleats_ctx *ctx, const char *out, part_file *p)
{
    char folder[PATH_MAX], real[PATH_MAX];
    const char *slash = strrchr(out, '/');
    const size_t n = slash ? (size_t)(slash - out) + 1 : 2;
    if (n >= sizeof folder || !realpath(p->path, p->source))
        return pleats_fail(ctx, PLEATS_INVALID, "%s: its path is too long",
                           p->path);
    memcpy(folder, slash ? out : "./", n);
    folder[n] = '\0';
    char *name = strrchr(p->source, '/');
    if (realpath(folder, real) && strlen(real) == (size_t)(name - p->source) &&
        strncmp(real, p->source, strlen(real)) == 0)
        memmove(p->source, name + 1, strlen(name + 1) + 1);
    return PLEATS_OK;
}

/* Where the rows of all parts of a column lie: a property of its dataset. */
static hid_t map_rows(size_t n, const part_file *p, const char *column,
                      hid_t space)
{
    hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t dims[PLEATS_COLUMN_DIMS + 1], start[PLEATS_COLUMN_DIMS + 1] = {0};
    const int rank = H5Sget_simple_extent_dims(space, dims, NULL);
    bool is_good = layout >= 0 && rank > 0;
    for (size_t i = 0; i < n && is_good; i++) {
        dims[0] = (hsize_t)p[i].regions;
        if (dims[0] == 0)
            continue;
        hid_t there = H5Screate_simple(rank, dims, NULL);
        is_good =
            there >= 0 &&
            H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, dims,
                                NULL) >= 0 &&
            H5Pset_virtual(layout, space, p[i].source, column, there) >= 0;
        if (there >= 0)
            H5Sclose(there);
        start[0] += dims[0];
    }
    if (is_good)
        return layout;
    if (layout >= 0)
        H5Pclose(layout);
    return H5I_INVALID_HID;
}

/* One column, of `total` rows, like that of the first part. */
static pleats_status join_column(pleats_hdf5_file *f, size_t n,
                                 const part_file *p, const char *column,
                                 hsize_t total)
{
    pleats_status status = PLEATS_OK;
    hid_t first = H5Dopen2(p->file, column, H5P_DEFAULT);
    hid_t type = H5Dget_type(first), like = H5Dget_space(first);
    hsize_t dims[PLEATS_COLUMN_DIMS + 1];
    hid_t space = H5I_INVALID_HID, layout = H5I_INVALID_HID;
    hid_t set = H5I_INVALID_HID;
    const int rank =
        like >= 0 ? H5Sget_simple_extent_dims(like, dims, NULL) : -1;
    TRY(pleats_hdf5_check(f, first >= 0 && type >= 0 && rank > 0));
    dims[0] = total;
    space = H5Screate_simple(rank, dims, NULL);
    TRY(pleats_hdf5_check(f, space >= 0));
    layout = map_rows(n, p, column, space);
    TRY(pleats_hdf5_check(f, layout >= 0));
    set = H5Dcreate2(f->file, column, type, space, H5P_DEFAULT, layout,
                     H5P_DEFAULT);
    TRY(pleats_hdf5_check(f, set >= 0));
done:
    if (set >= 0)
        H5Dclose(set);
    if (layout >= 0)
        H5Pclose(layout);
    if (space >= 0)
        H5Sclose(space);
    if (like >= 0)
        H5Sclose(like);
    if (type >= 0)
        H5Tclose(type);
    if (first >= 0)
        H5Dclose(first);
    return status;
}

static pleats_status write_facts(pleats_hdf5_file *f, const part_file *p,
                                 int64_t total)
{
    pleats_status status = PLEATS_OK;
    pleats_fact text[N_TEXT], number[N_WHOLE];
    const pleats_fact rest[] = {
        {.name = "part", .number = 0},
        {.name = "parts", .number = 1},
        {.name = "regions", .number = total},
        {.name = "complete", .is_flag = true, .number = 1}};
    for (int i = 0; i < N_TEXT; i++)
        text[i] = (pleats_fact){.name = i < N_ALIKE ? alike_text[i]
                                                    : more_text[i - N_ALIKE],
                                .text = p->text[i]};
    for (int i = 0; i < N_WHOLE; i++)
        number[i] = (pleats_fact){.name = whole[i], .number = p->whole[i]};
    TRY(pleats_hdf5_facts(f, N_TEXT, text, true));
    TRY(pleats_hdf5_facts(f, N_WHOLE, number, true));
    TRY(pleats_hdf5_facts(f, sizeof rest / sizeof *rest, rest, true));
done:
    return status;
}

/* Writes the joined file.  *total: its rows. */
static pleats_status join(pleats_ctx *ctx, size_t n, part_file *p,
                          pleats_output *out, uint64_t *total)
{
    pleats_status status = PLEATS_OK;
    pleats_hdf5_file f = {.file = H5I_INVALID_HID,
                          .text_type = H5I_INVALID_HID,
                          .scalar = H5I_INVALID_HID};
    *total = 0;
    for (size_t i = 0; i < n; i++) {
        TRY(name_source(ctx, pleats_output_path(out), &p[i]));
        *total += (uint64_t)p[i].regions;
    }
    TRY(pleats_hdf5_create(ctx, out, &f));
    TRY(write_facts(&f, p, (int64_t)*total));
    TRY(pleats_hdf5_check(&f, H5Ocopy(p->file, "n_pieces", f.file, "n_pieces",
                                      H5P_DEFAULT, H5P_DEFAULT) >= 0));
    for (int i = 0; i < N_COLUMNS; i++) {
        size_t n_have = 0;
        for (size_t j = 0; j < n; j++)
            n_have += H5Lexists(p[j].file, columns[i], H5P_DEFAULT) > 0;
        if (n_have == 0)
            continue;
        if (n_have < n)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "some parts have \"%s\", and some have not",
                            columns[i]));
        TRY(join_column(&f, n, p, columns[i], (hsize_t)*total));
    }
    TRY(pleats_hdf5_check(&f, pleats_hdf5_close(&f)));
done:
    (void)pleats_hdf5_close(&f);
    return status;
}

static void close_part(part_file *p)
{
    for (int i = 0; i < N_TEXT; i++)
        if (p->text[i])
            H5free_memory(p->text[i]);
    if (p->file >= 0)
        H5Fclose(p->file);
}

/* Holds the lock of the library. */
static pleats_status join_all(pleats_ctx *ctx, size_t n, part_file *list,
                              pleats_output *out, uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < n; i++)
        TRY(read_part(ctx, &list[i]));
    qsort(list, n, sizeof *list, by_part);
    TRY(check_parts(ctx, n, list));
    TRY(join(ctx, n, list, out, regions));
done:
    for (size_t i = 0; i < n; i++)
        close_part(&list[i]);
    return status;
}

pleats_status pleats_store_join(pleats_ctx *ctx, size_t n,
                                const char *const *path, pleats_output *out,
                                uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    part_file *list = NULL;
    pleats_hdf5_loudness before;
    if (n == 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "there are no files"));
    TRY(pleats_alloc(ctx, n, sizeof *list, &list));
    for (size_t i = 0; i < n; i++)
        list[i] = (part_file){.path = path[i], .file = H5I_INVALID_HID};
    TRY(pleats_hdf5_enter(ctx, &before));
    status = join_all(ctx, n, list, out, regions);
    pleats_hdf5_leave(before);
done:
    pleats_release(ctx, list);
    return status;
}
