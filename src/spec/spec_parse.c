/* The text form of specs, read from left to right.  docs/specs.md has the
 * grammar. */
#include "spec/spec_layer.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    pleats_ctx *ctx;
    const char *text;
    size_t at;
    pleats_spec *spec;
    int depth; /* of open residual blocks */
} reader;

enum { SHOWN_CHARS = 20 };

/* "spec, character 7: expected WANTED, found 'xyz'" */
static pleats_status expected(const reader *r, const char *wanted)
{
    const char *rest = r->text + r->at;
    size_t shown = pleats_printable(rest, strlen(rest), SHOWN_CHARS);
    if (*rest == '\0')
        return pleats_fail(r->ctx, PLEATS_INVALID,
                           "spec, character %zu: expected %s, found the end",
                           r->at + 1, wanted);
    return pleats_fail(r->ctx, PLEATS_INVALID,
                       "spec, character %zu: expected %s, found '%.*s'",
                       r->at + 1, wanted, (int)shown, rest);
}

/* Adds a layer whose text starts at `start`. */
static pleats_status add(reader *r, size_t start,
                         const pleats_layer_spec *layer)
{
    pleats_status status = pleats_spec_add(r->ctx, r->spec, layer);
    return status == PLEATS_INVALID
               ? pleats_blame(r->ctx, status, "spec, character %zu", start + 1)
               : status;
}

static bool take(reader *r, char c)
{
    if (r->text[r->at] != c)
        return false;
    r->at++;
    return true;
}

static pleats_status need(reader *r, char c, const char *wanted)
{
    return take(r, c) ? PLEATS_OK : expected(r, wanted);
}

/* A whole number, least .. PLEATS_SPEC_MOST. */
static pleats_status number(reader *r, int64_t least, int64_t *out)
{
    char wanted[80];
    size_t start = r->at;
    *out = 0;
    snprintf(wanted, sizeof wanted, "a whole number from %lld to %d",
             (long long)least, PLEATS_SPEC_MOST);
    while (r->text[r->at] >= '0' && r->text[r->at] <= '9' &&
           *out <= PLEATS_SPEC_MOST)
        *out = *out * 10 + (r->text[r->at++] - '0');
    if (r->at > start && *out >= least && *out <= PLEATS_SPEC_MOST)
        return PLEATS_OK;
    r->at = start;
    return expected(r, wanted);
}

/* A, or AxB[xC] with a number for each spatial axis; with `ends` every number
 * may be LO:HI, else `hi` may be NULL. */
static pleats_status sizes(reader *r, int64_t least, bool ends, int64_t *lo,
                           int64_t *hi)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx axes = pleats_spec_output(r->spec).n_spatial;
    const size_t start = r->at;
    pleats_idx n = 0;
    char wanted[80];
    do {
        int64_t value = 0;
        TRY(number(r, least, &value));
        int64_t end = value;
        if (ends && take(r, ':'))
            TRY(number(r, least, &end));
        if (n < PLEATS_MAX_SPATIAL) {
            lo[n] = value;
            if (ends)
                hi[n] = end;
        }
        n++;
    } while (take(r, 'x'));
    if (n != 1 && n != axes) {
        snprintf(wanted, sizeof wanted,
                 "one number, or one for each of the %d "
                 "spatial axes",
                 axes);
        r->at = start;
        TRY(expected(r, wanted));
    }
    for (pleats_idx d = 1; n == 1 && d < axes; d++) {
        lo[d] = lo[0];
        if (ends)
            hi[d] = hi[0];
    }
done:
    return status;
}

/* The words of windows' options; pools have the first two. */
static const char *const option_words[] = {"s=", "p=", "d=", "g=", "nobias"};
enum { N_POOL_OPTIONS = 2, N_CONV_OPTIONS = 5 };

/* Takes the word of an option that is not yet among `seen` (bits). */
static pleats_status option_word(reader *r, int n, unsigned *seen, int *option)
{
    const char *rest = r->text + r->at, *wanted = "s=, p=, d=, g= or nobias";
    int i = 0;
    while (i < n &&
           strncmp(rest, option_words[i], strlen(option_words[i])) != 0)
        i++;
    *option = i;
    if (i == n)
        return expected(r, n == N_POOL_OPTIONS ? "s= or p=" : wanted);
    if (*seen & 1u << i)
        return expected(r, "each option once");
    *seen |= 1u << i;
    r->at += strlen(option_words[i]);
    return PLEATS_OK;
}

