/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/command.h"

/*
 * A person (H1): whoever holds a key, and the keys that it was rotated to. A key that is registered begins a person,
 * whose number is the key's; one that takes the place of another is of the same. Records keep the numbers of keys, so
 * that they say which one signed; where people must differ, it is their persons that are compared. Command key.rotate.
 */

/* The record of a key by its number. STORE_CORRUPT when there is none. */
enum recourse_error person_key(struct state_view *view, uint32_t number, struct record_key *key);

/* The key that its person has now: that one itself, or the last that it was rotated to. It may have been revoked. */
enum recourse_error person_current(struct state_view *view, uint32_t number, struct record_key *key);

/* SAME_PERSON with those words where one of the keys is, or was before it was rotated, the actor's, or one's who agreed. Nobody has key 0. */
enum recourse_error person_differs(
	struct decision *decision, const uint32_t *keys, size_t count, const char *field, const char *limit);

/*
 * What a key agreed to stays agreed to while its person speaks: also when it was rotated, as long as the key that the
 * person has now is in force. KEY_REVOKED with the field and the entry otherwise. The handle lives in the arena.
 */
enum recourse_error person_speaks(
	struct decision *decision, const char *field, uint32_t number, slice *handle);
