/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_commit.h"

#include "host_clock.h"
#include "base/buffer.h"
#include "output.h"

#include <limits.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { COMMITS = 150, MAP_SIZE = 1 << 20, ROWS_MAX = 150 };

static int commit(MDB_env *environment, uint64_t number)
{
	MDB_txn *transaction;
	MDB_dbi table;
	MDB_val key = {sizeof number, &number};
	MDB_val value = key;
	int code = mdb_txn_begin(environment, NULL, 0, &transaction);
	if (code != 0)
		return code;
	code = mdb_dbi_open(transaction, NULL, 0, &table);
	if (code == 0)
		code = mdb_put(transaction, table, &key, &value, 0);
	if (code == 0)
		return mdb_txn_commit(transaction);
	mdb_txn_abort(transaction);
	return code;
}

static int open_at(const char *path, MDB_env **environment)
{
	int code = mdb_env_create(environment);
	if (code == 0)
		code = mdb_env_set_mapsize(*environment, MAP_SIZE);
	return code == 0 ? mdb_env_open(*environment, path, MDB_NOSUBDIR | MDB_NOLOCK, 0600) : code;
}

static int commit_many(MDB_env *environment, struct buffer *latencies)
{
	int code = 0;
	for (uint64_t number = 0; code == 0 && number < COMMITS; number++) {
		uint64_t started = host_clock_monotonic();
		code = commit(environment, number);
		uint64_t latency = host_clock_monotonic() - started;
		buffer_append(latencies, &latency, sizeof latency);
	}
	return code;
}

bool bench_commit_run(const char *directory, struct bench_figures *figures)
{
	char path[PATH_MAX];
	MDB_env *environment;
	struct buffer latencies = {0};
	snprintf(path, sizeof path, "%s/commit", directory);
	int code = open_at(path, &environment);
	if (code == 0)
		code = commit_many(environment, &latencies);
	mdb_env_close(environment);
	unlink(path);
	if (code == 0)
		bench_figure_latencies(figures, "machine", "LMDB commit p50", "LMDB commit p99", &latencies);
	else
		output_problem("%s: %s", path, mdb_strerror(code));
	buffer_free(&latencies);
	return code == 0;
}

MDB_env *bench_commit_open(void)
{
	char path[PATH_MAX];
	const char *place = getenv("TMPDIR");
	MDB_env *environment = NULL;
	snprintf(path, sizeof path, "%s/recourse-commit-XXXXXX", place == NULL ? "/tmp" : place);
	int file = mkstemp(path);
	if (file < 0)
		return NULL;
	close(file);
	int code = open_at(path, &environment);
	unlink(path);
	if (code == 0)
		return environment;
	mdb_env_close(environment);
	return NULL;
}

/* The rows of one page take turns. */
bool bench_commit_next(MDB_env *environment)
{
	MDB_envinfo info;
	return mdb_env_info(environment, &info) == 0 &&
	       commit(environment, info.me_last_txnid % ROWS_MAX) == 0;
}
