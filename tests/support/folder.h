/* A folder of a test's own, for the files that it writes. */
#ifndef PLEATS_TEST_FOLDER_H
#define PLEATS_TEST_FOLDER_H

/* Makes the folder, once in a program; it is removed with all that is in it
 * when the program ends.  The path is lent. */
const char *folder_make(void);
/* The path of a file in it: good until the fourth call after. */
const char *in_folder(const char *name);

#endif
