#include "lines.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { LINE = 1 << 20, MOST_EXPONENT = 1 << 20, MOST_BITS = 1 << 24 };
static const char letters[] = "BAMSWXEP";

struct source {
    FILE *file;
    header *h;
    raw_part *raw; /* [n_parts] */
    char *text;    /* [LINE] a line of text, or what a file has packed */
    char *word;    /* what is left of it */
    ZSTD_DCtx *unpacker;
    ZSTD_inBuffer in;
    unsigned char *byte; /* [LINE] unpacked, of which at .. n - 1 is left */
    size_t at, n;
    bool is_whole; /* the packed stream ends here */
};

/* ---- words of a line of text ---- */

/* The next line, without its end. */
static void read_line(source *s)
{
    refuse_line++;
    if (!fgets(s->text, LINE, s->file))
        refuse("the certificate ends here");
    const size_t n = strlen(s->text);
    if (n == 0 || s->text[n - 1] != '\n')
        refuse("a line without an end, or a very long one");
    s->text[n - 1] = 0;
    s->word = s->text;
}

/* The next word, words having one space between them; NULL: there is none. */
static char *next_word(source *s)
{
    char *word = s->word;
    if (!word)
        return NULL;
    char *space = strchr(word, ' ');
    s->word = space ? space + 1 : NULL;
    if (space)
        *space = 0;
    if (!*word)
        refuse("two spaces, or one at the end of the line");
    return word;
}

static char *need_word(source *s)
{
    char *word = next_word(s);
    if (!word)
        refuse("the line is too short");
    return word;
}

static void end_line(source *s)
{
    if (s->word)
        refuse("'%.40s' at the end of the line", s->word);
}

static void expect(source *s, const char *text)
{
    const char *word = need_word(s);
    if (strcmp(word, text) != 0)
        refuse("'%.40s' instead of '%s'", word, text);
}

/* -?[0-9]+, without zeros in front; `sign`: one is allowed. */
static bool is_whole(const char *text, bool sign)
{
    text += sign && *text == '-' && text[1] != '0';
    if (*text == '0')
        return text[1] == 0;
    if (!*text)
        return false;
    while (isdigit((unsigned char)*text))
        text++;
    return *text == 0;
}

static size_t natural(source *s, const char *word)
{
    if (!is_whole(word, false) || strlen(word) > 18)
        refuse("'%.40s' where a small number should be", word);
    (void)s;
    return (size_t)strtoull(word, NULL, 10);
}

static void rational(source *s, mpq_t q)
{
    char *word = need_word(s), *bar = strchr(word, '/');
    if (bar)
        *bar = 0;
    const bool good = is_whole(word + (*word == '-'), false) &&
                      (!bar || (is_whole(bar + 1, false) && bar[1] != '0'));
    if (!good)
        refuse("'%.40s' where a number should be", word);
    mpz_set_str(mpq_numref(q), word, 10);
    mpz_set_str(mpq_denref(q), bar ? bar + 1 : "1", 10);
    mpq_canonicalize(q);
}

/* ---- the header ---- */

static size_t read_natural(source *s, const char *name)
{
    read_line(s);
    expect(s, name);
    const size_t x = natural(s, need_word(s));
    end_line(s);
    return x;
}

static void read_numbers(source *s, const char *name, size_t n, mpq_t *to)
{
    read_line(s);
    expect(s, name);
    for (size_t i = 0; i < n; i++)
        rational(s, to[i]);
    end_line(s);
}

static bool read_bound(source *s, mpq_t to)
{
    if (s->word && s->word[0] == '-' && (s->word[1] == ' ' || !s->word[1])) {
        (void)next_word(s);
        return false;
    }
    rational(s, to);
    return true;
}

