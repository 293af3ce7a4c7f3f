/* SPDX-License-Identifier: Apache-2.0 */
#include "books/tables.h"

#include "base/split.h"
#include "base/unit.h"
#include "books/claim_index.h"
#include "books/desk_index.h"
#include "books/row_index.h"
#include "proof/key.h"

/* Records are stored as they lie in memory: none may have padding, whose bytes would be undefined. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"
#include "books/record_bank.h"
#include "books/record_cover.h"
#include "books/record_evidence.h"
#include "books/record_hearing.h"
#include "books/record_desk.h"
#include "books/record_ledger.h"
#include "books/record_payee.h"
#include "books/record_rail.h"
#include "books/record_report.h"
#pragma GCC diagnostic pop
_Static_assert(sizeof(struct unit) == 16 + 4 + 4, "of which records are made");
_Static_assert(sizeof(struct split) == 5 * 8, "of which records are made");
_Static_assert(sizeof(struct record_deadline) == 8 + 8 + STATE_KEY_MAX, "a record too");

/* ---- what clocks are set for: see clock_name.h ---- */

/* The id that the key is. */
static slice own_id(
	const struct table_key *row, const void *record, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	(void)record;
	(void)text;
	return row->parts[0].text;
}

/* The entry that the key is. */
static slice own_entry(
	const struct table_key *row, const void *record, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	(void)record;
	return clock_name_of_entry(row->parts[0].number, text);
}

/* The claim, of a section's. */
static slice sections_claim(
	const struct table_key *row, const void *record, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	(void)record;
	(void)text;
	return row->parts[2].text;
}

/* The section that the key is. */
static slice own_section(
	const struct table_key *row, const void *record, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	(void)record;
	return clock_name_of_section((uint32_t)row->parts[0].number, (uint32_t)row->parts[1].number, text);
}

/* A newer one is waited for. */
static slice last_attestation(
	const struct table_key *row, const void *record, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	(void)row;
	return clock_name_of_entry(((const struct record_custody *)record)->attested_entry, text);
}

static slice incidents_id(
	const struct table_key *row, const void *record, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	const struct record_incident *incident = record;
	(void)row;
	(void)text;
	return slice_of(incident->id, strnlen(incident->id, sizeof incident->id));
}

static slice merchant_in_unit(
	const struct table_key *row, const void *record, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	const struct record_collateral *collateral = record;
	(void)row;
	return clock_name_of_party(unit_code(&collateral->unit), collateral->merchant, text);
}

static slice issuer_in_unit(
	const struct table_key *row, const void *record, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	const struct record_issuer *issuer = record;
	(void)row;
	return clock_name_of_party(unit_code(&issuer->unit), issuer->issuer, text);
}

/* A row of the table of tables: its name, what a row of it holds, the record's size, the key, and what is kept up. */
#define TABLE(number, title, text, bytes, ...)                                                               \
	[(number)-RECORD_FIRST] = {.name = title, .holds = text, .size = bytes, __VA_ARGS__}
#define KEY(...)     .parts = {__VA_ARGS__}
#define ONE_ROW      KEY({NULL, TABLE_TEXT})
#define INDEXES(...) .indexes = {__VA_ARGS__}
#define CLOCKS(...)  .clocks = {__VA_ARGS__}
#define PART(kind, part)                                                                                     \
	{                                                                                                    \
		part, TABLE_##kind                                                                           \
	}
#define TEXT(part)   PART(TEXT, part)
#define NUMBER(part) PART(NUMBER, part)
#define SHORT(part)  PART(SHORT, part)
#define REST(part)   PART(REST, part)
#define CLOCK(kind, type, member, subject)                                                                   \
	{                                                                                                    \
		kind, offsetof(struct type, member), subject                                                 \
	}

