/* An HDF5 file that is being written, and the calls of the library, which is
 * not safe for threads: a lock is held around all calls. */
#ifndef PLEATS_STORE_HDF5_FILE_H
#define PLEATS_STORE_HDF5_FILE_H

#include "store/hdf5_driver.h"
#include "store/store.h"

typedef struct {
    pleats_ctx *ctx;
    const char *path; /* for messages */
    pleats_hdf5_disk disk;
    hid_t file;
    hid_t text_type, scalar; /* of attributes */
} pleats_hdf5_file;

/* How the process wants failures to be printed. */
typedef struct {
    H5E_auto2_t print;
    void *data;
} pleats_hdf5_loudness;

/* Loads the library and takes its lock; its failures are then not printed.
 * *before is for leaving, unless this fails.  All that follows is for those who
 * hold the lock. */
PLEATS_NODISCARD pleats_status pleats_hdf5_enter(pleats_ctx *ctx,
                                                 pleats_hdf5_loudness *before);
void pleats_hdf5_leave(pleats_hdf5_loudness before);

/* PLEATS_OK, or, for a call that failed, what the library says. */
PLEATS_NODISCARD pleats_status pleats_hdf5_check(const pleats_hdf5_file *file,
                                                 bool is_good);

/* Metadata are written by flushes alone.  Close in every case. */
PLEATS_NODISCARD pleats_status pleats_hdf5_create(pleats_ctx *ctx,
                                                  pleats_output *out,
                                                  pleats_hdf5_file *file);
/* Whether the file is whole. */
bool pleats_hdf5_close(pleats_hdf5_file *file);

/* Writes n attributes of the root. */
PLEATS_NODISCARD pleats_status pleats_hdf5_facts(pleats_hdf5_file *file,
                                                 size_t n,
                                                 const pleats_fact *fact,
                                                 bool is_new);

#endif
