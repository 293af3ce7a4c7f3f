/* SPDX-License-Identifier: Apache-2.0 */
#include "recourse_reference.h"

#include "base/crypto.h"
#include "base/item.h"
#include "entry/entry.h"
#include "proof/key.h"
#include "recourse_ledger.h"
#include "rule/calendar.h"
#include "rule/command.h"
#include "rule/proposal_view.h"
#include "rules/claims/listed.h"
#include "rules/collateral/instrument.h"
#include "rules/collateral/collateral.h"
#include "rules/desk/brief.h"
#include "rules/incident/round.h"
#include "rules/rail/payment_batch.h"
#include "rules/recourse/liability.h"
#include "store/log.h"

#include <stdio.h>

/* ---- tables ---- */

static const char *const part_names[] = {
	[TABLE_TEXT] = "text", [TABLE_NUMBER] = "u64", [TABLE_SHORT] = "u32", [TABLE_REST] = "bytes"};

bool recourse_reference_table(size_t index, struct recourse_table *table)
{
	if (index >= RECORD_TABLES)
		return false;
	const struct table *row = tables_at((enum record_table)(RECORD_FIRST + index));
	size_t size = 0;
	*table = (struct recourse_table){.name = row->name, .holds = row->holds, .size = row->size};
	for (const struct table_part *part = row->parts; part->name != NULL; part++)
		size += (size_t)snprintf(table->key + size, sizeof table->key - size, "%s%s:%s",
			size > 0 ? " " : "", part->name, part_names[part->kind]);
	while (row->indexes[table->indexes].key != NULL)
		table->indexes++;
	while (row->clocks[table->clocks].subject != NULL)
		table->clocks++;
	return true;
}

/* ---- limits ---- */