static void read_part(source *s, size_t n_inputs, raw_part *p)
{
    read_line(s);
    expect(s, "part");
    const char *kind = need_word(s);
    p->is_slice = strcmp(kind, "slice") == 0;
    if (!p->is_slice && strcmp(kind, "inputs") != 0)
        refuse("'%.40s' instead of 'inputs' or 'slice'", kind);
    p->k = natural(s, need_word(s));
    p->m = natural(s, need_word(s));
    end_line(s);
    if (!p->is_slice && p->k != n_inputs)
        refuse("%zu coordinates instead of %zu", p->k, n_inputs);
    if (p->is_slice) {
        p->origin = rationals(n_inputs);
        p->direction = rationals(p->k * n_inputs);
        read_numbers(s, "origin", n_inputs, p->origin);
    }
    for (size_t j = 0; p->is_slice && j < p->k; j++)
        read_numbers(s, "direction", n_inputs, p->direction + j * n_inputs);
    p->lo = rationals(p->k);
    p->hi = rationals(p->k);
    p->has_lo = room(p->k, sizeof *p->has_lo);
    p->has_hi = room(p->k, sizeof *p->has_hi);
    p->row = rationals(p->m * (p->k + 1));
    for (size_t j = 0; j < p->k; j++) {
        read_line(s);
        expect(s, "bounds");
        p->has_lo[j] = read_bound(s, p->lo[j]);
        p->has_hi[j] = read_bound(s, p->hi[j]);
        end_line(s);
    }
    for (size_t i = 0; i < p->m; i++)
        read_numbers(s, "row", p->k + 1, p->row + i * (p->k + 1));
}

/* How many regions are claimed, or which of how many files it is. */
static void read_claim(source *s, header *h)
{
    read_line(s);
    const char *word = need_word(s);
    h->of = 1;
    if (strcmp(word, "shard") == 0) {
        h->part_number = natural(s, need_word(s));
        h->of = natural(s, need_word(s));
        if (h->of < 2 || h->part_number >= h->of)
            refuse("file %zu of %zu", h->part_number, h->of);
    } else {
        if (strcmp(word, "regions") != 0)
            refuse("'%.40s' instead of 'regions' or 'shard'", word);
        const char *number = need_word(s);
        if (!is_whole(number, false))
            refuse("'%.40s' where a number should be", number);
        mpz_init_set_str(h->regions, number, 10);
    }
    end_line(s);
}

source *source_open(const char *path, header *h)
{
    source *s = room(1, sizeof *s);
    *h = (header){0};
    s->h = h;
    s->file = fopen(path, "rb");
    s->text = room(LINE, 1);
    if (!s->file)
        refuse("%s cannot be read", path);
    read_line(s);
    expect(s, "pleats-cert/1");
    end_line(s);
    read_line(s);
    expect(s, "model");
    const char *digest = need_word(s);
    if (strlen(digest) != 64)
        refuse("no digest");
    memcpy(h->model, digest, 65);
    end_line(s);
    read_line(s);
    expect(s, "definition");
    expect(s, "activation");
    expect(s, "regions");
    end_line(s);
    h->n_inputs = read_natural(s, "inputs");
    h->n_units = read_natural(s, "units");
    read_claim(s, h);
    h->n_parts = read_natural(s, "parts");
    if (h->of > 1 && h->n_parts != 1)
        refuse("one of several files is of a domain of one part");
    h->part = room(h->n_parts, sizeof *h->part);
    s->raw = room(h->n_parts, sizeof *s->raw);
    for (size_t i = 0; i < h->n_parts; i++) {
        read_part(s, h->n_inputs, &s->raw[i]);
        part_make(&h->part[i], &s->raw[i], h->n_inputs);
    }
    read_line(s);
    expect(s, "body");
    const char *form = need_word(s);
    h->is_text = strcmp(form, "text") == 0;
    if (!h->is_text && strcmp(form, "zstd") != 0)
        refuse("'%.40s' instead of 'text' or 'zstd'", form);
    end_line(s);
    refuse_line = 0;
    refuse_of = " of the body";
    if (!h->is_text) {
        s->unpacker = ZSTD_createDCtx();
        s->byte = room(LINE, 1);
    }
    return s;
}

/* ---- the body, packed ---- */

