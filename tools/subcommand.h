/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The sub-commands, one file each. `argv[0]` is the name of the sub-command; what is returned is the exit
 * code. Each prints its own help for `--help`.
 */
int init_main(int argc, char **argv);
int serve_main(int argc, char **argv);
int key_main(int argc, char **argv);
int payee_main(int argc, char **argv);
int pay_main(int argc, char **argv);
int submit_main(int argc, char **argv);
int query_main(int argc, char **argv);
int report_main(int argc, char **argv);
int log_main(int argc, char **argv);
int show_main(int argc, char **argv);
int checkpoint_main(int argc, char **argv);
int receipt_main(int argc, char **argv);
int export_main(int argc, char **argv);
int verify_main(int argc, char **argv);
int import_main(int argc, char **argv);
int bank_file_main(int argc, char **argv);
int play_main(int argc, char **argv);
int demo_main(int argc, char **argv);
int bench_main(int argc, char **argv);
int backup_main(int argc, char **argv);
int restore_main(int argc, char **argv);
