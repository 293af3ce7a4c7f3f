/* SPDX-License-Identifier: Apache-2.0 */
#include "clocks.h"

#include "base/crypto.h"
#include "base/instant.h"
#include "base/try.h"
#include "clock_note.h"
#include "reckoning.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

struct clocks {
	struct recourse_ledger *ledger;
	struct journal *journal;
	pthread_mutex_t mutex; /* of the next two */
	struct reckoning reckoning;
	uint64_t jump;
	uint64_t entries;   /* that the ledger had when it was looked at last */
	uint64_t confirmed; /* the last confirmation that was taken into account, by its entry */
	uint64_t note_due;  /* by what has elapsed; 0: nothing was looked at yet */
	char boot[HOST_CLOCK_BOOT_SIZE];
	char path[PATH_MAX];
};

static struct reckoning_reading read_host(void)
{
	return (struct reckoning_reading){.host = host_clock_now(), .elapsed = host_clock_elapsed()};
}

static uint64_t further(const struct recourse_doubt *doubt)
{
	return doubt->host - doubt->counted;
}

/* ---- the note ---- */

static void note(struct clocks *clocks)
{
	struct clock_note now = {.elapsed = host_clock_elapsed(), .entries = clocks->entries};
	now.time = reckoning_counted(&clocks->reckoning, now.elapsed);
	memcpy(now.boot, clocks->boot, sizeof now.boot);
	snprintf(now.origin, sizeof now.origin, "%s", recourse_ledger_origin(clocks->ledger));
	clocks->note_due = now.elapsed + INSTANT_MINUTE;
	enum recourse_error error = clock_note_write(clocks->path, &now);
	if (error != RECOURSE_OK)
		journal_line(clocks->journal, "level=warning event=clock-note-late error=%s",
			recourse_error_name(error));
}

/* What the ledger knows: nobody has used it, or its last entry was made then. */
static void count_from_entry(struct clocks *clocks, const struct recourse_clocks *standing,
	const struct reckoning_reading *now, enum recourse_error why)
{
	bool used = standing->requests > 1;
	clocks->reckoning.slack = used && standing->held == 0 ? standing->gap : 0;
	clocks->reckoning.right = (struct reckoning_reading){used ? standing->last : now->host, now->elapsed};
	if (used)
		journal_line(clocks->journal, "level=warning event=clock-note error=%s instead=last-entry",
			recourse_error_name(why));
}

static void count_from_note(struct clocks *clocks, const struct recourse_clocks *standing,
	const struct reckoning_reading *now, const struct clock_note *note)
{
	bool same_boot = note->boot[0] != '\0' && strcmp(note->boot, clocks->boot) == 0 &&
			 note->elapsed <= now->elapsed;
	clocks->reckoning.right =
		(struct reckoning_reading){note->time, same_boot ? note->elapsed : now->elapsed};
	if (standing->confirmed != 0 && standing->confirmed >= note->entries)
		reckoning_shift(&clocks->reckoning, further(&standing->doubt));
	/* what was in doubt before the stop is so after it */
	if (!same_boot && standing->held == 0)
		clocks->reckoning.slack = standing->gap;
}

static enum recourse_error start(struct clocks *clocks)
{
	struct recourse_clocks standing;
	struct clock_note note;
	struct reckoning_reading now = read_host();
	if (snprintf(clocks->path, sizeof clocks->path, "%s.clock", recourse_ledger_guard(clocks->ledger)) >=
		(int)sizeof clocks->path)
		return RECOURSE_IO;
	host_clock_boot(clocks->boot);
	TRY(recourse_ledger_clocks(clocks->ledger, &standing));
	clocks->entries = standing.entries;
	clocks->confirmed = standing.confirmed;
	clocks->jump = standing.jump;
	enum recourse_error error = clock_note_read(clocks->path, &note);
	if (error == RECOURSE_OK && strcmp(note.origin, recourse_ledger_origin(clocks->ledger)) != 0)
		error = RECOURSE_ORIGIN_WRONG;
	if (error == RECOURSE_OK)
		count_from_note(clocks, &standing, &now, &note);
	else
		count_from_entry(clocks, &standing, &now, error);
	return RECOURSE_OK;
}

enum recourse_error clocks_open(
	struct recourse_ledger *ledger, struct journal *journal, struct clocks **opened)
{
	struct clocks *clocks = calloc(1, sizeof *clocks);
	if (clocks == NULL)
		return RECOURSE_MEMORY;
	clocks->ledger = ledger;
	clocks->journal = journal;
	pthread_mutex_init(&clocks->mutex, NULL);
	*opened = clocks;
	return start(clocks);
}

void clocks_close(struct clocks *clocks)
{
	if (clocks == NULL)
		return;
	if (clocks->note_due != 0)
		note(clocks);
	pthread_mutex_destroy(&clocks->mutex);
	free(clocks);
}

