/* Standard output and error on their way to a terminal. */
#ifndef PLEATS_CLI_PRINT_PLAIN_STREAMS_H
#define PLEATS_CLI_PRINT_PLAIN_STREAMS_H

#include <stdbool.h>
#include <stdio.h>

/* From now on what is printed to stdout and stderr is shown by the rules of
 * pleats/text.h, ends of lines, tabs and carriage returns aside: names from
 * files, file names and options reach a terminal through here and nowhere
 * else.  Inside JSON strings \uXXXX is the same character.  Returns false
 * without memory. */
bool plain_streams(void);

#endif
