/* SPDX-License-Identifier: Apache-2.0 */
#include "store/boot.h"

#include "base/descriptor.h"
#include "base/try.h"

#include <fcntl.h>
#include <unistd.h>

void boot_id_read(struct boot_id *id)
{
	SCOPED(descriptor_close)
	const int source = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (source < 0 || read(source, id->text, BOOT_ID_SIZE) != BOOT_ID_SIZE)
		memset(id->text, 0, BOOT_ID_SIZE);
}

bool boot_id_known(const struct boot_id *id)
{
	return id->text[0] != '\0';
}
