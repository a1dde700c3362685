/* One verb at work: the context, and what it has opened. */
#ifndef PLEATS_CLI_SESSION_H
#define PLEATS_CLI_SESSION_H

#include "options/model_options.h"

#include "pleats/domain.h"
#include "pleats/output.h"
#include "pleats/rows.h"
#include "pleats/spec.h"

enum { SESSION_NAME_BYTES = 4096 };

typedef struct {
    const model_options *options;
    const char *path;              /* of the model */
    char name[SESSION_NAME_BYTES]; /* the same for people: it fits on a line */
    pleats_ctx *ctx;
    pleats_output *out;    /* what options->out names, or NULL */
    pleats_net *net;       /* of the model, or NULL */
    pleats_spec *spec;     /* of verbs that need shapes only, or NULL */
    pleats_domain *domain; /* of verbs that have one, or NULL */
    pleats_rows *rows;     /* of --input or --at, or NULL */
    double *point;         /* of verbs about a point (malloc), or NULL */
    int64_t n_rounded; /* parameters of all the verb's networks that had to be
                          rounded */
    size_t n_shown;    /* remarks printed so far */
    double started;    /* as of seconds_now */
} session;

/* Makes the context, which the options' time limit and the first signal
 * stop, and opens the file that is to be written, before any work: where the
 * answer of --json cannot go as well.  Returns EXIT_ANSWERED, or the exit code
 * of a failure that has been reported.  Close in every case. */
int session_start(session *s, const model_options *options);

/* The same, and loads the model.  Returns EXIT_ANSWERED, or the exit code of a
 * failure that has been reported.  Close in every case. */
int session_open(session *s, const model_options *options);
void session_close(session *s);

/* Reports the context's message and returns the exit code for `status`; the
 * other form puts "where: " before the message.  A limit before there was a
 * result is an answer too: one without a number, in JSON where that was asked
 * for. */
int session_fail(session *s, pleats_status status);
int session_fail_at(session *s, pleats_status status, const char *where);

/* Reports a failure that the spec on the command line is to blame for:
 * session_fail, but EXIT_USAGE for what is refused where there is no network.
 */
int spec_fail(session *s, pleats_status status);

/* Reads the rows of a file for the session's network into s->rows.  Returns
 * EXIT_ANSWERED, or the exit code of a failure that has been reported. */
int session_read_rows(session *s, const char *path);

/* After the work that gave `status`: signals end the program again, remarks are
 * shown, and a failure is reported.  Returns EXIT_ANSWERED or its exit code. */
int session_finish(session *s, pleats_status status);

/* `code`, but EXIT_PARTIAL for an answer that a limit cut short. */
int session_code(int code, bool is_partial);

/* Seconds for one of `rest` pieces of work that are still to be done, if all
 * are to have the same part of the time limit; `otherwise` where there is none,
 * or nothing is left of it. */
double session_share(const session *s, int32_t rest, double otherwise);

/* Says that there is no memory; returns the exit code. */
int session_no_memory(void);

/* Whether the options' time limit is over. */
bool session_is_late(const session *s);

/* Prints the context's remarks that have not been printed. */
void session_show_remarks(session *s);

/* Whether the answer is to be printed: standard output is not the file. */
bool session_prints(const session *s);

/* Seconds on a clock that never goes back. */
double seconds_now(void);

#endif
