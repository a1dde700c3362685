/* One verb at work: the context, and what it has opened. */
#include "session.h"

#include "exit_codes.h"
#include "print/report.h"
#include "signals.h"

#include "pleats/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int open_output(session *s, const model_options *options)
{
    if (options->json && pleats_path_is_stdout(options->out)) {
        fprintf(stderr,
                "pleats: the file %s and the answer of --json cannot "
                "both go to standard output\n",
                options->out);
        return EXIT_USAGE;
    }
    pleats_status status =
        options->keeps_out
            ? pleats_output_open_kept(s->ctx, options->out, &s->out)
            : pleats_output_open(s->ctx, options->out, &s->out);
    return status == PLEATS_OK ? EXIT_ANSWERED : session_fail(s, status);
}

int session_start(session *s, const model_options *options)
{
    *s = (session){.options = options, .path = options->path};
    pleats_plain(s->path ? s->path : "", s->name, sizeof s->name);
    if (pleats_ctx_new(NULL, &s->ctx) != PLEATS_OK)
        return session_no_memory();
    pleats_ctx_set_time_limit(s->ctx, options->time_limit);
    s->started = seconds_now();
    cancel_on_signals(s->ctx);
    return options->out ? open_output(s, options) : EXIT_ANSWERED;
}

int session_open(session *s, const model_options *options)
{
    int code = session_start(s, options);
    if (code != EXIT_ANSWERED)
        return code;
    pleats_status status =
        pleats_net_load(s->ctx, options->path, &options->load, &s->net);
    if (status != PLEATS_OK)
        return session_fail(s, status);
    s->n_rounded = pleats_net_n_rounded(s->net);
    session_show_remarks(s);
    return EXIT_ANSWERED;
}

void session_close(session *s)
{
    if (!s->ctx)
        return;
    pleats_output_free(s->ctx, s->out);
    release_signals();
    pleats_rows_free(s->ctx, s->rows);
    pleats_domain_free(s->ctx, s->domain);
    pleats_spec_free(s->ctx, s->spec);
    free(s->point);
    pleats_net_free(s->ctx, s->net);
    pleats_ctx_free(s->ctx);
}

double session_share(const session *s, int32_t rest, double otherwise)
{
    const double limit = s->options->time_limit;
    const double left = limit - (seconds_now() - s->started);
    return limit > 0 && left > 0 ? left / rest : otherwise;
}

int session_no_memory(void)
{
    fprintf(stderr, "pleats: out of memory\n");
    return EXIT_FAILED;
}

bool session_is_late(const session *s)
{
    const double limit = s->options->time_limit;
    return limit > 0 && seconds_now() - s->started >= limit;
}

void session_show_remarks(session *s)
{
    for (; s->n_shown < pleats_ctx_n_remarks(s->ctx); s->n_shown++)
        fprintf(stderr, "pleats: note: %s\n",
                pleats_ctx_remark(s->ctx, s->n_shown));
}

/* The answer of work that a limit stopped before it had a result. */
static int answer_nothing(const session *s)
{
    const report_facts facts = {.verb = s->options->verb};
    const char *reason = pleats_stop_text(pleats_ctx_limit(s->ctx));
    int code = EXIT_ANSWERED;
    if (s->options->json)
        code = report_print(
            report_new(s, &facts),
            json_pack("{s:o, s:o}", "stopped",
                      report_text(reason ? reason : pleats_ctx_message(s->ctx)),
                      "remarks", report_remarks(s)));
    return code == EXIT_ANSWERED ? EXIT_PARTIAL : code;
}

int session_fail_at(session *s, pleats_status status, const char *where)
{
    if (status != PLEATS_INVALID) /* a refusal is one line */
        session_show_remarks(s);
    fprintf(stderr, "pleats: %s%s%s%s\n",
            status == PLEATS_INTERNAL ? "defect in pleats: " : "", where,
            where[0] ? ": " : "", pleats_ctx_message(s->ctx));
    switch (status) {
    case PLEATS_INVALID:
        return EXIT_REFUSED;
    case PLEATS_UNDECIDED:
        return EXIT_UNDECIDED;
    case PLEATS_LIMIT:
        return answer_nothing(s);
    default:
        return EXIT_FAILED;
    }
}

int session_fail(session *s, pleats_status status)
{
    return session_fail_at(s, status, "");
}

int spec_fail(session *s, pleats_status status)
{
    const int code = session_fail(s, status);
    return status == PLEATS_INVALID && !s->net ? EXIT_USAGE : code;
}

int session_read_rows(session *s, const char *path)
{
    pleats_status status =
        pleats_rows_read(s->ctx, path, pleats_net_n_inputs(s->net), &s->rows);
    return status == PLEATS_OK ? EXIT_ANSWERED : session_fail(s, status);
}

int session_finish(session *s, pleats_status status)
{
    release_signals();
    session_show_remarks(s);
    if (status == PLEATS_OK)
        return EXIT_ANSWERED;
    return s->spec ? spec_fail(s, status) : session_fail(s, status);
}

int session_code(int code, bool is_partial)
{
    return code == EXIT_ANSWERED && is_partial ? EXIT_PARTIAL : code;
}

bool session_prints(const session *s)
{
    return !s->out || !pleats_path_is_stdout(pleats_output_path(s->out));
}

double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
