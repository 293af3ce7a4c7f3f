/* SPDX-License-Identifier: Apache-2.0 */
#include "property_words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/*
 * $i incident, $m merchant, $d one that fails, $c claim, $e card, $p liable party, $a amount, $q litres, $b bank line,
 * $A large one, $r recovery, $h hold, $w write-off, $y policy, $s instrument, $f exit, $g day of the bank's, $o batch of lots. Entries: see `named`.
 * $l the order of the claim just said; $K a new batch of payments, $k a known one, $1 its count, $2 its total, $3 its file's hash.
 */
const struct words_template words_templates[] = {
	/* deposits */
	{6, "bank", "deposit.receive merchant=$m amount=$a unit=CNY bank_reference=$b"},
	{2, "maker", "deposit.hold hold=$h merchant=$m amount=$a unit=CNY reason=r"},
	{2, "maker", "deposit.release hold=$h amount=$a reason=r"},
	{1, "maker", "deposit.release hold=$h reason=r"},
	{3, "maker", "withdrawal.request merchant=$m amount=$a unit=CNY reason=r"},
	{2, "bank", "withdrawal.pay withdrawal=$v bank_reference=$b"},
	{1, "maker", "withdrawal.cancel withdrawal=$v reason=r"},
	{2, "maker", "exit.request exit=$f merchant=$m unit=CNY policy=fuel-card version=1"},
	{2, "maker", "exit.retain exit=$f item=$h amount=$a reason=r evidence_hash=ab*"},
	{1, "maker", "exit.release_item exit=$f item=$h reason=r"},
	{2, "bank", "exit.refund exit=$f bank_reference=$b"},
	{2, "bank", "deposit.reverse entry=$D reason=r"},
	{1, "maker", "deposit.reverse entry=$H reason=r"},
	{2, "bank", "withdrawal.reverse entry=$V reason=r"},
	{2, "bank", "exit.reverse entry=$F reason=r"},
	{1, "maker", "exit.reverse entry=$X reason=r"},
	/* incidents */
	{3, "maker",
		"incident.declare incident=$i merchant=$d issuer=Y funder=P custodian=bank policy=$y "
		"version=1 reason=r"},
	{3, "maker",
		"incident.declare incident=$i issuer=Y funder=P custodian=bank policy=$y version=1 reason=r"},
	{2, "maker",
		"incident.declare incident=$i issuer=Y batch=$o funder=P custodian=bank policy=$y version=1 "
		"reason=r"},
	{1, "maker",
		"incident.declare incident=$i merchant=$d funder=P custodian=bank policy=orders version=1 "
		"reason=standing"},
	{2, "checker", "incident.close incident=$i reason=r"},
	{2, "maker", "incident.reopen incident=$i reason=r evidence_hash=ab*"},
	{1, "maker", "incident.cancel incident=$i reason=r"},
	/* lots and claims */
	{8, "maker",
		"entitlement.issue entitlement=$e holder=h issuer=Y merchant=$m channel=app unit=L "
		"quantity=$q cost=$a currency=CNY evidence=unavailable"},
	{4, "maker",
		"entitlement.issue entitlement=$e holder=h issuer=Y merchant=$m channel=app unit=L "
		"quantity=$q cost=$a currency=CNY evidence=unavailable batch=$o"},
	{4, "maker",
		"entitlement.consume entitlement=$e evidence=confirmed consumed=$q reference=$b "
		"evidence_hash=ab*"},
	{1, "maker", "entitlement.reverse entitlement=$e entry=$E reason=r"},
	{8, "agent", "claim.file claim=$c incident=$i entitlement=$e channel=app"},
	{8, "agent", "claim.file claim=$c entitlement=$e channel=app"},
	{2, "agent", "claim.file claim=$c entitlement=$e channel=app amount=$a"},
	{2, "agent", "claim.file claim=$c incident=$i entitlement=$e channel=app excuse=r evidence_hash=ab*"},
	{2, "maker", "claim.admit claim=$c reason=r"},
	{2, "maker", "claim.move claim=$c incident=$i"},
	{1, "maker", "claim.move claim=$c"},
	{10, "maker", "claim.decide claim=$c outcome=approve"},
	{1, "maker", "claim.decide claim=$c outcome=approve amount=$a reason=agreed basis_hash=ab*"},
	{2, "maker", "claim.decide claim=$c outcome=reject reason=not-the-holder"},
	{1, "agent", "claim.withdraw claim=$c reason=r evidence_hash=ab*"},
	{4, "maker", "claim.reopen claim=$c reason=r evidence_hash=ab*"},
	{2, "maker", "claim.void claim=$c reason=fraud evidence_hash=ab*"},
	{1, "maker", "claim.void claim=$c reason=no-record evidence_hash=ab*"},
	{3, "agent",
		"elsewhere.record claim=$c source=$p kind=refund reference=$b amount=$a evidence_hash=ab*"},
	{2, "agent",
		"elsewhere.record claim=$c source=U kind=chargeback reference=$b amount=$a "
		"evidence_hash=ab*"},
	{2, "maker", "advance.give_up claim=$c reason=funder-insolvent"},
	{1, "maker", "advance.take_on claim=$c reason=paid-in-after-all"},
	{2, "maker", "elsewhere.reverse entry=$L reason=r"},
	{3, "bank", "clawback.receive claim=$c amount=$a bank_reference=$b"},
	{2, "bank", "clawback.reverse entry=$C reason=r"},
	{2, "maker",
		"claim.propose claim=$c reason=agreed basis_hash=ab* amount=$a due=2016-12-20T00:00:00Z"},
	{2, "merchant", "claim.agree claim=$c by=merchant answer=agree"},
	{2, "agent", "claim.agree claim=$c by=consumer answer=agree evidence_hash=ab*"},
	{1, "merchant", "claim.answer claim=$c answer=accept"},
	{1, "agent", "ruling.serve claim=$c to=consumer channel=phone"},
	{3, "agent", "ruling.appeal claim=$c reason=r evidence_hash=ab*"},
	{2, "checker", "ruling.judge claim=$c outcome=varied amount=$a reason=r basis_hash=ab*"},
	{1, "checker", "ruling.judge claim=$c outcome=reversed reason=r basis_hash=ab*"},
	{1, "checker", "ruling.judge claim=$c outcome=upheld reason=r basis_hash=ab*"},
	{1, "agent", "claim.close claim=$c reason=r"},
	{1, "agent", "hearing.reverse claim=$c entry=$K reason=r"},
	/* payments */
	{5, "checker", "distribution.approve incident=$i"},
	{2, "maker", "distribution.reverse entry=$x reason=r"},
	{6, "bank", "funding.receive incident=$i amount=$a bank_reference=$b"},
	{4, "bank", "funding.receive incident=$i amount=$A bank_reference=$b"},
	{1, "bank", "funding.reverse entry=$U reason=r"},
	{2, "bank", "funding.bounce entry=$U reason=AM04 bank_reference=$b"},
	{2, "bank", "deposit.bounce entry=$D reason=AM04 bank_reference=$b"},
	{1, "maker", "recovery.set_off incident=$i"},
	{8, "payer", "payout.instruct claim=$c"},
	{4, "agent", "payee.register payee=p-h holder=h account_hash=ab* rail=bank"},
	{6, "payer", "payout.instruct claim=$c payee=p-h"},
	{1, "maker", "payee.change payee=p-h account_hash=cd* reason=r"},
	{1, "maker", "payee.change payee=p-h account_hash=ab* reason=r"},
	{5, "maker", "batch.make batch=$K rail=bank"},
	{1, "maker", "batch.make batch=$K rail=bank incident=$i"},
	{6, "checker", "batch.check batch=$k count=$1 total=$2"},
	{1, "maker", "batch.withdraw batch=$k reason=r"},
	{6, "payer", "batch.sent batch=$k file_hash=$3 file=1 of=1 count=$1 total=$2"},
	{6, "bank", "payout.settle claim=$c order=$l"},
	{2, "bank", "payout.report claim=$c order=$l status=accepted"},
	{1, "bank", "payout.report claim=$c order=$l status=awaiting_payee"},
	{2, "bank", "payout.report claim=$c order=$l status=unknown"},
	{5, "bank", "payout.report claim=$c order=$l status=rejected code=TM01"},
	{1, "bank", "payout.report claim=$c order=$l status=rejected code=AC04"},
	{1, "bank", "payout.report claim=$c order=$l status=expired"},
	{5, "bank", "payout.report status=rejected claim=$c"},
	{2, "bank", "payout.report status=unknown claim=$c"},
	{2, "bank", "payout.report status=cancelled claim=$c"},
	{2, "bank", "payout.report_reverse claim=$c reason=r"},
	{2, "payer", "payout.unclaimed claim=$c reason=r"},
	{3, "agent", "contact.record claim=$c channel=mail direction=out"},
	{2, "bank", "payout.return claim=$c reason=TM01 order=$l"},
	{1, "payer", "receipt.identify receipt=$u as=return claim=$c reason=TM01 order=$l"},
	{8, "bank", "payout.settle claim=$c"},
	{5, "bank", "payout.settle claim=$c order=$l bank_reference=$b day=$g"},
	{5, "bank", "payout.settle claim=$c bank_reference=$b day=$g"},
	{1, "admin", "custody.place custodian=bank calendar=west"},
	{1, "payer", "payout.cancel claim=$c reason=r"},
	{1, "bank", "payout.unsettle claim=$c reason=r"},
	{3, "bank", "payout.return claim=$c reason=AC04"},
	{2, "bank", "payout.return claim=$c reason=AC04 amount=$a bank_reference=$b"},
	{2, "bank", "payout.reverse entry=$P reason=r"},
	{5, "payer", "payout.reissue claim=$c reason=r"},
	/* recourse */
	{2, "maker",
		"liability.apportion incident=$i mode=joint-and-several basis_hash=ab* "
		"shares=party:Y,share:33.34 shares=party:G,share:33.33 shares=party:M,share:33.33"},
	{1, "maker",
		"liability.apportion incident=$i mode=several basis_hash=ab* shares=party:Y,share:50.00 "
		"shares=party:G,share:49.99 shares=party:M,share:0.01"},
	{2, "maker",
		"liability.apportion incident=$i section=$m mode=joint-and-several basis_hash=ab* "
		"shares=party:Y,share:60.00 shares=party:G,share:0.00 shares=party:P,share:40.00"},
	{2, "maker",
		"liability.apportion incident=$i section=$m mode=several basis_hash=ab* "
		"shares=party:Y,share:20.00,cap:1.00 shares=party:N,share:30.00,mode:joint-and-several "
		"shares=party:M,share:50.00,mode:joint-and-several"},
	{2, "maker",
		"liability.reapportion entry=$j reason=r mode=joint-and-several basis_hash=ab* "
		"shares=party:Y,share:10.00 shares=party:G,share:20.00 shares=party:M,share:70.00"},
	{3, "maker", "liability.extend incident=$i"},
	{1, "maker", "liability.respread incident=$i party=$p reason=r"},
	{1, "maker", "liability.pursue incident=$i party=$p reason=r"},
	{1, "maker", "liability.release incident=$i party=$p reason=r basis_hash=ab*"},
	{2, "maker", "interest.adjudge incident=$i party=$p amount=$a basis_hash=ab*"},
	{8, "bank", "recovery.receive recovery=$r incident=$i payer=$p amount=$a bank_reference=$b"},
	{2, "bank",
		"recovery.receive recovery=$r incident=$i section=$m payer=$p amount=$a bank_reference=$b"},
	{2, "bank",
		"recovery.receive recovery=$r incident=$i payer=$p amount=$a bank_reference=$b dividend=yes"},
	{6, "maker", "recovery.allocate recovery=$r"},
	{2, "bank", "recovery.remit incident=$i bank_reference=$b"},
	{1, "bank", "recovery.remit incident=$i amount=$a bank_reference=$b"},
	{2, "bank", "recovery.bounce recovery=$r reason=AM04 bank_reference=$b"},
	{3, "bank", "repayment.receive incident=$i party=$p bank_reference=$b"},
	{3, "bank", "repayment.receive incident=$i party=P amount=$a bank_reference=$b"},
	{2, "maker", "cost.record incident=$i party=$p amount=$a reason=r evidence_hash=ab*"},
	{3, "maker", "write_off.record write_off=$w incident=$i party=$p amount=$a reason=r"},
	{1, "maker", "write_off.record write_off=$w incident=$i party=$p reason=r"},
	{1, "maker", "write_off.record write_off=$w incident=$i party=U reason=r"},
	{1, "maker", "write_off.record write_off=$w incident=$i claim=$c reason=r"},
	{2, "bank", "surplus.pay incident=$i beneficiary=consumers bank_reference=$b"},
	{3, "bank", "surplus.pay incident=$i beneficiary=$p bank_reference=$b"},
	{3, "bank", "recourse.reverse entry=$R reason=r"},
	{2, "maker", "recourse.reverse entry=$Q reason=r"},
	/* appeals of deductions */
	{6, "maker", "appeal.lodge merchant=$d deduction=$x reason=r"},
	{2, "checker", "appeal.stay appeal=$z reason=r"},
	{2, "judge", "appeal.decide appeal=$z outcome=upheld basis_hash=ab* reason=r"},
	{3, "judge", "appeal.decide appeal=$z outcome=reversed basis_hash=ab* reason=r"},
	{4, "judge", "appeal.decide appeal=$z outcome=varied amount=$a basis_hash=ab* reason=r"},
	{6, "bank", "appeal.fund appeal=$z amount=$a bank_reference=$b"},
	{2, "bank", "appeal.reverse entry=$Z reason=r"},
	{2, "maker", "appeal.redecide entry=$J outcome=varied amount=$a basis_hash=ab* reason=r"},
	{1, "maker", "appeal.redecide entry=$J outcome=upheld basis_hash=ab* reason=r"},
	/* instruments */
	{4, "maker",
		"instrument.register instrument=$s kind=bond provider=$p merchant=$d unit=CNY limit=$a "
		"deductible=0.10 draw=2 expires=2017-01-01T00:00:00Z document_hash=ab*"},
	{2, "maker",
		"instrument.register instrument=$s kind=bond provider=G merchant=Y unit=CNY limit=$a "
		"draw=1 expires=2020-01-01T00:00:00Z document_hash=ab*"},
	{1, "maker", "instrument.renew instrument=$s expires=2018-01-01T00:00:00Z document_hash=ab*"},
	{1, "maker", "instrument.cancel instrument=$s reason=r"},
	{6, "maker", "instrument.call incident=$i reason=r evidence_hash=ab*"},
	{8, "bank", "instrument.pay incident=$i instrument=$s amount=$a bank_reference=$b"},
	{3, "maker", "instrument.refuse incident=$i instrument=$s reason=r evidence_hash=ab*"},
	{1, "maker", "instrument.return incident=$i instrument=$s reason=r"},
	{2, "bank", "instrument.reverse entry=$S reason=r"},
	{2, "maker", "instrument.reverse entry=$T reason=r"},
	/* nobody's money, and the bank's */
	{3, "bank", "receipt.record amount=$a unit=CNY bank_reference=$b note=n"},
	{2, "maker", "receipt.identify receipt=$u as=deposit merchant=$m amount=$a"},
	{2, "maker", "receipt.identify receipt=$u as=recovery recovery=$r incident=$i payer=$p"},
	{1, "maker", "receipt.identify receipt=$u as=funding incident=$i"},
	{1, "maker", "receipt.send_back receipt=$u reason=r"},
	{1, "maker", "receipt.keep receipt=$u reason=r"},
	{1, "bank", "receipt.returned receipt=$u bank_reference=$b"},
	{2, "bank", "bank.line line=$b amount=$a unit=CNY direction=credit day=2016-05-04"},
	{1, "bank", "bank.fee amount=$a unit=CNY bank_reference=$b reason=r"},
	{1, "bank", "bank.fee_repaid amount=$a unit=CNY bank_reference=$b"},
	{1, "bank", "bank.interest amount=$a unit=CNY bank_reference=$b"},
	{1, "bank", "bank.interest_paid party=P amount=$a unit=CNY bank_reference=$b"},
	{2, "bank", "bank.reverse entry=$B reason=r"},
	/* who is insolvent */
	{1, "maker",
		"estate.open party=$p liquidator=liquidator accepted_at=2016-05-05T00:00:00Z basis_hash=ab*"},
	{2, "maker", "estate.confirm party=$p recovery=$r evidence_hash=ab*"},
	{2, "maker", "estate.confirm party=$p deposit=$t evidence_hash=ab*"},
	{1, "bank", "estate.give_back deposit=$t bank_reference=$b"},
	{2, "maker", "estate.accept party=$p incident=$i amount=$a evidence_hash=ab*"},
	{1, "maker", "estate.end party=$p reason=r"},
	{1, "maker", "estate.reverse entry=$N reason=r"},
	{1, "bank", "estate.reverse entry=$O reason=r"},
	{20, "judge", "proposal.approve proposal=$n"},
	{1, "checker", "proposal.reject proposal=$n reason=r"},
	{0, NULL, NULL},
};

