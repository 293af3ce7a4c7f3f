/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "recourse_ledger.h"
#include "recourse_schema.h"

/*
 * The bytes of tests/sequence_fuzz.c as a sequence of steps, whatever they are. No schema but the tables of methods and
 * fields is known here: a command that is new is said without a word about it.
 *
 *   input   = world (step END)*           world: a byte, which ledger it begins with
 *   step    = kind (number)*              what is missing is zero, what is too much is passed over
 *   number  = 6 bits a byte, the lowest first, 0x40 where more follow: never END
 *   submit  = flags actor command*        command = method fields
 *   fields  = presence value*             a bit each: left out though it is needed, given though it need not be
 *   method  = a sum of its name, or one near it, so that bytes mean the same when there are more methods
 *
 * Steps end at a byte that stands nowhere else, so that a change of one leaves the others as they are. An id is one of
 * those that the worlds have, or has a number: the same number is the same id again. The number of an entry is how long
 * ago it was made, and a time is how far away.
 */
enum { SEQUENCE_END = 0xff, SEQUENCE_NAME_SIZE = 24 };

enum sequence_kind {
	SEQUENCE_SUBMIT,
	SEQUENCE_QUERY,    /* actor method fields */
	SEQUENCE_PUBLIC,   /* method fields */
	SEQUENCE_AGAIN,    /* how many requests ago; 0, or who says it instead */
	SEQUENCE_CONFLICT, /* the id of one, the commands of another, both so many requests ago */
	SEQUENCE_WAIT,     /* seconds; clocks strike */
	SEQUENCE_PAUSE,    /* seconds; nobody lets them */
	SEQUENCE_RESTART,  /* 1: with the state made anew */
	SEQUENCE_HOLD,     /* seconds by which the host's clock is away; 0: clocks strike again */
	SEQUENCE_SIGN,
	SEQUENCE_KINDS,
};

/* Where the sequence is, for what is said of there. */
struct sequence_place {
	const char *origin;
	uint64_t now;
	uint64_t entries;
};

/* ---- reading: takes from the front of a step ---- */

uint64_t sequence_number(slice *step);
void sequence_actor(slice *step, char name[static SEQUENCE_NAME_SIZE]);
const struct recourse_method *sequence_method(slice *step, enum recourse_method_kind kind);

/* The members of a JSON object, the first of them behind `separator`. */
void sequence_fields(slice *step, const struct sequence_place *place, const struct recourse_field *fields,
	size_t count, const char *separator, struct buffer *out);

/* The next step, without its end. */
slice sequence_step(slice *rest);

/* ---- changing (sequence_mutate.c): what comes of it is a size, at most `most` ---- */

struct support_random;
typedef size_t sequence_bytes(uint8_t *data, size_t size, size_t most);

/* A step is changed by `change`, left out, said again, or moved. `size` is 1 at least. */
size_t sequence_mutate(
	struct support_random *random, uint8_t *data, size_t size, size_t most, sequence_bytes *change);

/* The first up to a step, then some steps of the second. */
size_t sequence_cross(struct support_random *random, slice first, slice second, uint8_t *out, size_t most);

/* ---- writing: what is read as that ---- */

/* The ids and people that one sequence has beside those of the worlds: texts, each ended by its NUL. */
struct sequence_names {
	struct buffer ids[4];
	struct buffer actors;
};
void sequence_names_free(struct sequence_names *names);

void sequence_write_number(uint64_t number, struct buffer *out);
void sequence_write_actor(struct sequence_names *names, slice name, struct buffer *out);
void sequence_write_method(const struct recourse_method *method, struct buffer *out);

/* `map` is the item of a command or of a query's params. */
void sequence_write_fields(struct sequence_names *names, const struct sequence_place *place,
	const struct recourse_field *fields, size_t count, slice map, struct buffer *out);

/* ---- what people say (sequence_notes.c): some texts, by a number that a note is in a step ---- */

enum { SEQUENCE_NOTES = 64 };

/* What is signed for it; which one that is. One of another text is taken for some. */
const char *sequence_note(unsigned which);
unsigned sequence_note_of(slice commitment);

/* What goes beside a submit's params, as JSON: as many as there may be. */
size_t sequence_texts(const char *params, struct recourse_text texts[static RECOURSE_TEXTS_MAX]);

/* ---- seeds (sequence_seeds.c) ---- */

/*
 * Plays the scenarios of tests/rules/ and writes each case as an input into the directory. The worlds are files of steps
 * by their place in tests/rules/, in the order of the input's first byte.
 */
void sequence_write_seeds(const char *directory, const char *const *worlds, size_t count);

/* What both sides know (sequence_words.c). Lists are ended by NULL. */
extern const char *const sequence_ids[];
enum { SEQUENCE_FAMILIES = 4 };
extern const char *const sequence_families
	[SEQUENCE_FAMILIES]; /* what stands before an id's number; behind them: commands' names */
extern const char *const sequence_actors[];
extern const char *const sequence_units[];
uint64_t sequence_sum(const char *method);

/* All of them, ended by one without a method: those of recourse_method_at(), which has to look for each. */
enum { SEQUENCE_METHODS_MAX = 512 };
struct sequence_method {
	const struct recourse_method *method;
	uint64_t sum;
};
const struct sequence_method *sequence_methods(void);

/* How many are in such a list, and where a text is in it: their count where it is not. */
size_t sequence_count(const char *const *list);
size_t sequence_find(const char *const *list, slice text);
