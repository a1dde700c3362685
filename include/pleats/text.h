/* Text from files, file names and options on its way to a terminal.
 *
 * Not to be shown as they are: control characters (C0, DEL, C1), marks that
 * turn the direction of writing (U+061C, U+200E, U+200F, U+202A to U+202E,
 * U+2066 to U+2069), the line ends U+2028 and U+2029, and bytes that are no
 * UTF-8. */
#ifndef PLEATS_TEXT_H
#define PLEATS_TEXT_H

#include "pleats/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { PLEATS_PLAIN_BYTES = 8 };

/* How to show the first character of text [n], n > 0: `out` gets the character
 * or, in place of one that may not be shown, \uXXXX (\xXX for a byte that is
 * no UTF-8); *length is how long that is.  Returns the bytes of the character;
 * 0 when it goes on behind the end of the text. */
PLEATS_API size_t pleats_plain_next(const char *text, size_t n,
                                    char out[PLEATS_PLAIN_BYTES],
                                    size_t *length);

/* All of a text, ended by a zero byte and cut to `room` bytes at the end of a
 * character.  `out` must not be `text`. */
PLEATS_API void pleats_plain(const char *text, char *out, size_t room);

#ifdef __cplusplus
}
#endif
#endif
