/* The perturbation build: see the header.  Compiled to nothing elsewhere. */
#include "base/perturb.h"

#if PLEATS_PERTURB

#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POWER = 30 };

/* Claims are not inflated beyond these parts of the number, so that doubles go
 * on deciding most of what they can. */
static const double FORM_PART = 0x1p-10, POINT_PART = 0x1p-9, VALUE_PART = 0.25;

static struct {
    enum { NONE, RANDOM, FAR, INFLATE } mode;
    uint64_t seed;
    bool inflates[PLEATS_PERTURB_KINDS];
} plan = {.mode = RANDOM, .seed = 1};

/* ---- random numbers, from what is there ---- */

static void stir(uint64_t *state, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    *state ^= bits;
    *state = pleats_splitmix(state);
}

/* In [0, 1). */
static double share(uint64_t *state)
{
    return (double)(pleats_splitmix(state) >> 11) * 0x1p-53;
}

static double sign(uint64_t *state)
{
    return pleats_splitmix(state) & 1 ? 1 : -1;
}

static uint64_t start(pleats_perturb_kind kind, pleats_idx key)
{
    uint64_t state = plan.seed * 0x9e3779b97f4a7c15 + (uint64_t)kind;
    state = pleats_splitmix(&state) + (uint64_t)key;
    return pleats_splitmix(&state);
}

/* The environment is read before main; what it says wrong ends the program,
 * which nobody but a test runs. */
__attribute__((constructor)) static void read_plan(void)
{
    static const char *const name[] = {"none", "random", "far", "inflate"};
    const char *mode = getenv("PLEATS_PERTURB");
    const char *seed = getenv("PLEATS_PERTURB_SEED");
    unsigned m = RANDOM;
    for (m = 0; mode && m < 4 && strcmp(mode, name[m]) != 0; m++)
        continue;
    if (m == 4) {
        fprintf(stderr, "PLEATS_PERTURB is none, random, far or inflate\n");
        exit(2);
    }
    plan.mode = mode ? m : RANDOM;
    plan.seed = seed ? strtoull(seed, NULL, 0) : 1;
    uint64_t state = plan.seed, chosen = 0;
    while (chosen == 0)
        chosen = pleats_splitmix(&state) & ((1 << PLEATS_PERTURB_KINDS) - 1);
    for (unsigned k = 0; k < PLEATS_PERTURB_KINDS; k++)
        plan.inflates[k] = plan.mode == INFLATE && chosen >> k & 1;
}

/* ---- how much, and which way ---- */

/* Whether a claim leaves room for a move. */
static bool is_open(double error)
{
    return plan.mode != NONE && error > 0 && isfinite(error);
}

/* How much larger a claim becomes; inflated ones stay below `most`. */
static double room_of(uint64_t *state, pleats_perturb_kind kind, double error,
                      double most)
{
    double room = error;
    if (!plan.inflates[kind] || pleats_splitmix(state) % 2)
        return room;
    room = ldexp(error, 1 + (int)(pleats_splitmix(state) % MOST_POWER));
    if (!isfinite(room))
        return error;
    while (room > most && room > error)
        room /= 2;
    return room;
}

static bool goes_far(uint64_t *state)
{
    return plan.mode == FAR ||
           (plan.mode == INFLATE && pleats_splitmix(state) % 2);
}

/* Moves x by about `by`, but not out of [-1, 1]; how far it went. */
static double move_in_box(double *x, double by)
{
    double from = *x, most = fmax(1, fabs(from));
    *x = fmin(fmax(from + by, -most), most);
    return fabs(*x - from);
}

/* Moves x by about `by`; how far it went. */
static double move(double *x, double by)
{
    double to = *x + by;
    if (!isfinite(to))
        return 0;
    double gone = fabs(to - *x);
    *x = to;
    return gone;
}

/* Room for what a sum of a few non-negative numbers loses. */
static double up(double x)
{
    return x * (1 + 0x1p-40);
}

double pleats_perturb_form(pleats_perturb_kind kind, pleats_idx key, size_t n,
                           double *entry, size_t stride, double *error,
                           double magnitude)
{
    uint64_t state = start(kind, key);
    double size = 0, gone = 0;
    if (!is_open(*error) || n == 0)
        return magnitude;
    for (size_t c = 0; c < n; c++) {
        size += fabs(entry[c * stride]);
        stir(&state, entry[c * stride]);
    }
    stir(&state, *error);
    double room = room_of(&state, kind, *error, FORM_PART * size);
    if (goes_far(&state)) {
        size_t c =
            pleats_splitmix(&state) % 2 ? n - 1 : pleats_splitmix(&state) % n;
        gone = move(&entry[c * stride], sign(&state) * room);
    } else {
        double left = room * share(&state);
        for (size_t c = n; c-- > 0;) {
            double part = c > 0 ? left * share(&state) : left;
            gone += move(&entry[c * stride], sign(&state) * part);
            left -= part;
        }
    }
    *error = up(*error + (gone > room ? up(gone) : room));
    return up(magnitude + up(gone));
}

