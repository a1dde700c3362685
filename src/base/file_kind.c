#define _GNU_SOURCE /* memmem */
#include "base/file_kind.h"

#include "base/file.h"

#include <string.h>
#include <strings.h>

enum { WINDOW_BYTES = 1 << 16, MOST_FIELD = 1 << 28, TEXT_BYTES = 512 };

/* A kind of file that is not read: `what` it is and what to `do`. */
typedef struct {
    const char *what, *advice;
} foreign;

/* A mark at a place in the file. */
typedef struct {
    size_t at, n;
    const char *mark; /* [n] */
    foreign is;
} marked;

#define EXPORT_ONNX "export the model as ONNX and give that file"
#define UNPACK "unpack it and give the file inside"
#define MARK(at, text) (at), sizeof(text) - 1, (text)

static const marked marks[] = {
    {MARK(0, "version https://git-lfs.github.com/spec/"),
     {"a Git LFS pointer in place of the file", "run `git lfs pull`"}},
    {MARK(0, "BZh"), {"packed by bzip2", "unpack it with bunzip2"}},
    {MARK(0, "\xfd"
             "7zXZ"),
     {"packed by xz", "unpack it with unxz"}},
    {MARK(0, "\x28\xb5\x2f\xfd"), {"packed by zstd", "unpack it with unzstd"}},
    {MARK(0, "7z\xbc\xaf\x27\x1c"), {"a 7-Zip archive", UNPACK}},
    {MARK(257, "ustar"), {"a tar archive", UNPACK}},
    {MARK(0, "\x89HDF\r\n\x1a\n"),
     {"HDF5, such as Keras models (.h5)",
      "export the model as ONNX (tf2onnx) and give that file"}},
    {MARK(4, "TFL3"),
     {"a TensorFlow Lite model",
      "export the original as ONNX (tf2onnx) and give that file"}},
    {MARK(0, "GGUF"), {"a GGUF file of language models", "give an ONNX model"}},
    {MARK(0, "\x93NUMPY"),
     {"a single NumPy array (.npy)", "numpy.savez writes .npz"}},
    {MARK(0, "ptrt"), {"a TensorRT engine", EXPORT_ONNX}},
    {MARK(0, "ftrt"), {"a TensorRT engine", EXPORT_ONNX}},
    {MARK(0, "MATLAB 5.0 MAT-file"),
     {"a MATLAB file", "export the network (exportONNXNetwork)"}},
    {MARK(0, "%PDF-"), {"a PDF", "give the file that was meant"}},
    {MARK(0, "\x89PNG\r\n"), {"a PNG", "give the file that was meant"}},
    {MARK(0, "\x7f"
             "ELF"),
     {"a program", "give the file that was meant"}},
};

static bool holds(const char *bytes, size_t n, const char *word)
{
    return memmem(bytes, n, word, strlen(word)) != NULL;
}

/* ---- zip archives, by the names in them ---- */

static const struct {
    const char *name;
    foreign is;
} members[] = {
    {"serialized_exported_program.json",
     {"a PyTorch exported program (.pt2)",
      "write it with torch.onnx.export and give that file"}},
    {"models/model.json",
     {"a PyTorch exported program (.pt2)",
      "write it with torch.onnx.export and give that file"}},
    {"data.pkl",
     {"a PyTorch file (.pt, .pth)",
      "write the model with torch.onnx.export and give that file"}},
    {"model.weights.h5",
     {"a Keras model (.keras)",
      "write it with model.export(..., format=\"onnx\") and give that file"}},
    {".npy",
     {"an .npz file of arrays", "data rows are given to --at, --rows "
                                "or --input"}},
};

static bool find_member(const char *bytes, size_t n, size_t *found)
{
    size_t window = n < WINDOW_BYTES ? n : WINDOW_BYTES;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (holds(bytes, window, members[i].name) ||
            holds(bytes + n - window, window, members[i].name)) {
            *found = i;
            return true;
        }
    return false;
}

static bool is_zip(const char *bytes, size_t n)
{
    return n >= 4 &&
           (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0);
}

static bool is_npz(const char *bytes, size_t n)
{
    size_t member = 0;
    return is_zip(bytes, n) && (!find_member(bytes, n, &member) ||
                                strcmp(members[member].name, ".npy") == 0);
}

static foreign zip_kind(const char *bytes, size_t n)
{
    size_t member;
    if (find_member(bytes, n, &member))
        return members[member].is;
    return (foreign){"a zip archive", UNPACK};
}

/* ---- what has no fixed mark ---- */

/* Python's pickle, protocol 2 to 5. */
static bool is_pickle(const char *bytes, size_t n)
{
    return n > 3 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5;
}

/* The length of a JSON header, then the header. */
static bool is_safetensors(const char *bytes, size_t n)
{
    uint64_t length = 0;
    for (size_t i = 8; n > 9 && i-- > 0;)
        length = length << 8 | (unsigned char)bytes[i];
    return n > 9 && length >= 2 && length <= n - 8 && bytes[8] == '{' &&
           (bytes[9] == '"' || bytes[9] == '}' || bytes[9] == ' ');
}

