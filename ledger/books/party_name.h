/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "books/record.h"

/* The id of a party by its number, in the arena. STORE_CORRUPT when there is none. */
enum recourse_error party_name(struct state_view *view, struct arena *arena, uint32_t number, slice *id);