static const struct recourse_limit limits[] = {
	{"payload of a request", RECOURSE_REQUEST_SIZE_MAX, "bytes",
		"one signature covers it, one reader holds it in memory; thousands of bulk commands fit"},
	{"commands in a request", RECOURSE_COMMANDS_MAX, "",
		"also the most that one group takes: memory of a group is bounded"},
	{"texts beside a request", RECOURSE_TEXTS_MAX, "",
		"what an envelope may have beside its payload is small"},
	{"a text", RECOURSE_TEXT_SIZE_MAX, "bytes", "what is said in a call; a paper goes by its hash"},
	{"how far ahead a request expires", RECOURSE_LIFETIME_MAX_HOURS, "hours",
		"a request that got lost can not come into effect days later"},
	{"an entry", ENTRY_SIZE_MAX, "bytes",
		"its receipt stays a small file; fits the 16-bit lengths that tile bundles of tree logs "
		"have"},
	{"postings in an entry", ENTRY_POSTINGS_MAX, "",
		"the widest rule calls 16 instruments, four postings each"},
	{"live instruments of a merchant in a unit", INSTRUMENT_LIVE_MAX, "",
		"a call has all of them in one entry; their sum is as many records"},
	{"instruments called for an incident", INSTRUMENT_CALLS_MAX, "",
		"a round draws on all of them in one entry"},
	{"incidents that an instrument is called for", INSTRUMENT_INCIDENTS_MAX, "",
		"a reader gets all of them at once"},
	{"liable parties of a section", LIABILITY_PARTIES_MAX, "", "all of them fit one entry"},
	{"merchants of an incident", INCIDENT_SECTIONS_MAX, "", "its sections are added up one by one"},
	{"open incidents of a merchant in a unit", INCIDENT_POOLS_MAX, "",
		"what comes in is shared among them by one entry"},
	{"rounds of a section that lift earlier claims", ROUND_LIFTS_MAX, "", "each is read for a claim"},
	{"issuers that one merchant sells for", COLLATERAL_ISSUERS_MAX, "",
		"its deposit is shared among them in one entry"},
	{"rows of one step of a sweep", SWEEP_STEP, "", "what they bring about fits one entry"},
	{"levels of coverage", WARNING_LEVELS_MAX, "", "names for what people do about it"},
	{"items that are kept back of an exit", EXIT_ITEMS_MAX, "", "a reader gets all of them at once"},
	{"rules of a policy that deny a loss", DENIALS_MAX, "", "one record has them all"},
	{"kinds of evidence on a claim's list", LISTED_KINDS_MAX, "", "a reader gets all of them at once"},
	{"papers that are held for a claim", LISTED_PAPERS_MAX, "",
		"its ruling names the hashes of all of them in one entry"},
	{"times that a kind of evidence is asked for", LISTED_ASKS_MAX, "",
		"each is a row that stays; what comes later is received all the same"},
	{"people of a team", TEAM_MEMBERS_MAX, "", "one record has them all"},
	{"promises that a brief shows", BRIEF_PROMISES_MAX, "", "desk.promises has the rest, page by page"},
	{"proposals that a brief shows", PROPOSAL_VIEW_MAX, "", "those of a claim are in its history too"},
	{"rows that a page looks at", VIEW_LOOKS_MAX, "",
		"it may be short or empty then, and have a next one"},
	{"published limits", AUTHORITY_LIMITS_MAX, "", "looked through with each command"},
	{"payments of a batch", PAYMENT_BATCH_MAX, "",
		"they are gone through by one entry; what is left is the next one's"},
	{"files of a batch", PAYMENT_BATCH_FILES_MAX, "", "each is looked at when another one goes out"},
	{"approvals of a proposal", PROPOSAL_APPROVALS_MAX, "", "one record has them all"},
	{"a proposal's record with its command", STATE_VALUE_MAX, "bytes", "a value of the state"},
	{"exceptions of a calendar's year", CALENDAR_EXCEPTIONS_MAX, "",
		"China has some two dozen; the entry stays small"},
	{"working days counted", CALENDAR_DAYS_MAX, "",
		"ten years of plain days; one record is read for each year gone through"},
	{"an id", TEXT_ID_SIZE, "bytes", "a SHA-256 in hexadecimal, or a UUID"},
	{"the name of a key", KEY_NAME_SIZE, "bytes", "a schema-less URL"},
	{"digits of a unit", UNIT_DIGITS_MAX, "", "10^digits × step fits 64 bits with room for amounts"},
	{"step of a unit", UNIT_STEP_MAX, "", "the same"},
	{"an amount", INT64_MAX, "steps", "products in 128 bits can not overflow"},
	{"fields of a command", COMMAND_FIELDS_MAX, "", "an array on the stack"},
	{"items inside each other", ITEM_DEPTH_MAX, "", "a reader that recurses needs a bound"},
	{"a key of the state", STATE_KEY_MAX, "bytes", "LMDB takes 511"},
	{"leaves of the tree", INT64_MAX, "", "what the proof formats can say"},
};

const struct recourse_limit *recourse_reference_limit(size_t index)
{
	return index < sizeof limits / sizeof limits[0] ? &limits[index] : NULL;
}

/* ---- codes ---- */

