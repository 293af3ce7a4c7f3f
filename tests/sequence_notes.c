/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence.h"

#include "base/note_text.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static struct {
	char text[8];
	uint8_t random[NOTE_TEXT_RANDOM_SIZE];
	char commitment[65];
} notes[SEQUENCE_NOTES];

static void make_notes(void)
{
	if (notes[0].commitment[0] != '\0')
		return;
	for (unsigned which = 0; which < SEQUENCE_NOTES; which++) {
		struct crypto_hash hash;
		snprintf(notes[which].text, sizeof notes[which].text, "said %u", which % 100);
		memset(notes[which].random, (int)which, sizeof notes[which].random);
		note_text_commit(notes[which].random, slice_text(notes[which].text), &hash);
		text_to_hex(hash.bytes, sizeof hash.bytes, notes[which].commitment);
	}
}

const char *sequence_note(unsigned which)
{
	make_notes();
	return notes[which % SEQUENCE_NOTES].commitment;
}

unsigned sequence_note_of(slice commitment)
{
	unsigned which = 0;
	make_notes();
	while (which < SEQUENCE_NOTES && !slice_is(commitment, notes[which].commitment))
		which++;
	return which < SEQUENCE_NOTES ? which
	       : commitment.size == 0 ? 0
				      : commitment.data[0] % SEQUENCE_NOTES;
}

size_t sequence_texts(const char *params, struct recourse_text texts[static RECOURSE_TEXTS_MAX])
{
	static const char member[] = "\"note\":\"";
	size_t count = 0;
	make_notes();
	for (const char *at = strstr(params, member); at != NULL && count < RECOURSE_TEXTS_MAX;
		at = strstr(at, member)) {
		at += strlen(member);
		unsigned which = sequence_note_of(slice_of(at, strcspn(at, "\"")));
		texts[count++] =
			(struct recourse_text){.random = slice_of(notes[which].random, NOTE_TEXT_RANDOM_SIZE),
				.text = slice_text(notes[which].text)};
	}
	return count;
}
