/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/key.h"
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

/* The other way round: NOT_PERMITTED for a party that is none. */
enum recourse_error party_custodian(struct decision *decision, const char *field, slice id);

/* The number of a liquidator: NOT_PERMITTED for a party that is none. */
enum recourse_error party_liquidator(
	struct decision *decision, const char *field, slice id, uint32_t *number);

/*
 * H1: the same of a party that is made one of those whom decisions are about: it must have no key that decides, and gets
 * none from now on. But the party that runs the ledger may be one of them; the audit says so.
 */
enum party_concern {
	PARTY_MERCHANT = 1 << 1,
	PARTY_ISSUER = 1 << 2,
	PARTY_LIABLE = 1 << 7
}; /* bits of its kinds */
enum recourse_error party_concerned(
	struct decision *decision, const char *field, slice id, enum party_concern concern, uint32_t *number);

/* Whether those roles are an operator's, approver's, admin's or agent's. */
bool party_decides(uint32_t roles);

/* Whether it is one of those, by its kinds or by an entry; or a custodian, who has no other part in what it keeps. */
bool party_is_concerned(const struct record_party *party);
bool party_is_custodian(const struct record_party *party);

/* Whether it runs the ledger; the record and the id of who does. */
bool party_runs_ledger(uint32_t number);
enum recourse_error party_own(struct state_view *view, struct arena *arena, struct record_party *party);
enum recourse_error party_own_name(struct state_view *view, struct arena *arena, slice *name);

/* The record of a party by its number. STORE_CORRUPT when there is none. */
enum recourse_error party_by_number(
	struct state_view *view, struct arena *arena, uint32_t number, struct record_party *party);

/* The handle of a key by its number, in the arena; an empty text for number 0. */
enum recourse_error party_key_name(
	struct state_view *view, struct arena *arena, uint32_t number, slice *handle);
