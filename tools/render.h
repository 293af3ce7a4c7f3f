/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RENDER_H
#define RENDER_H

#include "table.h"

/*
 * Any answer for people, without knowing what it is about: the scalars of a map as aligned lines
 * "name  value" (of maps inside it as "outer.name"), its arrays of maps as tables below, under their names.
 * Decimals get their thousands apart. MALFORMED when it is not one CBOR item; MEMORY.
 */
enum recourse_error render_item(slice item, FILE *stream) RECOURSE_CHECK;

#endif
