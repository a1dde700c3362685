#include "store/facts_json.h"

#include "store/domain_text.h"

#include <stdlib.h>
#include <string.h>

/* A string of a text that may not be UTF-8, as names of files may not. */
static json_t *text_json(const char *text)
{
    json_t *value = json_string(text);
    char *copy = value ? NULL : strdup(text);
    for (char *c = copy; c && *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    if (copy)
        value = json_string(copy);
    free(copy);
    return value;
}

static bool put(json_t *object, size_t n, const pleats_fact *fact)
{
    bool is_good = object != NULL;
    for (size_t i = 0; i < n && is_good; i++) {
        json_t *value = fact[i].text      ? text_json(fact[i].text)
                        : fact[i].is_flag ? json_boolean(fact[i].number)
                                          : json_integer(fact[i].number);
        is_good = json_object_set_new(object, fact[i].name, value) == 0;
    }
    return is_good;
}

pleats_status pleats_store_facts_json(pleats_ctx *ctx,
                                      const pleats_store_head *head,
                                      bool wanted,
                                      const pleats_store_tail *tail,
                                      json_t **out)
{
    pleats_status status = PLEATS_OK;
    pleats_fact fact[PLEATS_MOST_FACTS];
    json_t *object = json_object();
    char *domain = NULL;
    bool is_good = object != NULL;
    if (wanted) {
        TRY(pleats_store_domain_text(ctx, head->domain, &domain));
        is_good =
            put(object, pleats_store_head_facts(head, domain, fact), fact);
    }
    if (tail && is_good)
        is_good = put(object, pleats_store_tail_facts(head, tail, fact), fact);
    if (!is_good)
        TRY(pleats_fail(ctx, PLEATS_NOMEM, "out of memory"));
    *out = object;
    object = NULL;
done:
    json_decref(object);
    pleats_release(ctx, domain);
    return status;
}

pleats_status pleats_store_json_text(pleats_ctx *ctx, json_t *json, char **out)
{
    pleats_status status = PLEATS_OK;
    char *text = json_dumps(json, JSON_COMPACT);
    if (!text)
        TRY(pleats_fail(ctx, PLEATS_NOMEM, "out of memory"));
    TRY(pleats_strdup(ctx, text, out));
done:
    free(text);
    json_decref(json);
    return status;
}