const char *const words_left_out[] = {NULL};

/* Places that are entries: those of a kind, or that carried one out. A correction goes back by its own name. */
static const struct {
	char place;
	const char *kinds;
} named[] = {
	{'n', NULL}, /* what waits for another person */
	{'v', " withdrawal.request "},
	{'u', " receipt.record bank.line "},
	{'t', " deposit.receive "},
	{'x', " distribution.approve distribution.reverse "},
	{'z', " appeal.lodge "},
	{'j', " liability.apportion liability.reapportion "},
	{'J', " appeal.decide appeal.redecide "},
	{'D', " deposit.receive deposit.bounce deposit.reverse "},
	{'H', " deposit.hold "},
	{'V', " withdrawal.pay withdrawal.reverse "},
	{'F', " exit.refund exit.reverse "},
	{'X', " exit.request "},
	{'E', " entitlement.issue entitlement.consume "},
	{'L', " elsewhere.record elsewhere.reverse "},
	{'C', " clawback.receive clawback.reverse "},
	{'K', " claim.answer claim.propose claim.agree ruling.serve ruling.appeal "},
	{'U', " funding.receive funding.bounce funding.reverse "},
	{'P', " payout.return payout.reverse "},
	{'R', " recovery.receive recovery.bounce recovery.remit surplus.pay repayment.receive "
	      "recovery.set_off recourse.reverse "},
	{'Q', " cost.record interest.adjudge write_off.record liability.release "},
	{'Z', " appeal.fund appeal.reverse "},
	{'S', " instrument.pay "},
	{'T', " instrument.register instrument.renew instrument.cancel instrument.call instrument.refuse "
	      "instrument.return instrument.reverse "},
	{'B', " bank.line bank.fee bank.fee_repaid bank.interest bank.interest_paid receipt.record "
	      "receipt.returned bank.reverse "},
	{'N', " estate.confirm "},
	{'O', " estate.give_back estate.reverse "},
};
enum { NAMED = sizeof named / sizeof named[0] };
static_assert(sizeof named / sizeof named[0] <= WORDS_PLACES, "room for each");

