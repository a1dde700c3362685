#include "onnx/scalar_form.h"

enum { MAX_ROW = 16, MAX_ROWS = 256, MAX_DEPTH = 8 };

bool pleats_scalar_form_add(const pleats_call *c, pleats_scalar_form *form,
                            pleats_idx scalar, pleats_number weight)
{
    int i = 0;
    if (scalar < 0 || weight == 0)
        return true;
    while (i < form->n && form->term[i] != scalar)
        i++;
    if (i == PLEATS_FORM_TERMS)
        return false;
    if (i == form->n) {
        form->term[i] = scalar;
        form->fixed[i] = false;
        form->weight[i] = 0;
        form->n++;
    }
    form->weight[i] = pleats_call_add(c, form->weight[i], weight);
    return true;
}

/* The step that writes the scalar; NULL: it is an input. */
static const pleats_step *step_of(const pleats_net *net, pleats_idx scalar)
{
    pleats_idx low = 0, high = net->n_steps;
    if (scalar < net->n_inputs)
        return NULL;
    while (high - low > 1) {
        pleats_idx middle = low + (high - low) / 2;
        if (net->step[middle].out <= scalar)
            low = middle;
        else
            high = middle;
    }
    return &net->step[low];
}

/* Replaces term i by its row, when that is short and there is room. */
static bool substitute(const pleats_call *c, pleats_scalar_form *form, int i)
{
    const pleats_step *s = step_of(c->net, form->term[i]);
    pleats_scalar_form made = *form;
    if (!s || s->kind != PLEATS_STEP_SPARSE)
        return false;
    pleats_row row = pleats_step_row(s, form->term[i] - s->out, NULL);
    if (row.n > MAX_ROW)
        return false;
    pleats_number weight = pleats_call_div(c, form->weight[i], row.divisor);
    made.n--;
    made.term[i] = made.term[made.n];
    made.fixed[i] = made.fixed[made.n];
    made.weight[i] = made.weight[made.n];
    made.constant =
        pleats_call_add(c, made.constant, pleats_call_mul(c, weight, row.bias));
    for (pleats_idx k = 0; k < row.n; k++)
        if (!pleats_scalar_form_add(c, &made, row.in[k],
                                    pleats_call_mul(c, weight, row.weight[k])))
            return false;
    *form = made;
    return true;
}

/* Follows sums back, the latest scalar first, so that what is shared is seen
 * once; `stop` stays. */
static void expand(const pleats_call *c, pleats_scalar_form *form,
                   pleats_idx stop)
{
    for (int rows = 0; rows < MAX_ROWS; rows++) {
        int last = -1;
        for (int i = 0; i < form->n; i++)
            if (!form->fixed[i] && form->term[i] != stop &&
                (last < 0 || form->term[i] > form->term[last]))
                last = i;
        if (last < 0)
            break;
        if (!substitute(c, form, last))
            form->fixed[last] = true;
    }
    for (int i = form->n - 1; i >= 0; i--)
        if (form->weight[i] == 0) {
            form->n--;
            form->term[i] = form->term[form->n];
            form->weight[i] = form->weight[form->n];
            form->fixed[i] = form->fixed[form->n];
        }
}

/* rest = factor * (base - constant of base)? */
static bool is_multiple(const pleats_call *c, const pleats_scalar_form *rest,
                        const pleats_scalar_form *base, pleats_number *factor)
{
    bool same = rest->n == base->n && base->n > 0;
    for (int i = 0; same && i < rest->n; i++) {
        int k = 0;
        while (k < base->n && base->term[k] != rest->term[i])
            k++;
        if (k == base->n)
            return false;
        pleats_number f = pleats_call_div(c, rest->weight[i], base->weight[k]);
        pleats_number less = i ? pleats_call_add(c, f, -*factor) : 0;
        same = less == 0;
        *factor = i ? *factor : f;
    }
    return same;
}

/* Adds to `out` what `rest`, expanded, is as a function of `base`. */
static pleats_status add_multiple(const pleats_call *c,
                                  const pleats_scalar_form *rest,
                                  pleats_idx base, pleats_piecewise *out,
                                  bool *found)
{
    pleats_status status = PLEATS_OK;
    pleats_scalar_form whole = {0};
    pleats_piecewise line = {0};
    pleats_number factor = 0;
    pleats_scalar_form_add(c, &whole, base, 1);
    expand(c, &whole, -1);
    *found = is_multiple(c, rest, &whole, &factor);
    if (!*found)
        return PLEATS_OK;
    pleats_piecewise_line(factor, -pleats_call_mul(c, factor, whole.constant),
                          &line);
    TRY(pleats_piecewise_add(c, out, 1, &line, out));
done:
    return status;
}

static pleats_status along(const pleats_call *c, const pleats_scalar_form *form,
                           pleats_idx base, int depth, pleats_piecewise *out,
                           bool *found);

/* The same for one scalar that is a unit of a function of `base`. */
static pleats_status unit_along(const pleats_call *c, pleats_idx scalar,
                                pleats_idx base, int depth,
                                pleats_piecewise *out, bool *found)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = step_of(c->net, scalar);
    pleats_scalar_form argument = {0};
    pleats_piecewise inner = {0}, outer = {0};
    *found = false;
    if (!s || s->kind != PLEATS_STEP_PL || depth == MAX_DEPTH ||
        !pleats_piecewise_of_pl(pleats_step_function(s, scalar - s->out),
                                &outer))
        return PLEATS_OK;
    pleats_scalar_form_add(c, &argument, s->in[scalar - s->out], 1);
    TRY(along(c, &argument, base, depth + 1, &inner, found));
    if (*found)
        TRY(pleats_piecewise_compose(c, &outer, &inner, out));
done:
    return status;
}

static pleats_status along(const pleats_call *c, const pleats_scalar_form *form,
                           pleats_idx base, int depth, pleats_piecewise *out,
                           bool *found)
{
    pleats_status status = PLEATS_OK;
    pleats_scalar_form sum = *form, rest = {0};
    pleats_piecewise one = {0};
    expand(c, &sum, base);
    pleats_piecewise_line(0, sum.constant, out);
    for (int i = 0; i < sum.n; i++) {
        *found = sum.term[i] == base;
        if (*found)
            pleats_piecewise_line(1, 0, &one);
        else
            TRY(unit_along(c, sum.term[i], base, depth, &one, found));
        if (*found)
            TRY(pleats_piecewise_add(c, out, sum.weight[i], &one, out));
        else
            pleats_scalar_form_add(c, &rest, sum.term[i], sum.weight[i]);
    }
    *found = true;
    if (rest.n)
        TRY(add_multiple(c, &rest, base, out, found));
done:
    return status;
}

pleats_status pleats_scalar_form_along(const pleats_call *c,
                                       const pleats_scalar_form *form,
                                       pleats_idx base, pleats_piecewise *out,
                                       bool *found)
{
    return along(c, form, base, 0, out, found);
}
