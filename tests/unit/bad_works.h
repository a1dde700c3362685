/* Lines that make no sense in the text of a work of a union of two boxes, of a
 * network of 14 ReLUs. */
#ifndef PLEATS_TEST_BAD_WORKS_H
#define PLEATS_TEST_BAD_WORKS_H

#include <stdbool.h>

typedef struct {
    const char *mark; /* "\nNAME": the beginning of a line */
    bool here;        /* this line is replaced, else the next one */
    const char *line; /* the new one; "": none */
    const char *word; /* of the message */
} bad;

static const bad bads[] = {
    {"\nversion", true, "version 9.9.9", "it says \"version 9.9.9\""},
    {"\nnetwork", true, "network -", "of another count"},
    {"\ndomain", true, "domain 00", "of another count"},
    {"\ncount", true, "count regions", "of another count"},
    {"\narithmetic", true, "arithmetic exact", "of another count"},
    {"\nengine", true, "engine vertices", "of another count"},
    {"\npart", true, "part 1 of 1", "no such part"},
    {"\npart", true, "part 2 of 1", "no such part"},
    {"\npart", true, "part 0 of 0", "no such part"},
    {"\npart", true, "part 0 of 65537", "not a number"},
    {"\npart", true, "part 0 in 1", "another line"},
    {"\npart", true, "part 0 of 1 ", "not a number"},
    {"\npart", true, "part -1 of 1", "not a number"},
    {"\npart", true, "", "another line"},
    {"\nseconds", true, "seconds -1", "not a number"},
    {"\nseconds", true, "seconds nan", "not a number"},
    {"\nseconds", true, "seconds inf", "not a number"},
    {"\nseconds", true, "seconds", "another line"},
    {"\nseconds", true, "seconds x", "not a number"},
    {"\nshare", true, "share -0x1p-1", "not a number"},
    {"\nshare", true, "share inf", "not a number"},
    {"\nshare", true, "share 1 ", "not a number"},
    {"\ndimension", true, "dimension -2", "not a number"},
    {"\ndimension", true, "dimension 2147483648", "not a number"},
    {"\nregions", true, "regions -1", "not a number"},
    {"\nregions", true, "regions ", "not a number"},
    {"\nregions", true, "regions 1x", "not a number"},
    {"\nregions", true, "regions +1", "not a number"},
    {"\nverdicts", true, "verdicts 1", "not a number"},
    {"\nverdicts", true, "verdicts 1 18446744073709551616", "not a number"},
    {"\nmaps", true, "maps 1000000", "not a number"},
    {"\nmaps", true, "maps 0", "another line"},
    {"\nmaps", true, "maps -1", "not a number"},
    {"\nmaps", false, "2 -inf inf 0000", "not a number"},
    {"\nmaps", false, "0 0x1p+1 0x1p+0 0000", "must end behind"},
    {"\nmaps", false, "0 nan inf 0000", "must end behind"},
    {"\nmaps", false, "0 -inf nan 0000", "must end behind"},
    {"\nmaps", false, "0 -inf inf 000", "not the digits"},
    {"\nmaps", false, "0 -inf inf 000000", "not the digits"},
    {"\nmaps", false, "0 -inf inf 00g0", "not the digits"},
    {"\nmaps", false, "0 -inf inf 00A0", "not the digits"},
    {"\nmaps", false, "0 -inf inf", "not a number"},
    {"\nmaps", false, "0 -inf", "not a number"},
    {"\nmaps", false, "", "not a number"},
    {"\ntasks", true, "tasks 0", "another line"},
    {"\ntasks", true, "tasks 100000", "not a number"},
    {"\ntasks", true, "tasks x", "not a number"},
    {"\ntasks", true, "task 1", "another line"},
    {"\ntasks", false, "2 .0", "not a number"},
    {"\ntasks", false, "-1 .0", "not a number"},
    {"\ntasks", false, "0 0", "begins with a point"},
    {"\ntasks", false, "0", "not a number"},
    {"\ntasks", false, "0 ", "begins with a point"},
    {"\ntasks", false, "0 .x", "not a path"},
    {"\ntasks", false, "0 .0(", "not a number"},
    {"\ntasks", false, "0 .0(12", "not a number"},
    {"\ntasks", false, "0 .0(-1)", "not a number"},
    {"\ntasks", false, "0 .(2147483648)", "not a number"},
    {"\ntasks", false, "0 .0 1", "not a number"},
    {"\ntasks", false, "0 .0 2 2", "must end behind"},
    {"\ntasks", false, "0 .0 3 2", "must end behind"},
    {"\ntasks", false, "0 .0 0 0", "must end behind"},
    {"\ntasks", false, "0 .0 0 1 ", "not a number"},
    {"\ntasks", false, "0 .0 18446744073709551615 18446744073709551615",
     "not a number"},
};

#endif
