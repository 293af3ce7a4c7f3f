/* SPDX-License-Identifier: Apache-2.0 */
#include "twins.h"

#include <stdio.h>
#include <string.h>

enum { COMMAND_SIZE = 1000, TRIES = 40 };

/* Some of them look like M's own, which is what a careless prefix would take them for. */
const char *const twins_names[TWINS_OTHERS] = {"B", "C", "b-shop", "M-2", "M/x", "M2", "Z", "L"};

static unsigned below(struct twins_side *side, unsigned limit)
{
	return (unsigned)support_random_below(&side->random, limit);
}

static struct twins_other *pick(struct twins_side *side)
{
	return &side->others[below(side, TWINS_OTHERS)];
}

static unsigned next_serial(struct twins_side *side)
{
	side->serial += 1 + below(side, 3);
	return side->serial;
}

static const char *kinds_of(struct twins_side *side)
{
	static const char *const kinds[] = {
		"merchant", "issuer", "liable-party", "funder,merchant", "consumer", "insurer"};
	return kinds[below(side, sizeof kinds / sizeof kinds[0])];
}

/* What is said, and who says it. */
__attribute__((format(printf, 3, 4))) static const char *say(
	char text[static COMMAND_SIZE], const char *who, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, COMMAND_SIZE, format, arguments);
	va_end(arguments);
	return who;
}

/* Each writes a command that will be accepted, and who gives it; or finds nothing to say. */
typedef const char *other_step(struct twins_side *side, char text[static COMMAND_SIZE]);

/* Somebody who has no other part in anything. */
static const char *nobody(struct twins_side *side, char text[static COMMAND_SIZE])
{
	return say(text, "admin", "party.register party=x-%u kinds=%s", next_serial(side), kinds_of(side));
}

static const char *registration(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (other->registered)
		return NULL;
	other->registered = true;
	return say(text, "admin", "party.register party=%s kinds=%s", other->name, kinds_of(side));
}

static const char *key(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (!other->registered || other->keyed)
		return NULL;
	other->keyed = true;
	return say(text, "admin", "key.register party=%s key=@%s roles=merchant", other->name, other->name);
}

static const char *deposit(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	unsigned amount = 100 + below(side, 100000);
	if (!other->registered)
		return NULL;
	if (!other->leaves && !other->failed)
		other->available += amount;
	if (other->failed)
		other->frozen = true;
	return say(text, "bank", "deposit.receive merchant=%s amount=%u.%02u unit=CNY bank_reference=o-%u",
		other->name, amount / 100, amount % 100, next_serial(side));
}

static const char *hold(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (other->available < 2)
		return NULL;
	unsigned amount = 1 + below(side, other->available);
	other->available -= amount;
	return say(text, "maker",
		"deposit.hold hold=h-%u merchant=%s amount=%u.%02u unit=CNY reason=reason-%u",
		next_serial(side), other->name, amount / 100, amount % 100, below(side, 9));
}

static const char *leaving(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	bool own = other->keyed && below(side, 3) != 0;
	if (other->available == 0 || other->leaves || other->failed || other->withdrawal != 0 ||
		(!own && side->limits > 0))
		return NULL;
	other->leaves = true;
	other->available = 0;
	if (own)
		return say(text, other->name,
			"exit.request exit=%s/1 merchant=%s unit=CNY policy=slow version=1", other->name,
			other->name);
	return say(text, "maker", "exit.request exit=e-%u merchant=%s unit=CNY policy=slow version=1",
		(unsigned)(other - side->others), other->name);
}

static const char *failure(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (!other->registered || other->failed || other->leaves)
		return NULL;
	other->failed = true;
	other->frozen = other->available > 0 || other->withdrawal != 0;
	other->available = 0;
	other->withdrawal = 0;
	return say(text, "maker",
		"incident.declare incident=i-%s merchant=%s issuer=Y funder=P custodian=bank policy=slow "
		"version=1 reason=liquidation",
		other->name, other->name);
}

