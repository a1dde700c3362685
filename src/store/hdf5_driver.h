/* HDF5 on a descriptor. */
#ifndef PLEATS_STORE_HDF5_DRIVER_H
#define PLEATS_STORE_HDF5_DRIVER_H

#include "store/hdf5_calls.h"

/* A regular file that is written from its start.  After the first failure
 * nothing is written any more, and the library is told that all went well: it
 * cannot close what it could not write, and the end of the process would try
 * again. */
typedef struct {
    int fd;    /* lent */
    int error; /* errno of the first failure, or 0 */
} pleats_hdf5_disk;

/* Makes `access` (a list of H5P_FILE_ACCESS) open the disk, whatever the name.
 * The disk must outlive the file. */
herr_t pleats_hdf5_set_disk(hid_t access, pleats_hdf5_disk *disk);

#endif
