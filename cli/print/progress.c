/* One line on stderr that tells how far a count is. */
#include "print/progress.h"

#include "session.h"

#include <stdio.h>
#include <unistd.h>

enum { LINE_WIDTH = 78 };

void progress_start(progress *p, bool wanted)
{
    *p = (progress){.is_shown = wanted || isatty(STDERR_FILENO),
                    .what = "regions",
                    .of = "search",
                    .start = seconds_now()};
}

static void show(progress *p, const char *line)
{
    fprintf(stderr, "\r%-*s", LINE_WIDTH, line);
    fflush(stderr);
    p->is_written = true;
}

void progress_report(void *state, const pleats_progress *now)
{
    progress *p = state;
    double seconds = seconds_now() - p->start;
    char line[LINE_WIDTH + 1];
    p->share = now->share;
    if (!p->is_shown)
        return;
    snprintf(line, sizeof line,
             "%llu %s, %.0f a second, %.2f%% of the %s done, %.0f s",
             (unsigned long long)now->found, p->what,
             seconds > 0 ? (double)now->found / seconds : 0.0, 100 * now->share,
             p->of, seconds);
    show(p, line);
}

void progress_report_mean(void *state, const pleats_progress *now)
{
    progress *p = state;
    char line[LINE_WIDTH + 1];
    if (!p->is_shown)
        return;
    snprintf(line, sizeof line,
             "about %.6g regions, give or take %.1f%%, %.0f s", now->mean,
             100 * now->rel_error, seconds_now() - p->start);
    show(p, line);
}

void progress_report_gap(void *state, const pleats_progress *now)
{
    progress *p = state;
    char line[LINE_WIDTH + 1];
    if (!p->is_shown)
        return;
    snprintf(line, sizeof line, "in [%.9g, %.9g], %llu parts, %.0f s",
             now->lower, now->upper, (unsigned long long)now->found,
             seconds_now() - p->start);
    show(p, line);
}

void progress_end(progress *p)
{
    if (p->is_written)
        fprintf(stderr, "\r%*s\r", LINE_WIDTH, "");
    p->is_written = false;
}
