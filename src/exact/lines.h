/* Texts of lines that outlive a process: a writer, and a reader that trusts
 * nothing.  The last line is the SHA-256 digest of all before it, and the first
 * ones say what the text is about, so that one about something else is refused
 * with the line that differs. */
#ifndef PLEATS_EXACT_LINES_H
#define PLEATS_EXACT_LINES_H

#include "exact/digest.h"

/* ---- writing ---- */

/* Zero-initialised: empty.  `byte` is the owner's, and ended by a zero byte. */
typedef struct {
    char *byte;
    size_t n, capacity;
} pleats_text;

PLEATS_NODISCARD pleats_status pleats_text_bytes(pleats_ctx *ctx,
                                                 pleats_text *text,
                                                 const char *bytes, size_t n);
/* At most 255 bytes. */
PLEATS_NODISCARD pleats_status pleats_text_put(pleats_ctx *ctx,
                                               pleats_text *text,
                                               const char *format, ...)
    __attribute__((format(printf, 3, 4)));
PLEATS_NODISCARD pleats_status pleats_text_integer(pleats_ctx *ctx,
                                                   pleats_text *text,
                                                   const mpz_t z);
/* Two hexadecimal digits a byte. */
PLEATS_NODISCARD pleats_status pleats_text_hex(pleats_ctx *ctx,
                                               pleats_text *text,
                                               const unsigned char *bytes,
                                               size_t n);
/* Ends the text by its digest. */
PLEATS_NODISCARD pleats_status pleats_text_end(pleats_ctx *ctx,
                                               pleats_text *text);

/* ---- reading ---- */

typedef struct {
    pleats_ctx *ctx;
    const char *where; /* is named in messages */
    const char *what;  /* the kind of the thing: "count" */
    char *line;        /* the one at hand, ended by a zero byte */
    char *rest;        /* behind it */
    size_t n;          /* lines so far */
    char *copy;
} pleats_lines;

/* Begins to read a copy of the text, whose digest must be right.  Close in
 * every case. */
PLEATS_NODISCARD pleats_status pleats_lines_open(pleats_ctx *ctx,
                                                 pleats_lines *lines,
                                                 const char *where,
                                                 const char *what,
                                                 const char *bytes, size_t n);
void pleats_lines_close(pleats_lines *lines);

/* PLEATS_INVALID, with the place and what is wrong there. */
pleats_status pleats_lines_damaged(const pleats_lines *lines, const char *what);

PLEATS_NODISCARD pleats_status pleats_lines_next(pleats_lines *lines);

/* The next lines are those of `own`. */
PLEATS_NODISCARD pleats_status pleats_lines_same(pleats_lines *lines,
                                                 const pleats_text *own);

/* The line at hand is "NAME VALUE"; *value is what stands behind the name. */
PLEATS_NODISCARD pleats_status pleats_lines_value(const pleats_lines *lines,
                                                  const char *name,
                                                  char **value);
/* The same of the next line. */
PLEATS_NODISCARD pleats_status pleats_lines_need(pleats_lines *lines,
                                                 const char *name,
                                                 char **value);

/* The next line is "part R of M", R below M, M at most `most`. */
PLEATS_NODISCARD pleats_status pleats_lines_take_part(pleats_lines *lines,
                                                      uint64_t most,
                                                      uint64_t *part,
                                                      uint64_t *of);
/* The next line is "dimension K", K at least -1. */
PLEATS_NODISCARD pleats_status
pleats_lines_take_dimension(pleats_lines *lines, pleats_idx *dimension);

/* The next n bytes, which are whole lines; lent, not ended by a zero byte. */
PLEATS_NODISCARD pleats_status pleats_lines_take_bytes(pleats_lines *lines,
                                                       uint64_t n,
                                                       const char **bytes);

/* Take a number at *at, behind which `after` stands, and go behind that: a
 * whole one, at most `most`; any double.  Then all of a line: a finite number,
 * at least 0; an integer, at least 0. */
PLEATS_NODISCARD pleats_status
pleats_lines_take_whole(const pleats_lines *lines, char **at, char after,
                        uint64_t most, uint64_t *out);
PLEATS_NODISCARD pleats_status pleats_lines_take_double(
    const pleats_lines *lines, char **at, char after, double *out);
PLEATS_NODISCARD pleats_status
pleats_lines_take_amount(const pleats_lines *lines, char *at, double *out);
PLEATS_NODISCARD pleats_status
pleats_lines_take_integer(const pleats_lines *lines, const char *at, mpz_t out);
/* Takes 2 n hexadecimal digits, the end of a line. */
PLEATS_NODISCARD pleats_status pleats_lines_take_hex(const pleats_lines *lines,
                                                     const char *at,
                                                     unsigned char *bytes,
                                                     size_t n);

/* Whether a whole number in decimal digits, at most `most`, stands at *at, and
 * `after` behind it; *at then goes behind that (a zero byte: to it). */
bool pleats_read_whole(char **at, char after, uint64_t most, uint64_t *out);

/* Whether a text is an integer, at least 0, in decimal digits alone: out
 * (initialised) is then its value. */
bool pleats_read_integer(const char *text, mpz_t out);

/* Whether a text is just 2 n hexadecimal digits, which are then taken. */
bool pleats_read_hex(const char *text, unsigned char *bytes, size_t n);

/* Whether the next line is the digest. */
bool pleats_lines_is_end(const pleats_lines *lines);

/* The next line is the digest, and the last one. */
PLEATS_NODISCARD pleats_status pleats_lines_end(pleats_lines *lines);

#endif
