/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "served.h"

#include <stdio.h>
#include <unistd.h>

static void on_ready(void *context, const char *const *urls)
{
	struct served *served = context;
	for (size_t index = 0; urls[index] != NULL; index++)
		snprintf(served->urls[index], sizeof served->urls[index], "%s", urls[index]);
	assert_int_equal(write(served->ready[1], "x", 1), 1);
}

static void on_log(void *context, const char *line)
{
	print_message("%s\n", line);
}

static void *run(void *argument)
{
	struct served *served = argument;
	served->result = server_run(&served->options);
	assert_int_equal(write(served->ready[1], "x", 1), 1);
	return NULL;
}

void served_prepare(struct served *served, struct recourse_ledger *ledger)
{
	*served = (struct served){.listen = {"tcp://127.0.0.1:0"}};
	assert_int_equal(pipe(served->stop), 0);
	assert_int_equal(pipe(served->ready), 0);
	served->options = (struct server_options){
		.ledger = ledger,
		.listen = served->listen,
		.stop_descriptor = served->stop[0],
		.log = on_log,
		.log_context = served,
		.ready = on_ready,
	};
}

void served_begin(struct served *served)
{
	char byte;
	assert_int_equal(pthread_create(&served->thread, NULL, run, served), 0);
	assert_int_equal(read(served->ready[0], &byte, 1), 1);
}

void served_tell_to_stop(struct served *served)
{
	assert_int_equal(write(served->stop[1], "x", 1), 1);
}

enum recourse_error served_end(struct served *served)
{
	pthread_join(served->thread, NULL);
	for (size_t index = 0; index < 2; index++) {
		close(served->stop[index]);
		close(served->ready[index]);
	}
	return served->result;
}