/* Options behind commas; `n` of the words are known. */
static pleats_status window_options(reader *r, int n, pleats_conv_spec *c)
{
    pleats_status status = PLEATS_OK;
    unsigned seen = 0;
    int option = 0;
    while (take(r, ',')) {
        TRY(option_word(r, n, &seen, &option));
        switch (option_words[option][0]) {
        case 's':
            TRY(sizes(r, 1, false, c->stride, NULL));
            break;
        case 'p':
            TRY(sizes(r, 0, true, c->pad_lo, c->pad_hi));
            break;
        case 'd':
            TRY(sizes(r, 1, false, c->dilation, NULL));
            break;
        case 'g':
            TRY(number(r, 1, &c->groups));
            break;
        default:
            c->has_bias = false;
        }
    }
done:
    return status;
}

/* What follows the word of a layer. */
static pleats_status arguments(reader *r, pleats_layer_spec *layer)
{
    pleats_status status = PLEATS_OK;
    switch (layer->kind) {
    case PLEATS_LAYER_CONV:
        TRY(need(r, '=', "=FILTERS@KERNEL"));
        TRY(number(r, 1, &layer->conv.filters));
        TRY(need(r, '@', "@KERNEL such as @3x3"));
        TRY(sizes(r, 1, false, layer->conv.kernel, NULL));
        TRY(window_options(r, N_CONV_OPTIONS, &layer->conv));
        break;
    case PLEATS_LAYER_MAXPOOL:
    case PLEATS_LAYER_AVGPOOL:
        TRY(need(r, '=', "=KERNEL such as =2 or =3x2"));
        TRY(sizes(r, 1, false, layer->conv.kernel, NULL));
        TRY(window_options(r, N_POOL_OPTIONS, &layer->conv));
        break;
    case PLEATS_LAYER_FC:
        TRY(need(r, '=', "=UNITS"));
        TRY(number(r, 1, &layer->out.channels));
        if (strncmp(r->text + r->at, ",nobias", 7) == 0) {
            layer->has_bias = false;
            r->at += 7;
        }
        break;
    case PLEATS_LAYER_MAXOUT:
        TRY(need(r, '=', "=RANK"));
        TRY(number(r, 2, &layer->rank));
        break;
    case PLEATS_LAYER_ACTIVATION:
        if (layer->activation != PLEATS_ACT_PL)
            break;
        TRY(need(r, '=', "=PIECES"));
        TRY(number(r, 2, &layer->pieces));
        break;
    default:
        break;
    }
done:
    return status;
}

static const pleats_layer_word *word(reader *r)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    const char *start = r->text + r->at;
    const size_t length = strspn(start, letters);
    const pleats_layer_word *found = pleats_layer_word_find(start, length);
    if (found)
        r->at += length;
    return found;
}

/* One layer, or the opening of a residual block. */
static pleats_status layer(reader *r, bool *opens)
{
    pleats_status status = PLEATS_OK;
    const size_t start = r->at;
    const pleats_layer_word *name = word(r);
    pleats_layer_spec asked = {0};
    if (!name)
        TRY(expected(r, "a layer: " PLEATS_LAYER_WORDS));
    asked = pleats_layer_of_word(name);
    *opens = asked.kind == PLEATS_LAYER_RES_BEGIN;
    if (*opens)
        TRY(need(r, '{', "{ after res"));
    TRY(arguments(r, &asked));
    TRY(add(r, start, &asked));
    r->depth += *opens;
done:
    return status;
}

