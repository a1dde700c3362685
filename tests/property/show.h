/* A network and a domain as text, for reports of failed cases. */
#ifndef PLEATS_PROPERTY_SHOW_H
#define PLEATS_PROPERTY_SHOW_H

#include <stdio.h> /* before GMP, which then has its output */

#include "domain/domain.h"
#include "net/net.h"

void show_net(FILE *f, const pleats_net *net);
void show_domain(FILE *f, const pleats_domain *domain);

#endif
