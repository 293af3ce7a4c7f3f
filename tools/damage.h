/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A page of a ledger's store that can not be read while it is in use: the disk fails, or the file was cut
 * short or written to by somebody. It comes as a signal, in the middle of whatever reads. The process ends
 * with words and code 69, and never with a verdict; with code 65 where it could be read, and what LMDB found there led it
 * astray. Any other such signal ends it as before.
 */
void damage_watch(void);
