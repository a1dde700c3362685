/* JSON files, and the numbers in them. */
#ifndef PLEATS_JSON_JSON_H
#define PLEATS_JSON_JSON_H

#include "base/base.h"

#include <gmp.h>
#include <jansson.h>

enum { PLEATS_JSON_MAX_BYTES = 16 << 20 };

/* The value in a file of at most PLEATS_JSON_MAX_BYTES; every number in it is
 * the double that it reads as.  Free with json_decref.  (Memory of the value
 * is jansson's and not counted by the context.) */
PLEATS_NODISCARD pleats_status pleats_json_load(pleats_ctx *ctx,
                                                const char *path,
                                                pleats_give json_t **out);

/* The same from the text [size] of that file. */
PLEATS_NODISCARD pleats_status pleats_json_parse(pleats_ctx *ctx,
                                                 const char *path,
                                                 const char *text, size_t size,
                                                 pleats_give json_t **out);

/* A list of the values in a file, one after another, at least one. */
PLEATS_NODISCARD pleats_status pleats_json_load_all(pleats_ctx *ctx,
                                                    const char *path,
                                                    pleats_give json_t **out);

/* PLEATS_INVALID unless `root` is an object all of whose keys are among the
 * `n` given ones; of them the first `required` must be there. */
PLEATS_NODISCARD pleats_status pleats_json_check_keys(pleats_ctx *ctx,
                                                      const char *path,
                                                      const json_t *root,
                                                      size_t n, size_t required,
                                                      const char *const *key);

/* `list`, called `name` in messages, must be a list of `count` numbers: a JSON
 * number is the double that it reads as, a string is an exact decimal or
 * fraction.  Their values go to out [count], initialised by the caller. */
PLEATS_NODISCARD pleats_status pleats_json_numbers(pleats_ctx *ctx,
                                                   const char *path,
                                                   const char *name,
                                                   const json_t *list,
                                                   size_t count, mpq_t *out);

#endif
