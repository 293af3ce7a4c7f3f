/* SPDX-License-Identifier: Apache-2.0 */
#include "kill_aim.h"

#include "store/notes_keys.h"
#include "support.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Sending the listener must not be asked about: nobody could answer yet. So high that it is never used again. */
enum { CHANNEL = 1000, MIB = 1 << 20 };

/* ---- in the child ---- */

#define LOAD(member)              BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (count))
#define ANSWER(what)              BPF_STMT(BPF_RET | BPF_K, (what))
#define ASK(call)                 SKIP_UNLESS(__NR_##call, 1), ANSWER(SECCOMP_RET_USER_NOTIF)

static struct sock_filter filter[] = {
	LOAD(nr),
	SKIP_UNLESS(__NR_openat, 4),
	LOAD(args[2]),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | O_TRUNC, 0, 1),
	ANSWER(SECCOMP_RET_USER_NOTIF),
	ANSWER(SECCOMP_RET_ALLOW),
	SKIP_UNLESS(__NR_sendmsg, 4),
	LOAD(args[0]),
	SKIP_UNLESS(CHANNEL, 1),
	ANSWER(SECCOMP_RET_ALLOW),
	ANSWER(SECCOMP_RET_USER_NOTIF),
#ifdef __NR_mkdir
	ASK(mkdir),
	ASK(rename),
	ASK(unlink),
	ASK(rmdir),
#endif
	ASK(mkdirat),
	ASK(renameat),
	ASK(renameat2),
	ASK(unlinkat),
	ASK(write),
	ASK(writev),
	ASK(pwrite64),
	ASK(pwritev),
	ASK(ftruncate),
	ASK(fallocate),
	ASK(fsync),
	ASK(fdatasync),
	ASK(msync),
	ASK(flock),
	ANSWER(SECCOMP_RET_ALLOW),
};

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static struct msghdr message_of(struct iovec *byte, union control *control)
{
	return (struct msghdr){.msg_iov = byte,
		.msg_iovlen = 1,
		.msg_control = control->bytes,
		.msg_controllen = sizeof control->bytes};
}

bool kill_aim_expose(int channel)
{
	const struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
	union control control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
					 .cmsg_level = SOL_SOCKET,
					 .cmsg_type = SCM_RIGHTS}};
	struct iovec byte = {.iov_base = &(char){0}, .iov_len = 1};
	struct msghdr message = message_of(&byte, &control);
	if ((channel != CHANNEL && dup3(channel, CHANNEL, O_CLOEXEC) < 0) ||
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	int listener = (int)syscall(
		__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	memcpy(CMSG_DATA(&control.header), &listener, sizeof listener);
	return listener >= 0 && sendmsg(CHANNEL, &message, 0) == 1;
}

/* ---- in the parent ---- */

static bool counts_from(enum kill_aim_from from, const struct seccomp_data *call)
{
	switch (from) {
	case KILL_AIM_GUARD:
		return call->nr == __NR_flock && call->args[1] == LOCK_EX;
	case KILL_AIM_BALLAST:
		return call->nr == __NR_fallocate && call->args[3] >= MIB;
	case KILL_AIM_WORDS:
		return call->nr == __NR_write && call->args[0] == STDERR_FILENO;
	case KILL_AIM_FLUSH:
		return call->nr == __NR_fdatasync;
	case KILL_AIM_KEY:
		return call->nr == __NR_pwrite64 && call->args[2] == NOTES_KEYS_PLACE;
	case KILL_AIM_ANY:
		break;
	}
	return true;
}

/* Whether it may go on. */
static bool judge(struct kill_aim *aim, const struct seccomp_data *call)
{
	pthread_mutex_lock(&aim->mutex);
	aim->begun = aim->begun || counts_from(aim->from, call);
	aim->seen += aim->begun && !aim->struck;
	if (aim->begun && !aim->struck && aim->calls != KILL_AIM_NEVER && aim->calls-- == 0)
		aim->struck = true;
	bool struck = aim->struck;
	pthread_mutex_unlock(&aim->mutex);
	return !struck;
}

/* Ends when nobody is left to ask about. */
static void *watch(void *argument)
{
	struct kill_aim *aim = argument;
	struct pollfd descriptor = {.fd = aim->listener, .events = POLLIN};
	while (poll(&descriptor, 1, -1) > 0 && (descriptor.revents & POLLIN) != 0) {
		struct seccomp_notif asked = {0};
		if (ioctl(aim->listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0)
			continue;
		struct seccomp_notif_resp answer = {
			.id = asked.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
		if (judge(aim, &asked.data))
			(void)ioctl(aim->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
		else
			kill(aim->pid, SIGKILL);
	}
	return NULL;
}

void kill_aim_at(struct kill_aim *aim, enum kill_aim_from from, long calls)
{
	pthread_mutex_lock(&aim->mutex);
	aim->from = from;
	aim->calls = calls;
	aim->begun = false;
	aim->seen = 0;
	aim->struck = false;
	pthread_mutex_unlock(&aim->mutex);
}

void kill_aim_watch(struct kill_aim *aim, int channel, pid_t pid)
{
	union control control = {0};
	struct iovec byte = {.iov_base = &(char){0}, .iov_len = 1};
	struct msghdr message = message_of(&byte, &control);
	assert_int_equal(recvmsg(channel, &message, MSG_CMSG_CLOEXEC), 1);
	memcpy(&aim->listener, CMSG_DATA(&control.header), sizeof aim->listener);
	aim->pid = pid;
	assert_int_equal(pthread_create(&aim->thread, NULL, watch, aim), 0);
}

void kill_aim_end(struct kill_aim *aim)
{
	pthread_join(aim->thread, NULL);
	close(aim->listener);
}