/* More unpacked bytes; false: there are none. */
static bool fill(source *s)
{
    ZSTD_outBuffer out = {s->byte, LINE, 0};
    while (out.pos == 0) {
        if (s->in.pos == s->in.size) {
            const size_t n = fread(s->text, 1, LINE, s->file);
            s->in = (ZSTD_inBuffer){s->text, n, 0};
            if (n == 0 && !s->is_whole)
                refuse("the body is no whole zstd stream");
            if (n == 0)
                return false;
        }
        const size_t left = ZSTD_decompressStream(s->unpacker, &out, &s->in);
        if (ZSTD_isError(left))
            refuse("zstd: %s", ZSTD_getErrorName(left));
        s->is_whole = left == 0;
    }
    s->at = 0;
    s->n = out.pos;
    return true;
}

static unsigned byte(source *s)
{
    if (s->at == s->n && !fill(s))
        refuse("the body ends within a line");
    return s->byte[s->at++];
}

static void big(source *s, mpz_t z)
{
    unsigned char group[32];
    unsigned long shift = 0;
    mpz_t piece;
    for (size_t i = 0; i < 9; i++, shift += 7) { /* 63 bits */
        group[i] = (unsigned char)byte(s);
        if (group[i] < 128) {
            if (group[i] == 0 && i > 0)
                refuse("a number is longer than it need be");
            unsigned long x = 0;
            for (size_t j = 0; j <= i; j++)
                x |= (unsigned long)(group[j] & 127) << 7 * j;
            mpz_set_ui(z, x);
            return;
        }
    }
    mpz_set_ui(z, 0);
    mpz_init(piece);
    for (size_t i = 0; i < 9; i++) {
        mpz_set_ui(piece, group[i] & 127);
        mpz_mul_2exp(piece, piece, 7 * i);
        mpz_ior(z, z, piece);
    }
    for (unsigned b = 128; b >= 128; shift += 7) {
        b = byte(s);
        if (b == 0 || shift > MOST_BITS)
            refuse("a number is longer than it need be, or than it may be");
        mpz_set_ui(piece, b & 127);
        mpz_mul_2exp(piece, piece, shift);
        mpz_ior(z, z, piece);
    }
    mpz_clear(piece);
}

static size_t small(source *s)
{
    size_t x = 0;
    for (unsigned shift = 0; shift < 56; shift += 7) {
        const unsigned b = byte(s);
        x |= (size_t)(b & 127) << shift;
        if (b < 128) {
            if (b == 0 && shift > 0)
                refuse("a number is longer than it need be");
            return x;
        }
    }
    refuse("a number is too large");
}

static void signed_big(source *s, mpz_t z)
{
    big(s, z);
    const bool negative = mpz_odd_p(z);
    if (negative)
        mpz_add_ui(z, z, 1);
    mpz_tdiv_q_2exp(z, z, 1);
    if (negative)
        mpz_neg(z, z);
}

/* ---- lines ---- */

static mpz_t *more_number(line *l)
{
    if (l->n_numbers == l->number_room) {
        l->number_room = 2 * l->number_room + 8;
        l->number = realloc(l->number, l->number_room * sizeof *l->number);
        if (!l->number)
            refuse("out of memory");
        for (size_t i = l->n_numbers; i < l->number_room; i++)
            mpz_init(l->number[i]);
    }
    return &l->number[l->n_numbers++];
}

static multiplier *more_multiplier(line *l)
{
    if (l->n_multipliers == l->y_room) {
        l->y_room = 2 * l->y_room + 8;
        l->y = realloc(l->y, l->y_room * sizeof *l->y);
        if (!l->y)
            refuse("out of memory");
        for (size_t i = l->n_multipliers; i < l->y_room; i++)
            mpz_init(l->y[i].m);
    }
    return &l->y[l->n_multipliers++];
}

static void check_multiplier(const multiplier *y)
{
    if (mpz_even_p(y->m))
        refuse("a multiplier is 0, or its first number is even");
    if (y->exponent > MOST_EXPONENT || y->exponent < -MOST_EXPONENT)
        refuse("an exponent is beyond %d", MOST_EXPONENT);
}