/* ---- what time it is ---- */

static bool agrees(struct clocks *clocks, struct reckoning_reading *now, uint64_t *counted)
{
	*now = read_host();
	*counted = reckoning_counted(&clocks->reckoning, now->elapsed);
	return reckoning_agrees(&clocks->reckoning, now, clocks->jump);
}

uint64_t clocks_now(struct clocks *clocks)
{
	struct reckoning_reading now;
	uint64_t counted;
	if (clocks == NULL)
		return host_clock_now();
	pthread_mutex_lock(&clocks->mutex);
	bool believed = agrees(clocks, &now, &counted);
	pthread_mutex_unlock(&clocks->mutex);
	return believed ? now.host : counted;
}

/* ---- what is due, or held ---- */

/* What two people have confirmed since it was looked at last. */
static bool take_confirmation(struct clocks *clocks, const struct recourse_clocks *standing)
{
	if (standing->confirmed <= clocks->confirmed)
		return false;
	clocks->confirmed = standing->confirmed;
	reckoning_shift(&clocks->reckoning, further(&standing->doubt));
	return true;
}

/* Takes all that bears on what time it is into account, for other threads too. */
static bool look(struct clocks *clocks, const struct recourse_clocks *standing, struct reckoning_reading *now,
	uint64_t *counted)
{
	pthread_mutex_lock(&clocks->mutex);
	clocks->jump = standing->jump;
	clocks->entries = standing->entries;
	bool confirmed = take_confirmation(clocks, standing);
	bool believed = agrees(clocks, now, counted);
	if (believed)
		reckoning_follow(&clocks->reckoning, now);
	pthread_mutex_unlock(&clocks->mutex);
	if (confirmed)
		journal_line(clocks->journal, "level=warning event=clocks-confirmed entry=%llu",
			(unsigned long long)standing->confirmed);
	if (confirmed || now->elapsed >= clocks->note_due)
		note(clocks);
	return believed;
}

/* Whether a hold is open that says by how much the two are apart. */
static bool held_by(const struct recourse_clocks *standing, const struct recourse_doubt *doubt)
{
	uint64_t apart = further(doubt) - further(&standing->doubt);
	return standing->held != 0 && (apart <= standing->jump || -apart <= standing->jump);
}

static enum recourse_error hold(struct clocks *clocks, const struct recourse_clocks *standing,
	const struct recourse_doubt *doubt, bool *added)
{
	uint8_t salt[RECOURSE_SALT_SIZE];
	char host[INSTANT_TEXT_SIZE];
	char counted[INSTANT_TEXT_SIZE];
	uint64_t entry;
	if (held_by(standing, doubt))
		return RECOURSE_OK;
	crypto_random(salt, sizeof salt);
	TRY(recourse_ledger_hold(clocks->ledger, doubt, salt, &entry));
	*added = true;
	instant_format(doubt->host, host);
	instant_format(doubt->counted, counted);
	journal_line(clocks->journal, "level=warning event=clocks-held entry=%llu host=%s counted=%s",
		(unsigned long long)entry, host, counted);
	return RECOURSE_OK;
}

static enum recourse_error release(
	struct clocks *clocks, const struct recourse_clocks *standing, uint64_t now, bool *added)
{
	uint8_t salt[RECOURSE_SALT_SIZE];
	uint64_t entry;
	if (standing->held == 0)
		return RECOURSE_OK;
	crypto_random(salt, sizeof salt);
	TRY(recourse_ledger_release(clocks->ledger, standing->held, now, salt, &entry));
	*added = true;
	journal_line(clocks->journal, "level=warning event=clocks-released entry=%llu held=%llu",
		(unsigned long long)entry, (unsigned long long)standing->held);
	return RECOURSE_OK;
}

static enum recourse_error strike(struct clocks *clocks, uint64_t now, bool *added, bool *more)
{
	uint8_t salt[RECOURSE_SALT_SIZE];
	uint64_t fired;
	uint64_t next;
	crypto_random(salt, sizeof salt);
	enum recourse_error error = recourse_ledger_tick(clocks->ledger, now, salt, &fired, &next);
	*added = *added || fired > 0;
	*more = error == RECOURSE_OK && fired > 0 && next <= now;
	return error;
}

enum recourse_error clocks_tick(struct clocks *clocks, bool *added, bool *more)
{
	struct recourse_clocks standing;
	struct reckoning_reading now;
	uint64_t counted;
	*added = *more = false;
	TRY(recourse_ledger_clocks(clocks->ledger, &standing));
	if (!look(clocks, &standing, &now, &counted)) {
		const struct recourse_doubt doubt = {.host = now.host, .counted = counted};
		return hold(clocks, &standing, &doubt, added);
	}
	TRY(release(clocks, &standing, now.host, added));
	return strike(clocks, now.host, added, more);
}
