/* The MODEL|SPEC argument of the verbs that need shapes only: a text that
 * starts with mlp: or cnn: is a spec, a path that ends in .json names a spec's
 * JSON form, any other path an ONNX file. */
#ifndef PLEATS_CLI_OPTIONS_SPEC_ARGUMENT_H
#define PLEATS_CLI_OPTIONS_SPEC_ARGUMENT_H

#include "print/report.h"
#include "session.h"

#include "pleats/spec.h"

#define SPEC_ARGUMENT_HELP                                                     \
    "SPEC is an architecture without weights, mlp:2,32,32,1 or\n"              \
    "cnn:in=1x8x8/conv=4@3x3,p=1/relu/maxpool=2/flatten/fc=10, or the path "   \
    "of a\nJSON spec (.json)."

/* Opens a session with s->spec of options->path; s->net is NULL unless that is
 * an ONNX file.  Returns EXIT_ANSWERED, or the exit code of a failure that has
 * been reported, EXIT_USAGE for a spec that is wrong.  Close in every case. */
int spec_session_open(session *s, const model_options *options);

/* The spec of one argument in an open session; *net (may be NULL) gets the
 * network of an ONNX file, else NULL.  Returns as above. */
int spec_read(session *s, const char *argument, const pleats_load_options *load,
              pleats_spec **spec, pleats_net **net);

/* report_new with the field "spec" (null for NULL), and "model" when there is a
 * file. */
json_t *spec_report_new(const session *s, const report_facts *facts,
                        const pleats_spec *spec);

#endif
