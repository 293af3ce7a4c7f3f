/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/key.h"
#include "books/party_name.h"
#include "rule/command.h"

/*
 * Parties and their keys (H1): who may act, bound to Ed25519 keys by entries. Commands ledger.open,
 * party.register, key.register, key.revoke.
 */

/* What ledger.open said; all zeroes before it. */
enum recourse_error party_ledger(struct state_view *view, struct record_ledger *ledger);

/* The actor behind a key's handle. KEY_UNKNOWN, KEY_REVOKED. Texts live in the arena. */
enum recourse_error party_actor(struct state_view *view, struct arena *arena, slice handle,
	struct decision_actor *actor, struct record_key *key);

/*
 * The actor of the very first request, from the values of its ledger.open: the key it names as the first
 * admin's must be the one that signed, for the origin that it opens. KEY_UNKNOWN otherwise.
 */
enum recourse_error party_first_actor(const struct value *open, slice handle, slice origin,
	struct decision_actor *actor, struct key_public *key);

/*
 * Registers that public key at this entry, for the party and with the roles that `key` says; its person too, or a new
 * one where that is 0. Fills in the rest of `key`. FIELD_FORMAT, EXISTS with the field.
 */
enum recourse_error party_add_key(
	struct decision *decision, const char *field, slice vkey, struct record_key *key);

/*
 * A7, H3: the number of a party that is no custodian, which has no other part in the money it keeps: NOT_PERMITTED. NOT_FOUND
 * with the field.
 */
enum recourse_error party_apart(struct decision *decision, const char *field, slice id, uint32_t *number);

/* The handle of a key by its number, in the arena; an empty text for number 0. */
enum recourse_error party_key_name(
	struct state_view *view, struct arena *arena, uint32_t number, slice *handle);
