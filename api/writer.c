/* SPDX-License-Identifier: Apache-2.0 */
#include "writer.h"

#include "host_clock.h"
#include "keeper.h"
#include "sweeper.h"
#include "base/crypto.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

/* How long a checkpoint may lag behind the log. */
#define SIGN_INTERVAL HOST_CLOCK_SECOND

/* How long the files may be gone before somebody notices. */
#define LOOK_INTERVAL HOST_CLOCK_SECOND

/* How late a clock may strike. */
#define TICK_INTERVAL HOST_CLOCK_SECOND

/* What the writer does, and may be kept from for a while: what the journal says of it then, and when it can again. */
enum duty { DUTY_COMMIT, DUTY_LOOK, DUTY_SIGN, DUTY_TICK, DUTY_SWEEP, DUTY_COUNT };

static const struct {
	const char *level;
	const char *late;
	const char *again;
} duties[DUTY_COUNT] = {
	[DUTY_COMMIT] = {"error", "requests-refused", "requests-taken"},
	[DUTY_SIGN] = {"warning", "checkpoint-late", "checkpoint-signed"},
	[DUTY_TICK] = {"warning", "clock-late", "clock-struck"},
};

/* The jobs of a group. */
struct batch {
	struct job *jobs[WRITER_GROUP_REQUESTS];
	size_t count;
	size_t commands;
};

struct writer {
	struct writer_options options;
	enum recourse_error late[DUTY_COUNT]; /* why it can not be done at present */
	bool ballast_gone;                    /* as it was told */
	pthread_t thread;
	atomic_int told; /* the fault that somebody else found */
	pthread_mutex_t
		turn; /* of who decides and keeps, for all else; the thread has it but while it waits for work */
	atomic_bool ahead;     /* something was answered that the state does not show yet, */
	atomic_bool unshown;   /* nor ever will, */
	pthread_mutex_t shown; /* which is held until it does: writer_catch_up() */
	uint64_t asleep_until; /* the thread; 0: it has not begun */
	bool alone;            /* what is decided is one job, of a caller who has its turn */
	enum recourse_error error;
	bool unsigned_entries;    /* committed since the last checkpoint, as far as is known */
	uint64_t due[DUTY_COUNT]; /* by the monotonic clock; UINT64_MAX: never */
	struct sweeper sweeper;
	struct keeper *keeper;
	struct batch batches[2]; /* in turn: whose group is decided, and whose is kept */
	struct batch *decided;
	struct recourse_request *requests[WRITER_GROUP_REQUESTS];
	uint8_t salts[WRITER_GROUP_REQUESTS][RECOURSE_SALT_SIZE];
};

static void fail(struct writer *writer, enum recourse_error error, const char *what)
{
	journal_line(writer->options.journal, "level=error event=fault during=%s error=%s", what,
		recourse_error_name(error));
	writer->error = error;
	writer->options.fault(writer->options.context, error);
}

/* Of room and of memory there may be enough later; nothing was written. */
static bool is_passing(enum recourse_error error)
{
	return error == RECOURSE_STORE_FULL || error == RECOURSE_MEMORY;
}

/* Said once, and not each time: the journal may well be on the disk that is full. */
static void tell_late(struct writer *writer, enum duty duty, enum recourse_error error)
{
	if (error == writer->late[duty])
		return;
	writer->late[duty] = error;
	if (error == RECOURSE_OK)
		journal_line(writer->options.journal, "level=info event=%s", duties[duty].again);
	else
		journal_line(writer->options.journal, "level=%s event=%s error=%s", duties[duty].level,
			duties[duty].late, recourse_error_name(error));
}

static void tell_ballast(struct writer *writer)
{
	bool gone = !recourse_ledger_ballast(writer->options.ledger);
	if (gone == writer->ballast_gone)
		return;
	writer->ballast_gone = gone;
	journal_line(writer->options.journal,
		gone ? "level=error event=ballast-missing" : "level=info event=ballast-made");
}

