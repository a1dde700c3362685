/* What `pleats complex` answers, as text and as JSON. */
#ifndef PLEATS_CLI_PRINT_COMPLEX_REPORT_H
#define PLEATS_CLI_PRINT_COMPLEX_REPORT_H

#include "session.h"

#include "pleats/complex.h"

/* level: as it was asked for, or NULL. */
void print_complex_text(const session *s, const char *level,
                        const pleats_complex_result *result);
int print_complex_json(const session *s, const char *level,
                       const pleats_complex_result *result);

#endif
