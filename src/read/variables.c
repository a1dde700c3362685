#include "read/variables.h"

#include <string.h>

enum { QUOTED_CHARS = 40, MAX_INDEX_DIGITS = 9, MIN_DECLARATION_CHARS = 20 };

/* More than any network has scalars. */
static const int64_t MOST_ELEMENTS = (int64_t)1 << 40;

static int shown(pleats_idx length)
{
    return length < QUOTED_CHARS ? length : QUOTED_CHARS;
}

pleats_status pleats_variables_init(pleats_ctx *ctx, pleats_idx n_inputs,
                                    size_t text_bytes, pleats_variables *out)
{
    pleats_status status = PLEATS_OK;
    *out = (pleats_variables){
        .n_inputs = n_inputs,
        .n_outputs = (pleats_idx)(text_bytes / MIN_DECLARATION_CHARS)};
    TRY(pleats_alloc(ctx, (size_t)n_inputs, sizeof(bool), &out->has_input));
    TRY(pleats_alloc(ctx, (size_t)out->n_outputs, sizeof(bool),
                     &out->has_output));
done:
    return status;
}

void pleats_variables_clear(pleats_ctx *ctx, pleats_variables *v)
{
    pleats_release(ctx, v->has_input);
    pleats_release(ctx, v->has_output);
    pleats_release(ctx, v->tensor);
    *v = (pleats_variables){0};
}

/* ---- one by one ---- */

/* Takes "X_12" or "Y_3" apart. */
static bool parse_name(const pleats_sexpr *atom, bool *is_output,
                       pleats_idx *index)
{
    const char *text = atom->text;
    pleats_idx n = atom->length, value = 0;
    if (atom->is_list || atom->index || n < 3 || n > 2 + MAX_INDEX_DIGITS ||
        (text[0] != 'X' && text[0] != 'Y') || text[1] != '_' ||
        (text[2] == '0' && n > 3))
        return false;
    for (pleats_idx i = 2; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = 10 * value + (text[i] - '0');
    }
    *is_output = text[0] == 'Y';
    *index = value;
    return true;
}

/* Whether what follows the head is NAME Real, or NAME () Real. */
static bool is_declaration(const pleats_sexprs *tree, pleats_idx head)
{
    const pleats_sexpr *node = tree->node;
    bool is_function = pleats_sexpr_is(tree, head, "declare-fun");
    if (pleats_sexpr_count_after(tree, head) != (is_function ? 3 : 2))
        return false;
    pleats_idx next = node[node[head].next].next;
    if (is_function) {
        if (!node[next].is_list || node[next].child >= 0)
            return false;
        next = node[next].next;
    }
    return pleats_sexpr_is(tree, next, "Real");
}

pleats_status pleats_variables_declare(pleats_ctx *ctx, pleats_variables *v,
                                       const pleats_sexprs *tree,
                                       pleats_idx head)
{
    pleats_idx index = 0;
    bool is_output = false;
    if (!is_declaration(tree, head) ||
        !parse_name(&tree->node[tree->node[head].next], &is_output, &index))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a declaration must be (declare-const X_i Real) or "
                           "(declare-const Y_i Real)");
    if (v->has_network)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "variables are declared one by one (VNN-LIB 1.0) "
                           "and by a network (2.0): use one of them");
    if (!is_output && index >= v->n_inputs)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "X_%d is declared, but the network's inputs are X_0 "
                           "to X_%d",
                           index, v->n_inputs - 1);
    if (is_output && index >= v->n_outputs)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "Y_%d is declared, but not all of Y_0 to Y_%d",
                           index, index - 1);
    bool *has = is_output ? v->has_output : v->has_input;
    if (has[index])
        return pleats_fail(ctx, PLEATS_INVALID, "%c_%d is declared twice",
                           is_output ? 'Y' : 'X', index);
    has[index] = true;
    v->n_declared += !is_output;
    return PLEATS_OK;
}