/* H6: what was carried out without all approvals is never silent. */
static void tell_break_glass(struct writer *writer)
{
	uint64_t entry;
	enum recourse_error error = RECOURSE_OK;
	while ((error = recourse_ledger_break_glass(writer->options.ledger, &entry)) == RECOURSE_OK)
		journal_line(writer->options.journal, "level=warning event=break-glass entry=%llu",
			(unsigned long long)entry);
	if (error != RECOURSE_QUERY_NOT_FOUND)
		journal_line(writer->options.journal, "level=error event=break-glass error=%s",
			recourse_error_name(error));
}

static void tell_committed(struct writer *writer, enum recourse_error error)
{
	tell_late(writer, DUTY_COMMIT, error);
	tell_ballast(writer);
	writer->unsigned_entries = writer->unsigned_entries || error == RECOURSE_OK;
	if (error == RECOURSE_OK)
		tell_break_glass(writer);
}

/* ---- groups ---- */

static struct batch *kept(struct writer *writer)
{
	return writer->decided == &writer->batches[0] ? &writer->batches[1] : &writer->batches[0];
}

/*
 * Handed back, the jobs belong to other threads: nothing here looks at them again. After a fault nobody takes them any
 * more; they are handed back all the same, so that whoever empties the queue is the one who ends them.
 */
static void hand_back(struct writer *writer, struct job *const *jobs, size_t count, enum recourse_error error)
{
	for (size_t index = 0; index < count && is_passing(error); index++) {
		jobs[index]->outcome = error;
		jobs[index]->committed = true;
	}
	if (!writer->alone)
		queue_return(writer->options.committed, jobs, count);
}

static void give_up(struct writer *writer, struct batch *batch, enum recourse_error error)
{
	hand_back(writer, batch->jobs, batch->count, error);
	batch->count = batch->commands = 0;
}

/* Decided are as many as there is room for in the group; the rest waits. */
static void decide(struct writer *writer, size_t count)
{
	struct batch *batch = writer->decided;
	struct job *const *jobs = batch->jobs + batch->count;
	size_t commands = 0;
	for (size_t index = 0; index < count; index++) {
		writer->requests[index] = jobs[index]->request;
		commands += jobs[index]->commands;
	}
	crypto_random(writer->salts, count * sizeof writer->salts[0]);
	enum recourse_error error = recourse_ledger_decide(writer->options.ledger, writer->requests, count,
		clocks_now(writer->options.clocks), (const uint8_t(*)[RECOURSE_SALT_SIZE])writer->salts);
	if (error == RECOURSE_OK) {
		batch->count += count;
		batch->commands += commands;
		return;
	}
	if (is_passing(error))
		tell_late(writer, DUTY_COMMIT, error);
	else
		fail(writer, error, "commit");
	hand_back(writer, jobs, count, error);
}

static bool is_full(const struct batch *batch)
{
	return batch->commands >= WRITER_GROUP_COMMANDS || batch->count == WRITER_GROUP_REQUESTS;
}

/* Of what waits, as much as there is room for in the group. False where nothing does. */
static bool take_in(struct writer *writer)
{
	struct batch *batch = writer->decided;
	size_t count = queue_take_group(writer->options.waiting, 0, WRITER_GROUP_COMMANDS - batch->commands,
		batch->jobs + batch->count, WRITER_GROUP_REQUESTS - batch->count);
	if (count > 0)
		decide(writer, count);
	return count > 0;
}

/* What was handed over, as it was kept; jobs that were returned are not its any more. What was decided since rests on it. */
static void settle_as(struct writer *writer, enum recourse_error error)
{
	struct batch *batch = kept(writer);
	bool returned = error == RECOURSE_OK || is_passing(error);
	enum recourse_error settled = recourse_ledger_settle(writer->options.ledger, error);
	if (error == RECOURSE_OK)
		error = settled;
	if (error == RECOURSE_OK || is_passing(error))
		tell_committed(writer, error);
	else
		fail(writer, error, "commit");
	if (returned)
		batch->count = batch->commands = 0;
	else
		give_up(writer, batch, error);
	if (error != RECOURSE_OK)
		give_up(writer, writer->decided, error);
}