/* How many numbers a line has before its multipliers. */
static size_t n_plain(char letter)
{
    return letter == 'M' ? 3 : letter == 'A' || letter == 'B' ? 2 : 0;
}

static bool has_multipliers(char letter)
{
    return letter != 'W' && letter != 'S' && letter != 'E' && letter != 'P';
}

static void read_multipliers(source *s, line *l)
{
    const size_t n = small(s);
    for (size_t i = 0; i < n; i++) {
        multiplier *y = more_multiplier(l);
        y->wall = i == 0 && l->letter != 'X' ? NO_WALL : small(s);
        big(s, y->m);
        const size_t e = small(s);
        y->exponent = e & 1 ? -(long)((e + 1) / 2) : (long)(e / 2);
        check_multiplier(y);
    }
}

static void read_bytes(source *s, const network *net, size_t k, line *l)
{
    const unsigned op = byte(s);
    if (op >= sizeof letters - 1)
        refuse("a line of sort %u, of which there is none", op);
    l->letter = letters[op];
    for (size_t i = 0; i < n_plain(l->letter); i++)
        mpz_set_ui(*more_number(l), small(s));
    if (has_multipliers(l->letter))
        read_multipliers(s, l);
    if (l->letter == 'S') {
        const size_t unit = small(s);
        mpz_set_ui(*more_number(l), unit);
        if (unit >= net->n_units)
            refuse("there is no unit %zu", unit);
        if (network_unit(net, unit)->sort == BENT)
            mpz_set_ui(*more_number(l), small(s));
    }
    if (l->letter == 'W' || (l->letter == 'E' && s->h->of > 1))
        big(s, *more_number(l));
    if (l->letter == 'P')
        mpz_set_ui(*more_number(l), small(s));
    for (size_t j = 0; l->letter == 'W' && j < k; j++)
        signed_big(s, *more_number(l));
}

/* "wall:mpe", of which "wall:" and "pe" may be missing. */
static void read_factor(source *s, char *word, line *l)
{
    multiplier *y = more_multiplier(l);
    char *colon = strchr(word, ':');
    y->wall = NO_WALL;
    if (colon) {
        *colon = 0;
        y->wall = natural(s, word);
        word = colon + 1;
    }
    char *p = strchr(word, 'p');
    if (p)
        *p = 0;
    if (!is_whole(word, false) ||
        (p && (!is_whole(p + 1, true) || p[1] == '0' || strlen(p + 1) > 9)))
        refuse("'%.40s' where a multiplier should be", word);
    mpz_set_str(y->m, word, 10);
    y->exponent = p ? strtol(p + 1, NULL, 10) : 0;
    check_multiplier(y);
}

static void read_words(source *s, line *l)
{
    char *word;
    refuse_line--; /* the caller counts */
    read_line(s);
    word = need_word(s);
    if (strlen(word) != 1 || !strchr(letters, word[0]))
        refuse("'%.40s' at the beginning of a line", word);
    l->letter = word[0];
    const bool has = has_multipliers(l->letter);
    for (size_t i = 0; !has || i < n_plain(l->letter); i++) {
        word = has ? need_word(s) : next_word(s);
        if (!word)
            break;
        if (!is_whole(word, true))
            refuse("'%.40s' where a number should be", word);
        mpz_set_str(*more_number(l), word, 10);
    }
    while (has && (word = next_word(s)))
        read_factor(s, word, l);
}

void source_next(source *s, const network *net, size_t k, line *l)
{
    refuse_line++;
    l->n_numbers = l->n_multipliers = 0;
    if (s->h->is_text)
        read_words(s, l);
    else
        read_bytes(s, net, k, l);
}

bool source_is_over(source *s)
{
    if (s->h->is_text)
        return fgetc(s->file) == EOF;
    return s->at == s->n && !fill(s);
}

void source_describe(const source *s, FILE *out)
{
    for (size_t i = 0; i < s->h->n_parts; i++) {
        fprintf(out, "%s", i ? "or " : "");
        part_print(&s->raw[i], s->h->n_inputs, out);
    }
}