unsigned words_below(struct words *words, unsigned limit)
{
	return (unsigned)support_random_below(&words->random, limit);
}

void words_start(struct words *words)
{
	*words = (struct words){.random = support_random_start()};
	for (size_t row = 0; words_templates[row].text != NULL; row++) {
		unsigned weight = words_templates[row].weight;
		assert_true(row < WORDS_TEMPLATES_MAX);
		bool never = weight < 5 && words_below(words, 4) == 0;
		words->heat[row] = never ? 0 : weight * (1 + words_below(words, 3));
	}
}

static size_t draw(struct words *words)
{
	unsigned total = 0;
	size_t row = 0;
	for (size_t each = 0; words_templates[each].text != NULL; each++)
		total += words->heat[each];
	for (unsigned ticket = words_below(words, total); ticket >= words->heat[row]; row++)
		ticket -= words->heat[row];
	return row;
}

/* What mostly comes next, about the same. */
static const struct {
	const char *first;
	const char *then;
} often[] = {
	{"incident.declare", "entitlement.issue"},
	{"entitlement.issue", "claim.file"},
	{"claim.file", "claim.decide"},
	{"claim.decide", "distribution.approve"},
	{"distribution.approve", "funding.receive"},
	{"funding.receive", "payout.instruct"},
	{"payout.instruct", "payout.settle claim=$c"},
	{"payout.instruct", "payout.settle claim=$c bank_reference=$b"},
	{"payout.instruct", "payout.report status=rejected"},
	{"payout.instruct claim=$c payee=p-h", "batch.make"},
	{"batch.make", "batch.check"},
	{"batch.check", "batch.sent"},
	{"batch.sent", "payout.report claim=$c order=$l"},
	{"batch.sent", "payout.settle claim=$c order=$l"},
	{"batch.sent", "payout.settle claim=$c order=$l bank_reference=$b"},
	{"payout.report", "payout.report claim=$c order=$l"},
	{"payout.report", "payout.report_reverse"},
	{"payout.report", "payout.reissue"},
	{"payout.report", "payout.cancel"},
	{"payout.report", "contact.record"},
	{"contact.record", "payout.unclaimed"},
	{"payout.settle", "liability.apportion"},
	{"liability.apportion", "recovery.receive"},
	{"recovery.receive", "recovery.allocate"},
	{"recovery.allocate", "recovery.remit"},
	{"recovery.bounce", "repayment.receive"},
	{"payout.return", "payout.reissue"},
	{"payout.reissue", "payout.settle"},
	{"payout.reissue", "batch.make"},
	{"appeal.lodge", "appeal.decide"},
	{"appeal.decide", "appeal.fund"},
	{"instrument.register", "instrument.call"},
	{"instrument.call", "instrument.pay"},
	{"instrument.pay", "distribution.approve"},
	{"withdrawal.request", "withdrawal.pay"},
	{"exit.request", "exit.retain"},
	{"claim.propose", "claim.agree"},
	{"claim.agree", "claim.agree"},
	{"ruling.appeal", "ruling.judge"},
	{"ruling.judge", "distribution.approve"},
	{"elsewhere.record", "clawback.receive"},
	{"estate.open", "estate.accept"},
	{"estate.accept", "recovery.receive"},
	{"receipt.record", "receipt.identify"},
	{"receipt.send_back", "receipt.returned"},
	{"bank.interest", "bank.interest_paid"},
};

