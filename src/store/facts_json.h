/* Facts about a file of cells as a JSON object. */
#ifndef PLEATS_STORE_FACTS_JSON_H
#define PLEATS_STORE_FACTS_JSON_H

#include "store/store.h"

#include <jansson.h>

/* The facts of the head, where they are `wanted`, and of the tail (NULL: none
 * of these).  PLEATS_NOMEM. */
PLEATS_NODISCARD pleats_status pleats_store_facts_json(
    pleats_ctx *ctx, const pleats_store_head *head, bool wanted,
    const pleats_store_tail *tail, pleats_give json_t **out);

/* As text on one line.  Takes the object. */
PLEATS_NODISCARD pleats_status pleats_store_json_text(pleats_ctx *ctx,
                                                      pleats_take json_t *json,
                                                      pleats_give char **out);

#endif