static const char *card(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (!other->registered || other->leaves)
		return NULL;
	snprintf(text, COMMAND_SIZE,
		"entitlement.issue entitlement=card-%u holder=h-%u issuer=%s merchant=%s channel=app unit=L "
		"quantity=%u.000 cost=%u.00 currency=CNY evidence=absent evidence_hash=ab*",
		next_serial(side), below(side, 1000), below(side, 2) == 0 ? "Y" : "G", other->name,
		1 + below(side, 9), 1 + below(side, 99));
	side->cards++;
	return "maker";
}

/* ---- what secures them, and what is taken ---- */

static const char *requirement(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (!other->registered || other->leaves || other->failed || below(side, 3) != 0)
		return NULL;
	other->assigned = true;
	return say(text, "admin", "requirement.assign merchant=%s policy=slow-required version=%u",
		other->name, 1 + below(side, 2));
}

static const char *instrument(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (!other->registered)
		return NULL;
	return say(text, "maker",
		"instrument.register instrument=s-%u kind=bond provider=V merchant=%s unit=CNY limit=%u.00 "
		"draw=%u expires=2026-01-01T00:00:00Z document_hash=ab*",
		next_serial(side), other->name, 1 + below(side, 900), 1 + below(side, 9));
}

static const char *signal(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (!other->registered)
		return NULL;
	other->signalled = !other->signalled;
	return say(text, other->signalled ? "maker" : "checker", "signal.%s merchant=%s reason=reason-%u",
		other->signalled ? "raise" : "clear", other->name, below(side, 9));
}

static const char *end_withdrawal(
	struct twins_side *side, struct twins_other *other, char text[static COMMAND_SIZE])
{
	unsigned long long withdrawal = other->withdrawal;
	other->withdrawal = 0;
	if (!other->signalled && below(side, 2) == 0) {
		return say(text, "bank", "withdrawal.pay withdrawal=%llu bank_reference=o-%u", withdrawal,
			next_serial(side));
	}
	other->available += other->withdrawn;
	return say(text, other->keyed ? other->name : "maker", "withdrawal.cancel withdrawal=%llu reason=r",
		withdrawal);
}

static bool may_ask_back(const struct twins_side *side, const struct twins_other *other)
{
	return other->available > 0 && !other->assigned && !other->signalled && !other->leaves &&
	       (other->keyed || side->limits == 0);
}

/* Whoever can, from somebody on: few can at a time. */
static const char *withdrawal(struct twins_side *side, char text[static COMMAND_SIZE])
{
	unsigned first = below(side, TWINS_OTHERS);
	struct twins_other *other = NULL;
	for (unsigned index = 0; other == NULL && index < TWINS_OTHERS; index++) {
		struct twins_other *next = &side->others[(first + index) % TWINS_OTHERS];
		if (next->withdrawal != 0)
			return end_withdrawal(side, next, text);
		if (may_ask_back(side, next))
			other = next;
	}
	if (other == NULL)
		return NULL;
	other->withdrawn = 1 + below(side, other->available);
	other->available -= other->withdrawn;
	side->numbered = &other->withdrawal;
	return say(text, other->keyed ? other->name : "maker",
		"withdrawal.request merchant=%s amount=%u.%02u unit=CNY reason=excess", other->name,
		other->withdrawn / 100, other->withdrawn % 100);
}

static bool may_claim(const struct twins_other *other)
{
	return other->failed && other->claims < 5;
}