/* A command, or more of its words. */
static bool begins(const struct words_template *said, const char *command)
{
	size_t size = strlen(command);
	return strncmp(said->text, command, size) == 0 && strchr(" ", said->text[size]) != NULL;
}

static size_t draw_follower(struct words *words)
{
	unsigned found = 0;
	size_t chosen = 0;
	for (size_t row = 0; words_templates[row].text != NULL; row++) {
		if (begins(&words_templates[row], words->follower) && words_below(words, ++found) == 0)
			chosen = row;
	}
	assert_true(found > 0);
	return chosen;
}

const struct words_template *words_choose(struct words *words)
{
	size_t row;
	words->sticks = words->follower != NULL && words_below(words, 4) > 0;
	if (words->sticks) {
		row = draw_follower(words);
		words->follower = NULL;
		return &words_templates[row];
	}
	do
		row = draw(words);
	while (words_below(words, 2 + words->taken[row]) >= 2);
	return &words_templates[row];
}

void words_took(struct words *words, const struct words_template *said)
{
	words->taken[said - words_templates]++;
	words->follower = NULL;
	unsigned found = 0;
	size_t said_of = 0; /* those that say most of it */
	for (size_t row = 0; row < sizeof often / sizeof often[0]; row++) {
		size_t size = strlen(often[row].first);
		if (!begins(said, often[row].first) || size < said_of)
			continue;
		found = size > said_of ? 0 : found;
		said_of = size;
		if (words_below(words, ++found) == 0)
			words->follower = often[row].then;
	}
}

