/* What all verbs about one model do alike. */
#include "verbs/run_verb.h"

#include "exit_codes.h"
#include "options/point_option.h"
#include "options/spec_argument.h"

int run_verb(int argc, char **argv, const verb *v)
{
    session s;
    argp_parse(v->argp, argc, argv, 0, NULL, v->options);
    int code = v->model->or_spec ? spec_session_open(&s, v->model)
                                 : session_open(&s, v->model);
    if (code == EXIT_ANSWERED && v->open)
        code = v->open(&s, v->options);
    if (code == EXIT_ANSWERED && v->input && *v->input)
        code = session_read_rows(&s, *v->input);
    if (code == EXIT_ANSWERED && v->point)
        code = point_open(&s, v->domain, *v->point);
    if (code == EXIT_ANSWERED && v->domain)
        code = domain_open(&s, v->domain);
    if (code == EXIT_ANSWERED) {
        session_show_remarks(&s);
        code = v->answer(&s, v->options);
    }
    session_close(&s);
    return code;
}
