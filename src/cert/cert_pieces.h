/* The tree of a part of a domain, written by several threads into one file.
 *
 * The cells of one depth are numbered in the order of the walk.  Every thread
 * walks down to that depth; into cell number n goes the one that took that
 * number, and what it writes, with the lines since the cell before, is piece n;
 * the last one is what follows all of them.  Pieces go into the file in their
 * order: one whose turn it is as it comes, others wait in memory, of which
 * there is a bounded number, each of a bounded size. */
#ifndef PLEATS_CERT_CERT_PIECES_H
#define PLEATS_CERT_CERT_PIECES_H

#include "cert/cert.h"

/* Writes the tree from c->place on.  `most`: regions of the certificate, 0: any
 * number; *is_full: they ended it.  PLEATS_LIMIT when there is a reason to
 * stop: c->place is then behind what was written. */
PLEATS_NODISCARD pleats_status pleats_cert_write_tree(
    pleats_cert *cert, const pleats_frame *frame, const pleats_limits *limits,
    uint64_t most, bool *is_full);

#endif
