/* The MODEL|SPEC argument of the verbs that need shapes only. */
#include "options/spec_argument.h"

#include "exit_codes.h"

#include "pleats/version.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_spec(const char *argument)
{
    return strncmp(argument, "mlp:", 4) == 0 ||
           strncmp(argument, "cnn:", 4) == 0;
}

static bool is_json(const char *path)
{
    const size_t length = strlen(path);
    return length >= 5 && strcmp(path + length - 5, ".json") == 0;
}

/* A spec or a model, as what is in the file says. */
static int read_either(session *s, const char *path,
                       const pleats_load_options *load, pleats_spec **spec,
                       pleats_net **net)
{
    pleats_net *own = NULL;
    pleats_status status = pleats_spec_or_net(s->ctx, path, load, spec, &own);
    if (own) {
        s->n_rounded += pleats_net_n_rounded(own);
        session_show_remarks(s);
        status = pleats_spec_of_net(s->ctx, own, spec);
    }
    if (net)
        *net = own;
    else
        pleats_net_free(s->ctx, own);
    return status == PLEATS_OK ? EXIT_ANSWERED : session_fail(s, status);
}

int spec_read(session *s, const char *argument, const pleats_load_options *load,
              pleats_spec **spec, pleats_net **net)
{
    pleats_status status = PLEATS_OK;
    *spec = NULL;
    if (net)
        *net = NULL;
    if (is_spec(argument))
        status = pleats_spec_parse(s->ctx, argument, spec);
    else if (is_json(argument))
        status = pleats_spec_read(s->ctx, argument, spec);
    else
        return read_either(s, argument, load, spec, net);
    return status == PLEATS_OK ? EXIT_ANSWERED : spec_fail(s, status);
}

int spec_session_open(session *s, const model_options *options)
{
    int code = session_start(s, options);
    if (code == EXIT_ANSWERED)
        code = spec_read(s, options->path, &options->load, &s->spec, &s->net);
    return code;
}

json_t *spec_report_new(const session *s, const report_facts *facts,
                        const pleats_spec *spec)
{
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:s, s:o, s:o}",
        "schema", "pleats/1", "verb", facts->verb, "spec",
        report_text(spec ? pleats_spec_text(spec) : NULL), "domain",
        report_text(facts->domain), "definition",
        report_text(facts->definition), "label", report_text(facts->label),
        "complete", (int)facts->complete, "seconds",
        report_number(facts->seconds), "seed",
        facts->seed ? json_integer(*facts->seed) : json_null(), "version",
        PLEATS_VERSION, "rounded_parameters",
        s->net ? json_integer((json_int_t)s->n_rounded) : json_null(), "model",
        s->net ? json_pack("{s:o, s:s}", "path", report_text(s->path), "sha256",
                           pleats_net_sha256(s->net))
               : json_null());
}
