/* How the program ends; scripts rely on these numbers. */
#ifndef PLEATS_CLI_EXIT_CODES_H
#define PLEATS_CLI_EXIT_CODES_H

enum {
    EXIT_ANSWERED = 0,
    EXIT_FAILED = 1, /* memory, a full disk, a defect */
    EXIT_USAGE = 2,
    EXIT_REFUSED = 3,
    EXIT_PARTIAL = 4,
    EXIT_UNDECIDED = 5
};

#define EXIT_CODES_HELP                                                        \
    "Exit codes:\n"                                                            \
    "  0  answered\n"                                                          \
    "  1  failed: out of memory, the answer could not be written, a defect\n"  \
    "  2  wrong usage\n"                                                       \
    "  3  an input was refused; the message says why\n"                        \
    "  4  stopped by a limit or an interrupt, with a valid partial result\n"   \
    "  5  no certificate could be found\n"

#endif