/*
 * What was given to the keeper: waits until it is kept, and has its jobs back where that was a fault. What was decided
 * since is given up with it.
 */
static void settle(struct writer *writer)
{
	if (keeper_has(writer->keeper))
		settle_as(writer, keeper_wait(writer->keeper));
}

/* ---- duties, while nothing is kept ---- */

/* A full disk is no reason to stop: the checkpoint comes later. */
static void sign(struct writer *writer)
{
	writer->due[DUTY_SIGN] = host_clock_monotonic() + SIGN_INTERVAL;
	enum recourse_error error = recourse_ledger_sign(writer->options.ledger);
	if (error != RECOURSE_OK && !is_passing(error)) {
		fail(writer, error, "checkpoint");
		return;
	}
	tell_late(writer, DUTY_SIGN, error);
	writer->unsigned_entries = error != RECOURSE_OK;
}

/* What is due becomes entries, in groups between the callers' own. */
static void tick(struct writer *writer)
{
	bool added;
	bool more;
	enum recourse_error error = clocks_tick(writer->options.clocks, &added, &more);
	bool refused = error != RECOURSE_OK && error < RECOURSE_BUSY; /* as when the system key was revoked */
	if (error == RECOURSE_OK || refused || is_passing(error))
		tell_late(writer, DUTY_TICK, error);
	else
		fail(writer, error, "clock");
	writer->unsigned_entries = writer->unsigned_entries || added;
	/* more is due: go on after those who wait */
	writer->due[DUTY_TICK] = host_clock_monotonic() + (more ? 0 : TICK_INTERVAL);
}

/* What is wrong in the state ends the service before more rests on it, and the next one makes it again from the log. */
static void sweep(struct writer *writer)
{
	enum recourse_error error = sweeper_step(&writer->sweeper);
	if (error != RECOURSE_OK)
		fail(writer, error, "sweep");
	writer->due[DUTY_SWEEP] = writer->sweeper.due;
}

/* A group looks for itself; this is for when there is none, and others would read what nobody finds any more. */
static void look(struct writer *writer)
{
	writer->due[DUTY_LOOK] = host_clock_monotonic() + LOOK_INTERVAL;
	enum recourse_error error = recourse_ledger_check_names(writer->options.ledger);
	if (error != RECOURSE_OK)
		fail(writer, error, "files");
}

static uint64_t due(const struct writer *writer, size_t duty)
{
	return duty == DUTY_SIGN && !writer->unsigned_entries ? UINT64_MAX : writer->due[duty];
}

static uint64_t next_due(const struct writer *writer)
{
	uint64_t next = UINT64_MAX;
	for (size_t duty = 0; duty < DUTY_COUNT; duty++) {
		if (due(writer, duty) < next)
			next = due(writer, duty);
	}
	return next;
}

/* A clock strikes where no group is under way: it makes one of its own. */
static void do_what_is_due(struct writer *writer)
{
	static void (*const works[DUTY_COUNT])(struct writer * writer) = {
		[DUTY_LOOK] = look, [DUTY_SIGN] = sign, [DUTY_TICK] = tick, [DUTY_SWEEP] = sweep};
	for (size_t duty = 0; duty < DUTY_COUNT; duty++) {
		if (writer->error == RECOURSE_OK && host_clock_monotonic() >= due(writer, duty) &&
			!(duty == DUTY_TICK && writer->decided->count > 0))
			works[duty](writer);
	}
}

static bool goes_on(struct writer *writer)
{
	enum recourse_error told = (enum recourse_error)atomic_load(&writer->told);
	if (writer->error == RECOURSE_OK)
		writer->error = told;
	return writer->error == RECOURSE_OK;
}

