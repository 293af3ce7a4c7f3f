/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kit.h"

#include <sys/types.h>

/* A ledger of which people say something, and what is in its files. */
#define SAID  "she says: the card was never used"
#define OTHER "he says: the invoice is at home"

/* Set-up of a test: the kit's world, with claim c-1 of incident i. */
int notes_place_setup(void **state);
#define NOTES_TEST(test) cmocka_unit_test_setup_teardown(test, notes_place_setup, kit_teardown)

/* One of two randoms, with a text, which is borrowed; and what commits to both. */
struct recourse_text notes_place_text(size_t random, const char *text);
void notes_place_commit(const struct recourse_text *text, char hex[static 65]);

/* A contact of c-1 with a note, or NULL, and so many texts beside it. */
enum recourse_error notes_place_record(
	struct kit *kit, const char *note, const struct recourse_text *texts, size_t count);

/* The words of such a contact of a claim. */
enum { NOTES_PLACE_WORDS = 200 };
void notes_place_words(
	const char *claim, const struct recourse_text *text, char words[static NOTES_PLACE_WORDS]);

/* One command in words, with the text of its note or NULL: what the commit says of it. */
enum recourse_error notes_place_try(struct kit *kit, const char *key, const char *id, const char *words,
	const struct recourse_text *text);

/* In how many files of a directory, and of those within, these bytes are. */
size_t notes_place_find(const char *path, slice bytes);

/* Of a file of the ledger's directory. */
void notes_place_key(const struct kit *kit, uint64_t number, uint8_t key[static 32]);
off_t notes_place_size(const struct kit *kit, const char *name);
void notes_place_copy(const struct kit *kit, const char *from, const char *to);