static const struct table rows[RECORD_TABLES] = {
	TABLE(RECORD_LEDGER, "ledger",
		"the ledger itself: origin, log key, how far its time runs ahead, what holds its clocks",
		sizeof(struct record_ledger), ONE_ROW),
	TABLE(RECORD_COUNTER, "counter", "how many numbers of a table were given out", sizeof(uint64_t),
		KEY(SHORT("table"))),
	TABLE(RECORD_PARTY, "party", "a party", sizeof(struct record_party), KEY(TEXT("party")),
		.beside = BESIDE_PARTY),
	TABLE(RECORD_PARTY_NAME, "party name", "the id of a party, by its number", TEXT_ID_SIZE,
		KEY(SHORT("number"))),
	TABLE(RECORD_KEY, "key", "a key", sizeof(struct record_key), KEY(TEXT("handle"))),
	TABLE(RECORD_KEY_NAME, "key name", "the handle of a key, by its number", KEY_HANDLE_SIZE,
		KEY(SHORT("number"))),
	TABLE(RECORD_KEY_BYTES, "key bytes", "the entry that registered a public key", sizeof(uint64_t),
		KEY(REST("bytes"))),
	TABLE(RECORD_UNIT, "unit", "a unit of the ledger's own", sizeof(struct unit), KEY(TEXT("unit"))),
	TABLE(RECORD_POLICY, "policy", "a published version of a policy", sizeof(struct record_policy),
		KEY(TEXT("policy"), SHORT("version"))),
	TABLE(RECORD_CALENDAR, "calendar", "the working days of a year", sizeof(struct record_calendar),
		KEY(TEXT("calendar"), NUMBER("year"))),
	TABLE(RECORD_RULE, "rule", "the version of a rule that was adopted", sizeof(struct record_rule),
		KEY(TEXT("command"))),
	TABLE(RECORD_REASON_CODE, "reason",
		"a reason code of a command, with its texts; the empty one: the list",
		sizeof(struct record_texts), KEY(TEXT("command"), TEXT("code"))),
	TABLE(RECORD_REQUEST, "request", "a request that was taken", sizeof(struct record_request),
		KEY(SHORT("party"), TEXT("request"))),
	TABLE(RECORD_STORED, "stored", "what a key has had stored in a day; key 0: all of the party's",
		sizeof(struct record_stored), KEY(SHORT("party"), SHORT("key"))),
	TABLE(RECORD_ACCOUNT, "account", "an account", sizeof(struct record_account),
		KEY(SHORT("code"), TEXT("party"), TEXT("reference"), TEXT("unit"))),
	TABLE(RECORD_ACCOUNT_SUM, "account sum", "the accounts of all references together",
		sizeof(struct record_account), KEY(SHORT("code"), TEXT("party"), TEXT("unit"))),
	TABLE(RECORD_HISTORY, "history",
		"what moved an account from that entry on, behind how it stood before: a page",
		sizeof(struct record_history), KEY(SHORT("account"), NUMBER("entry")), .followed = true),
	TABLE(RECORD_DAY, "day", "the first entry of a day, at a place so many minutes east of UTC",
		sizeof(uint64_t), KEY(SHORT("east"), NUMBER("day"))),
	TABLE(RECORD_ABOUT, "about", "an entry is about it, which is no party", 0,
		KEY(SHORT("table"), TEXT("id"), NUMBER("entry"))),
	TABLE(RECORD_DEADLINE, "deadline", "a clock that is set: by which entry, and of which row",
		sizeof(struct record_deadline), KEY(NUMBER("due"), SHORT("kind"), TEXT("subject"))),
	TABLE(RECORD_BANK_LINE, "bank line", "a line of a bank's statement, and what of it is booked",
		sizeof(struct record_bank_line), KEY(TEXT("custodian"), TEXT("reference")),
		INDEXES({RECORD_BANK_LINE_LEFT, row_index_unbooked_line},
			{RECORD_BANK_LINE_DAY, row_index_line_of_day},
			{RECORD_BANK_LINE_FILE, row_index_line_of_statement},
			{RECORD_BANK_LINE_FILE, row_index_line_of_notice})),
	TABLE(RECORD_CONTROL, "control", "the published limits on one person alone",
		sizeof(struct record_control), ONE_ROW),
	TABLE(RECORD_USED, "used", "how much of a limit is used", sizeof(int64_t),
		KEY(TEXT("command"), TEXT("unit"), SHORT("span"), REST("of"))),
	TABLE(RECORD_PROPOSAL, "proposal", "a command that waits for other people",
		sizeof(struct record_proposal), KEY(NUMBER("entry")),
		INDEXES({RECORD_PROPOSAL_CLAIM, claim_index_proposal},
			{RECORD_PROPOSAL_INCIDENT, row_index_incident_proposal},
			{RECORD_PROPOSAL_PARTY, row_index_party_proposal}),
		CLOCKS(CLOCK(CLOCK_PROPOSAL, record_proposal, expires, own_entry))),
	TABLE(RECORD_PROPOSED, "proposed", "the command itself, as the map that was submitted", 0,
		KEY(NUMBER("entry")), .followed = true),
	TABLE(RECORD_BREAK_GLASS, "break-glass", "a proposal carried out without all approvals",
		sizeof(struct record_break_glass), KEY(NUMBER("entry")),
		INDEXES({RECORD_BREAK_GLASS_OPEN, row_index_open_use}),
		CLOCKS(CLOCK(CLOCK_REVIEW, record_break_glass, clock, own_entry))),
	TABLE(RECORD_BREAK_GLASS_OPEN, "break-glass open", "a use that waits for its review", 0,
		KEY(NUMBER("entry"))),
	TABLE(RECORD_CLOCK_HOLD, "clock hold", "a time for which all clocks were held",
		sizeof(struct record_clock_hold), KEY(NUMBER("entry"))),
	TABLE(RECORD_CUSTODY, "custody", "what a custodian attested last", sizeof(struct record_custody),
		KEY(TEXT("custodian"), TEXT("unit")),
		CLOCKS(CLOCK(CLOCK_CUSTODY, record_custody, clock, last_attestation))),
	TABLE(RECORD_ATTESTATION, "attestation", "what a custodian attested of a day",
		sizeof(struct record_attestation), KEY(NUMBER("entry"))),
	TABLE(RECORD_BREAK, "break", "where bank and ledger differ", sizeof(struct record_break),
		KEY(NUMBER("entry"))),
	TABLE(RECORD_INCIDENT, "incident", "an incident", sizeof(struct record_incident),
		KEY(SHORT("number")), INDEXES({RECORD_SCOPE, row_index_open_scope}),
		CLOCKS(CLOCK(CLOCK_BAR_DATE, record_incident, clock, incidents_id),
			CLOCK(CLOCK_SCOPE, record_incident, widening, incidents_id),
			CLOCK(CLOCK_CLOSE, record_incident, close_clock, incidents_id))),
	TABLE(RECORD_INCIDENT_NAME, "incident name", "the number of an incident", sizeof(uint32_t),
		KEY(TEXT("incident"))),
	TABLE(RECORD_COLLATERAL, "collateral", "what secures a merchant's customers",
		sizeof(struct record_collateral), KEY(TEXT("merchant"), TEXT("unit")),
		.beside = BESIDE_COLLATERAL, INDEXES({RECORD_DUTY, row_index_open_duty}),
		CLOCKS(CLOCK(CLOCK_TOP_UP, record_collateral, clock, merchant_in_unit))),
	TABLE(RECORD_SHARE, "share", "what of it is an issuer's", sizeof(struct record_share),
		KEY(TEXT("issuer"), TEXT("unit"), TEXT("merchant"))),
	TABLE(RECORD_ISSUER, "issuer", "the same, of an issuer over all merchants",
		sizeof(struct record_issuer), KEY(TEXT("issuer"), TEXT("unit")),
		CLOCKS(CLOCK(CLOCK_COVERAGE, record_issuer, watch, issuer_in_unit))),
	TABLE(RECORD_ISSUER_CASH, "issuer cash", "the cash of it that a custodian keeps", sizeof(int64_t),
		KEY(TEXT("issuer"), TEXT("unit"), SHORT("custodian"))),
	TABLE(RECORD_REQUIREMENT, "requirement", "a published version of what has to be lodged",
		sizeof(struct record_requirement), KEY(TEXT("policy"), SHORT("version"))),
	TABLE(RECORD_CLASS, "class", "that of an issuer", sizeof(struct record_class), KEY(TEXT("issuer"))),
	TABLE(RECORD_DUTY, "duty", "those with a duty to top up, the most urgent first", 0,
		KEY(NUMBER("due"), TEXT("merchant"), TEXT("unit"))),
	TABLE(RECORD_WARNING, "warning", "the published thresholds of coverage",
		sizeof(struct record_warning), KEY(TEXT("unit"))),
	TABLE(RECORD_ALERT, "alert", "a change of an issuer's level", sizeof(struct record_alert),
		KEY(NUMBER("entry"))),
	TABLE(RECORD_SWEEP, "sweep", "what concerns many, and where it has come to",
		sizeof(struct record_sweep), KEY(NUMBER("entry")),
		CLOCKS(CLOCK(CLOCK_SWEEP, record_sweep, clock, own_entry))),
	TABLE(RECORD_INSTRUMENT, "instrument", "what secures a merchant beside its deposit",
		sizeof(struct record_instrument), KEY(TEXT("instrument")),
		INDEXES({RECORD_INSTRUMENT_LIVE, row_index_live_instrument},
			{RECORD_INSTRUMENT_PARTY, row_index_merchants_instrument},
			{RECORD_INSTRUMENT_PARTY, row_index_providers_instrument}),
		CLOCKS(CLOCK(CLOCK_INSTRUMENT, record_instrument, clock, own_id))),
	TABLE(RECORD_INSTRUMENT_LIVE, "instrument live", "those in force, as they are drawn", 0,
		KEY(SHORT("merchant"), TEXT("unit"), SHORT("draw"), TEXT("instrument"))),
	TABLE(RECORD_INSTRUMENT_PARTY, "instrument party", "those of a merchant or a provider", 0,
		KEY(SHORT("party"), TEXT("instrument"))),
	TABLE(RECORD_INSTRUMENT_CALLED, "instrument called", "the incidents that one was called for", 0,
		KEY(TEXT("instrument"), SHORT("incident"))),
	TABLE(RECORD_CALL, "call", "what was called from an instrument for a section",
		sizeof(struct record_instrument_call),
		KEY(SHORT("incident"), SHORT("section"), SHORT("draw"), TEXT("instrument")),
		INDEXES({RECORD_INSTRUMENT_CALLED, row_index_instruments_call})),
	TABLE(RECORD_RENEWED, "renewed", "what an instrument was until it was renewed",
		sizeof(struct record_renewed), KEY(NUMBER("entry"))),
	TABLE(RECORD_DEPOSIT, "deposit", "a deposit", sizeof(struct record_deposit),
		KEY(TEXT("merchant"), TEXT("unit")), .beside = BESIDE_DEPOSIT),
	TABLE(RECORD_HOLD, "hold", "a hold on a deposit", sizeof(struct record_hold), KEY(TEXT("hold")),
		CLOCKS(CLOCK(CLOCK_HOLD, record_hold, expires, own_id))),
	TABLE(RECORD_SIGNAL, "signal", "a sign of default", sizeof(struct record_signal),
		KEY(TEXT("merchant")), CLOCKS(CLOCK(CLOCK_SIGNAL, record_signal, expires, own_id))),
	TABLE(RECORD_WITHDRAWAL, "withdrawal", "a withdrawal of what is lodged beyond need",
		sizeof(struct record_withdrawal), KEY(NUMBER("entry")),
		INDEXES({RECORD_PAYABLE, row_index_payable_withdrawal})),
	TABLE(RECORD_PAYABLE, "payable", "what a custodian is to pay", 0,
		KEY(SHORT("custodian"), NUMBER("entry"))),
	TABLE(RECORD_EXIT, "exit", "a merchant's exit", sizeof(struct record_exit), KEY(TEXT("exit")),
		INDEXES({RECORD_EXIT_OPEN, row_index_open_exit}, {RECORD_EXIT_LIST, row_index_merchants_exit},
			{RECORD_EXIT_OVERDUE, row_index_overdue_exit}),
		CLOCKS(CLOCK(CLOCK_EXIT_NOTICE, record_exit, notice_clock, own_id),
			CLOCK(CLOCK_EXIT_TAIL, record_exit, tail_clock, own_id),
			CLOCK(CLOCK_EXIT_REFUND, record_exit, refund_clock, own_id))),
	TABLE(RECORD_EXIT_OPEN, "exit open", "the exit under way", 0,
		KEY(SHORT("merchant"), TEXT("unit"), TEXT("exit"))),
	TABLE(RECORD_EXIT_LIST, "exit list", "those of a merchant", 0, KEY(SHORT("merchant"), TEXT("exit"))),
	TABLE(RECORD_EXIT_ITEM, "exit item", "what of an exit is kept back, and why",
		sizeof(struct record_exit_item), KEY(TEXT("exit"), TEXT("item"))),
	TABLE(RECORD_EXIT_BLOCK, "exit block", "the entry of an incident that an exit waits for",
		sizeof(uint64_t), KEY(TEXT("exit"), NUMBER("incident"))),
	TABLE(RECORD_EXIT_OVERDUE, "exit overdue", "those of which something should have been paid by now", 0,
		KEY(SHORT("merchant"), TEXT("exit"))),
	TABLE(RECORD_EXIT_OVERDUE_SUM, "exit overdue sum", "the same of all exits",
		sizeof(struct record_exit_overdue), KEY(TEXT("unit"))),
	TABLE(RECORD_LIABILITY, "liability", "what a party is liable for in a section",
		sizeof(struct record_liability), KEY(SHORT("incident"), SHORT("section"), TEXT("party")),
		INDEXES({RECORD_LIABILITY_PARTY, row_index_partys_liability})),
	TABLE(RECORD_LIABILITY_PARTY, "liability party", "the sections that a party is in", 0,
		KEY(SHORT("party"), SHORT("incident"), SHORT("section"))),
	TABLE(RECORD_RECOVERY, "recovery", "a receipt from a liable party", sizeof(struct record_recovery),
		KEY(TEXT("recovery"), SHORT("custodian")),
		INDEXES({RECORD_RECOVERY_WAITING, row_index_waiting_recovery},
			{RECORD_RECOVERY_PAYER, row_index_payers_recovery})),
	TABLE(RECORD_RECOVERY_PAYER, "recovery payer", "the receipts from a party", 0,
		KEY(SHORT("payer"), TEXT("recovery"), SHORT("custodian"))),
	TABLE(RECORD_WRITE_OFF, "write-off", "what is not pursued any more", sizeof(struct record_write_off),
		KEY(TEXT("write_off"))),
	TABLE(RECORD_ENTITLEMENT, "entitlement", "a lot of prepaid units", sizeof(struct record_entitlement),
		KEY(TEXT("entitlement"))),
	TABLE(RECORD_CLAIM, "claim", "a claim", sizeof(struct record_claim), KEY(TEXT("claim")),
		INDEXES({RECORD_LINKED, claim_index_linked}, {RECORD_CLAIM_OPEN, claim_index_open},
			{RECORD_FORMER, claim_index_former})),
	TABLE(RECORD_CHECKLIST, "checklist", "the evidence that a version of a policy lists",
		sizeof(struct record_checklist), KEY(TEXT("policy"), SHORT("version"))),
	TABLE(RECORD_DENIALS, "denials", "the rules of a version of a policy that deny a loss",
		sizeof(struct record_denials), KEY(TEXT("policy"), SHORT("version"))),
	TABLE(RECORD_LISTED, "listed", "a kind of evidence on a claim's list", sizeof(struct record_listed),
		KEY(TEXT("claim"), TEXT("kind"))),
	TABLE(RECORD_PAPER, "paper", "a paper that is held for a claim", sizeof(struct record_paper),
		KEY(TEXT("claim"), NUMBER("entry")), INDEXES({RECORD_PAPER_HASH, desk_index_paper})),
	TABLE(RECORD_PAPER_HASH, "paper hash", "the same by its hash", 0,
		KEY(TEXT("claim"), TEXT("hash"), NUMBER("entry"))),
	TABLE(RECORD_ASKED, "asked", "that somebody was asked for evidence", sizeof(struct record_asked),
		KEY(NUMBER("entry")),
		INDEXES({RECORD_ASKED_PARTY, desk_index_asked}, {RECORD_SILENT, desk_index_silent}),
		CLOCKS(CLOCK(CLOCK_EVIDENCE, record_asked, clock, own_entry))),
	TABLE(RECORD_ASKED_PARTY, "asked party", "what a party has yet to answer, the most urgent first", 0,
		KEY(SHORT("party"), NUMBER("due"), NUMBER("entry"))),
	TABLE(RECORD_SILENT, "silent", "what nobody answered about a lot", 0,
		KEY(TEXT("entitlement"), NUMBER("entry"))),
	TABLE(RECORD_DECIDED, "decided", "what a claim weighs in the rounds: decided, or kept back for it",
		sizeof(struct record_decided), KEY(SHORT("incident"), SHORT("section"), TEXT("claim")),
		CLOCKS(CLOCK(CLOCK_LAPSE, record_decided, lapses, sections_claim))),
	TABLE(RECORD_ROUND, "round", "one sharing-out among claims", sizeof(struct record_round),
		KEY(SHORT("incident"), SHORT("section"), SHORT("kind"), SHORT("round"))),
	TABLE(RECORD_PART, "part", "what a claim whose ruling was changed had of a round before",
		sizeof(struct record_part), KEY(TEXT("claim"), SHORT("kind"), SHORT("round"))),
	TABLE(RECORD_APPROVED, "approved", "what stood in a section until an approval",
		sizeof(struct record_approved), KEY(NUMBER("entry"), SHORT("section"))),
	TABLE(RECORD_DRAWN, "drawn",
		"what an entry shared out of an instrument's payment, or took of it for the instrument again",
		sizeof(int64_t), KEY(NUMBER("entry"), SHORT("section"), TEXT("instrument"))),
	TABLE(RECORD_REPLACED, "replaced",
		"what an entry replaced of the issuer's deposit, or passed on of it, by a round that gave it",
		sizeof(struct record_replaced),
		KEY(NUMBER("entry"), SHORT("section"), SHORT("kind"), SHORT("round"))),
	TABLE(RECORD_ISSUERS_SPLIT, "issuer's split",
		"what a section's share of the issuer's pool was by an entry",
		sizeof(struct record_issuers_split), KEY(NUMBER("entry"), SHORT("section"))),
	TABLE(RECORD_PAID_OUT, "paid out", "what an entry paid a party of its own, or had back, of a section",
		sizeof(struct record_paid_out),
		KEY(SHORT("incident"), SHORT("section"), TEXT("party"), NUMBER("entry"))),
	TABLE(RECORD_REPAID, "repaid", "what of a repayment was a section's", sizeof(struct record_repaid),
		KEY(NUMBER("entry"), SHORT("section"))),
	TABLE(RECORD_GAVE_BACK, "gave back", "whose again what a claimant gave back was",
		sizeof(struct record_gave_back), KEY(NUMBER("entry"))),
	TABLE(RECORD_DEDUCTION, "deduction", "what a distribution took from a deposit",
		sizeof(struct record_deduction), KEY(NUMBER("entry"), SHORT("merchant"))),
	TABLE(RECORD_APPEAL, "appeal", "a merchant's appeal of a deduction", sizeof(struct record_appeal),
		KEY(NUMBER("entry")),
		INDEXES({RECORD_STAY, row_index_staying_appeal}, {RECORD_APPEAL_OPEN, row_index_open_appeal}),
		CLOCKS(CLOCK(CLOCK_APPEAL, record_appeal, clock, own_entry))),
	TABLE(RECORD_STAY, "stay", "those that stay payment", 0, KEY(SHORT("incident"), NUMBER("appeal"))),
	TABLE(RECORD_SECTION, "section", "what an incident is to one merchant: its claims and its pool",
		sizeof(struct record_section), KEY(SHORT("incident"), SHORT("section"))),
	TABLE(RECORD_BEHIND, "behind", "sections for which an entry had no room",
		sizeof(struct record_behind), KEY(SHORT("incident"), SHORT("section")),
		CLOCKS(CLOCK(CLOCK_BEHIND, record_behind, clock, own_section))),
	TABLE(RECORD_LOWERED, "lowered", "what accounts of a claim have more than is asked back of it",
		sizeof(struct record_lowered), KEY(SHORT("incident"), SHORT("section"), TEXT("claim"))),
	TABLE(RECORD_LINKED, "linked", "claims that repeat another for the same lot, the first one first", 0,
		KEY(TEXT("entitlement"), NUMBER("filed"), TEXT("claim"))),
	TABLE(RECORD_USE, "use", "a record of use, by its number at its source", sizeof(struct record_use),
		KEY(TEXT("source"), TEXT("reference")), INDEXES({RECORD_USE_LOT, claim_index_use})),
	TABLE(RECORD_USE_LOT, "use lot", "the same of a lot", 0,
		KEY(TEXT("entitlement"), TEXT("source"), TEXT("reference"))),
	TABLE(RECORD_ELSEWHERE, "elsewhere",
		"money that a claimant had elsewhere, by its number at its source",
		sizeof(struct record_elsewhere), KEY(TEXT("source"), TEXT("reference")),
		INDEXES({RECORD_ELSEWHERE_CLAIM, claim_index_elsewhere})),
	TABLE(RECORD_ELSEWHERE_CLAIM, "elsewhere claim", "the same of a claim", 0,
		KEY(TEXT("claim"), TEXT("source"), TEXT("reference"))),
	TABLE(RECORD_DIRECT, "direct", "what the claimants of a section's decided claims had from a source",
		sizeof(int64_t), KEY(SHORT("incident"), SHORT("section"), TEXT("source"))),
	TABLE(RECORD_OFFER, "offer", "what an issuer offers holders", sizeof(struct record_offer),
		KEY(TEXT("offer"))),
	TABLE(RECORD_BOOKED, "booked", "what an entry booked that can be taken back, or took back",
		sizeof(struct record_booked), KEY(NUMBER("entry")),
		INDEXES({RECORD_CORRECTION, row_index_correction}, {RECORD_HALF_BACK, row_index_half_back})),
	TABLE(RECORD_CORRECTION, "correction", "taken back, or booked again", 0, KEY(NUMBER("entry"))),
	TABLE(RECORD_HALF_BACK, "half back", "what is taken back in part", 0, KEY(NUMBER("entry"))),
	TABLE(RECORD_LATER, "booked later", "cash of bank lines of a day that entries of a later one brought",
		sizeof(int64_t), KEY(TEXT("custodian"), TEXT("unit"), NUMBER("entered"), NUMBER("day"))),
	TABLE(RECORD_PLACE, "place", "whose days a custodian's are", sizeof(struct record_place),
		KEY(TEXT("custodian"))),
	TABLE(RECORD_BANK_LINE_LEFT, "bank line left", "those of which something is left", 0,
		KEY(TEXT("custodian"), TEXT("reference"))),
	TABLE(RECORD_UNIDENTIFIED, "unidentified", "a receipt of which nobody knew what it is for",
		sizeof(struct record_unidentified), KEY(NUMBER("entry")),
		INDEXES({RECORD_UNIDENTIFIED_OPEN, row_index_open_receipt}),
		CLOCKS(CLOCK(CLOCK_SUSPENSE, record_unidentified, clock, own_entry))),
	TABLE(RECORD_UNIDENTIFIED_OPEN, "unidentified open", "with something left", 0, KEY(NUMBER("entry"))),
	TABLE(RECORD_ESTATE, "estate", "a party that is insolvent", sizeof(struct record_estate),
		KEY(TEXT("party"))),
	TABLE(RECORD_TOP_UP, "top-up", "money for the deposit of one that is", sizeof(struct record_top_up),
		KEY(NUMBER("entry"))),
	TABLE(RECORD_PROOF, "proof", "what the estate of one accepted in a section",
		sizeof(struct record_proof), KEY(TEXT("party"), SHORT("incident"), SHORT("section"))),
	TABLE(RECORD_POOL, "pool", "the entry that froze a merchant's deposit for an incident",
		sizeof(struct record_pool), KEY(SHORT("merchant"), TEXT("unit"), SHORT("incident"))),
	TABLE(RECORD_SCOPE, "scope", "the incidents into which an issuer's merchants come", 0,
		KEY(SHORT("issuer"), TEXT("unit"), SHORT("incident"))),
	TABLE(RECORD_BATCH, "batch", "what a merchant sold of an issuer's batch", sizeof(struct record_batch),
		KEY(TEXT("issuer"), TEXT("batch"), TEXT("unit"), TEXT("merchant"))),
	TABLE(RECORD_CLAIM_OPEN, "claim open", "those that are not at their end", 0,
		KEY(SHORT("incident"), SHORT("section"), TEXT("claim"))),
	TABLE(RECORD_RECOVERY_WAITING, "recovery waiting", "receipts not allocated, or back in part", 0,
		KEY(SHORT("incident"), TEXT("recovery"), SHORT("custodian"))),
	TABLE(RECORD_APPEAL_OPEN, "appeal open", "those that are not decided, or not paid in", 0,
		KEY(SHORT("incident"), NUMBER("appeal"))),
	TABLE(RECORD_SEALED, "sealed", "how much was said about a claim, its last key, its legal holds",
		sizeof(struct record_sealed), KEY(TEXT("claim"))),
	TABLE(RECORD_NOTED, "note",
		"what somebody said in an entry: its commitment, and by which key it is sealed",
		sizeof(struct record_note), KEY(NUMBER("entry")),
		INDEXES({RECORD_NOTE_CLAIM, desk_index_note})),
	TABLE(RECORD_NOTE_CLAIM, "note claim", "the same of a claim", 0, KEY(TEXT("claim"), NUMBER("entry"))),
	TABLE(RECORD_NOTE_KEY, "note key", "a key by which notes of a claim are sealed",
		sizeof(struct record_note_key), KEY(NUMBER("key")),
		INDEXES({RECORD_NOTE_ERASED, desk_index_erased_key})),
	TABLE(RECORD_NOTE_ERASED, "note erased", "those that were erased, by the entry", 0,
		KEY(NUMBER("entry"), NUMBER("key"))),
	TABLE(RECORD_CONTACT, "contact", "a contact about a claim", sizeof(struct record_contact),
		KEY(TEXT("claim"), NUMBER("entry"))),
	TABLE(RECORD_LEGAL_HOLD, "legal hold", "why the notes of a claim are not erased",
		sizeof(struct record_legal_hold), KEY(TEXT("claim"), TEXT("hold"))),
	TABLE(RECORD_DUE, "due", "claims that wait for somebody until that hour: a page of ids", 0,
		KEY(NUMBER("hour"), SHORT("page")), .followed = true),
	TABLE(RECORD_DUE_HOUR, "due hour", "an hour that claims wait in", sizeof(struct record_due_hour),
		KEY(NUMBER("hour")), CLOCKS(CLOCK(CLOCK_DUE, record_due_hour, clock, own_entry))),
	TABLE(RECORD_DESK, "desk", "what people said of a claim, and that it is late",
		sizeof(struct record_desk), KEY(TEXT("claim")),
		INDEXES({RECORD_DESK_OVERDUE, desk_index_overdue}, {RECORD_DESK_ALL, desk_index_waiting},
			{RECORD_DESK_PERSON, desk_index_person}, {RECORD_DESK_TEAM, desk_index_team})),
	TABLE(RECORD_DESK_ALL, "desk all", "those that wait, the urgent and the first due first", 0,
		KEY(SHORT("rank"), NUMBER("due"), TEXT("claim"))),
	TABLE(RECORD_DESK_PERSON, "desk person", "the same of a person", 0,
		KEY(SHORT("person"), SHORT("rank"), NUMBER("due"), TEXT("claim"))),
	TABLE(RECORD_DESK_TEAM, "desk team", "the same of a team, also what one of it took", 0,
		KEY(TEXT("team"), SHORT("rank"), NUMBER("due"), TEXT("claim"))),
	TABLE(RECORD_DESK_HAD, "desk had", "a team or a person that has had a claim",
		sizeof(struct record_desk_had), KEY(TEXT("claim"), TEXT("team"), SHORT("person"))),
	TABLE(RECORD_TEAM, "team", "who is in a team", sizeof(struct record_team), KEY(TEXT("team"))),
	TABLE(RECORD_PROMISE, "promise", "what was promised to a claimant", sizeof(struct record_promise),
		KEY(NUMBER("entry")),
		INDEXES({RECORD_PROMISE_CLAIM, desk_index_promise},
			{RECORD_PROMISE_OPEN, desk_index_open_promise},
			{RECORD_PROMISE_OWED, desk_index_owed_promise}),
		CLOCKS(CLOCK(CLOCK_PROMISE, record_promise, clock, own_entry))),
	TABLE(RECORD_PROMISE_CLAIM, "promise claim", "the same of a claim", 0,
		KEY(TEXT("claim"), NUMBER("entry"))),
	TABLE(RECORD_PROMISE_OPEN, "promise open", "those that are owed, the first due first", 0,
		KEY(NUMBER("due"), NUMBER("entry"))),
	TABLE(RECORD_PROMISE_OWED, "promise owed", "the same of a claim", 0,
		KEY(TEXT("claim"), NUMBER("due"), NUMBER("entry"))),
	TABLE(RECORD_FORMER, "former",
		"claims that fell before another one took their lot, the first one first", 0,
		KEY(TEXT("entitlement"), NUMBER("filed"), TEXT("claim"))),
	TABLE(RECORD_LOT_HOLDER, "lot holder",
		"entries that issued lots, each with a mark of the holder: a page", 0, KEY(NUMBER("entry")),
		.followed = true),
	TABLE(RECORD_LOT_HOLDER_LAST, "lot holder last", "the first entry of the last such page",
		sizeof(uint64_t), ONE_ROW),
	TABLE(RECORD_PROPOSAL_CLAIM, "proposal claim", "commands about a claim that wait for other people", 0,
		KEY(TEXT("claim"), NUMBER("entry"))),
	TABLE(RECORD_HEARING, "hearing", "how the parties of a claim were heard",
		sizeof(struct record_hearing), KEY(TEXT("claim")),
		INDEXES({RECORD_HEARING_MERCHANT, desk_index_hearing}),
		CLOCKS(CLOCK(CLOCK_ANSWER, record_hearing, answer_clock, own_id),
			CLOCK(CLOCK_CONSENT, record_hearing, proposal_clock, own_id),
			CLOCK(CLOCK_CONTEST, record_hearing, appeal_clock, own_id))),
	TABLE(RECORD_HEARING_MERCHANT, "hearing merchant", "what a merchant has yet to answer to", 0,
		KEY(SHORT("merchant"), NUMBER("due"), TEXT("claim"))),
	TABLE(RECORD_DESK_OVERDUE, "desk overdue", "claims that are late, the longest first", 0,
		KEY(NUMBER("since"), TEXT("claim"))),
	TABLE(RECORD_FLAG, "flag", "what of a claim a person is to look at", sizeof(struct record_flag),
		KEY(TEXT("claim"), SHORT("flag")), INDEXES({RECORD_FLAG_OPEN, desk_index_open_flag})),
	TABLE(RECORD_FLAG_OPEN, "flag open", "those that are up, the first due first", 0,
		KEY(NUMBER("due"), TEXT("claim"), SHORT("flag"))),
	TABLE(RECORD_MEASURE, "measure", "how an incident's claims are seen to",
		sizeof(struct record_measure), KEY(SHORT("incident"))),
	TABLE(RECORD_BREACH, "breach", "days of a claim that passed while a team or a person had it",
		sizeof(struct record_breach), KEY(TEXT("claim"), TEXT("team"), SHORT("person"))),
	TABLE(RECORD_BREACH_HOLDER, "breach holder", "the same of all claims", sizeof(struct record_breach),
		KEY(TEXT("team"), SHORT("person"))),
	TABLE(RECORD_PAYEE, "payee", "an account that claims are paid to, as its HMAC",
		sizeof(struct record_payee), KEY(TEXT("payee"))),
	TABLE(RECORD_PAYEE_HOLDER, "payee holder", "the payee of a holder", TEXT_ID_SIZE,
		KEY(SHORT("mark"), TEXT("holder"))),
	TABLE(RECORD_PAYEE_ACCOUNT, "payee account", "that an account was named for a holder",
		sizeof(struct record_payee_account), KEY(TEXT("account"), TEXT("holder"))),
	TABLE(RECORD_CLAIM_PAYEE, "claim payee", "where a claim's payment was ordered to last",
		sizeof(struct record_claim_payee), KEY(TEXT("claim"))),
	TABLE(RECORD_ORIGIN, "origin", "a claim that came from an origin", sizeof(struct record_origin),
		KEY(TEXT("origin"), NUMBER("entry"))),
	TABLE(RECORD_WATCH, "watch", "what is published of what a person is to look at",
		sizeof(struct record_watch), ONE_ROW),
	TABLE(RECORD_PROPOSAL_INCIDENT, "proposal incident",
		"a proposal that waits, about an incident and no claim", 0,
		KEY(SHORT("incident"), NUMBER("entry"))),
	TABLE(RECORD_PROPOSAL_PARTY, "proposal party", "a proposal that waits, about a merchant or a party",
		0, KEY(SHORT("party"), NUMBER("entry"))),
	TABLE(RECORD_RAIL, "rail", "a rail that payments go by", sizeof(struct record_rail),
		KEY(TEXT("rail"))),
	TABLE(RECORD_RAIL_WAITING, "rail waiting", "from which order on an incident's may wait for a batch",
		sizeof(struct record_rail_waiting), KEY(TEXT("rail"), SHORT("incident"))),
	TABLE(RECORD_RAIL_ORDER, "rail order", "a payment that was ordered on a rail",
		sizeof(struct record_rail_order), KEY(TEXT("rail"), NUMBER("entry"))),
	TABLE(RECORD_PAYMENT_BATCH, "payment batch", "payments of a rail that go together",
		sizeof(struct record_payment_batch), KEY(TEXT("batch")),
		INDEXES({RECORD_PAYMENT_BATCH_RAIL, row_index_rails_batch})),
	TABLE(RECORD_PAYMENT_BATCH_RAIL, "payment batch rail", "the same of a rail, as they were made", 0,
		KEY(TEXT("rail"), NUMBER("made"), TEXT("batch"))),
	TABLE(RECORD_BATCH_FILE, "batch file", "a file of a payment batch that went out",
		sizeof(struct record_batch_file), KEY(TEXT("batch"), NUMBER("file"))),
	TABLE(RECORD_BANK_FILE, "bank file", "a file of a bank or a wallet, and how far it is in",
		sizeof(struct record_bank_file), KEY(NUMBER("entry")),
		INDEXES({RECORD_BANK_FILE_LIST, row_index_custodians_file},
			{RECORD_BANK_FILE_OPEN, row_index_open_file},
			{RECORD_BANK_STATEMENT, row_index_statement}),
		CLOCKS(CLOCK(CLOCK_BANK_FILE, record_bank_file, clock, own_entry))),
	TABLE(RECORD_BANK_FILE_LIST, "bank file list", "those of a custodian", 0,
		KEY(SHORT("custodian"), NUMBER("entry"))),
	TABLE(RECORD_BANK_FILE_OPEN, "bank file open", "those that were begun and not ended", 0,
		KEY(SHORT("custodian"), NUMBER("entry"))),
	TABLE(RECORD_BANK_STATEMENT, "bank statement",
		"those that are statements, by how many days and which", 0,
		KEY(SHORT("custodian"), NUMBER("days"), NUMBER("last_day"), NUMBER("entry"))),
	TABLE(RECORD_BANK_FILE_NAME, "bank file name", "the entry that began a file", sizeof(uint64_t),
		KEY(TEXT("custodian"), TEXT("file"))),
	TABLE(RECORD_BANK_FILE_HASH, "bank file hash", "the same, by its SHA-256", sizeof(uint64_t),
		KEY(TEXT("custodian"), TEXT("hash"))),
	TABLE(RECORD_BANK_FILE_NUMBER, "bank file number", "the same, by its number in a sequence",
		sizeof(uint64_t), KEY(TEXT("custodian"), TEXT("unit"), SHORT("kind"), NUMBER("number"))),
	TABLE(RECORD_BANK_PIECE, "bank piece", "a piece of a file that is in",
		sizeof(struct record_bank_piece), KEY(NUMBER("file"), NUMBER("piece"))),
	TABLE(RECORD_BANK_GAP, "bank gap", "numbers of a sequence that no file has come with",
		sizeof(struct record_bank_gap),
		KEY(TEXT("custodian"), TEXT("unit"), SHORT("kind"), NUMBER("first"))),
	TABLE(RECORD_BANK_FILE_DAY, "bank file day",
		"what the lines of a day come to in a statement of several",
		sizeof(struct record_bank_file_day), KEY(NUMBER("file"), NUMBER("day"))),
	TABLE(RECORD_BANK_LINE_FILE, "bank line file", "the lines that stand in a file, by the bank's day", 0,
		KEY(NUMBER("file"), NUMBER("day"), TEXT("reference"))),
	TABLE(RECORD_BANK_LINE_DAY, "bank line day", "lines that were stated, by the bank's day", 0,
		KEY(TEXT("custodian"), TEXT("unit"), NUMBER("day"), TEXT("reference"))),
	TABLE(RECORD_REPORT, "report",
		"what was said of a claim's payment, beyond that it was ordered or made",
		sizeof(struct record_report), KEY(TEXT("claim")),
		INDEXES({RECORD_UNRESOLVED, row_index_unresolved}),
		CLOCKS(CLOCK(CLOCK_PAYMENT, record_report, clock, own_id))),
	TABLE(RECORD_UNRESOLVED, "unresolved",
		"payments that wait, the oldest first; apart what nobody claimed", 0,
		KEY(SHORT("unclaimed"), NUMBER("since"), TEXT("claim"))),
	TABLE(RECORD_UNANSWERED, "unanswered",
		"a batch that went out, and may have payments without an answer",
		sizeof(struct record_unanswered), KEY(TEXT("batch")),
		CLOCKS(CLOCK(CLOCK_BATCH, record_unanswered, clock, own_id))),
	TABLE(RECORD_BATCH_HASH, "batch hash", "a file that went out by a rail, by its bytes: its entry",
		sizeof(uint64_t), KEY(TEXT("rail"), TEXT("hash"))),
	TABLE(RECORD_FORMER_ORDER, "former order",
		"an order of a claim that is not its last any more, to a named payee",
		sizeof(struct record_former_order), KEY(TEXT("claim"), NUMBER("entry"))),
	TABLE(RECORD_ABOUT_PARTY, "about party", "an entry is about that party", 0,
		KEY(TEXT("party"), NUMBER("entry")), .beside = BESIDE_ABOUT),
};

const struct table *tables_at(enum record_table number)
{
	return &rows[number - RECORD_FIRST];
}

const struct table *tables_of(slice key)
{
	int number = key.size < 2 ? RECORD_END : key.data[0] << 8 | key.data[1];
	return number < RECORD_FIRST || number >= RECORD_END ? NULL : tables_at((enum record_table)number);
}
