/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include "rule/area.h"
#include "rule/query.h"

/*
 * The areas, and what they bring along: in the order of their rooms, within each as its row lists them, which is the
 * order of the manual. NULL where there is no such thing.
 */
const struct command *registry_command(slice name);
const struct command *registry_command_at(size_t index);
const struct query_row *registry_query(slice name);
const struct query_row *registry_query_at(size_t index);

/* Each kind has one. */
area_strike *registry_clock(enum clock_kind kind);

#endif
