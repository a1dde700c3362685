/* libhdf5, loaded when it is first needed: it brings a dozen libraries along,
 * which would cost every start of a program more time than most counts take.
 *
 * Behind this header the names of the library's functions and variables mean
 * what pleats_hdf5_load has found. */
#ifndef PLEATS_STORE_HDF5_CALLS_H
#define PLEATS_STORE_HDF5_CALLS_H

#include "base/base.h"

#include <hdf5.h>

#define PLEATS_HDF5_FUNCTIONS(X)                                               \
    X(H5Acreate2)                                                              \
    X(H5Aclose)                                                                \
    X(H5Aopen)                                                                 \
    X(H5Aread)                                                                 \
    X(H5Awrite)                                                                \
    X(H5Dclose)                                                                \
    X(H5Dcreate2)                                                              \
    X(H5Dget_space)                                                            \
    X(H5Dget_type)                                                             \
    X(H5Dopen2)                                                                \
    X(H5Dset_extent)                                                           \
    X(H5Dwrite)                                                                \
    X(H5Eget_auto2)                                                            \
    X(H5Eset_auto2)                                                            \
    X(H5Ewalk2)                                                                \
    X(H5FDregister)                                                            \
    X(H5FDunregister)                                                          \
    X(H5Fclose)                                                                \
    X(H5Fcreate)                                                               \
    X(H5Fflush)                                                                \
    X(H5Fopen)                                                                 \
    X(H5Lexists)                                                               \
    X(H5Ocopy)                                                                 \
    X(H5Pclose)                                                                \
    X(H5Pcreate)                                                               \
    X(H5Pget_driver_info)                                                      \
    X(H5Pget_mdc_config)                                                       \
    X(H5Pset_chunk)                                                            \
    X(H5Pset_chunk_cache)                                                      \
    X(H5Pset_deflate)                                                          \
    X(H5Pset_driver)                                                           \
    X(H5Pset_fill_time)                                                        \
    X(H5Pset_mdc_config)                                                       \
    X(H5Pset_shuffle)                                                          \
    X(H5Pset_virtual)                                                          \
    X(H5Sclose)                                                                \
    X(H5Screate)                                                               \
    X(H5Screate_simple)                                                        \
    X(H5Sget_simple_extent_dims)                                               \
    X(H5Sselect_hyperslab)                                                     \
    X(H5Tclose)                                                                \
    X(H5Tcopy)                                                                 \
    X(H5Tset_cset)                                                             \
    X(H5Tset_size)                                                             \
    X(H5check_version)                                                         \
    X(H5free_memory)                                                           \
    X(H5open)

#define PLEATS_HDF5_VARIABLES(X)                                               \
    X(H5P_CLS_DATASET_ACCESS_ID_g)                                             \
    X(H5P_CLS_DATASET_CREATE_ID_g)                                             \
    X(H5P_CLS_FILE_ACCESS_ID_g)                                                \
    X(H5T_C_S1_g)                                                              \
    X(H5T_IEEE_F64LE_g)                                                        \
    X(H5T_NATIVE_DOUBLE_g)                                                     \
    X(H5T_NATIVE_INT32_g)                                                      \
    X(H5T_NATIVE_INT64_g)                                                      \
    X(H5T_NATIVE_UINT8_g)                                                      \
    X(H5T_STD_I32LE_g)                                                         \
    X(H5T_STD_I64LE_g)                                                         \
    X(H5T_STD_U8LE_g)

typedef struct {
#define PLEATS_HDF5_FIELD(name) __typeof__(&name) name##_;
    PLEATS_HDF5_FUNCTIONS(PLEATS_HDF5_FIELD)
    PLEATS_HDF5_VARIABLES(PLEATS_HDF5_FIELD)
#undef PLEATS_HDF5_FIELD
} pleats_hdf5_calls;

extern pleats_hdf5_calls pleats_hdf5;

/* PLEATS_INVALID, with what to install, when the library cannot be had.  To be
 * called first, by one thread at a time; it stays until the process ends. */
PLEATS_NODISCARD pleats_status pleats_hdf5_load(pleats_ctx *ctx);

