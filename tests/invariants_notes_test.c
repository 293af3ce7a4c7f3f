/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_cover.h"

/* What the audit says of notes, keys, contacts and holds that the rules can not have made so (see invariants_test.c). */

#define SUMS "I2: notes, contacts and holds of claim a are not as many as it has"
#define KEYS "I2: a key of notes is neither its claim's last nor erased"

/*
 * Of claim a notes at @-6 and, after that was erased at @-3, at @-1; a contact without one at @-5; a hold at the end. Of claim
 * b a note at @-2.
 */
static const struct wrong notes[] = {
	{SUMS, {ADD(SEALED, "a", sealed, notes, 1)}},
	{SUMS, {ADD(SEALED, "a", sealed, contacts, -1)}},
	{SUMS, {ADD(SEALED, "a", sealed, holds, 1)}},
	{SUMS, {SET(SEALED, "a", sealed, key, 0)}},
	{SUMS, {GONE(CONTACT, "a/@-5")}},
	{SUMS, {GONE(LEGAL_HOLD, "a/court")}},
	{SUMS, {SET(LEGAL_HOLD, "a/court", legal_hold, released_entry, 99)}},
	{KEYS, {SET(SEALED, "a", sealed, key, 1)}},
	{KEYS, {ADD(NOTE_KEY, "1", note_key, notes, 1)}},
	{KEYS, {ADD(NOTE_KEY, "3", note_key, notes, -1)}},
	/* what was said after the erasure is to be of the key that was erased, and the other way round */
	{KEYS, {SET(NOTED, "@-1", note, key, 1)}},
	{KEYS, {SET(NOTED, "@-6", note, key, 3)}},
	{"I2: a note is sealed by another claim's key", {SET(NOTED, "@-2", note, key, 1)}},
	{"I2: a note is sealed by a key that is not there", {GONE(NOTE_KEY, "2")}},
	{"I2: a contact has a note", {SET(CONTACT, "a/@-5", contact, noted, 1)}},
	{"I2: a contact has a note", {SET(CONTACT, "a/@-6", contact, noted, 0)}},
	{"I2: notes of a claim were erased while a hold stood",
		{SET(LEGAL_HOLD, "a/court", legal_hold, placed_entry, 1)}},
	{KEYS, {SET(NOTE_KEY, "1", note_key, erased_entry, 1)}},
	{SUMS, {GONE(NOTE_CLAIM, "a/@-6")}},
};

static void test_notes(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card k-a 60.00\nfile a i k-a\ncard k-b 60.00\nfile b i k-b\n"
			 "agent contact.record claim=a channel=phone direction=in note=one\n"
			 "agent contact.record claim=a channel=phone direction=out\n"
			 "maker note.erase claim=a reason=asked-for\n"
			 "approve\n"
			 "agent contact.record claim=b channel=phone direction=in note=two\n"
			 "agent contact.record claim=a channel=phone direction=in note=three\n"
			 "checker legal_hold.place claim=a hold=court reason=litigation");
	MISLEAD_EACH(*state, notes);
}

/* ---- a service that was led astray ---- */

#define CLAIMED "declare-without-deposit i fuel-card\ncard k-a 60.00\nfile a i k-a\n"
#define TALKED  "agent contact.record claim=a channel=phone direction=in note=one\n"
#define WISHED  "maker note.erase claim=a reason=asked-for"

static const struct cheat cheats[] = {
	/* it forgets a hold, and erases what a court wants */
	{"a hold forgotten", 0, CLAIMED TALKED "maker legal_hold.place claim=a hold=court reason=litigation",
		WISHED, 0, "NOT_PERMITTED", NULL, {GONE(LEGAL_HOLD, "a/court")}},
	/* it reads what was erased, of which it kept a copy */
	{"an erasure forgotten", 0, CLAIMED TALKED WISHED "\napprove", "agent note.unseal note=25 reason=r",
		0, "STATE_WRONG", NULL, {SET(NOTE_KEY, "1", note_key, erased_entry, 0)}},
};

static void test_cheats(void **state)
{
	MISLEAD_TRY(cheats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {KIT_TEST(test_notes), cmocka_unit_test(test_cheats)};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
