/* S-expressions: the syntax of VNN-LIB files. */
#include "read/sexpr.h"

#include <string.h>

/* Where the reader stands: at each open depth the list and its last element so
 * far. */
typedef struct {
    const char *at, *end;
    pleats_idx line, depth;
    pleats_idx list[PLEATS_SEXPR_MAX_DEPTH + 1];
    pleats_idx last[PLEATS_SEXPR_MAX_DEPTH + 1];
} reader;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_atom(char c)
{
    return c > ' ' && c <= '~' && !strchr("();[]", c);
}

/* Skips white space and comments, counting lines. */
static void skip(reader *r)
{
    bool in_comment = false;
    for (; r->at < r->end; r->at++) {
        if (*r->at == ';')
            in_comment = true;
        if (!in_comment && !is_space(*r->at))
            return;
        if (*r->at == '\n') {
            in_comment = false;
            r->line++;
        }
    }
}

static pleats_status append(pleats_ctx *ctx, pleats_sexprs *tree, reader *r,
                            pleats_sexpr node)
{
    pleats_status status = PLEATS_OK;
    pleats_idx i = tree->n, before = r->last[r->depth];
    TRY(pleats_grow(ctx, &tree->node, &tree->capacity, (size_t)i + 1,
                    sizeof *tree->node));
    node.child = node.next = -1;
    node.line = r->line;
    tree->node[i] = node;
    tree->n++;
    if (before >= 0)
        tree->node[before].next = i;
    else if (r->depth > 0)
        tree->node[r->list[r->depth]].child = i;
    r->last[r->depth] = i;
done:
    return status;
}

static pleats_status open_list(pleats_ctx *ctx, pleats_sexprs *tree, reader *r)
{
    pleats_status status = PLEATS_OK;
    TRY(append(ctx, tree, r, (pleats_sexpr){.is_list = true}));
    if (r->depth == PLEATS_SEXPR_MAX_DEPTH)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "lists are nested deeper than %d",
                        r->depth));
    r->depth++;
    r->list[r->depth] = tree->n - 1;
    r->last[r->depth] = -1;
    r->at++;
done:
    return status;
}

static pleats_status read_atom(pleats_ctx *ctx, pleats_sexprs *tree, reader *r)
{
    const char *start = r->at;
    while (r->at < r->end && is_atom(*r->at))
        r->at++;
    if (r->at == start)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a character that is not printable ASCII");
    return append(
        ctx, tree, r,
        (pleats_sexpr){.text = start, .length = (pleats_idx)(r->at - start)});
}

/* "[...]": blanks, digits and commas that belong to the atom before. */
static pleats_status read_index(pleats_ctx *ctx, pleats_sexprs *tree, reader *r)
{
    const char *start = r->at++;
    pleats_idx before = r->last[r->depth];
    if (before < 0 || tree->node[before].is_list || tree->node[before].index)
        return pleats_fail(ctx, PLEATS_INVALID, "a '[' without a name before");
    while (r->at < r->end &&
           (*r->at == ' ' || *r->at == ',' || (*r->at >= '0' && *r->at <= '9')))
        r->at++;
    if (r->at == r->end || *r->at != ']')
        return pleats_fail(ctx, PLEATS_INVALID,
                           "between '[' and ']' are whole numbers with commas "
                           "between");
    r->at++;
    tree->node[before].index = start;
    tree->node[before].index_length = (pleats_idx)(r->at - start);
    return PLEATS_OK;
}

pleats_status pleats_sexprs_read(pleats_ctx *ctx, const char *text,
                                 size_t length, pleats_sexprs *out,
                                 pleats_idx *line)
{
    pleats_status status = PLEATS_OK;
    reader r = {.at = text, .end = text + length, .line = 1, .last = {-1}};
    *out = (pleats_sexprs){0};
    if (length > INT32_MAX - 1)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "the text is too long"));
    for (skip(&r); r.at < r.end; skip(&r)) {
        if (*r.at == '(') {
            TRY(open_list(ctx, out, &r));
        } else if (*r.at == ')') {
            if (r.depth == 0)
                TRY(pleats_fail(ctx, PLEATS_INVALID, "a ')' without its '('"));
            r.depth--;
            r.at++;
        } else if (*r.at == '[') {
            TRY(read_index(ctx, out, &r));
        } else {
            TRY(read_atom(ctx, out, &r));
        }
    }
    if (r.depth > 0) {
        r.line = out->node[r.list[r.depth]].line;
        TRY(pleats_fail(ctx, PLEATS_INVALID, "a '(' without its ')'"));
    }
done:
    *line = r.line;
    return status;
}

void pleats_sexprs_clear(pleats_ctx *ctx, pleats_sexprs *tree)
{
    pleats_release(ctx, tree->node);
    *tree = (pleats_sexprs){0};
}

bool pleats_sexpr_is(const pleats_sexprs *tree, pleats_idx i, const char *word)
{
    size_t length = strlen(word);
    return i >= 0 && !tree->node[i].is_list && !tree->node[i].index &&
           (size_t)tree->node[i].length == length &&
           memcmp(tree->node[i].text, word, length) == 0;
}

pleats_idx pleats_sexpr_head(const pleats_sexprs *tree, pleats_idx i)
{
    pleats_idx head = tree->node[i].child;
    return head >= 0 && !tree->node[head].is_list ? head : -1;
}

pleats_idx pleats_sexpr_count_after(const pleats_sexprs *tree, pleats_idx i)
{
    pleats_idx n = 0;
    while ((i = tree->node[i].next) >= 0)
        n++;
    return n;
}