static void copy(char *to, size_t size, slice from)
{
	int used = snprintf(to, size, "%.*s", SLICE_ARGUMENTS(from));
	assert_true(used >= 0 && (size_t)used < size);
}

void words_note_batch(struct words *words, slice id, unsigned count, slice total)
{
	struct words_batch new = {.count = count};
	copy(new.id, sizeof new.id, id);
	copy(new.total, sizeof new.total, total);
	memmove(words->batches + 1, words->batches, sizeof words->batches - sizeof words->batches[0]);
	words->batches[0] = new;
}

void words_note_order(struct words *words, slice claim, uint64_t entry)
{
	struct words_order new = {.entry = entry};
	copy(new.claim, sizeof new.claim, claim);
	memmove(words->orders + 1, words->orders, sizeof words->orders - sizeof words->orders[0]);
	words->orders[0] = new;
}

void words_note(struct words *words, slice kind, uint64_t number, bool proposes)
{
	char word[80];
	int size = snprintf(word, sizeof word, " %.*s ", SLICE_ARGUMENTS(kind));
	assert_true(size > 0 && (size_t)size < sizeof word);
	for (size_t row = 0; row < NAMED; row++) {
		bool is = named[row].kinds == NULL ? proposes
						   : !proposes && strstr(named[row].kinds, word) != NULL;
		if (!is)
			continue;
		memmove(words->entries[row] + 1, words->entries[row],
			sizeof words->entries[row] - sizeof words->entries[row][0]);
		words->entries[row][0] = number;
	}
}

