/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "support.h"

#include "base/buffer.h"

/*
 * What the property test says: commands, fitting or not, over a small world where ids and amounts meet often. Each
 * command that moves value is among them, or in words_left_out[] with why it is not.
 */
enum { WORDS_NUMBERED = 4, WORDS_PLACES = 32, WORDS_TEMPLATES_MAX = 256, WORDS_ORDERS = 64 };

/* A batch of payments, as the entry that made it says: who checks it says the same. */
struct words_batch {
	char id[16];
	unsigned count;
	char total[24];
};

/* A payment that was ordered: its entry. */
struct words_order {
	char claim[16];
	uint64_t entry;
};

struct words {
	struct support_random random;
	unsigned heat[WORDS_TEMPLATES_MAX];  /* how often each template, this time */
	unsigned taken[WORDS_TEMPLATES_MAX]; /* how often it was accepted: it is said less often then */
	uint64_t entries[WORDS_PLACES][WORDS_NUMBERED]; /* the newest that a place can name; 0: none yet */
	unsigned line;                                  /* of the bank */
	unsigned step;                                  /* how much was done */
	unsigned last;                              /* number that was given to a claim, card or recovery */
	unsigned incident;                          /* and to an incident */
	const char *follower;                       /* what comes next, mostly; NULL */
	struct words_batch batches[WORDS_NUMBERED]; /* the newest first; no id: none yet */
	struct words_batch batch;                   /* of which is spoken */
	unsigned batch_count;
	struct words_order orders[WORDS_ORDERS]; /* the newest first; 0: none yet */
	bool sticks;                             /* it is about the same claim and incident */
};

/* Whose key says it, and the words of a scenario, in which `$` and a letter is a place. */
struct words_template {
	unsigned weight;
	const char *key;
	const char *text;
};

/* Ends with a row without a text. */
extern const struct words_template words_templates[];

/* Commands that move value and are never said; ends with NULL. It is to become shorter: tests/ways_back_test.c looks. */
extern const char *const words_left_out[];

/* Each time some templates are said often and others never, so that histories differ in kind. */
void words_start(struct words *words);

unsigned words_below(struct words *words, unsigned limit);
const struct words_template *words_choose(struct words *words);
void words_took(struct words *words, const struct words_template *said);

/*
 * The template's words with something in each place. An entry is named by its number in `text`, and as `$e` and its number
 * in `shown`, as a scenario names it that was written down.
 */
void words_say(
	struct words *words, const struct words_template *said, struct buffer *text, struct buffer *shown);

/* An entry of that kind was made, or carried it out; `proposes`: it waits for another person. */
void words_note(struct words *words, slice kind, uint64_t number, bool proposes);

void words_note_batch(struct words *words, slice id, unsigned count, slice total);
void words_note_order(struct words *words, slice claim, uint64_t entry);