void pleats_perturb_point(pleats_idx key, size_t n, double *entry,
                          size_t stride, double *error)
{
    uint64_t state = start(PLEATS_PERTURB_POINT, key);
    double most = 0;
    if (!is_open(*error) || *error > POINT_PART)
        return;
    for (size_t c = 0; c < n; c++)
        stir(&state, entry[c * stride]);
    double room = room_of(&state, PLEATS_PERTURB_POINT, *error, POINT_PART);
    bool far = goes_far(&state);
    for (size_t c = 0; c < n; c++) {
        double by = sign(&state) * room * (far ? 1 : share(&state));
        double gone = move_in_box(&entry[c * stride], by);
        most = gone > most ? gone : most;
    }
    *error = up(*error + (most > room ? most : room));
}

/* Values are also moved the way in which their sign would change. */
void pleats_perturb_value(pleats_perturb_kind kind, pleats_idx key,
                          double *value, double *error)
{
    uint64_t state = start(kind, key);
    if (!is_open(*error) || !isfinite(*value))
        return;
    stir(&state, *value);
    stir(&state, *error);
    double room = room_of(&state, kind, *error, VALUE_PART * fabs(*value));
    double by = goes_far(&state) ? room : room * share(&state);
    by *= pleats_splitmix(&state) % 2 ? sign(&state) : *value > 0 ? -1 : 1;
    double gone = move(value, by);
    *error = up(*error + (gone > room ? gone : room));
}

double pleats_perturb_factors(pleats_idx key, size_t n, double *entry,
                              double unit)
{
    uint64_t state = start(PLEATS_PERTURB_ROW, key);
    if (!is_open(unit))
        return unit;
    for (size_t c = 0; c < n; c++)
        stir(&state, entry[c]);
    double room = room_of(&state, PLEATS_PERTURB_ROW, unit, FORM_PART);
    bool far = goes_far(&state);
    for (size_t c = 0; c < n; c++)
        entry[c] *= 1 + sign(&state) * room * (far ? 1 : share(&state));
    return up(unit + room) * (1 + 0x1p-8) + 0x1p-52;
}

void pleats_perturb_interval(pleats_idx key, double *lo, double *hi)
{
    uint64_t state = start(PLEATS_PERTURB_INTERVAL, key);
    double size = fmax(fabs(*lo), fabs(*hi));
    if (plan.mode == NONE || !isfinite(size))
        return;
    stir(&state, *lo);
    stir(&state, *hi);
    double unit = room_of(&state, PLEATS_PERTURB_INTERVAL, 0x1p-52, 1) * size;
    bool far = goes_far(&state);
    *lo -= unit * (far ? 1 : share(&state));
    *hi += unit * (far ? 1 : share(&state));
}

double pleats_perturb_room(pleats_idx key, double error, double magnitude)
{
    uint64_t state = start(PLEATS_PERTURB_SAMPLE, key);
    if (!is_open(error))
        return 0;
    stir(&state, error);
    return up(
        room_of(&state, PLEATS_PERTURB_SAMPLE, error, FORM_PART * magnitude));
}

void pleats_perturb_values(pleats_idx key, size_t n, double *value, double room)
{
    uint64_t state = start(PLEATS_PERTURB_SAMPLE, key);
    for (size_t i = 0; room > 0 && i < n; i++) {
        double x = value[i], by = room * (1 - 0x1p-20);
        stir(&state, x);
        if (!goes_far(&state))
            by *= share(&state);
        x += sign(&state) * by;
        if (fabs(x - value[i]) <= room)
            value[i] = x;
    }
}

void pleats_perturb_hints(size_t n, double *hint)
{
    uint64_t state = start(PLEATS_PERTURB_HINT, 0);
    if (plan.mode == NONE || n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        stir(&state, hint[i]);
    bool is_wild = pleats_splitmix(&state) % 16 == 0;
    int power = plan.inflates[PLEATS_PERTURB_HINT]
                    ? 1 + (int)(pleats_splitmix(&state) % MOST_POWER)
                    : 1;
    double unit = ldexp(1, power - 52);
    for (size_t i = 0; i < n; i++) {
        hint[i] *= 1 + unit * sign(&state) * share(&state);
        if (is_wild && pleats_splitmix(&state) % 2)
            hint[i] =
                pleats_splitmix(&state) % 2 ? 0 : 2 * hint[i] * share(&state);
    }
}

unsigned pleats_perturb_number(double from, unsigned most)
{
    uint64_t state = start(PLEATS_PERTURB_INTERVAL, 0);
    stir(&state, from);
    return plan.mode == NONE ? 0
                             : (unsigned)(pleats_splitmix(&state) % (most + 1));
}

#endif
