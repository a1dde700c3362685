#define _POSIX_C_SOURCE 200809L
#include "store/hdf5_driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#if H5_VERSION_GE(1, 13, 2)
#include <H5FDdevelop.h>
#endif

typedef struct {
    H5FD_t base; /* the library's own part, which must be first */
    pleats_hdf5_disk *disk;
    haddr_t end_of_address, end_of_file;
} disk_file;

static H5FD_t *open_disk(const char *name, unsigned flags, hid_t access,
                         haddr_t most)
{
    pleats_hdf5_disk *const *disk = H5Pget_driver_info(access);
    disk_file *f = disk ? calloc(1, sizeof *f) : NULL;
    (void)name, (void)flags, (void)most;
    if (!f)
        return NULL;
    f->disk = *disk;
    return &f->base;
}

static herr_t close_disk(H5FD_t *file)
{
    free(file);
    return 0;
}

static herr_t query(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    if (flags)
        *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA |
                 H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

static haddr_t get_end_of_address(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const disk_file *)file)->end_of_address;
}

static herr_t set_end_of_address(H5FD_t *file, H5FD_mem_t type, haddr_t end)
{
    (void)type;
    ((disk_file *)file)->end_of_address = end;
    return 0;
}

static haddr_t get_end_of_file(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const disk_file *)file)->end_of_file;
}

/* What was never written is 0. */
static herr_t read_disk(H5FD_t *file, H5FD_mem_t type, hid_t transfer,
                        haddr_t at, size_t n, void *bytes)
{
    const disk_file *f = (const disk_file *)file;
    unsigned char *next = bytes;
    (void)type, (void)transfer;
    while (n > 0) {
        ssize_t got = pread(f->disk->fd, next, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            memset(next, 0, n);
            return got < 0 ? -1 : 0;
        }
        next += got;
        at += (haddr_t)got;
        n -= (size_t)got;
    }
    return 0;
}

static herr_t write_disk(H5FD_t *file, H5FD_mem_t type, hid_t transfer,
                         haddr_t at, size_t n, const void *bytes)
{
    disk_file *f = (disk_file *)file;
    const unsigned char *next = bytes;
    (void)type, (void)transfer;
    if (at + n > f->end_of_file)
        f->end_of_file = at + n;
    while (n > 0 && f->disk->error == 0) {
        ssize_t done = pwrite(f->disk->fd, next, n, (off_t)at);
        if (done < 0 && errno != EINTR)
            f->disk->error = errno;
        if (done > 0) {
            next += done;
            at += (haddr_t)done;
            n -= (size_t)done;
        }
    }
    return 0;
}

/* Brings the file to the length that the library takes it to have. */
static herr_t truncate_disk(H5FD_t *file, hid_t transfer, hbool_t is_closing)
{
    disk_file *f = (disk_file *)file;
    (void)transfer, (void)is_closing;
    if (f->end_of_file != f->end_of_address && f->disk->error == 0 &&
        ftruncate(f->disk->fd, (off_t)f->end_of_address) != 0)
        f->disk->error = errno;
    f->end_of_file = f->end_of_address;
    return 0;
}

static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 13, 2)
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)300, /* one of those for private use */
#endif
    .name = "pleats",
    .maxaddr = (haddr_t)1 << 62,
    .fc_degree = H5F_CLOSE_WEAK,
    .fapl_size = sizeof(pleats_hdf5_disk *),
    .open = open_disk,
    .close = close_disk,
    .query = query,
    .get_eoa = get_end_of_address,
    .set_eoa = set_end_of_address,
    .get_eof = get_end_of_file,
    .read = read_disk,
    .write = write_disk,
    .truncate = truncate_disk,
    .fl_map = H5FD_FLMAP_DICHOTOMY};

herr_t pleats_hdf5_set_disk(hid_t access, pleats_hdf5_disk *disk)
{
    hid_t id = H5FDregister(&driver);
    herr_t done = id < 0 ? -1 : H5Pset_driver(access, id, &disk);
    if (id >= 0)
        H5FDunregister(id);
    return done;
}
