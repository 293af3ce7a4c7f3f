/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "base/arena.h"
#include "base/amount.h"
#include "books/account.h"
#include "books/party_name.h"
#include "entry/entry.h"
#include "entry/field.h"
#include "books/life.h"

/*
 * One command being decided: what a rule may read, what it writes, and what goes into its entry. A rule
 * first refuses what it must, then changes records and posts; when anything is refused, even at the last
 * step, all of it is undone together (state_rollback), so that a refusal touches nothing.
 */
struct decision_actor {
	slice handle;    /* of the key that signed */
	slice party;     /* id of the party it belongs to */
	uint32_t key;    /* number */
	uint32_t person; /* number of the person's first key: see person.h */
	uint32_t party_number;
	uint32_t roles;
};

/* The piece of a bank's file that a request begins with: see piece.h. */
struct decision_piece {
	uint64_t file; /* 0: none */
	uint64_t number;
};

struct decision {
	struct state_view *state;
	const struct decision_actor *actor;
	uint64_t time;     /* of this command */
	uint64_t entry;    /* the number its entry will have */
	uint64_t request;  /* the number of the request that it is part of */
	uint64_t commands; /* that the request has */
	bool first;        /* this is the first of them */
	bool each;         /* each for itself; else all take effect or none */
	struct decision_piece piece;
	bool limited; /* limits are published: look at them (see authority.h) */
	bool adopted; /* a rule has another version than its first: see decide/README.md */
	bool rotated; /* a key was rotated by this very request: look whether the actor's still speaks */
	bool erased;  /* a key of notes was, since who decides has looked at which: see sealing.h */
	bool placed;  /* a custodian was placed by this very request: days of one more place may be noted */
	uint64_t
		line; /* the entry that the bank's line is of which attest_cash() took last; 0: it named none */
	bool line_whole; /* what it moves of cash is all of a line that nobody has named, of the bank's day: */
	uint64_t line_day;
	struct unit
		counted; /* what limits count of a command that posts nothing: all that somebody lets go by it, */
	int64_t counted_steps; /* 0: its postings */
	bool carried;          /* a proposal is carried out: whoever made it was let in then */
	const struct decision_actor
		*checker;       /* then, who signs: the actor is the maker, and neither is to be the other; */
	const uint32_t *agreed; /* and the keys of all who agreed, the same */
	size_t agreed_count;
	struct arena *arena; /* lives as long as the group that is decided */
	struct recourse_refusal *refusal;

	/* what the entry is made of; texts live in the arena or longer */
	struct buffer facts;        /* pairs of the body beside what was said */
	struct buffer consequences; /* maps: `what` the entry meant for others that it is not about */
	size_t consequence_count;
	struct buffer approvals; /* handles of those who agreed, as text items */
	size_t approval_count;
	char policy[TEXT_ID_SIZE + TEXT_VERSION_SIZE];
	struct account_posting postings[ENTRY_POSTINGS_MAX];
	size_t posting_count;
};

/* Takes back facts, consequences, postings and approvals, not records: those are undone by state_rollback(). */
void decision_forget(struct decision *decision);

/* ---- facts: what followed from the command, for the entry's body ---- */
void decision_fact_text(struct decision *decision, const char *name, slice text);
void decision_fact_integer(struct decision *decision, const char *name, uint64_t value);
void decision_fact_amount(
	struct decision *decision, const char *name, const struct unit *unit, int64_t steps);
void decision_fact_instant(struct decision *decision, const char *name, uint64_t instant);

/* Names the policy that governs the entry. */
void decision_policy(struct decision *decision, slice policy, uint32_t version);

/* Puts the entry into the index of a claim, an incident, a merchant …; and where that is: the entry's number follows. */
enum recourse_error decision_about(struct decision *decision, enum record_table table, slice id);
struct record_path decision_about_path(enum record_table table, slice id);

/* ---- postings ---- */

/*
 * Adds to one account: debit positive. Zero adds nothing; a second posting to the same account is added to the
 * first. OVERFLOW; ENTRY_TOO_LARGE, as any command may be. Balances move in decision_settle().
 */
enum recourse_error decision_post(struct decision *decision, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t steps);

/* What an account stands at with what this entry has posted so far, on its side. OVERFLOW. */
enum recourse_error decision_balance(struct decision *decision, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t *steps);

/*
 * Whether its entry can hold so many lines more, each a posting that a consequence tells: one that does more than that
 * leaves the rest to another entry. Reckoned with the longest ids.
 */
bool decision_has_room(const struct decision *decision, size_t lines);