/* How many rows there were, for whoever measures what their seals cost. */
static void tell_seals(const struct writer *writer)
{
	struct recourse_seals seals;
	recourse_ledger_seals(writer->options.ledger, &seals);
	if (seals.made + seals.opened + seals.swept == 0)
		return;
	journal_line(writer->options.journal,
		"level=info event=seals made=%llu opened=%llu bytes=%llu swept=%llu",
		(unsigned long long)seals.made, (unsigned long long)seals.opened,
		(unsigned long long)seals.bytes, (unsigned long long)seals.swept);
}

/*
 * The group that was decided is kept, by the keeper while the next one is decided; but where nothing more waits it is as
 * soon done here, and it is where a clock has to strike.
 */
static void pass_on(struct writer *writer)
{
	const struct batch *batch = writer->decided;
	bool beside =
		!queue_is_empty(writer->options.waiting) && host_clock_monotonic() < writer->due[DUTY_TICK];
	if (beside)
		do_what_is_due(writer);
	if (batch->count == 0 || !goes_on(writer))
		return;
	recourse_ledger_hand_over(writer->options.ledger);
	writer->decided = kept(writer);
	if (beside) {
		keeper_give(writer->keeper, batch->jobs, batch->count);
		return;
	}
	if (keeper_work(writer->keeper, batch->jobs, batch->count))
		queue_return(writer->options.committed, batch->jobs, batch->count);
	settle(writer);
}

/* Where a group is still being kept nobody else has a turn: keeper_has(). */
static void wait_for_work(struct writer *writer)
{
	writer->asleep_until = next_due(writer);
	pthread_mutex_unlock(&writer->turn);
	queue_wait(writer->options.waiting, writer->asleep_until);
	pthread_mutex_lock(&writer->turn);
}

/*
 * One group, or what is due. While another group is kept, what comes meanwhile is decided, too, and it is handed over when
 * that one is kept. False at the end.
 */
static bool step(struct writer *writer)
{
	struct queue *waiting = writer->options.waiting;
	wait_for_work(writer); /* meanwhile batches may have changed their places */
	const struct batch *batch = writer->decided;
	if (!take_in(writer) && queue_is_closed(waiting))
		return false;
	while (goes_on(writer) && keeper_is_busy(writer->keeper) && !is_full(batch) &&
		!queue_is_empty(waiting))
		(void)take_in(writer);
	settle(writer);
	if (!is_full(batch) && !queue_is_empty(waiting))
		(void)take_in(writer);
	if (batch->count > 0)
		pass_on(writer);
	if (!keeper_has(writer->keeper))
		do_what_is_due(writer);
	return true;
}

static void *run(void *argument)
{
	struct writer *writer = argument;
	(void)pthread_setname_np(pthread_self(), "writer");
	pthread_mutex_lock(&writer->turn);
	tell_ballast(writer);
	/* before anything is added: a log that was rolled back must not take another request */
	sign(writer);
	while (goes_on(writer) && step(writer))
		continue;
	settle(writer);
	give_up(writer, writer->decided, writer->error);
	if (goes_on(writer) && writer->unsigned_entries)
		sign(writer);
	tell_seals(writer);
	pthread_mutex_unlock(&writer->turn);
	return NULL;
}

/* ---- one that is alone ---- */

/* Nothing goes before it: what waits, and what is kept, was there first. */
static bool may_pass(struct writer *writer, const struct job *job)
{
	struct queue *waiting = writer->options.waiting;
	bool begun = writer->asleep_until > 0;
	return begun && job->commands <= WRITER_ALONE_COMMANDS && !keeper_has(writer->keeper) &&
	       goes_on(writer) && queue_is_empty(waiting) && !queue_is_closed(waiting);
}

static void tell(struct writer *writer, struct job *job, enum recourse_error error)
{
	job->committed = error == RECOURSE_OK || is_passing(error);
	job->outcome = error;
	writer->options.answer(writer->options.context, job);
}

