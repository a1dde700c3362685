/* Numbered trials that outlive a process, or are shared by several.
 *
 * Means over random networks, searches for weights and estimates are made of
 * trials that do not depend on one another.  A record has what came of each: a
 * function that is given one (in its options) makes only the trials that the
 * record lacks, adds what comes of them, and answers from all of them as if it
 * had made all at one go.
 *
 *     TRY(pleats_record_new(ctx, &record));
 *     TRY(pleats_record_read(ctx, record, "mean.state"));   to go on from a
 * file TRY(pleats_record_keep(ctx, record, "mean.state", 60, NULL));
 *     options.record = record;
 *     TRY(pleats_mean_regions(ctx, spec, domain, &options, &limits, &result));
 *     TRY(pleats_record_write(ctx, record, "mean.state"));
 *
 * docs/formats.md has the text.  A record belongs to the context that made it,
 * and to one call at a time. */
#ifndef PLEATS_RECORD_H
#define PLEATS_RECORD_H

#include "pleats/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pleats_record pleats_record;

/* An empty record. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_record_new(pleats_ctx *ctx, pleats_give pleats_record **out);
/* NULL is fine. */
PLEATS_API void pleats_record_free(pleats_ctx *ctx,
                                   pleats_take pleats_record *record);

/* From now on a call that has the record writes it to `path`, whole or not at
 * all, when a trial ends: once `seconds` have passed since it was written, and
 * when *now is not 0, which a handler of signals may set and which is then set
 * to 0 (NULL: not asked for).  `path` is copied; `now` must live as long as the
 * record.  The call ends with PLEATS_IO where that fails. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_record_keep(pleats_ctx *ctx, pleats_record *record, const char *path,
                   double seconds, int *now);

/* From now on only the trials `first` to `end` - 1 are made, and answers may
 * lack others.  All are asked for at first. */
PLEATS_API void pleats_record_ask(pleats_record *record, uint64_t first,
                                  uint64_t end);

/* Whether a call has had it: before, there is nothing to write. */
PLEATS_API bool pleats_record_is_used(const pleats_record *record);

/* Trials that came to their end; whether one of them did. */
PLEATS_API uint64_t pleats_record_n(const pleats_record *record);
PLEATS_API bool pleats_record_has(const pleats_record *record, uint64_t number);

/* What all records of one work have alike and others have not: hexadecimal
 * digits of a digest, and a zero byte.  PLEATS_INVALID before the first use. */
enum { PLEATS_RECORD_KEY_BYTES = 65 };
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_record_key(pleats_ctx *ctx, const pleats_record *record,
                  char key[PLEATS_RECORD_KEY_BYTES]);

/* No trials are left. */
PLEATS_API void pleats_record_clear(pleats_ctx *ctx, pleats_record *record);

/* Writes all of it to a file, or reads one into a new record.  PLEATS_INVALID
 * for a damaged file; what a file is about is compared when the record is used:
 * that call then ends with PLEATS_INVALID and the line that differs. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_record_write(pleats_ctx *ctx, pleats_record *record, const char *path);
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_record_read(pleats_ctx *ctx, pleats_record *record, const char *path);

/* The same text in memory; free it with pleats_record_text_free.  A text is
 * added to a record that is new or was used, and whose trials it lacks. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_record_save(pleats_ctx *ctx, pleats_record *record,
                   pleats_give char **out, size_t *n_bytes);
PLEATS_API PLEATS_NODISCARD pleats_status pleats_record_add_text(
    pleats_ctx *ctx, pleats_record *record, const char *text, size_t n_bytes);
PLEATS_API void pleats_record_text_free(pleats_ctx *ctx,
                                        pleats_take char *text);

#ifdef __cplusplus
}
#endif
#endif
