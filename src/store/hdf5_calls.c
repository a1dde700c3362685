#define PLEATS_HDF5_NAMES_ARE_THE_LIBRARY_S
#include "store/hdf5_calls.h"

#include <dlfcn.h>
#include <string.h>

pleats_hdf5_calls pleats_hdf5;

typedef struct {
    const char *name;
    void *place; /* of the pointer */
} wanted;

#define PLACE(name) {#name, &pleats_hdf5.name##_},
static const wanted all[] = {PLEATS_HDF5_FUNCTIONS(PLACE)
                                 PLEATS_HDF5_VARIABLES(PLACE)};
#undef PLACE

pleats_status pleats_hdf5_load(pleats_ctx *ctx)
{
    static void *library;
    if (library)
        return PLEATS_OK;
    void *handle = dlopen(PLEATS_HDF5_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "HDF5 files need the library " PLEATS_HDF5_LIBRARY
                           ", which is not there (%s); write .npz or .jsonl",
                           dlerror());
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        void *found = dlsym(handle, all[i].name);
        if (!found) {
            dlclose(handle);
            return pleats_fail(ctx, PLEATS_INVALID,
                               PLEATS_HDF5_LIBRARY " has no %s", all[i].name);
        }
        memcpy(all[i].place, &found, sizeof found);
    }
    library = handle;
    return PLEATS_OK;
}