/* What is decided is that job. Where it can be it is answered before the state is written. */
static void keep_alone(struct writer *writer, struct job *job)
{
	struct recourse_ledger *ledger = writer->options.ledger;
	recourse_ledger_hand_over(ledger);
	writer->decided = kept(writer);
	enum recourse_error error = recourse_ledger_append(ledger, &job->ahead);
	bool ahead = job->ahead;
	if (ahead) {
		pthread_mutex_lock(&writer->shown);
		atomic_store(&writer->ahead, true);
		tell(writer, job, error);
	}
	if (error == RECOURSE_OK)
		error = recourse_ledger_show(ledger);
	atomic_store(&writer->unshown, ahead && error != RECOURSE_OK);
	settle_as(writer, error);
	if (!ahead)
		tell(writer, job, error);
}

static void commit_alone(struct writer *writer, struct job *job)
{
	assert(writer->decided->count == 0);
	writer->alone = true;
	writer->decided->jobs[0] = job;
	decide(writer, 1);
	bool decided = writer->decided->count > 0;
	writer->decided->count = writer->decided->commands = 0; /* a fault finds nothing that was answered */
	if (decided && goes_on(writer))
		keep_alone(writer, job);
	else
		writer->options.answer(writer->options.context, job); /* as decide() left it */
	writer->alone = false;
}

/* The turn is free before those who wait go on: the next one finds it so. */
static void let_read(struct writer *writer)
{
	bool ahead = atomic_exchange(&writer->ahead, false);
	pthread_mutex_unlock(&writer->turn);
	if (ahead)
		pthread_mutex_unlock(&writer->shown);
}

bool writer_commit(struct writer *writer, struct job *job)
{
	if (pthread_mutex_trylock(&writer->turn) != 0)
		return false;
	bool taken = may_pass(writer, job);
	if (taken)
		commit_alone(writer, job);
	bool earlier = taken && next_due(writer) < writer->asleep_until;
	let_read(writer);
	if (earlier)
		queue_nudge(writer->options.waiting);
	return taken;
}

bool writer_catch_up(struct writer *writer)
{
	if (atomic_load(&writer->ahead)) {
		pthread_mutex_lock(&writer->shown);
		pthread_mutex_unlock(&writer->shown);
	}
	return !atomic_load(&writer->unshown);
}

enum recourse_error writer_start(const struct writer_options *options, struct writer **writer)
{
	struct writer *made = calloc(1, sizeof *made);
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->options = *options;
	pthread_mutex_init(&made->turn, NULL);
	pthread_mutex_init(&made->shown, NULL);
	made->sweeper.ledger = options->ledger;
	/* What was committed before a kill may have no checkpoint yet. */
	made->unsigned_entries = true;
	made->due[DUTY_COMMIT] = UINT64_MAX;
	if (options->clocks == NULL)
		made->due[DUTY_TICK] = UINT64_MAX;
	made->decided = &made->batches[0];
	const struct keeper_options keeper = {
		.ledger = options->ledger, .committed = options->committed, .waiting = options->waiting};
	if (keeper_start(&keeper, &made->keeper) != RECOURSE_OK ||
		pthread_create(&made->thread, NULL, run, made) != 0) {
		keeper_stop(made->keeper);
		pthread_mutex_destroy(&made->turn);
		pthread_mutex_destroy(&made->shown);
		free(made);
		return RECOURSE_MEMORY;
	}
	*writer = made;
	return RECOURSE_OK;
}

void writer_fail(struct writer *writer, enum recourse_error error)
{
	int none = RECOURSE_OK;
	(void)atomic_compare_exchange_strong(&writer->told, &none, (int)error);
}

enum recourse_error writer_join(struct writer *writer)
{
	pthread_join(writer->thread, NULL);
	enum recourse_error error = writer->error;
	keeper_stop(writer->keeper);
	pthread_mutex_destroy(&writer->turn);
	pthread_mutex_destroy(&writer->shown);
	free(writer);
	return error;
}
