/* SPDX-License-Identifier: Apache-2.0 */
#include "base/refusal.h"

/* By number. A new one comes last; one that is not used any more stays. */
static const char *const wordings[] = {
	[0] = NULL,
	[1] = "%.*s/ and a name without a slash",
	[2] = "%d bytes",
	[3] = "%d bytes in a proposal",
	[4] = "%d incidents for an instrument",
	[5] = "%d instruments called for an incident",
	[6] = "%d issuers of a merchant",
	[7] = "%d items",
	[8] = "%d live ones for a merchant and unit",
	[9] = "%d, as published before",
	[10] = "%llu",
	[11] = "%s needs another role",
	[12] = "%u",
	[13] = "64 bits",
	[14] = "64 bits for a merchant",
	[15] = "64 bits for a merchant and an issuer",
	[16] = "a checker is no maker and takes no claims",
	[17] = "a command that has a reason",
	[18] = "a currency of ISO 4217 or a unit defined by unit.define",
	[19] = "a custodian is neither merchant nor issuer, platform or funder",
	[20] = "a custodian's key does nothing else",
	[21] = "a day of the year %u",
	[22] = "a day such as 2016-05-04",
	[23] = "a day such as 2016-10-08",
	[24] = "a day that has ended",
	[25] = "a day whose weekday is %s",
	[26] = "a decimal with exactly %d digits behind the point, step %u, in %s",
	[27] = "a hundred years in all",
	[28] = "a key of another party",
	[29] = "a key whose name is the origin",
	[30] = "a ledger opened with purpose test",
	[31] = "a liable party of the incident",
	[32] = "a maker does not check",
	[33] = "a new id for new content",
	[34] = "a public key",
	[35] = "a published calendar",
	[36] = "a share above zero",
	[37] = "a sum of 100.00",
	[38] = "a time that has come",
	[39] = "a time that has not passed: sign again, same id",
	[40] = "a year in which a day is worked",
	[41] = "above zero",
	[42] = "after the bar date",
	[43] = "amounts within 64 bits",
	[44] = "an auditor's key does nothing else",
	[45] = "another admin's: nobody locks the last door from inside",
	[46] = "another party than the merchant",
	[47] = "another party that is still liable",
	[48] = "another than the one in force",
	[49] = "at most %d hours ahead",
	[50] = "at most six days",
	[51] = "at most the limit",
	[52] = "before the bar date",
	[53] = "below %s",
	[54] = "bought in %s",
	[55] = "called for the incident",
	[56] = "claims decided and not yet shared out",
	[57] = "claims with something to share",
	[58] = "commands that an operator gives",
	[59] = "custodian for a party of that kind only",
	[60] = "decided claims that the deposit and earlier calls do not meet",
	[61] = "decided claims with money to share",
	[62] = "each above zero",
	[63] = "each below the one before",
	[64] = "each claim once",
	[65] = "each code once",
	[66] = "each day once",
	[67] = "each level once",
	[68] = "each party once",
	[69] = "each person once",
	[70] = "every decided claim shared out",
	[71] = "every refusal needs a reason code",
	[72] = "evidence of consumption: confirmed, absent or unavailable",
	[73] = "given where the merchant has no deposit",
	[74] = "given with outcome varied",
	[75] = "in the future",
	[76] = "its own, where it is no admin's",
	[77] = "joint and several liability",
	[78] = "later than it expires now",
	[79] = "ledger.open comes first, signed by the key it names, for its origin",
	[80] = "neither the maker, nor who approved, nor who broke the glass",
	[81] = "neither the merchant nor the issuer",
	[82] = "nobody deducts or appeals and decides the same appeal",
	[83] = "nobody intakes, decides and pays the same claim",
	[84] = "not a currency of ISO 4217",
	[85] = "not a custodian",
	[86] = "not a reserved name: U, consumers",
	[87] = "not before the ledger's first entry",
	[88] = "not below zero",
	[89] = "not in the future",
	[90] = "not its own custodian",
	[91] = "not the service's own: register another, restart with it, revoke this one",
	[92] = "one above the last",
	[93] = "one in the deposit's unit",
	[94] = "one in which this custodian holds or held money",
	[95] = "one of the codes published for the command",
	[96] = "one that has not expired",
	[97] = "one that this program has",
	[98] = "overdue within 64 bits",
	[99] = "parties that still owe something",
	[100] = "reject: nothing is lost",
	[101] = "system for the party that runs the ledger only",
	[102] = "the entry of a proposal",
	[103] = "the incident's losses within 64 bits",
	[104] = "the key's own party",
	[105] = "the last one of the policy",
	[106] = "the name of a command",
	[107] = "the service's own key does nothing else",
	[108] = "until %s",
	[109] = "up to the end of %d",
	[110] = "where control.publish says break_glass: allowed",
	[111] = "with basis fixed, and only there",
	[112] = "with basis ratio, and only there",
	[113] = "with evidence confirmed or absent",
	[114] = "with evidence confirmed, and only there",
	[115] = "with outcome varied only",
	[116] = "with scheme capped, and only there",
	[117] = "with scheme percentage, and only there",
	[118] = "with what it is evidence of",
	[119] = "a merchant's key does nothing else",
	[120] = "a party that has no key that decides",
	[121] = "none that decides for a merchant, an issuer, a liable party or a custodian",
	[122] = "a claim of which something is sealed",
	[123] = "an entry with a note",
	[124] = "one for each note",
	[125] = "random and text of each note",
	[126] = "what a note of the request commits to",
	[127] = "a command whose effect can be made good afterwards",
	[128] = "one on the claim's list; evidence.add puts it there",
	[129] = "%d on a list",
	[130] = "%d papers of a claim",
	[131] = "%.*s: held, or evidence.waive",
	[132] = "each kind once",
	[133] = "one that is needed and lacks",
	[134] = "not before %s",
	[135] = "one that the %s has",
	[136] = "the lot's %s",
	[137] = "of the record, or of what the party wrote",
	[138] = "one about the claim's evidence",
	[139] = "at most %d that read a note",
	[140] = "each pair once",
	[141] = "within evidence_days",
	[142] = "%.*s: asked for until %s",
	[143] = "approve, or basis_hash and a rule that the policy has for the reason",
	[144] = "not after %s",
	[145] = "less than a claim is decided within",
	[146] = "with answer_hours",
	[147] = "when the merchant has answered, or after %s",
	[148] = "approve, or rule and basis_hash: the merchant accepted the claim",
	[149] = "with answer dispute",
	[150] = "of what a dispute rests on, or of what the merchant wrote",
	[151] = "one whom it was put to",
	[152] = "another than who proposed it",
	[153] = "of what was said or written",
	[154] = "proposed anew, or ruled on: the evidence is another by now",
	[155] = "one whose ruling left out something that was asked for or shown",
	[156] = "another than who took it in, ruled or lodged the appeal",
	[157] = "with outcome varied, and only there",
	[158] = "above what was ruled",
	[159] = "when the consumer was given the ruling: ruling.serve",
	[160] = "after it can be appealed, %s",
	[161] = "one by which the claim's parties were heard",
	[162] = "by the merchant, of itself alone",
	[163] = "when what is asked back of it is back, or written off",
	[164] = "where it was asked for before",
	[165] = "contact.record direction=out of the claim",
	[166] = "the payout of the claim that was settled",
	[167] = "within what one person rules on alone; beyond that claim.decide",
	[168] = "one that the policy has for the reason",
	[169] = "what was done, not promised or missed",
	[170] = "another than who ruled; or with evidence_hash",
	[171] = "one that denies no loss, or with a rule that the policy has for it",
	[172] = "one that the policy has for the reason: the merchant accepted the claim",
	[173] = "one of the claim's holder",
	[174] = "nobody registers and pays the same payee",
	[175] = "asked for %d times",
	[176] = "as its first version said",
	[177] = "one whose rail is of the custodian that has the money",
	[178] = "a rail in %s",
	[179] = "with payments that no batch has",
	[180] = "nobody orders a payment and checks its batch",
	[181] = "nobody makes and checks the same batch",
	[182] = "as its payments come to",
	[183] = "at most %llu",
	[184] = "%llu, which is what the other files leave",
	[185] = "%u, as the others say",
	[186] = "none: this file moves no money",
	[187] = "a day of the file",
	[188] = "a line of the file: bank.line says it first",
	[189] = "nothing is taken back in a piece of a file",
	[190] = "with closing, first_day and last_day; of a file that moves money",
	[191] = "said by a camt053",
	[192] = "not before first_day",
	[193] = "opening + credit - debit",
	[194] = "0: nothing moves in this file",
	[195] = "first in a request of mode all",
	[196] = "at least %llu",
	[197] = "all %llu lines",
	[198] = "another account: this one is wrong by entry %llu",
	[199] = "of a named payee",
	[200] = "the entry that ordered it",
	[201] = "unknown: it was paid before, until who pays says that it was not",
	[202] = "where its policy says after how many notices",
	[203] = "after %d notices since its money is back: contact.record direction=out",
};
enum { WORDINGS = sizeof wordings / sizeof wordings[0] };

