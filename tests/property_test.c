/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "base/buffer.h"

#include "books/record_ledger.h"
#include "books/account.h"
#include "rule/rule.h"
#include "ledger.h"

#include <stdio.h>
#include <string.h>

/*
 * Random commands, fitting or not, over a small world where ids and amounts meet often. After each request a
 * model that only adds up the postings of the entries, and knows no rule, must agree with every balance; no
 * account may cross zero; a refusal must leave no trace. At the end the audit finds nothing, and the rebuilt
 * state is the same.
 */
enum { STEPS = 1200, ACCOUNTS_MAX = 1024, COMMANDS = 4, NUMBERED = 4, KINDS_MAX = 256 };

struct model_account {
	uint16_t code;
	char party[TEXT_ID_SIZE + 1];
	char reference[TEXT_ID_SIZE + 1];
	char unit[UNIT_CODE_SIZE + 1];
	int64_t balance;
};

struct world {
	struct kit *kit;
	struct support_random random;
	struct model_account accounts[ACCOUNTS_MAX];
	size_t account_count;
	uint64_t entries;  /* that the model has seen */
	uint64_t proposal; /* the newest */
	uint64_t deductions[NUMBERED];
	uint64_t appeals[NUMBERED];
	unsigned line;
	unsigned steps;
	unsigned last;             /* number that was given to a claim, card or recovery */
	unsigned kinds[KINDS_MAX]; /* entries by the row of their command */
	unsigned accepted;
	unsigned refused;
};

/* ---- the model ---- */

static void copy(char *to, size_t size, slice from)
{
	assert_true(from.size < size);
	memcpy(to, from.data, from.size);
	to[from.size] = '\0';
}

static void add_posting(struct world *world, const struct entry_posting *posting)
{
	struct model_account new = {.code = posting->code};
	copy(new.party, sizeof new.party, posting->party);
	copy(new.reference, sizeof new.reference, posting->reference);
	copy(new.unit, sizeof new.unit, posting->unit);
	for (size_t index = 0; index < world->account_count; index++) {
		struct model_account *known = &world->accounts[index];
		if (known->code == new.code && strcmp(known->party, new.party) == 0 &&
			strcmp(known->reference, new.reference) == 0 && strcmp(known->unit, new.unit) == 0) {
			known->balance += posting->steps;
			return;
		}
	}
	assert_true(world->account_count < ACCOUNTS_MAX);
	new.balance = posting->steps;
	world->accounts[world->account_count++] = new;
}

static void count_kind(struct world *world, slice kind)
{
	size_t row = 0;
	while (area_command_at(row) != area_command(kind))
		row++;
	assert_true(row < KINDS_MAX);
	world->kinds[row]++;
}

static void show_kinds(const struct world *world)
{
	print_message("%u requests did something, %u nothing; never: ", world->accepted, world->refused);
	for (size_t row = 0; area_command_at(row) != NULL; row++) {
		if (world->kinds[row] == 0)
			print_message("%s ", area_command_at(row)->method.name);
	}
	print_message("\n");
}

static void add_entry(struct world *world, struct log_snapshot *log, uint64_t number)
{
	int64_t books[CHART_BOOKS][2] = {{0}};
	struct entry_posting posting;
	struct entry entry;
	slice bytes;
	assert_ok(log_read_entry(log, number, &bytes));
	assert_ok(entry_decode(bytes, &entry));
	assert_int_equal(entry.number, number);
	count_kind(world, entry.kind);
	if (slice_is(entry.kind, "write_off.record") || slice_is(entry.kind, "instrument.refuse"))
		world->proposal = number;
	if (slice_is(entry.kind, "distribution.approve"))
		world->deductions[number % NUMBERED] = number;
	if (slice_is(entry.kind, "appeal.lodge"))
		world->appeals[number % NUMBERED] = number;
	struct entry_postings walk = entry_postings(&entry);
	while (entry_postings_next(&walk, &posting)) {
		const struct chart_row *row = chart_find(posting.code);
		assert_non_null(row);
		assert_true(posting.steps != 0);
		books[row->book][slice_is(posting.unit, "CNY")] += posting.steps;
		add_posting(world, &posting);
	}
	for (size_t book = 0; book < CHART_BOOKS; book++) {
		assert_int_equal(books[book][0], 0);
		assert_int_equal(books[book][1], 0);
	}
}

