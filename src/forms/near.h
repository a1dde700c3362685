/* The forms of a large network of ReLUs on cells that are near to each other.
 *
 * In a small domain all but few units have the same piece everywhere.  With the
 * pieces of one place, the reference, the network is affine, and its forms are
 * worked out once.  A cell differs by its turned units, which have the other
 * piece there: a turned unit puts out `change` more, which is plus or minus its
 * input, and by this much times a number (forms/ripple.h) every scalar behind
 * it moves,
 *
 *     form = reference + sum over turned units of number * change,
 *
 * where `change` is meant as the form of that input on the cell, and holds what
 * the turned units before it have moved.  So a form costs one product an entry
 * for each turned unit, and forms are made where they are looked at alone.
 *
 * Under the reference each unit's input stays away from 0 by some margin in the
 * whole domain.  As long as the turned units move nothing by that much, the
 * unit has its piece, and its form is not needed.  The close units of a step
 * are those with the least margins; how the others move is not kept.  Where one
 * of them might be moved by more than its margin, the cell is made the
 * reference: it has no turned units.
 *
 * A step's turned units are found when the step behind it is entered, and hold
 * until it is entered in another cell; so the way down the tree of cells has
 * those of all steps of its cell.  A close unit's form in pleats_forms stays,
 * too, until its step is entered again.
 */
#ifndef PLEATS_FORMS_NEAR_H
#define PLEATS_FORMS_NEAR_H

#include "forms/ripple.h"

/* Of a unit's input under the reference. */
typedef struct {
    double margin; /* no |value| where the max norm of t is at most 1 is less;
                      not above 0: there may be any */
    pleats_idx unit;
    pleats_idx number; /* which of the ripple's says how it moves */
} pleats_near_unit;

/* A step of units, or behind all steps the outputs, as if they were read by
 * units all of which are close. */
typedef struct {
    pleats_idx step;
    pleats_idx n;            /* of its units are close */
    pleats_near_unit *close; /* [n] these, by their margins, and behind them
                                the others; outputs: NULL */
    double beyond;           /* no other's margin is less */
    size_t first;      /* number of its first close unit among all steps' */
    size_t n_turned;   /* turned units of the steps before it */
    pleats_idx n_seen; /* the first ones of the close units, whose forms were
                          made for the current cell */
    pleats_idx n_free; /* no unit behind these has another piece than the
                          reference's in the cell */
} pleats_near_layer;

typedef struct {
    double error;      /* of the change; as of a form */
    double size;       /* sum of |entries|, at least */
    pleats_idx column; /* how it ripples */
} pleats_turned;

typedef struct pleats_near {
    const pleats_net *net;
    pleats_idx one_of;      /* one of so many units is to be close */
    pleats_forms reference; /* all steps fine */
    pleats_idx *piece;      /* [n_units] the reference's */
    pleats_ripple ripple;
    pleats_idx n_layers;      /* the outputs with them */
    pleats_near_layer *layer; /* [n_layers] */
    pleats_idx *layer_of;     /* [n_steps] -1: the step is affine */
    size_t n_close;           /* of all steps */
    bool is_set;              /* there is a reference */

    size_t n_turned, turned_capacity, change_capacity;
    pleats_turned *turned; /* [n_turned] by steps */
    double *change;        /* [n_turned x (k + 1)] */

    pleats_idx n_columns;
    pleats_idx *column_of; /* [n_units] -1: not made */
    double *number;        /* [n_columns x n_close] */
    double *error, *most;  /* [n_columns x n_layers] of the numbers of a step:
                              their largest error; the largest of all units */
    size_t number_capacity, error_capacity, most_capacity;
    double *room; /* [units of the widest step x (k + 2)] */
} pleats_near;

/* Whether the network is of ReLUs, no two steps of which follow each other at
 * once and none of which reads another, and not too large. */
bool pleats_near_fits(const pleats_net *net);

/* Whether few units bend in the box |t_j| <= 1, as far as plain forms tell,
 * whose bounds of errors are left out: a guess.  forms: set to those in the
 * middle; piece: room.  Cost: that of all forms once. */
PLEATS_NODISCARD pleats_status pleats_near_pays(pleats_ctx *ctx,
                                                pleats_forms *forms,
                                                pleats_idx *piece, bool *pays);

/* With the middle of the domain as its reference; makes_outputs: the outputs'
 * forms are wanted, too.  The network, which fits, outlives it.  Memory: twice
 * what fine forms take. */
PLEATS_NODISCARD pleats_status
pleats_near_init(pleats_ctx *ctx, pleats_near *near, const pleats_net *net,
                 const pleats_coordinates *coordinates, pleats_idx one_of,
                 bool makes_outputs);
void pleats_near_clear(pleats_ctx *ctx, pleats_near *near);

/* Enters step `to` of units, in a cell in which all units before it have their
 * pieces, `from` being the step of units before it (-1: none).  Sets the forms
 * of what n_seen units of the step read, and the pieces of the others. */
PLEATS_NODISCARD pleats_status pleats_near_enter(
    pleats_ctx *ctx, pleats_near *near, pleats_idx from, pleats_idx to,
    const pleats_form_box *box, pleats_idx *piece, pleats_forms *forms);

/* Sets the forms of the outputs in a cell in which all units have their pieces,
 * `from` being the last step of units. */
PLEATS_NODISCARD pleats_status pleats_near_leave(
    pleats_ctx *ctx, pleats_near *near, pleats_idx from,
    const pleats_form_box *box, const pleats_idx *piece, pleats_forms *forms);

static inline const pleats_near_layer *
pleats_near_layer_of(const pleats_near *near, pleats_idx step)
{
    return &near->layer[near->layer_of[step]];
}

/* ---- between the files ---- */

/* What close unit i of a layer reads, or output i. */
static inline pleats_idx pleats_near_scalar(const pleats_near *near,
                                            const pleats_near_layer *layer,
                                            pleats_idx i)
{
    const pleats_net *net = near->net;
    return layer->close ? net->step[layer->step].in[layer->close[i].unit]
                        : net->output[i];
}

/* Makes the pieces of a cell in which those of the steps up to `from` are
 * settled, and behind them those at `centre`, wherever that is, the reference.
 */
PLEATS_NODISCARD pleats_status pleats_near_refer(pleats_ctx *ctx,
                                                 pleats_near *near,
                                                 pleats_idx from,
                                                 const double *centre,
                                                 const pleats_idx *piece);

/* How each close unit behind it moves with a unit of a step; *column of it. */
PLEATS_NODISCARD pleats_status pleats_near_column(pleats_ctx *ctx,
                                                  pleats_near *near,
                                                  pleats_idx layer,
                                                  pleats_idx unit,
                                                  pleats_idx *column);

#endif