uint32_t allowed_number(const char *wording)
{
	for (uint32_t number = 1; wording != NULL && number < WORDINGS; number++) {
		if (strcmp(wordings[number], wording) == 0)
			return number;
	}
	return 0;
}

/* The length of the conversion that begins there: %d %u %llu %zu %s %.*s. */
static size_t conversion(const char *place)
{
	return 1 + strspn(place + 1, ".*lz") + 1;
}

bool allowed_figures(uint32_t number, const char *text, char figures[static ALLOWED_FIGURES_SIZE])
{
	const char *place = wordings[number];
	size_t size = 0;
	while (true) {
		size_t same = strcspn(place, "%");
		if (strncmp(place, text, same) != 0)
			return false;
		place += same;
		text += same;
		if (*place == '\0')
			break;
		place += conversion(place);
		/* a figure goes on to where the words do */
		size_t next = strcspn(place, "%");
		const char *end = next == 0 ? text + strlen(text) : text;
		while (next > 0 && *end != '\0' && strncmp(end, place, next) != 0)
			end++;
		size_t length = (size_t)(end - text);
		if (size + length + 2 > ALLOWED_FIGURES_SIZE || memchr(text, '|', length) != NULL)
			return false;
		if (size > 0)
			figures[size++] = '|';
		memcpy(figures + size, text, length);
		size += length;
		text = end;
	}
	figures[size] = '\0';
	return *text == '\0';
}

static void append(char *text, size_t size, size_t *used, const void *more, size_t length)
{
	size_t room = size - 1 - *used;
	length = length < room ? length : room;
	memcpy(text + *used, more, length);
	*used += length;
	text[*used] = '\0';
}

bool allowed_text(uint32_t number, slice figures, char *text, size_t size)
{
	if (number == 0 || number >= WORDINGS)
		return false;
	size_t used = 0;
	text[0] = '\0';
	for (const char *place = wordings[number]; *place != '\0';) {
		size_t same = strcspn(place, "%");
		append(text, size, &used, place, same);
		place += same;
		if (*place == '\0')
			break;
		place += conversion(place);
		slice figure = figures; /* empty where there are none left */
		(void)slice_take_part(&figures, '|', &figure);
		append(text, size, &used, figure.data, figure.size);
	}
	return figures.size == 0;
}