static size_t count_accounts(struct state_view *view)
{
	const struct record_path prefix = record_path_of(RECORD_ACCOUNT);
	struct state_walk walk;
	size_t count = 0;
	enum recourse_error error =
		state_walk_first(&walk, view, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	for (; error == RECOURSE_OK; error = state_walk_next(&walk))
		count++;
	state_walk_end(&walk);
	return count;
}

static void check_balances(const struct world *world)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	assert_ok(state_snapshot_open(world->kit->ledger->state, &view));
	for (size_t index = 0; index < world->account_count; index++) {
		const struct model_account *known = &world->accounts[index];
		struct record_account account;
		struct record_path path = account_path(known->code, slice_text(known->party),
			slice_text(known->reference), slice_text(known->unit));
		assert_ok(record_get(view, &path, &account, sizeof account));
		assert_int_equal(account.balance, known->balance);
		if (chart_find(known->code)->side == CHART_DEBIT)
			assert_true(known->balance >= 0);
		else
			assert_true(known->balance <= 0);
	}
	assert_int_equal(count_accounts(view), world->account_count);
}

static void check(struct world *world)
{
	SCOPED(log_snapshot_end) struct log_snapshot *log = NULL;
	assert_ok(log_snapshot_open(world->kit->ledger->log, &log));
	while (world->entries < kit_entries(world->kit))
		add_entry(world, log, world->entries++);
	check_balances(world);
}

/* ---- the commands ---- */

/*
 * In the templates: $i incident, $m merchant, $d one that fails, $c claim, $e card, $p liable party,
 * $a amount, $q litres, $b bank line, $r recovery, $h hold, $w write-off, $n proposal, $y policy,
 * $x distribution, $z appeal, $s instrument.
 */
struct template
{
	unsigned weight;
	const char *key;
	const char *text;
};
static const struct template templates[] = {
	{4, "bank", "deposit.receive merchant=$m amount=$a unit=CNY bank_reference=$b"},
	{2, "maker", "deposit.hold hold=$h merchant=$m amount=$a unit=CNY reason=r"},
	{2, "maker", "deposit.release hold=$h amount=$a reason=r"},
	{1, "maker", "deposit.release hold=$h reason=r"},
	{3, "maker",
		"incident.declare incident=$i merchant=$d issuer=Y funder=P custodian=bank policy=$y "
		"version=1 reason=r"},
	{8, "maker",
		"entitlement.issue entitlement=$e holder=h issuer=Y merchant=$m channel=app unit=L "
		"quantity=$q cost=$a currency=CNY evidence=unavailable"},
	{4, "maker",
		"entitlement.consume entitlement=$e evidence=confirmed consumed=$q reference=$b "
		"evidence_hash=ab*"},
	{8, "agent", "claim.file claim=$c incident=$i entitlement=$e channel=app"},
	{8, "maker", "claim.decide claim=$c outcome=approve"},
	{1, "maker", "claim.decide claim=$c outcome=reject reason=not-the-holder"},
	{1, "agent", "claim.withdraw claim=$c reason=r evidence_hash=ab*"},
	{4, "maker", "claim.reopen claim=$c reason=r evidence_hash=ab*"},
	{2, "maker", "claim.void claim=$c reason=fraud evidence_hash=ab*"},
	{4, "agent",
		"elsewhere.record claim=$c source=$p kind=refund reference=$b amount=$a evidence_hash=ab*"},
	{3, "bank", "clawback.receive claim=$c amount=$a bank_reference=$b"},
	{4, "checker", "distribution.approve incident=$i"},
	{12, "bank", "funding.receive incident=$i amount=$a bank_reference=$b"},
	{8, "payer", "payout.instruct claim=$c"},
	{8, "bank", "payout.settle claim=$c"},
	{3, "bank", "payout.return claim=$c reason=AC04"},
	{5, "payer", "payout.reissue claim=$c reason=r"},
	{2, "maker",
		"liability.apportion incident=$i mode=joint-and-several basis_hash=ab* "
		"shares=party:Y,share:33.34 shares=party:G,share:33.33 shares=party:M,share:33.33"},
	{1, "maker",
		"liability.apportion incident=$i mode=several basis_hash=ab* shares=party:Y,share:50.00 "
		"shares=party:G,share:49.99 shares=party:M,share:0.01"},
	{3, "maker", "liability.extend incident=$i"},
	{1, "maker", "liability.respread incident=$i party=$p reason=r"},
	{1, "maker", "liability.pursue incident=$i party=$p reason=r"},
	{1, "maker", "liability.release incident=$i party=$p reason=r basis_hash=ab*"},
	{2, "maker", "interest.adjudge incident=$i party=$p amount=$a basis_hash=ab*"},
	{6, "bank", "recovery.receive recovery=$r incident=$i payer=$p amount=$a bank_reference=$b"},
	{6, "maker", "recovery.allocate recovery=$r"},
	{2, "bank", "recovery.remit incident=$i bank_reference=$b"},
	{2, "bank", "recovery.bounce recovery=$r reason=AM04 bank_reference=$b"},
	{2, "maker", "cost.record incident=$i party=$p amount=$a reason=r evidence_hash=ab*"},
	{3, "maker", "write_off.record write_off=$w incident=$i party=$p amount=$a reason=r"},
	{1, "maker", "write_off.record write_off=$w incident=$i claim=$c reason=r"},
	{3, "checker", "proposal.approve proposal=$n"},
	{1, "checker", "proposal.reject proposal=$n reason=r"},
	{2, "bank", "surplus.pay incident=$i beneficiary=consumers bank_reference=$b"},
	{1, "bank", "surplus.pay incident=$i beneficiary=$p bank_reference=$b"},
	{6, "maker", "appeal.lodge merchant=$d deduction=$x reason=r"},
	{4, "checker", "appeal.stay appeal=$z reason=r"},
	{3, "judge", "appeal.decide appeal=$z outcome=upheld basis_hash=ab* reason=r"},
	{3, "judge", "appeal.decide appeal=$z outcome=reversed basis_hash=ab* reason=r"},
	{4, "judge", "appeal.decide appeal=$z outcome=varied amount=$a basis_hash=ab* reason=r"},
	{6, "bank", "appeal.fund appeal=$z amount=$a bank_reference=$b"},
	{4, "maker",
		"instrument.register instrument=$s kind=bond provider=$p merchant=$d unit=CNY limit=$a "
		"deductible=0.10 draw=2 expires=2017-01-01T00:00:00Z document_hash=ab*"},
	{1, "maker", "instrument.renew instrument=$s expires=2018-01-01T00:00:00Z document_hash=ab*"},
	{1, "maker", "instrument.cancel instrument=$s reason=r"},
	{6, "maker", "instrument.call incident=$i reason=r evidence_hash=ab*"},
	{8, "bank", "instrument.pay incident=$i instrument=$s amount=$a bank_reference=$b"},
	{3, "maker", "instrument.refuse incident=$i instrument=$s reason=r evidence_hash=ab*"},
	{1, "maker", "instrument.return incident=$i instrument=$s reason=r"},
};
enum { TEMPLATES = sizeof templates / sizeof templates[0] };