/* From a card of who has failed to its appeal of what was taken for it, a step at a time. */
static const char *claims(struct twins_side *side, char text[static COMMAND_SIZE])
{
	unsigned first = below(side, TWINS_OTHERS);
	unsigned index = 0;
	while (index < TWINS_OTHERS && !may_claim(&side->others[(first + index) % TWINS_OTHERS]))
		index++;
	if (index == TWINS_OTHERS)
		return NULL;
	struct twins_other *other = &side->others[(first + index) % TWINS_OTHERS];
	const char *name = other->name;
	switch (other->claims++) {
	case 0:
		return say(text, "maker",
			"entitlement.issue entitlement=ic-%s holder=h issuer=Y merchant=%s channel=app "
			"unit=L quantity=1.000 cost=%u.00 currency=CNY evidence=absent evidence_hash=ab*",
			name, name, 1 + below(side, 99));
	case 1:
		return say(text, "agent", "claim.file claim=c-%s incident=i-%s entitlement=ic-%s channel=app",
			name, name, name);
	case 2:
		return say(text, "agent",
			"evidence.request claim=c-%s kind=use party=%s due=2016-06-20T00:00:00Z", name, name);
	case 3:
		return say(text, "maker", "claim.decide claim=c-%s outcome=approve", name);
	case 4:
		if (!other->frozen) /* nothing is taken, and nothing appealed */
			other->claims++;
		side->numbered = &other->deduction;
		return say(text, "checker", "distribution.approve incident=i-%s", name);
	case 5:
		return say(text, other->keyed ? name : "maker",
			"appeal.lodge merchant=%s deduction=%llu reason=reason-%u", name, other->deduction,
			below(side, 9));
	default:
		return NULL;
	}
}

/* Who has failed is liable for a claim that was decided, and pays: its incident has receipts, and so may one of nobody's. */
static const char *debts(struct twins_side *side, char text[static COMMAND_SIZE])
{
	struct twins_other *other = pick(side);
	if (other->failed && other->claims >= 4 && !other->liable) {
		other->liable = true;
		return say(text, "maker",
			"liability.apportion incident=i-%s mode=several basis_hash=ab* "
			"shares=party:%s,share:60.00 shares=party:G,share:40.00",
			other->name, other->name);
	}
	if (!other->failed)
		return NULL;
	return say(text, "bank",
		"recovery.receive recovery=r-%u incident=i-%s payer=%s amount=%u.00 bank_reference=o-%u",
		next_serial(side), other->name, other->name, 1 + below(side, 9), next_serial(side));
}

/* A day's limit on what M's own key may ask for, in one of the two. */
static const char *limits(struct twins_side *side, char text[static COMMAND_SIZE])
{
	if (side->limits == 3)
		return NULL;
	return say(text, "admin",
		"control.publish version=%u proposal_hours=8760 "
		"limits=command:exit.request,span:day,unit:CNY,amount:%u.00,approvals:1 "
		"limits=command:withdrawal.request,span:day,unit:CNY,amount:%u.00,approvals:1",
		++side->limits, 1 + below(side, 99), 1 + below(side, 99));
}

static other_step *const other_steps[] = {
	registration,
	registration,
	key,
	key,
	deposit,
	deposit,
	deposit,
	hold,
	hold,
	leaving,
	leaving,
	failure,
	card,
	requirement,
	instrument,
	signal,
	withdrawal,
	withdrawal,
	claims,
	claims,
	claims,
	debts,
	debts,
	limits,
	nobody,
};

/* In one of the two M may be alone with nobodies: that there is anybody else is nothing to learn either. */
void twins_other_accepted(struct twins_side *side)
{
	char text[COMMAND_SIZE];
	const char *who = NULL;
	for (int tries = 0; who == NULL && tries < TRIES; tries++)
		who = other_steps[below(side, sizeof other_steps / sizeof other_steps[0])](side, text);
	if (who == NULL)
		who = nobody(side, text);
	kit_play(side->kit, "%s %s", who, text);
	if (side->numbered != NULL)
		*side->numbered = side->kit->last_entry;
	side->numbered = NULL;
	side->steps++;
}

void twins_other_refused(struct twins_side *side)
{
	kit_play(side->kit, "maker claim.decide claim=c-%u outcome=approve ! NOT_FOUND", below(side, 1000));
}