/* Numbers rise as time goes by, so that there is always something new, and often again something known. */
static unsigned recent(struct words *words)
{
	unsigned top = 6 + words->step / 12;
	if ((words->sticks || words_below(words, 3) != 0) && words->last < top)
		return words->last;
	words->last = top - 1 - words_below(words, 6);
	return words->last;
}

static void write_entry(uint64_t number, struct buffer *text, struct buffer *shown)
{
	buffer_append_format(text, "%llu", (unsigned long long)number);
	buffer_append_format(shown, "$e%llu", (unsigned long long)number);
}

static void name_entry(struct words *words, char place, struct buffer *text, struct buffer *shown)
{
	size_t row = 0;
	while (row < NAMED && named[row].place != place)
		row++;
	assert_true(row < NAMED);
	unsigned newest = words_below(words, 3) > 0 ? 0 : words_below(words, WORDS_NUMBERED);
	write_entry(words->entries[row][newest], text, shown);
}

/* Mostly the last one of the claim that was said, else whichever. */
static uint64_t choose_order(struct words *words)
{
	char claim[sizeof words->orders[0].claim];
	snprintf(claim, sizeof claim, "c-%u", words->last);
	for (size_t row = 0; row < WORDS_ORDERS && words->orders[row].entry != 0; row++) {
		if (strcmp(words->orders[row].claim, claim) == 0 && words_below(words, 10) > 0)
			return words->orders[row].entry;
	}
	return words->orders[words_below(words, WORDS_NUMBERED)].entry;
}

