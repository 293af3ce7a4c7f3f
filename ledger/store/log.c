/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log.h"

static enum recourse_error read_stored(void *context, uint8_t level, uint64_t index, struct crypto_hash *hash)
{
	return log_read_hash(context, level, index, hash);
}

struct tree_source log_tree(struct log_snapshot *snapshot)
{
	return (struct tree_source){.read = read_stored, .context = snapshot};
}
