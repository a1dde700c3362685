#include "options/certificate_options.h"

enum { KEY_CERTIFICATE = 0x3a0, KEY_FORM };

static const struct argp_option option_table[] = {
    {"certificate", KEY_CERTIFICATE, "FILE", 0,
     "Write a proof of the number of regions to FILE, which programs that "
     "share no code with this one check (docs/certificates.md); with --shard "
     "one of M files that prove it together, without a count before; with "
     "--checkpoint it is FILE.<number>.part until it is whole",
     0},
    {"certificate-form", KEY_FORM, "FORM", 0,
     "Form of the certificate: binary (packed, default) or text", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    certificate_options *o = state->input;
    switch (key) {
    case KEY_CERTIFICATE:
        if (pleats_path_is_stdout(value))
            refuse_usage(state,
                         "--certificate %s: must be a file; the answer goes to "
                         "standard output",
                         value);
        o->path = value;
        return 0;
    case KEY_FORM:
        if (strcmp(value, "text") == 0)
            o->form = PLEATS_CERTIFICATE_TEXT;
        else if (strcmp(value, "binary") == 0)
            o->form = PLEATS_CERTIFICATE_BINARY;
        else
            refuse_usage(state, "--certificate-form %s: must be binary or text",
                         value);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp certificate_argp = {option_table, parse, NULL, NULL,
                                      NULL,         NULL,  NULL};

pleats_status certificate_write(const session *s, const certificate_options *o,
                                uint64_t part, uint64_t of,
                                const pleats_limits *limits,
                                pleats_certificate_result *result)
{
    pleats_certificate_options options;
    pleats_output *out = NULL;
    pleats_init_certificate_options(&options);
    options.form = o->form;
    options.part = part;
    options.of = of;
    pleats_status status = pleats_output_open(s->ctx, o->path, &out);
    if (status == PLEATS_OK)
        status = pleats_certificate_write(s->ctx, s->net, s->domain, &options,
                                          limits, out, result);
    if (status == PLEATS_OK && !result->stopped)
        status = pleats_output_commit(s->ctx, out);
    pleats_output_free(s->ctx, out);
    return status;
}
