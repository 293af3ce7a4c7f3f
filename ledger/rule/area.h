/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_claim.h"
#include "books/record_cover.h"
#include "rule/clock.h"

/*
 * What an area of the rules brings along: its commands, queries and checks, what its clocks do, and what must happen in it
 * when something happens elsewhere. Each says so in one row, in AREA_area.c; decide/registry.c lists the rows. So a
 * command, a query, a clock or a follower is known where it belongs and nowhere else, and what happens in one area
 * reaches another that it knows nothing of.
 */
struct command;
enum { AREA_GROUPS_MAX = 24, AREA_CLOCKS_MAX = 12 };

/*
 * What is done when a clock is due. A refusal leaves its reason in the entry, and it strikes again a day later, but for one
 * that says that there is nothing to do any more; of one by which something goes on no refusal says that.
 */
typedef enum recourse_error area_strike(struct decision *decision, slice subject);
struct area_clock {
	enum clock_kind kind;
	area_strike *strike;
};
#define CLOCK_BIT(kind) (UINT32_C(1) << (kind))

typedef enum recourse_error area_decider(
	struct decision *decision, const struct command *command, const struct value *values);
struct blockers;
typedef enum recourse_error area_blockers_walker(struct blockers *list);
typedef enum recourse_error area_texts_reader(
	struct state_view *view, slice command, slice code, struct record_texts *texts);

typedef enum recourse_error area_claim_teller(struct decision *decision, slice claim);
typedef enum recourse_error area_claim_follower(
	struct decision *decision, slice claim, struct record_claim *record);

typedef enum recourse_error area_claim_heir(struct decision *decision, slice fallen, slice claim);

typedef enum recourse_error area_claim_placer(struct decision *decision, slice claim,
	struct record_claim *record, const struct record_entitlement *lot,
	const struct record_incident *incident, uint32_t shown);

/* Lists end where they are full, or with a row of zeroes. */
struct area {
	const char *name;
	const struct command_group *commands[AREA_GROUPS_MAX];
	const struct query_group *queries[AREA_GROUPS_MAX];
	const struct check_group *checks[AREA_GROUPS_MAX];
	struct area_clock clocks[AREA_CLOCKS_MAX];
	uint32_t go_on; /* kinds of these by which something goes on, as bits */

	/* What people read for a reason code of a command. All zeroes where it was not published. NULL: nothing here says. */
	area_texts_reader *texts;

	/* What of this area's is in the way of closing an incident: see blocker.h. NULL: nothing is. */
	area_blockers_walker *blockers;

	/* Followers: what must happen here when … NULL: nothing. A refusal is the command's. */

	/* … a command whose form is right is about to be decided: what stands against it. */
	area_decider *deciding;
	/* … all commands of a request that takes effect as a whole were decided, and none was refused. */
	enum recourse_error (*request_decided)(struct decision *decision);
	/* … all that a command posts is posted, and moves balances next: what follows from it is posted, too. */
	enum recourse_error (*posted)(struct decision *decision);
	/* … the decision's postings have moved balances. */
	enum recourse_error (*balances_moved)(struct decision *decision);
	/* … it may have changed whether what a custodian keeps in that unit counts. */
	enum recourse_error (*custody_changed)(struct decision *decision, const struct unit *unit);
	/* … a merchant is in an incident: what stops, and what is frozen under its id. The entry keeps both texts. */
	enum recourse_error (*section_opened)(struct decision *decision,
		const struct record_incident *incident, const struct record_section *section, slice reference,
		slice merchant);
	/* … what was booked at that instant is taken back, or booked again, as that row says. */
	enum recourse_error (*corrected)(
		struct decision *decision, const struct record_booked *correction, uint64_t instant);
	/* … the claim window of a section has closed: what waited for that is due. The section is the caller's, who saves it. */
	enum recourse_error (*section_barred)(struct decision *decision,
		const struct record_incident *incident, struct record_section *section);
	/* … a called instrument has paid for a section; `reference` is the incident's id. */
	enum recourse_error (*instrument_paid)(struct decision *decision, slice reference,
		const struct record_incident *incident, const struct record_section *section);
	/* … or has not after all, by that entry: what it shared out is not. Incident and section are kept. */
	enum recourse_error (*instrument_unpaid)(struct decision *decision, uint64_t entry,
		const struct record_incident *incident, const struct record_section *section);
	/* … what it paid is about to be its provider's again: refused where something needs it. */
	enum recourse_error (*instrument_unneeded)(struct decision *decision, slice reference,
		const struct record_incident *incident, const struct record_section *section);
	/* … a claim is about to be put: whose move it is may have changed. The record is the caller's, who puts it. */
	area_claim_follower *claim_put;
	/* … its lot was claimed once more: by whom, is linked to it. */
	area_claim_teller *claim_repeated;
	/* … it came into an incident: filed, or moved, with flags that this shows, as bits. The record is saved, and the caller's. */
	area_claim_placer *claim_placed;
	/* … its lot was another claim's, which fell. Both are saved. */
	area_claim_heir *claim_stepped_in;
};

/* The areas, in the order of their rooms; ends with NULL. Which there are decide/registry.c alone knows. */
extern const struct area *const registry_areas[];

/*
 * In all areas, in their order. NULL where there is no such thing. Commands and queries by index are in the order of
 * the manual: by area, then as its row lists them.
 */
const struct command *area_command(slice name);
const struct command *area_command_at(size_t index);
size_t area_commands(void); /* how many there are */
const struct query_row *area_query(slice name);
const struct query_row *area_query_at(size_t index);
area_strike *area_clock(enum clock_kind kind);
bool area_goes_on(enum clock_kind kind);
area_texts_reader area_texts;

/* Tell the followers. */
area_decider area_deciding;
enum recourse_error area_request_decided(struct decision *decision);
enum recourse_error area_posted(struct decision *decision);
enum recourse_error area_balances_moved(struct decision *decision);
enum recourse_error area_custody_changed(struct decision *decision, const struct unit *unit);
enum recourse_error area_section_opened(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice reference, slice merchant);
enum recourse_error area_corrected(
	struct decision *decision, const struct record_booked *correction, uint64_t instant);
enum recourse_error area_section_barred(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);
enum recourse_error area_instrument_paid(struct decision *decision, slice reference,
	const struct record_incident *incident, const struct record_section *section);
enum recourse_error area_instrument_unpaid(struct decision *decision, uint64_t entry,
	const struct record_incident *incident, const struct record_section *section);
enum recourse_error area_instrument_unneeded(struct decision *decision, slice reference,
	const struct record_incident *incident, const struct record_section *section);
area_claim_follower area_claim_put;
area_claim_teller area_claim_repeated;
area_claim_placer area_claim_placed;
area_claim_heir area_claim_stepped_in;