/* Invariants first; of what is confidential two requirements have the same letter. Then requirements by their area. */
static const struct recourse_code codes[] = {
	{"I1", "as an invariant: debits = credits in each entry, book and unit"},
	{"I1", "as a requirement: no personal data in entries"},
	{"I2", "as a requirement: what people say is sealed by a key of its claim's, and erased with it"},
	{"I2", "as an invariant: custodian cash = what is owed to others − what is committed"},
	{"I3", "as an invariant: recourse = advances, costs = cost advances"},
	{"I3", "as a requirement: \"not yours\" and \"not there\" are one answer"},
	{"I4", "no account beyond zero"},
	{"I5", "a claim receives at most its loss"},
	{"I6", "a liable party pays at most what it owes, the excess is owed back by name"},
	{"I7", "recourse at most as much as settled advances"},
	{"I8", "one settled payout for a claim's instalment"},
	{"I9", "issued = consumed + extinguished + outstanding; no consumption without evidence"},
	{"I10", "every split is exact to the smallest step"},
	{"I11", "the state is what the log makes, byte for byte"},
	{"I12", "every entry has actor, authority and rule"},
	{"I13", "each attested day agrees, or has a listed break"},
	{"I14", "what is in suspense has an age and an owner"},
	{"I15", "sums and counts of a batch are those of its payments; of what comes in: not yet"},
	{"A1", "deposits at a named custodian, with a full statement"},
	{"A2", "required deposits, the duty to top up, restriction"},
	{"A3", "holds and releases; a sign of default stops what is paid back"},
	{"A4", "deductions never below zero, never without a decided claim; they can be appealed"},
	{"A5", "a merchant's exit"},
	{"A6", "instruments: limits beside the deposit, never cash"},
	{"A7", "custody: attested each day by somebody who is neither merchant nor issuer"},
	{"A8", "early warning: coverage of an issuer over all merchants"},
	{"B1", "an incident freezes, blocks exits, fixes the policy"},
	{"B2", "exposure of an issuer over several channels; a card is one card"},
	{"B3", "what was received elsewhere comes off the loss"},
	{"B4", "bulk import; money that comes after an incident is its claims' first"},
	{"B5", "full, capped, percentage, deposit-only"},
	{"B6", "an incident ends: nothing is open in it, and what is left is the merchant's again"},
	{"C1", "units are a ledger of their own, with the cost of each lot"},
	{"C2", "consumption: confirmed, absent in a complete source, or unavailable"},
	{"C3", "a ruling shows its arithmetic"},
	{"D1", "filing a claim gives a receipt, by any channel"},
	{"D2", "one owner, one next action, one due date"},
	{"D4", "a claim's whole story on one screen"},
	{"D5", "a promise to a claimant is an entry; it is taken back by two people"},
	{"D6", "a merchant answers in its time; a ruling is agreed to, or made and given to both"},
	{"D7", "whoever is refused is told why, can appeal, and is heard by somebody else; payment may wait"},
	{"D10", "a claim is withdrawn, linked, reopened, closed"},
	{"D3", "evidence is a list from the filing on, and is asked for once"},
	{"D8", "duplicates are linked, never silently blocked"},
	{"D11", "nobody has to have failed for something to be lost: an order is claimed of its merchant"},
	{"D12", "a claim is found by holder, card, order or receipt"},
	{"E1", "policies are published versions; each entry names its own"},
	{"E3", "clocks: what is due becomes an entry; working days are data"},
	{"E4", "claims that can not wait come before all others"},
	{"F1", "the order in which deposit, instruments and funder pay"},
	{"F2", "a payout's life: only the bank's word settles"},
	{"F3", "paid exactly once, whatever is sent again"},
	{"F4", "a returned payment can be reissued"},
	{"F5", "files of a bank come in whole, with counts and totals that equal the details"},
	{"F8", "rails are data: how a custodian is told to pay, what a payment is called there"},
	{"G1", "a settled advance makes recourse, in the same entry"},
	{"G2", "shares of liable parties, joint and several"},
	{"G4", "receipts go through suspense and the waterfall"},
	{"G5", "what is recovered too much is owed to somebody by name"},
	{"G6", "write-off by two people, enforceable still, reinstated by itself"},
	{"H1", "roles are bound to keys, keys to people; nobody takes in, decides and pays a claim"},
	{"H2", "maker and checker: limits, proposals, approvals"},
	{"H3", "cash moves on a custodian's word"},
	{"H4", "what may be a fraud is shown to a person, and blocks nothing"},
	{"H5", "a request id answers the same for ever"},
	{"H6", "break-glass is possible, logged, reviewed"},
	{"H8", "rules have versions; which is in force is an entry of two people's"},
	{"J1", "chain, tree, signed checkpoints"},
	{"J4", "the offline audit"},
	{"J6", "a history that was rolled back or forked is not signed"},
	{"K", "an account's turnover is its balance; reports as of any entry or time"},
};

const struct recourse_code *recourse_reference_code(size_t index)
{
	return index < sizeof codes / sizeof codes[0] ? &codes[index] : NULL;
}

/* ---- errors ---- */

enum recourse_error recourse_reference_error(size_t index)
{
	enum { ERROR_END = 1000 };
	for (int number = 1; number < ERROR_END; number++) {
		enum recourse_error error = (enum recourse_error)number;
		if (strcmp(recourse_error_name(error), "UNKNOWN") != 0 && index-- == 0)
			return error;
	}
	return RECOURSE_OK;
}