/* ---- tensors ---- */

/* Reads the numbers of "[1, 5]" to out [PLEATS_VARIABLES_MAX_RANK]. */
static bool parse_index(const char *text, pleats_idx length, pleats_idx *out,
                        pleats_idx *n)
{
    pleats_idx at = 1, digits = 0;
    int64_t value = 0;
    *n = 0;
    for (; at < length; at++) {
        char c = text[at];
        if (c >= '0' && c <= '9') {
            value = 10 * value + (c - '0');
            if (++digits > MAX_INDEX_DIGITS)
                return false;
        } else if (c == ',' || c == ']') {
            if (digits == 0 && !(c == ']' && *n == 0))
                return false;
            if (*n == PLEATS_VARIABLES_MAX_RANK)
                return false;
            if (digits > 0)
                out[(*n)++] = (pleats_idx)value;
            value = digits = 0;
        } else if (digits > 0 && text[at + 1] >= '0' && text[at + 1] <= '9') {
            return false; /* a blank inside a number */
        }
    }
    return true;
}

static const pleats_variable_tensor *find_tensor(const pleats_variables *v,
                                                 const pleats_sexpr *atom)
{
    for (size_t i = 0; i < v->n_tensors; i++)
        if (v->tensor[i].length == atom->length &&
            memcmp(v->tensor[i].name, atom->text, (size_t)atom->length) == 0)
            return &v->tensor[i];
    return NULL;
}

/* How many elements a tensor has; one that has more than MOST_ELEMENTS has that
 * many. */
static int64_t size_of(const pleats_variable_tensor *t)
{
    int64_t size = 1;
    for (pleats_idx d = 0; d < t->n_dims; d++)
        if (__builtin_mul_overflow(size, t->dims[d], &size) ||
            size > MOST_ELEMENTS)
            size = MOST_ELEMENTS;
    return size;
}

/* Gives the tensor the outputs that come next. */
static void take_outputs(pleats_variables *v, pleats_variable_tensor *t)
{
    t->first = v->n_tensor_outputs;
    v->n_tensor_outputs += size_of(t);
    if (v->n_tensor_outputs > MOST_ELEMENTS)
        v->n_tensor_outputs = MOST_ELEMENTS;
}

/* Gives the tensor the inputs that come next. */
static pleats_status take_inputs(pleats_ctx *ctx, pleats_variables *v,
                                 pleats_variable_tensor *t)
{
    const int64_t size = size_of(t);
    if (size > v->n_inputs - v->n_declared)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "'%.*s' has more elements than the network's %d "
                           "inputs",
                           shown(t->length), t->name, v->n_inputs);
    t->first = v->n_declared;
    v->n_declared += (pleats_idx)size;
    return PLEATS_OK;
}

/* (declare-input X TYPE [shape]), likewise -output and -hidden. */
static pleats_status declare_tensor(pleats_ctx *ctx, pleats_variables *v,
                                    const pleats_sexprs *tree, pleats_idx head)
{
    pleats_status status = PLEATS_OK;
    const pleats_sexpr *node = tree->node;
    pleats_variable_tensor t = {0};
    pleats_idx name = node[head].next, type = name < 0 ? -1 : node[name].next;
    bool is_input = pleats_sexpr_is(tree, head, "declare-input");
    if (type < 0 || node[name].is_list || node[name].index ||
        node[type].is_list || !node[type].index ||
        !parse_index(node[type].index, node[type].index_length, t.dims,
                     &t.n_dims))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a declaration in a network must be (declare-input X "
                        "TYPE [SIZES]) or (declare-output Y TYPE [SIZES])"));
    if (find_tensor(v, &node[name]))
        TRY(pleats_fail(ctx, PLEATS_INVALID, "'%.*s' is declared twice",
                        shown(node[name].length), node[name].text));
    t.name = node[name].text;
    t.length = node[name].length;
    t.is_input = is_input;
    t.is_output = pleats_sexpr_is(tree, head, "declare-output");
    if (is_input)
        TRY(take_inputs(ctx, v, &t));
    else if (t.is_output)
        take_outputs(v, &t);
    TRY(pleats_grow(ctx, &v->tensor, &v->capacity, v->n_tensors + 1,
                    sizeof *v->tensor));
    v->tensor[v->n_tensors++] = t;
