/* A certificate that is put down now and then. */
#ifndef PLEATS_CLI_VERBS_LONG_CERTIFICATE_H
#define PLEATS_CLI_VERBS_LONG_CERTIFICATE_H

#include "options/certificate_options.h"
#include "verbs/long_count.h"

/* As certificate_write, of the part that `facts` says, or that the checkpoint
 * is about, which they then say.  SIGUSR1 asks for a checkpoint at once. */
pleats_status long_certificate(const session *s,
                               const checkpoint_options *options,
                               const certificate_options *certificate,
                               const pleats_limits *limits,
                               long_count_facts *facts,
                               pleats_certificate_result *result);

#endif