/* Layers between slashes, blocks between braces. */
static pleats_status layers(reader *r)
{
    pleats_status status = PLEATS_OK;
    const pleats_layer_spec end = {.kind = PLEATS_LAYER_RES_END};
    bool wants_layer = false;
    while (r->text[r->at] || wants_layer) {
        if (wants_layer) {
            TRY(layer(r, &wants_layer));
        } else if (r->depth > 0 && take(r, '}')) {
            TRY(add(r, r->at - 1, &end));
            r->depth--;
        } else {
            TRY(need(r, '/',
                     r->depth > 0 ? "/ and a layer, or }"
                                  : "/ and a layer, or the end"));
            wants_layer = true;
        }
    }
    if (r->depth > 0)
        TRY(expected(r, "/ and a layer, or }"));
done:
    return status;
}

static pleats_status begin(reader *r, size_t start, const pleats_shape *input)
{
    pleats_status status = pleats_spec_new(r->ctx, input, &r->spec);
    return status == PLEATS_INVALID
               ? pleats_blame(r->ctx, status, "spec, character %zu", start + 1)
               : status;
}

/* in=C, CxL, CxHxW or CxDxHxW, then layers. */
static pleats_status cnn(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_shape input = {0};
    size_t start = 0;
    if (strncmp(r->text + r->at, "in=", 3) != 0)
        TRY(expected(r, "in=SHAPE such as in=1x8x8"));
    r->at += 3;
    start = r->at;
    TRY(number(r, 1, &input.channels));
    while (input.n_spatial < PLEATS_MAX_SPATIAL && take(r, 'x'))
        TRY(number(r, 1, &input.size[input.n_spatial++]));
    TRY(begin(r, start, &input));
    TRY(layers(r));
done:
    return status;
}

/* The activation of all hidden layers: from the colon to the end. */
static pleats_status mlp_activation(reader *r, pleats_layer_spec *act)
{
    pleats_status status = PLEATS_OK;
    const size_t colon = r->at + strcspn(r->text + r->at, ":"), back = r->at;
    const pleats_layer_word *name = NULL;
    *act = (pleats_layer_spec){.kind = PLEATS_LAYER_ACTIVATION};
    if (!r->text[colon])
        return PLEATS_OK;
    r->at = colon + 1;
    name = word(r);
    if (!name || (name->kind != PLEATS_LAYER_ACTIVATION &&
                  name->kind != PLEATS_LAYER_MAXOUT)) {
        r->at = colon + 1;
        TRY(expected(r, "an activation: " PLEATS_ACTIVATION_WORDS));
    }
    *act = pleats_layer_of_word(name);
    TRY(arguments(r, act));
    if (r->text[r->at])
        TRY(expected(r, "the end"));
    r->at = back;
done:
    return status;
}

/* N0,N1,...,NL[:ACTIVATION]; with maxout of rank K a hidden layer of n units
 * is a linear one of n K and the maxima. */
static pleats_status mlp(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_layer_spec act = {0};
    pleats_layer_spec fc = {.kind = PLEATS_LAYER_FC, .has_bias = true};
    pleats_shape input = {0};
    const size_t start = r->at;
    bool more = true;
    TRY(mlp_activation(r, &act));
    TRY(number(r, 1, &input.channels));
    TRY(begin(r, start, &input));
    TRY(need(r, ',', ", and the next width"));
    while (more) {
        const size_t here = r->at;
        TRY(number(r, 1, &fc.out.channels));
        more = take(r, ',');
        if (more && act.kind == PLEATS_LAYER_MAXOUT)
            fc.out.channels *= act.rank;
        TRY(add(r, here, &fc));
        if (more)
            TRY(add(r, here, &act));
    }
    if (r->text[r->at] && r->text[r->at] != ':')
        TRY(expected(r, ", and the next width, : and an activation, or the "
                        "end"));
done:
    return status;
}

pleats_status pleats_spec_parse(pleats_ctx *ctx, const char *text,
                                pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    reader r = {.ctx = ctx, .text = text, .at = 4};
    *out = NULL;
    if (strncmp(text, "mlp:", 4) == 0) {
        TRY(mlp(&r));
    } else if (strncmp(text, "cnn:", 4) == 0) {
        TRY(cnn(&r));
    } else {
        r.at = 0;
        TRY(expected(&r, "mlp: or cnn:"));
    }
    TRY(pleats_spec_end(ctx, r.spec, NULL));
    *out = r.spec;
    r.spec = NULL;
done:
    pleats_spec_clear(ctx, r.spec);
    return status;
}
