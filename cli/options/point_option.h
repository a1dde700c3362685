/* The point that local and walk are about: --at FILE:ROW or --point X,Y,... */
#ifndef PLEATS_CLI_OPTIONS_POINT_OPTION_H
#define PLEATS_CLI_OPTIONS_POINT_OPTION_H

#include "options/domain_options.h"

/* Refuses usage unless exactly one of the two is there; `point` is the value
 * of --point or NULL. */
void check_point(const struct argp_state *state, const domain_options *domain,
                 const char *point);

/* Makes s->point.  Returns EXIT_ANSWERED, or the
 * exit code of a failure that has been reported. */
int point_open(session *s, const domain_options *domain, const char *point);

/* The point in words, for answers: "row 3 of data.npz" or "1,2". */
void point_text(const domain_options *domain, const char *point, char *text,
                size_t size);

#endif
