/* JSON answers, and the end of standard output. */
#include "print/report.h"

#include "exit_codes.h"

#include "pleats/text.h"
#include "pleats/version.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

json_t *report_text(const char *text)
{
    if (!text)
        return json_null();
    json_t *value = json_string(text);
    char *copy = value ? NULL : strdup(text);
    if (!copy)
        return value;
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    value = json_string(copy);
    free(copy);
    return value;
}

const char *report_exact(const session *s)
{
    return s->n_rounded > 0 ? "exact for the rounded parameters" : "exact";
}

json_t *report_number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

void report_append(json_t **list, json_t *item)
{
    if (json_array_append_new(*list, item) == 0)
        return;
    json_decref(*list);
    *list = NULL;
}

void report_put(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value) == 0)
        return;
    json_decref(*object);
    *object = NULL;
}

json_t *report_new(const session *s, const report_facts *facts)
{
    const char *label = facts->label && strcmp(facts->label, "exact") == 0
                            ? report_exact(s)
                            : facts->label;
    return json_pack(
        "{s:s, s:s, s:{s:o, s:s}, s:o, s:o, s:o, s:b, s:o, s:o, s:s, s:I}",
        "schema", "pleats/1", "verb", facts->verb, "model", "path",
        report_text(s->path), "sha256", s->net ? pleats_net_sha256(s->net) : "",
        "domain", report_text(facts->domain), "definition",
        report_text(facts->definition), "label", report_text(label), "complete",
        (int)facts->complete, "seconds", report_number(facts->seconds), "seed",
        facts->seed ? json_integer(*facts->seed) : json_null(), "version",
        PLEATS_VERSION, "rounded_parameters", (json_int_t)s->n_rounded);
}

json_t *report_stop(pleats_stop stopped)
{
    return report_text(pleats_stop_text(stopped));
}

json_t *report_remarks(const session *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < pleats_ctx_n_remarks(s->ctx); i++)
        report_append(&list, report_text(pleats_ctx_remark(s->ctx, i)));
    return list;
}

int report_print(json_t *common, json_t *own)
{
    char *text = NULL;
    if (common && own && json_object_update(common, own) == 0)
        text = json_dumps(common, JSON_REAL_PRECISION(17));
    json_decref(common);
    json_decref(own);
    if (!text) {
        fprintf(stderr, "pleats: out of memory while writing the answer\n");
        return EXIT_FAILED;
    }
    puts(text);
    free(text);
    return EXIT_ANSWERED;
}

void check_output(void)
{
    bool failed = ferror(stdout) != 0;
    errno = 0;
    if (fclose(stdout) == 0 && !failed)
        return;
    fprintf(stderr, "pleats: the answer could not be written%s%s\n",
            errno ? ": " : "", errno ? strerror(errno) : "");
    _exit(EXIT_FAILED);
}

void print_plain(const char *text)
{
    char shown[SESSION_NAME_BYTES];
    pleats_plain(text, shown, sizeof shown);
    fputs(shown, stdout);
}