done:
    return status;
}

pleats_status pleats_variables_declare_network(pleats_ctx *ctx,
                                               pleats_variables *v,
                                               const pleats_sexprs *tree,
                                               pleats_idx head,
                                               pleats_idx *line)
{
    pleats_status status = PLEATS_OK;
    const pleats_sexpr *node = tree->node;
    pleats_idx name = node[head].next;
    if (v->has_network || v->n_declared > 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "one network is read, whose variables are declared in "
                        "one place"));
    if (name < 0 || node[name].is_list)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a network must be (declare-network NAME "
                        "(declare-input ...) (declare-output ...))"));
    v->has_network = true;
    for (pleats_idx i = node[name].next; i >= 0; i = node[i].next) {
        *line = node[i].line;
        head = pleats_sexpr_head(tree, i);
        if (!pleats_sexpr_is(tree, head, "declare-input") &&
            !pleats_sexpr_is(tree, head, "declare-output") &&
            !pleats_sexpr_is(tree, head, "declare-hidden"))
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "in a network only declare-input, declare-output "
                            "and declare-hidden are read: not what relates it "
                            "to another network"));
        TRY(declare_tensor(ctx, v, tree, head));
    }
done:
    return status;
}

/* The number of output j of all. */
static pleats_idx output_variable(const pleats_variables *v, int64_t j)
{
    return j < INT32_MAX - v->n_inputs ? v->n_inputs + (pleats_idx)j
                                       : PLEATS_VARIABLE_OTHER;
}

static pleats_status find_element(pleats_ctx *ctx, const pleats_variables *v,
                                  const pleats_variable_tensor *t,
                                  const pleats_sexpr *atom,
                                  pleats_idx *variable)
{
    pleats_idx at[PLEATS_VARIABLES_MAX_RANK], n = 0;
    int64_t offset = 0;
    bool good =
        !atom->index || parse_index(atom->index, atom->index_length, at, &n);
    good = good && n == t->n_dims;
    for (pleats_idx d = 0; good && d < n; d++) {
        good = at[d] < t->dims[d];
        if (good && offset <= MOST_ELEMENTS)
            offset = offset * t->dims[d] + at[d];
    }
    if (!good)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "'%.*s%.*s' is no element of '%.*s', which has %d "
                           "sizes; indices count from 0",
                           shown(atom->length), atom->text,
                           shown(atom->index_length),
                           atom->index ? atom->index : "", shown(t->length),
                           t->name, t->n_dims);
    *variable = t->is_input    ? (pleats_idx)(t->first + offset)
                : t->is_output ? output_variable(v, t->first + offset)
                               : PLEATS_VARIABLE_OTHER;
    return PLEATS_OK;
}

pleats_status pleats_variables_find(pleats_ctx *ctx, const pleats_variables *v,
                                    const pleats_sexpr *atom,
                                    pleats_idx *variable)
{
    const pleats_variable_tensor *t = find_tensor(v, atom);
    pleats_idx index = 0;
    bool is_output = false;
    if (t)
        return find_element(ctx, v, t, atom, variable);
    if (v->has_network || !parse_name(atom, &is_output, &index) ||
        (is_output ? index >= v->n_outputs || !v->has_output[index]
                   : index >= v->n_inputs || !v->has_input[index]))
        return pleats_fail(ctx, PLEATS_INVALID, "'%.*s' is not declared",
                           shown(atom->length), atom->text);
    *variable = is_output ? output_variable(v, index) : index;
    return PLEATS_OK;
}