static void write_batch(struct words *words, char place, char *text, size_t size)
{
	switch (place) {
	case 'K':
		snprintf(text, size, "k-%u", words->batch_count++);
		return;
	case 'k':
		words->batch = words->batches[words_below(words, 2) * words_below(words, WORDS_NUMBERED)];
		snprintf(text, size, "%s", words->batch.id[0] != '\0' ? words->batch.id : "k-none");
		return;
	case '1':
		snprintf(text, size, "%u", words->batch.count + (words->batch.count == 0));
		return;
	case '2':
		snprintf(text, size, "%s", words->batch.count != 0 ? words->batch.total : "1.00");
		return;
	case '3':
		snprintf(text, size, "%02x*", words->batch_count % 256);
		return;
	default:
		fail_msg("no place %c", place);
	}
}

static void write_place(struct words *words, char place, char *text, size_t size)
{
	static const char *const merchants[] = {"M", "N", "G", "Y"};
	static const char *const parties[] = {"M", "Y", "G", "N"};
	static const char *const policies[] = {"fuel-card", "half", "pool", "capped", "interim"};
	switch (place) {
	case 'm':
	case 'd':
		snprintf(text, size, "%s", merchants[words_below(words, place == 'm' ? 4 : 2)]);
		return;
	case 'p':
		snprintf(text, size, "%s", parties[words_below(words, words_below(words, 3) == 0 ? 4 : 3)]);
		return;
	case 'y':
		snprintf(text, size, "%s", policies[words_below(words, 5)]);
		return;
	case 'i':
		if (!words->sticks && words_below(words, 2) == 0)
			words->incident = words->step / 100 + words_below(words, 3);
		snprintf(text, size, "i-%u", words->incident);
		return;
	case 'o':
		snprintf(text, size, "lots-%u", words_below(words, 2));
		return;
	case 'c':
	case 'e':
	case 'r':
		snprintf(text, size, "%c-%u", place, recent(words));
		return;
	case 'h':
		snprintf(text, size, "h-%u", words->step / 60 + words_below(words, 4));
		return;
	case 'w':
		snprintf(text, size, "w-%u", words->step / 30 + words_below(words, 5));
		return;
	case 'f':
		snprintf(text, size, "x-%u", words->step / 100 + words_below(words, 2));
		return;
	case 's':
		snprintf(text, size, "s-%u", words->step / 100 + words_below(words, 4));
		return;
	case 'A':
		snprintf(text, size, "%u.00", 100 * (1 + words_below(words, 5)));
		return;
	case 'a':
		snprintf(text, size, "%u.%02u", words_below(words, words_below(words, 4) == 0 ? 300 : 3),
			words_below(words, 100));
		return;
	case 'q':
		snprintf(text, size, "%u.%03u", words_below(words, 2), words_below(words, 1000));
		return;
	case 'b':
		snprintf(text, size, "b-%u",
			words->line < 5 || words_below(words, 20) != 0 ? words->line++
								       : words_below(words, words->line));
		return;
	case 'g': /* before the ledger began, its first days, and what may not have begun yet */
		snprintf(text, size, "2016-05-%02u", 2 + words_below(words, 6));
		return;
	default:
		write_batch(words, place, text, size);
	}
}

static bool is_entry(char place)
{
	for (size_t row = 0; row < NAMED; row++) {
		if (named[row].place == place)
			return true;
	}
	return false;
}

void words_say(
	struct words *words, const struct words_template *said, struct buffer *text, struct buffer *shown)
{
	char place[40];
	for (const char *from = said->text; *from != '\0'; from++) {
		if (*from == '$' && is_entry(from[1])) {
			name_entry(words, *++from, text, shown);
			continue;
		}
		if (*from == '$' && from[1] == 'l') {
			from++;
			write_entry(choose_order(words), text, shown);
			continue;
		}
		if (*from == '$')
			write_place(words, *++from, place, sizeof place);
		else
			snprintf(place, sizeof place, "%c", *from);
		buffer_append_text(text, place);
		buffer_append_text(shown, place);
	}
}
