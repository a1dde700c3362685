/* The point that local and walk are about. */
#include "options/point_option.h"

#include "exit_codes.h"

#include "pleats/rows.h"
#include "pleats/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void check_point(const struct argp_state *state, const domain_options *domain,
                 const char *point)
{
    if (!domain->has_at && !point)
        refuse_usage(state, "a point is missing: name a data row with --at "
                            "FILE:ROW, or write --point X,Y,...");
    if (domain->has_at && point)
        refuse_usage(state, "--at and --point: one point at a time");
}

/* Numbers with commas between, as many as the network has inputs. */
static int read_point(session *s, const char *point, double *x)
{
    const int32_t n = pleats_net_n_inputs(s->net);
    const char *next = point;
    for (int32_t i = 0; i < n; i++) {
        char *end = NULL;
        x[i] = strtod(next, &end);
        bool last = i + 1 == n;
        if (end == next ||
            strspn(next, "0123456789.eE+-") < (size_t)(end - next) ||
            !isfinite(x[i]) || *end != (last ? '\0' : ',')) {
            char shown[SESSION_NAME_BYTES];
            pleats_plain(point, shown, sizeof shown);
            fprintf(stderr,
                    "pleats: --point %s: write %d number%s with commas "
                    "between, one for each input\n",
                    shown, n, n == 1 ? "" : "s");
            return EXIT_USAGE;
        }
        next = end + 1;
    }
    return EXIT_ANSWERED;
}

static int read_row(session *s, const row_list *at, double *x)
{
    const int code = session_read_rows(s, at->path);
    if (code != EXIT_ANSWERED)
        return code;
    if (at->row[0] >= pleats_rows_count(s->rows)) {
        char shown[SESSION_NAME_BYTES];
        pleats_plain(at->path, shown, sizeof shown);
        fprintf(stderr, "pleats: %s has no row %lld: its rows are 0 to %lld\n",
                shown, (long long)at->row[0],
                (long long)pleats_rows_count(s->rows) - 1);
        return EXIT_REFUSED;
    }
    memcpy(x, pleats_rows_row(s->rows, at->row[0]),
           (size_t)pleats_net_n_inputs(s->net) * sizeof *x);
    return EXIT_ANSWERED;
}

int point_open(session *s, const domain_options *domain, const char *point)
{
    s->point = calloc((size_t)pleats_net_n_inputs(s->net) + 1, sizeof(double));
    if (!s->point)
        return session_no_memory();
    return point ? read_point(s, point, s->point)
                 : read_row(s, &domain->at, s->point);
}

void point_text(const domain_options *domain, const char *point, char *text,
                size_t size)
{
    char raw[SESSION_NAME_BYTES];
    if (point)
        snprintf(raw, sizeof raw, "%s", point);
    else
        snprintf(raw, sizeof raw, "row %lld of %s",
                 (long long)domain->at.row[0], domain->at.path);
    pleats_plain(raw, text, size);
}