/* Reads a number of a protocol buffer; false when there is none. */
static bool varint(const char *bytes, size_t n, size_t *at, size_t *out)
{
    *out = 0;
    for (unsigned shift = 0; shift < 35 && *at < n; shift += 7) {
        unsigned char byte = (unsigned char)bytes[(*at)++];
        *out |= (size_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return *out < MOST_FIELD;
    }
    return false;
}

/* Field `number` with bytes in it begins at *at; *at goes to them. */
static bool field(const char *bytes, size_t n, size_t *at, int number,
                  size_t *length)
{
    return *at < n && (unsigned char)bytes[*at] == (number << 3 | 2) &&
           ++*at < n && varint(bytes, n, at, length) && *length <= n - *at;
}

/* A SavedModel is schema version 1 and a message that holds messages; a
 * GraphDef is nodes with a name and an operator, which begins by a capital
 * letter. */
static bool is_tensorflow(const char *bytes, size_t n)
{
    size_t at = 2, length = 0;
    if (n > 4 && memcmp(bytes, "\x08\x01", 2) == 0)
        return field(bytes, n, &at, 2, &length) &&
               field(bytes, n, &at, 1, &length);
    at = 0;
    if (!field(bytes, n, &at, 1, &length) || !field(bytes, n, &at, 1, &length))
        return false;
    at += length;
    return field(bytes, n, &at, 2, &length) && length > 1 && bytes[at] >= 'A' &&
           bytes[at] <= 'Z';
}

/* ---- text ---- */

static const char *skip_blanks(const char *bytes, size_t *n)
{
    pleats_skip_mark(&bytes, n);
    while (*n > 0 && strchr(" \t\r\n", *bytes) && *bytes) {
        bytes++;
        --*n;
    }
    return bytes;
}

static bool begins(const char *text, size_t n, const char *word)
{
    return n >= strlen(word) && strncasecmp(text, word, strlen(word)) == 0;
}

static bool is_html(const char *text, size_t n)
{
    return begins(text, n, "<!doctype html") || begins(text, n, "<html") ||
           begins(text, n, "<head");
}

/* A line of at least four whole numbers behind lines of comments. */
static bool is_nnet(const char *text, size_t n)
{
    size_t commas = 0, digits = 0;
    while (n >= 2 && memcmp(text, "//", 2) == 0) {
        const char *line = memchr(text, '\n', n);
        if (!line)
            return false;
        n -= (size_t)(line + 1 - text);
        text = skip_blanks(line + 1, &n);
    }
    for (; n > 0 && *text != '\n' && *text != '\r'; text++, n--) {
        if (*text != ',' && *text != ' ' && !(*text >= '0' && *text <= '9'))
            return false;
        commas += *text == ',';
        digits += *text != ',' && *text != ' ';
    }
    return commas >= 3 && digits >= 4;
}

/* Binary data have bytes below the blanks, and early. */
static bool is_text(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n && i < TEXT_BYTES; i++)
        if ((unsigned char)bytes[i] < '\t')
            return false;
    return true;
}

static pleats_file_kind text_kind(const char *text, size_t n)
{
    if (!is_text(text, n))
        return PLEATS_KIND_OTHER;
    text = skip_blanks(text, &n);
    if (n == 0)
        return PLEATS_KIND_OTHER;
    if (*text == '{' || *text == '[')
        return PLEATS_KIND_JSON;
    if (*text == '(' || *text == ';')
        return PLEATS_KIND_VNNLIB;
    return is_nnet(text, n) ? PLEATS_KIND_NNET : PLEATS_KIND_OTHER;
}

/* ---- all of them ---- */

pleats_file_kind pleats_file_kind_of(const char *bytes, size_t n)
{
    return is_npz(bytes, n) ? PLEATS_KIND_NPZ : text_kind(bytes, n);
}

static bool find_foreign(const char *bytes, size_t n, foreign *out)
{
    size_t left = n;
    const char *text = skip_blanks(bytes, &left);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (n >= marks[i].at + marks[i].n &&
            memcmp(bytes + marks[i].at, marks[i].mark, marks[i].n) == 0) {
            *out = marks[i].is;
            return true;
        }
    if (is_zip(bytes, n))
        *out = zip_kind(bytes, n);
    else if (is_safetensors(bytes, n))
        *out = (foreign){"a safetensors file: weights without a network",
                         EXPORT_ONNX};
    else if (is_pickle(bytes, n))
        *out = (foreign){"a Python pickle, such as older PyTorch files",
                         EXPORT_ONNX};
    else if (is_tensorflow(bytes, n))
        *out = (foreign){"a TensorFlow graph",
                         "export it as ONNX (tf2onnx) and give that file"};
    else if (is_html(text, left))
        *out = (foreign){"a web page (HTML)",
                         "download the file itself, not the page about it"};
    else if (begins(text, left, "<?xml") || begins(text, left, "<net"))
        *out = (foreign){"XML, such as OpenVINO's networks", EXPORT_ONNX};
    else
        return false;
    return true;
}

static const foreign read_kinds[] = {
    [PLEATS_KIND_OTHER] = {"a model", ""},
    [PLEATS_KIND_NNET] = {"a network in .nnet form", "it is a model"},
    [PLEATS_KIND_JSON] = {"JSON", "a spec's name ends in .json, and domains "
                                  "have options of their own"},
    [PLEATS_KIND_VNNLIB] = {"VNN-LIB", "give it to --vnnlib"},
    [PLEATS_KIND_NPZ] = {"rows of data (.npz or JSON)", ""}};

pleats_status pleats_file_expect(pleats_ctx *ctx, const char *bytes, size_t n,
                                 pleats_file_kind wanted)
{
    foreign is;
    pleats_file_kind kind = pleats_file_kind_of(bytes, n);
    if (n == 0)
        return pleats_fail(ctx, PLEATS_INVALID, "the file is empty");
    if (kind == wanted && kind != PLEATS_KIND_OTHER)
        return PLEATS_OK;
    if (find_foreign(bytes, n, &is) ||
        (kind != PLEATS_KIND_OTHER && (is = read_kinds[kind], true)))
        return pleats_fail(ctx, PLEATS_INVALID, "this is %s, not %s: %s",
                           is.what, read_kinds[wanted].what, is.advice);
    return PLEATS_OK;
}