static unsigned below(struct world *world, unsigned limit)
{
	return (unsigned)support_random_below(&world->random, limit);
}

/* Numbers rise as time goes by, so that there is always something new, and often again something known. */
static unsigned recent(struct world *world)
{
	unsigned top = 8 + world->steps / 60;
	if (below(world, 2) != 0 && world->last < top)
		return world->last;
	world->last = top - 1 - below(world, 8);
	return world->last;
}

static int write_place(struct world *world, char place, char *text, size_t size)
{
	static const char *const merchants[] = {"M", "N", "G"};
	static const char *const parties[] = {"M", "Y", "G"};
	static const char *const policies[] = {"fuel-card", "half", "pool", "capped"};
	switch (place) {
	case 'm':
		return snprintf(text, size, "%s", merchants[below(world, 3)]);
	case 'd':
		return snprintf(text, size, "%s", merchants[below(world, 2)]);
	case 'p':
		return snprintf(text, size, "%s", parties[below(world, 3)]);
	case 'y':
		return snprintf(text, size, "%s", policies[below(world, 4)]);
	case 'i':
		return snprintf(text, size, "i-%u", below(world, 4));
	case 'c':
	case 'e':
	case 'r':
		return snprintf(text, size, "%c-%u", place, recent(world));
	case 'h':
	case 'w':
		return snprintf(text, size, "%c-%u", place, below(world, 6));
	case 's':
		return snprintf(text, size, "s-%u", below(world, 5));
	case 'a':
		return snprintf(text, size, "%u.%02u", below(world, below(world, 4) == 0 ? 300 : 3),
			below(world, 100));
	case 'q':
		return snprintf(text, size, "%u.%03u", below(world, 2), below(world, 1000));
	case 'b':
		return snprintf(text, size, "b-%u",
			world->line < 5 || below(world, 20) != 0 ? world->line++ : below(world, world->line));
	case 'n':
		return snprintf(text, size, "%llu", (unsigned long long)world->proposal);
	case 'x':
		return snprintf(
			text, size, "%llu", (unsigned long long)world->deductions[below(world, NUMBERED)]);
	case 'z':
		return snprintf(
			text, size, "%llu", (unsigned long long)world->appeals[below(world, NUMBERED)]);
	default:
		fail();
		return 0;
	}
}