#ifndef PLEATS_HDF5_NAMES_ARE_THE_LIBRARY_S
#define H5Acreate2 (pleats_hdf5.H5Acreate2_)
#define H5Aclose (pleats_hdf5.H5Aclose_)
#define H5Aopen (pleats_hdf5.H5Aopen_)
#define H5Aread (pleats_hdf5.H5Aread_)
#define H5Awrite (pleats_hdf5.H5Awrite_)
#define H5Dclose (pleats_hdf5.H5Dclose_)
#define H5Dcreate2 (pleats_hdf5.H5Dcreate2_)
#define H5Dget_space (pleats_hdf5.H5Dget_space_)
#define H5Dget_type (pleats_hdf5.H5Dget_type_)
#define H5Dopen2 (pleats_hdf5.H5Dopen2_)
#define H5Dset_extent (pleats_hdf5.H5Dset_extent_)
#define H5Dwrite (pleats_hdf5.H5Dwrite_)
#define H5Eget_auto2 (pleats_hdf5.H5Eget_auto2_)
#define H5Eset_auto2 (pleats_hdf5.H5Eset_auto2_)
#define H5Ewalk2 (pleats_hdf5.H5Ewalk2_)
#define H5FDregister (pleats_hdf5.H5FDregister_)
#define H5FDunregister (pleats_hdf5.H5FDunregister_)
#define H5Fclose (pleats_hdf5.H5Fclose_)
#define H5Fcreate (pleats_hdf5.H5Fcreate_)
#define H5Fflush (pleats_hdf5.H5Fflush_)
#define H5Fopen (pleats_hdf5.H5Fopen_)
#define H5Lexists (pleats_hdf5.H5Lexists_)
#define H5Ocopy (pleats_hdf5.H5Ocopy_)
#define H5Pclose (pleats_hdf5.H5Pclose_)
#define H5Pcreate (pleats_hdf5.H5Pcreate_)
#define H5Pget_driver_info (pleats_hdf5.H5Pget_driver_info_)
#define H5Pget_mdc_config (pleats_hdf5.H5Pget_mdc_config_)
#define H5Pset_chunk (pleats_hdf5.H5Pset_chunk_)
#define H5Pset_chunk_cache (pleats_hdf5.H5Pset_chunk_cache_)
#define H5Pset_deflate (pleats_hdf5.H5Pset_deflate_)
#define H5Pset_driver (pleats_hdf5.H5Pset_driver_)
#define H5Pset_fill_time (pleats_hdf5.H5Pset_fill_time_)
#define H5Pset_mdc_config (pleats_hdf5.H5Pset_mdc_config_)
#define H5Pset_shuffle (pleats_hdf5.H5Pset_shuffle_)
#define H5Pset_virtual (pleats_hdf5.H5Pset_virtual_)
#define H5Sclose (pleats_hdf5.H5Sclose_)
#define H5Screate (pleats_hdf5.H5Screate_)
#define H5Screate_simple (pleats_hdf5.H5Screate_simple_)
#define H5Sget_simple_extent_dims (pleats_hdf5.H5Sget_simple_extent_dims_)
#define H5Sselect_hyperslab (pleats_hdf5.H5Sselect_hyperslab_)
#define H5Tclose (pleats_hdf5.H5Tclose_)
#define H5Tcopy (pleats_hdf5.H5Tcopy_)
#define H5Tset_cset (pleats_hdf5.H5Tset_cset_)
#define H5Tset_size (pleats_hdf5.H5Tset_size_)
#define H5check_version (pleats_hdf5.H5check_version_)
#define H5free_memory (pleats_hdf5.H5free_memory_)
#define H5open (pleats_hdf5.H5open_)
#define H5P_CLS_DATASET_ACCESS_ID_g (*pleats_hdf5.H5P_CLS_DATASET_ACCESS_ID_g_)
#define H5P_CLS_DATASET_CREATE_ID_g (*pleats_hdf5.H5P_CLS_DATASET_CREATE_ID_g_)
#define H5P_CLS_FILE_ACCESS_ID_g (*pleats_hdf5.H5P_CLS_FILE_ACCESS_ID_g_)
#define H5T_C_S1_g (*pleats_hdf5.H5T_C_S1_g_)
#define H5T_IEEE_F64LE_g (*pleats_hdf5.H5T_IEEE_F64LE_g_)
#define H5T_NATIVE_DOUBLE_g (*pleats_hdf5.H5T_NATIVE_DOUBLE_g_)
#define H5T_NATIVE_INT32_g (*pleats_hdf5.H5T_NATIVE_INT32_g_)
#define H5T_NATIVE_INT64_g (*pleats_hdf5.H5T_NATIVE_INT64_g_)
#define H5T_NATIVE_UINT8_g (*pleats_hdf5.H5T_NATIVE_UINT8_g_)
#define H5T_STD_I32LE_g (*pleats_hdf5.H5T_STD_I32LE_g_)
#define H5T_STD_I64LE_g (*pleats_hdf5.H5T_STD_I64LE_g_)
#define H5T_STD_U8LE_g (*pleats_hdf5.H5T_STD_U8LE_g_)
#endif

#endif
