/* All activation regions of a network on a domain, written to a file.
 *
 * What pleats_regions hands to a visitor goes to disk as it comes:
 * docs/formats.md says what stands where. */
#ifndef PLEATS_CELLS_H
#define PLEATS_CELLS_H

#include "pleats/output.h"
#include "pleats/regions.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    PLEATS_CELLS_AUTO,  /* by the path: .h5 or .hdf5, .npz, .jsonl; JSON lines
                           to what is no file */
    PLEATS_CELLS_HDF5,  /* chunks, compressed; memory does not grow with the
                           cells.  To regular files alone */
    PLEATS_CELLS_NPZ,   /* arrays of numpy, made in memory, of at most 256 MiB:
                           what is beyond that is left out, and the reason to
                           stop is PLEATS_STOP_MEMORY */
    PLEATS_CELLS_JSONL, /* a JSON object a line */
} pleats_cells_format;

typedef struct {
    size_t size;     /* of this struct; pleats_init_cells_options */
    unsigned fields; /* PLEATS_REGION_..., 0: patterns and points */
    pleats_cells_format format;
    bool paranoid; /* as in pleats_count_options */
    pleats_count_engine engine;
    uint64_t part, of; /* as of pleats_regions_options */
} pleats_cells_options;

static inline void pleats_init_cells_options(pleats_cells_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    char *regions;       /* decimal: that are in the file */
    pleats_label label;  /* PLEATS_EXACT: they are all; or PLEATS_LOWER */
    pleats_stop stopped; /* why not all */
    int32_t dimension;   /* as of pleats_count_result */
    double seconds;
    uint64_t reserved[8];
} pleats_cells_result;

/* What PLEATS_CELLS_AUTO means for a path; itself when its end says nothing. */
PLEATS_API pleats_cells_format pleats_cells_format_of(const char *path);

/* Writes the regions; commit `out` when this is PLEATS_OK (pleats/output.h).
 * Opened with pleats_output_open_kept, it has a name meanwhile.  With one
 * thread their order is the same each time.  A limit is no failure: what there
 * is so far is a whole file that says it is not complete.  While an HDF5 file
 * is written it is brought, every few seconds, to a state that can be read and
 * that says it is not complete: that is what is left when the process is
 * killed.
 *
 * libhdf5 holds no lock of its own: calls of this function take turns at it,
 * and no other thread of the process may use it meanwhile.
 *
 * Cost: that of pleats_regions.  Memory: some MiB, but for NPZ.  `options` and
 * `limits` may be NULL.  PLEATS_INVALID when the file's name says no format, or
 * the library was built without that one; PLEATS_IO when it cannot be written.
 * Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_cells_save(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_cells_options *options, const pleats_limits *limits,
    pleats_output *out, pleats_cells_result *result);
/* Writes to `out`, which is to be committed, an HDF5 file of all cells, whose
 * columns show those of the HDF5 files path [n]: these are all parts of one
 * domain's cells (pleats_cells_options.of), in any order, and stay where they
 * are.  *regions: their number.  PLEATS_INVALID, with what is wrong, for parts
 * that are missing, there twice, not complete, or of another model, domain or
 * version. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_cells_join(pleats_ctx *ctx, size_t n, const char *const *path,
                  pleats_output *out, uint64_t *regions);
PLEATS_API void pleats_cells_result_clear(pleats_ctx *ctx,
                                          pleats_cells_result *result);

#ifdef __cplusplus
}
#endif
#endif
