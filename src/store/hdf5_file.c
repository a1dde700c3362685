/* An HDF5 file that is being written, and the calls of the library. */
#include "store/hdf5_file.h"

#include "base/output.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { REASON_BYTES = 512 };

/* ---- the library ---- */

static pthread_mutex_t library = PTHREAD_MUTEX_INITIALIZER;

pleats_status pleats_hdf5_enter(pleats_ctx *ctx, pleats_hdf5_loudness *before)
{
    pthread_mutex_lock(&library);
    const pleats_status status = pleats_hdf5_load(ctx);
    if (status != PLEATS_OK) {
        pthread_mutex_unlock(&library);
        return status;
    }
    H5Eget_auto2(H5E_DEFAULT, &before->print, &before->data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return PLEATS_OK;
}

void pleats_hdf5_leave(pleats_hdf5_loudness before)
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

pleats_status pleats_hdf5_check(const pleats_hdf5_file *f, bool is_good)
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

static pleats_status write_fact(pleats_hdf5_file *f, const pleats_fact *fact,
                                bool is_new)
{
    pleats_status status = PLEATS_OK;
    const hid_t number = fact->is_flag ? H5T_STD_U8LE : H5T_STD_I64LE;
    const hid_t type = fact->text ? f->text_type : number;
    hid_t attribute = is_new ? H5Acreate2(f->file, fact->name, type, f->scalar,
                                          H5P_DEFAULT, H5P_DEFAULT)
                             : H5Aopen(f->file, fact->name, H5P_DEFAULT);
    TRY(pleats_hdf5_check(f, attribute >= 0));
    if (fact->text)
        TRY(pleats_hdf5_check(
            f, H5Awrite(attribute, f->text_type, &fact->text) >= 0));
    else
        TRY(pleats_hdf5_check(
            f, H5Awrite(attribute, H5T_NATIVE_INT64, &fact->number) >= 0));
done:
    if (attribute >= 0 && H5Aclose(attribute) < 0 && status == PLEATS_OK)
        status = pleats_hdf5_check(f, false);
    return status;
}

pleats_status pleats_hdf5_facts(pleats_hdf5_file *f, size_t n,
                                const pleats_fact *fact, bool is_new)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < n; i++)
        TRY(write_fact(f, &fact[i], is_new));
done:
    return status;
}

/* ---- the file ---- */

/* Metadata are written by flushes alone. */
static pleats_status create(pleats_hdf5_file *f)
{
    pleats_status status = PLEATS_OK;
    H5AC_cache_config_t cache = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    TRY(pleats_hdf5_check(f, access >= 0 &&
                                 H5Pget_mdc_config(access, &cache) >= 0));
    cache.evictions_enabled = false;
    cache.incr_mode = H5C_incr__off;
    cache.flash_incr_mode = H5C_flash_incr__off;
    cache.decr_mode = H5C_decr__off;
    TRY(pleats_hdf5_check(f, H5Pset_mdc_config(access, &cache) >= 0 &&
                                 pleats_hdf5_set_disk(access, &f->disk) >= 0));
    f->file = H5Fcreate(f->path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    TRY(pleats_hdf5_check(f, f->file >= 0));
    f->scalar = H5Screate(H5S_SCALAR);
    f->text_type = H5Tcopy(H5T_C_S1);
    TRY(pleats_hdf5_check(f,
                          f->scalar >= 0 && f->text_type >= 0 &&
                              H5Tset_size(f->text_type, H5T_VARIABLE) >= 0 &&
                              H5Tset_cset(f->text_type, H5T_CSET_UTF8) >= 0));
done:
    if (access >= 0)
        H5Pclose(access);
    return status;
}

pleats_status pleats_hdf5_create(pleats_ctx *ctx, pleats_output *out,
                                 pleats_hdf5_file *f)
{
    const int fd = pleats_output_file(out);
    if (fd < 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "HDF5 is written to regular files, which %s is not: "
                           "JSON lines go everywhere",
                           pleats_output_path(out));
    *f = (pleats_hdf5_file){.ctx = ctx,
                            .path = pleats_output_path(out),
                            .disk = {.fd = fd},
                            .file = H5I_INVALID_HID,
                            .text_type = H5I_INVALID_HID,
                            .scalar = H5I_INVALID_HID};
    return create(f);
}

bool pleats_hdf5_close(pleats_hdf5_file *f)
{
    bool is_good = true;
    if (f->text_type >= 0)
        is_good = H5Tclose(f->text_type) >= 0 && is_good;
    if (f->scalar >= 0)
        is_good = H5Sclose(f->scalar) >= 0 && is_good;
    if (f->file >= 0)
        is_good = H5Fclose(f->file) >= 0 && is_good;
    f->text_type = f->scalar = f->file = H5I_INVALID_HID;
    return is_good;
}
