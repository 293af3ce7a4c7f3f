/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_mend.h"

#include "base/try.h"
#include "store/lmdb_file.h"
#include "store/log_group.h"
#include "store/log_read.h"

struct mend {
	struct log_tables *tables;
	struct log_latest *latest;
	const char *directory;
};

/* To be read behind LMDB's file's name and "page 0: ". */
static enum recourse_error wrong_latest(const struct mend *mend, const char *what)
{
	return page_wrong(&mend->tables->fault, 0, what);
}

/* Above the head: the groups that `latest` has from that place on, as far as they go on from it. */
static enum recourse_error put_groups(const struct mend *mend, uint64_t place, MDB_txn *transaction,
	struct log_head *head, struct tree *tree, uint64_t *groups)
{
	SCOPED(group_free) struct group group = {.bytes = {0}};
	struct log_head after;
	enum recourse_error error;

	*groups = 0;
	while ((error = log_latest_read(mend->latest, &place, head, tree, &group, &after)) == RECOURSE_OK) {
		TRY(group_chain(&group));
		if (!group_head_equal(&group.head, &after))
			return wrong_latest(mend, "log/latest does not have what its own heads say");
		TRY(log_group_put(mend->tables, transaction, &group));
		*head = group.head;
		*tree = group.tree;
		++*groups;
	}
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error find_end(const struct mend *mend, struct log_head *head, struct tree *tree)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;

	TRY(log_read_open(mend->tables, &snapshot));
	TRY(log_read_head(snapshot, head));
	return tree_open(log_read_tree(snapshot), head->entries, tree);
}

/* All of them, above what was put back, in one commit. Nothing is written before it is begun. */
static enum recourse_error add_latest(const struct mend *mend, bool *begun)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;
	struct log_head head;
	struct tree tree;
	uint64_t groups;

	TRY(find_end(mend, &head, &tree));
	TRY(log_tables_error(mdb_txn_begin(mend->tables->environment, NULL, 0, &transaction)));
	TRY(put_groups(mend, 0, transaction, &head, &tree, &groups));
	if (groups == 0)
		return wrong_latest(mend, "log/latest goes on from another log");
	if (!log_latest_led(mend->latest, groups))
		return wrong_latest(mend, "it is later than all that log/latest has");
	*begun = true;
	return log_tables_commit(&transaction);
}

/* Nothing was put back: those that LMDB's file lacks, since somebody was killed while he added them again. */
static enum recourse_error add_rest(const struct mend *mend)
{
	SCOPED(lmdb_file_abort) MDB_txn *transaction = NULL;
	struct log_head head;
	struct tree tree;
	uint64_t place;
	uint64_t groups;

	TRY(find_end(mend, &head, &tree));
	if (!log_latest_beyond(mend->latest, &head, &place))
		return RECOURSE_OK;
	TRY(log_tables_error(mdb_txn_begin(mend->tables->environment, NULL, 0, &transaction)));
	TRY(put_groups(mend, place, transaction, &head, &tree, &groups));
	if (log_latest_beyond(mend->latest, &head, &place))
		return wrong_latest(mend, "log/latest goes on from another log");
	return log_tables_commit(&transaction);
}

static enum recourse_error open_put_back(const struct mend *mend)
{
	enum recourse_error error = log_tables_open_alone(mend->tables, mend->directory);

	if (error == RECOURSE_STORE_CORRUPT)
		mend->tables->fault.what = "it is damaged, or not what log/latest goes on from";
	return error;
}

static enum recourse_error put_back_and_add(const struct mend *mend)
{
	bool begun = false;
	enum recourse_error error = log_latest_restore(mend->latest, mend->directory);

	if (error == RECOURSE_STORE_CORRUPT)
		return wrong_latest(mend, "log/latest is of a file whose pages have another size");
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	error = open_put_back(mend);
	if (error == RECOURSE_OK)
		error = add_latest(mend, &begun);
	log_tables_close(mend->tables);
	if (error != RECOURSE_OK && !begun)
		TRY(log_latest_give_back(mend->latest, mend->directory));
	return error;
}

/*
 * LMDB's first pages are put back, and what was added since is added again: that is right whatever of its file came to the
 * disk. Where the machine was not started since, somebody may be reading what it has: then all of that is taken for written,
 * and STORE_LOCKED.
 */
static enum recourse_error put_in(const struct mend *mend, int *kept_out)
{
	TRY(lmdb_file_keep_out(mend->directory, kept_out));
	return put_back_and_add(mend);
}

enum recourse_error log_mend_to_write(
	struct log_tables *tables, struct log_latest *latest, const char *directory, int *kept_out)
{
	const struct mend mend = {.tables = tables, .latest = latest, .directory = directory};
	enum log_latest_standing standing;
	enum recourse_error error = RECOURSE_OK;

	TRY(log_latest_look(latest, false, &standing));
	if (standing != LOG_LATEST_NONE)
		error = put_in(&mend, kept_out);
	const bool read = error == RECOURSE_STORE_LOCKED && standing == LOG_LATEST_HERE;
	if (error != RECOURSE_OK && !read)
		return error;
	TRY(log_tables_open(tables, directory, false));
	if (read)
		TRY(add_rest(&mend));
	return standing == LOG_LATEST_NONE ? RECOURSE_OK : log_latest_clear(latest);
}

bool log_mend_needed(const struct log_tables *tables, struct log_latest *latest)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	struct log_head head;
	uint64_t place;

	return log_read_open(tables, &snapshot) != RECOURSE_OK ||
	       log_read_head(snapshot, &head) != RECOURSE_OK || log_latest_beyond(latest, &head, &place);
}
