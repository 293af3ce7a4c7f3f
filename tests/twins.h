/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kit.h"

#include "base/buffer.h"

/*
 * Two ledgers from one script, for tests of what a merchant can learn (I3). Whatever is about merchant M is the same
 * in both, at the same times, by the same requests. In between stand as many requests about others, each with as many
 * entries, and those differ in everything: other merchants under other names and of other kinds, with keys, deposits,
 * holds, exits, withdrawals, instruments, signs of default, incidents, cards, claims, appeals, debts and limits of their own,
 * or things that are nobody's.
 */
enum { TWINS_OTHERS = 8 };

struct twins_other {
	const char *name;
	bool registered;
	bool keyed;
	bool leaves;
	bool failed;
	bool frozen; /* something, for its incident */
	bool assigned;
	bool signalled;
	bool liable; /* for what its incident cost */
	unsigned available; /* hundredths */
	unsigned withdrawn;
	unsigned claims;               /* how many of the steps from a card to an appeal are done */
	unsigned long long withdrawal; /* its entry, while it is under way */
	unsigned long long deduction;
};

struct twins_side {
	struct kit *kit;
	struct support_random random; /* what differs */
	struct twins_other others[TWINS_OTHERS];
	unsigned serial; /* of ids; rises in steps of its own */
	unsigned limits; /* version of the published ones */
	unsigned cards;
	unsigned steps;
	unsigned long long *numbered; /* where the number of the next entry goes */
};

struct twins {
	struct support_random random; /* what does not */
	struct twins_side sides[2];
	const char *about;        /* all questions are about that one; NULL: about anybody */
	const char *const *names; /* what questions name; NULL: what is M's and others' */
	size_t name_count;
	const char *key;               /* M's: it may be rotated */
	unsigned long long withdrawal; /* the entry of M's last one */
	unsigned long long deduction;  /* and of the last deduction; 0: none */
	unsigned long long request;    /* and of what M was asked for; 0: nothing */
	unsigned long long answer;     /* and of what M answered last; 0: nothing */
};

/* Runs the script. What becomes of M in it: one that stays may still ask to leave. */
enum twins_fate { TWINS_LEAVES, TWINS_FAILS, TWINS_STAYS, TWINS_FATES };
void twins_start(struct twins *twins, struct support_random *random, enum twins_fate fate);
void twins_end(struct twins *twins);

/* The names that others may have, in one of the two or in both or in none. */
extern const char *const twins_names[TWINS_OTHERS];

/* What the façade answers: bytes, or a refusal. */
struct twins_answer {
	enum recourse_error error;
	struct recourse_refusal refusal;
	struct recourse_bytes bytes;
};

/* A signed call: "submit" or a query. The salt's bytes are all that one. */
void twins_call(struct kit *kit, const char *key, const char *method, const char *id, const char *params,
	int salt, struct twins_answer *answer);

/* A call without a key; `params` is JSON. */
void twins_public(struct kit *kit, const char *method, const char *params, struct twins_answer *answer);

/*
 * Whether both say the same: bytes, or every field of the refusal. Of entry.get an entry's salt and the hash of the
 * entry before it may differ.
 */
bool twins_same(const char *method, const struct twins_answer answers[static 2]);

/* ---- what is about others than M, for the script (twins_others.c) ---- */

/* One entry, whatever it is, and one request that is refused; each side its own. */
void twins_other_accepted(struct twins_side *side);
void twins_other_refused(struct twins_side *side);

/* ---- questions (question.c) ---- */

/*
 * Random questions to the twins, from the schema alone: each field gets a value of its type, of something that is M's,
 * another's in one of the two or in both, or nobody's. A method that is new is asked without a word here.
 */

/* The params of a submit of one such command, appended without a final NUL. */
void question_command(struct twins *twins, const struct recourse_method *method, struct buffer *out);

/* The params of a query. */
void question_query(struct twins *twins, const struct recourse_method *method, struct buffer *out);
