/* The options of a count with a certificate. */
#ifndef PLEATS_CLI_OPTIONS_CERTIFICATE_OPTIONS_H
#define PLEATS_CLI_OPTIONS_CERTIFICATE_OPTIONS_H

#include "session.h"

#include "pleats/certificate.h"

typedef struct {
    const char *path; /* NULL: none is asked for */
    pleats_certificate_form form;
} certificate_options;

/* A child parser whose input is a certificate_options, zeroed. */
extern const struct argp certificate_argp;

/* Counts and writes the certificate, or a part of one (of > 1); the file is
 * there when the result has not been stopped. */
pleats_status certificate_write(const session *s, const certificate_options *o,
                                uint64_t part, uint64_t of,
                                const pleats_limits *limits,
                                pleats_certificate_result *result);

#endif