static const struct template *choose(struct world *world)
{
	unsigned total = 0;
	for (size_t index = 0; index < TEMPLATES; index++)
		total += templates[index].weight;
	unsigned ticket = below(world, total);
	for (size_t index = 0; index < TEMPLATES; index++) {
		if (ticket < templates[index].weight)
			return &templates[index];
		ticket -= templates[index].weight;
	}
	return &templates[0];
}

static void append_command(struct world *world, const char *from, struct buffer *out)
{
	char text[700];
	size_t length = 0;
	for (; *from != '\0'; from++) {
		assert_true(length + 100 < sizeof text);
		if (*from == '$')
			length += (size_t)write_place(world, *++from, text + length, sizeof text - length);
		else
			text[length++] = *from;
	}
	text[length] = '\0';
	SCOPED(support_free) char *command = kit_command(world->kit, text);
	buffer_append_text(out, command);
}

static void step(struct world *world)
{
	static const char *const keys[] = {"admin", "agent", "maker", "payer", "checker", "bank", "teller",
		"merchant", "auditor", "boss"};
	SCOPED(buffer_free) struct buffer params = {0};
	char id[32];
	uint8_t before[32];
	uint8_t after[32];
	uint64_t entries = kit_entries(world->kit);
	const struct template *first = choose(world);
	const char *key = below(world, 20) == 0 ? keys[below(world, 10)] : first->key;
	buffer_append_format(
		&params, "{\"mode\":\"%s\",\"commands\":[", below(world, 2) == 0 ? "all" : "each");
	append_command(world, first->text, &params);
	for (unsigned more = below(world, COMMANDS); more > 0; more--) {
		const struct template *next = choose(world);
		buffer_append_text(&params, ",");
		append_command(world, next->key == first->key ? next->text : first->text, &params);
	}
	buffer_append(&params, "]}", 3);
	snprintf(id, sizeof id, "s-%llu", (unsigned long long)++world->kit->requests);
	kit_digest(world->kit, before);
	enum recourse_error error = kit_request(world->kit, key, id, (char *)params.data, NULL);
	if (error != RECOURSE_OK && (error < RECOURSE_MALFORMED || error > RECOURSE_NOT_PERMITTED))
		print_message("%s\n", (char *)params.data);
	assert_true(error < RECOURSE_NOTE_MALFORMED);
	if (error != RECOURSE_OK || kit_entries(world->kit) == entries) {
		kit_digest(world->kit, after);
		assert_memory_equal(before, after, sizeof before);
		assert_int_equal(kit_entries(world->kit), entries);
		world->refused++;
	} else {
		world->accepted++;
	}
	check(world);
}

static void test_random_commands(void **state)
{
	static struct world world;
	uint8_t held[32];
	uint8_t rebuilt[32];
	memset(&world, 0, sizeof world);
	world.kit = *state;
	world.random = support_random_start();
	kit_play(world.kit,
		"policy half scheme=percentage rate=50.00 waterfall=rank:1,claim:uncovered\n"
		"    waterfall=rank:1,claim:advances waterfall=rank:2,claim:interest\n"
		"policy pool scheme=deposit-only waterfall=rank:1,claim:costs\n"
		"policy capped scheme=capped cap=1.00 waterfall=rank:1,claim:costs "
		"waterfall=rank:1,claim:interest\n"
		"    waterfall=rank:2,claim:advances waterfall=rank:3,claim:uncovered\n"
		"key judge P approver\n"
		"deposit G 50.00 g\n"
		"settled i-0 200.00\n"
		"apportion i-0 joint-and-several shares=party:Y,share:33.34 shares=party:G,share:33.33\n"
		"    shares=party:M,share:33.33\n"
		"settled i-1 100.00");
	check(&world);
	for (int number = 0; number < STEPS; number++) {
		world.steps = (unsigned)number;
		step(&world);
		if (number % 300 == 299)
			kit_reopen(world.kit, number % 600 == 599);
	}
	show_kinds(&world);
	assert_true(world.accepted > STEPS / 20);
	assert_true(world.refused > STEPS / 20);
	kit_digest(world.kit, held);
	kit_audit(world.kit);
	kit_reopen(world.kit, true);
	kit_digest(world.kit, rebuilt);
	assert_memory_equal(held, rebuilt, sizeof held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_random_commands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
