/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "proof/key.h"
#include "recourse_client.h"

/* What the files of the client library need of each other; programs see recourse_client.h. */

/* NULL when the client was opened without the log's key. Good until close. */
const struct key_public *client_log_key(const struct recourse_client *client);

/* The memory's path; NULL when only the process remembers. */
const char *client_memory(const struct recourse_client *client);

/* For one call. */
uint64_t client_timeout_ms(const struct recourse_client *client);

/* The last checkpoint this process verified; size 0 before the first. Any thread. */
struct checkpoint;
void client_recall(struct recourse_client *client, struct checkpoint *last);

/* Keeps it if it is larger than what is kept. */
void client_remember(struct recourse_client *client, const struct checkpoint *checkpoint);
