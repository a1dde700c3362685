/* What came of numbered trials, for the functions that make them.
 *
 * All of this may be called with a NULL record: nothing is found in it, and
 * nothing is kept. */
#ifndef PLEATS_SAMPLE_RECORD_H
#define PLEATS_SAMPLE_RECORD_H

#include "exact/lines.h"

#include "pleats/record.h"

#include <pthread.h>

typedef struct {
    uint64_t number;
    bool is_done; /* else it was put down in its middle */
    char *text;   /* what came of it, without a line's end */
} pleats_record_entry;

struct pleats_record {
    pthread_mutex_t lock; /* of all below */
    pleats_text identity; /* the lines of the calls that have it; empty: none
                             has had it yet */
    char *pending;        /* text that is read when they are known; or NULL */
    size_t n_pending;
    char *where;                /* the pending text is from */
    pleats_record_entry *entry; /* [n] by ascending number */
    size_t n, capacity;
    uint64_t first, end; /* trials that are asked for */
    double seconds;      /* of all calls that have ended */
    double begun;        /* when the call began; 0: there is none */
    char *path;          /* NULL: the record is not kept */
    double every, written;
    int *now;
};

/* A call begins: it is about what the lines say, which PLEATS_INVALID compares
 * with those of texts. */
PLEATS_NODISCARD pleats_status pleats_record_begin(pleats_ctx *ctx,
                                                   pleats_record *record,
                                                   const pleats_text *identity);
void pleats_record_end(pleats_record *record);

/* Appends the lines with which all identities begin. */
PLEATS_NODISCARD pleats_status pleats_record_identity(pleats_ctx *ctx,
                                                      pleats_text *text,
                                                      const char *of);

/* Whether not all trials are asked for. */
bool pleats_record_is_for_a_part(const pleats_record *record);

/* Whether a trial is to be made that is not done. */
bool pleats_record_asks(pleats_record *record, uint64_t number);

/* What is there of a trial: NULL, or a text that is lent until the trial is put
 * the next time. */
const char *pleats_record_find(pleats_record *record, uint64_t number,
                               bool *is_done);

/* Puts what came of a trial, or where it stands, in the place of what was there
 * of it; writes the record where it is time for that. */
PLEATS_NODISCARD pleats_status pleats_record_put(pleats_ctx *ctx,
                                                 pleats_record *record,
                                                 uint64_t number, bool is_done,
                                                 const char *text);

/* PLEATS_INVALID: what is there of a trial is nothing that can be. */
pleats_status pleats_record_refuse(pleats_ctx *ctx, uint64_t number);

/* Seconds of all calls, also of those whose texts were added. */
double pleats_record_seconds(const pleats_record *record);

/* ---- text, record_text.c; the lock is held ---- */

pleats_status pleats_record_unused(pleats_ctx *ctx); /* PLEATS_INVALID */
PLEATS_NODISCARD pleats_status pleats_record_text(pleats_ctx *ctx,
                                                  const pleats_record *record,
                                                  pleats_text *text);
/* Adds the entries of a text, whose identity is the record's: all or none.
 * What is done stays as it is. */
PLEATS_NODISCARD pleats_status pleats_record_add(pleats_ctx *ctx,
                                                 pleats_record *record,
                                                 const char *where,
                                                 const char *bytes, size_t n);

/* The entry of a trial, or NULL. */
pleats_record_entry *pleats_record_at(const pleats_record *record,
                                      uint64_t number);
/* Puts an entry, whose text is copied. */
PLEATS_NODISCARD pleats_status pleats_record_enter(pleats_ctx *ctx,
                                                   pleats_record *record,
                                                   uint64_t number,
                                                   bool is_done,
                                                   const char *text);

#endif