/* The same of postings whose texts have so many bytes each, and one consequence that tells them all. */
bool decision_has_postings(const struct decision *decision, size_t postings, size_t texts);

/* From the credit account to the debit account, both of that reference: the usual pair. */
enum recourse_error decision_move(struct decision *decision, const struct unit *unit, int64_t steps,
	enum chart_code debit, slice debit_party, enum chart_code credit, slice credit_party,
	slice reference);

/* Adds to a sum that each step of is within 64 bits, and the sum may not be. OVERFLOW without a field. */
enum recourse_error decision_sum(struct decision *decision, int64_t *sum, int64_t steps);

/* Why the command is refused: see refusal.h, whose functions these are, for the refusal that is being made. */
#define refuse(decision, ...)        refusal_field((decision)->refusal, __VA_ARGS__)
#define refuse_limit(decision, ...)  refusal_limit((decision)->refusal, __VA_ARGS__)
#define refuse_amount(decision, ...) refusal_amount((decision)->refusal, __VA_ARGS__)
#define refuse_state(decision, ...)  refusal_state((decision)->refusal, __VA_ARGS__)
#define refuse_absent(decision, ...) refusal_absent((decision)->refusal, __VA_ARGS__)
#define refuse_entry(decision, ...)  refusal_entry((decision)->refusal, __VA_ARGS__)

/*
 * Moves the balances and writes history. INSUFFICIENT when an account would cross zero (I4), OVERFLOW. That
 * the postings balance in every book and unit (I1, I2, I3) is asserted: rules can not get that wrong and live.
 */
enum recourse_error decision_settle(struct decision *decision);

/*
 * What only a party itself may ask for, or an operator for it: NOT_PERMITTED with the field. It comes before anything is
 * looked up, so that nobody learns whether another party is there (I3).
 */
enum recourse_error decision_own(struct decision *decision, const char *field, slice party);

/*
 * The other way round: what nobody says of the own party, whatever role the key has. NOT_PERMITTED with the field, after
 * the look-up that found whose it is.
 */
enum recourse_error decision_not_own(struct decision *decision, const char *field, uint32_t party);

/* ---- what many rules look up; each refuses with NOT_FOUND and the field ---- */
enum recourse_error decision_unit(
	struct decision *decision, const char *field, slice code, struct unit *unit);

/* An amount above zero in that unit, and not above the published ceiling. AMOUNT_DIGITS, AMOUNT_RANGE, OVERFLOW with the field. */
enum recourse_error decision_amount(
	struct decision *decision, const char *field, slice text, const struct unit *unit, int64_t *steps);

/* The same without a look at the published ceilings: for what publishes them. */
enum recourse_error decision_amount_published(
	struct decision *decision, const char *field, slice text, const struct unit *unit, int64_t *steps);

/* The same, and zero: what is left of something, what an account held. */
enum recourse_error decision_amount_or_zero(
	struct decision *decision, const char *field, slice text, const struct unit *unit, int64_t *steps);

/* The amount where it was given, else all of what is available; INSUFFICIENT when it is more than that. */
enum recourse_error decision_amount_or_all(struct decision *decision, const char *field,
	const struct value *value, const struct unit *unit, int64_t available, int64_t *steps);

/* The number of a party by its id. */
enum recourse_error decision_party(struct decision *decision, const char *field, slice id, uint32_t *number);

/* Reads a record that a field names: NOT_FOUND with that field. */
enum recourse_error decision_find(struct decision *decision, const char *field,
	const struct record_path *path, void *record, size_t size);

/*
 * Puts a record with all that its table declares: its indexes, and its clocks, which this entry sets where their instant
 * is a new one. decision_remove() takes it away, with all of that; fine where there is none.
 */
enum recourse_error decision_put(
	struct decision *decision, const struct record_path *path, const void *record, size_t size);
enum recourse_error decision_remove(struct decision *decision, const struct record_path *path);

/* Puts one that nobody has put yet, as that of an entry that is being made is: it is not looked for, in vain. */
enum recourse_error decision_add(
	struct decision *decision, const struct record_path *path, const void *record, size_t size);

/* EXISTS when there is a record at that path. */
enum recourse_error decision_absent(
	struct decision *decision, const char *field, const struct record_path *path);

/* Of what counts once: keeps this entry there. EXISTS with the entry that is kept already. */
enum recourse_error decision_once(
	struct decision *decision, const char *field, const struct record_path *path);

/* One step of a life: STATE_WRONG where it is not listed. */
enum recourse_error decision_step(
	struct decision *decision, enum life_kind kind, uint32_t *state, uint32_t to, const char *field);
