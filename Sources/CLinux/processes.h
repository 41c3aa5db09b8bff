#pragma once
#include <dirent.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* Swift has no fork, and imports neither prctl nor syscall, which are variadic. */

/* A copy of this process, which has to have one thread alone. Source: fork(2). */
static inline pid_t ks_fork(void) { return fork(); }

/* The threads of this process; -1 where /proc is not mounted. Source: proc(5), /proc/pid/task. */
static inline int ks_thread_count(void) {
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) return -1;
    int count = 0;
    for (struct dirent *entry = readdir(tasks); entry; entry = readdir(tasks)) count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

/* A descriptor that is readable once the process has ended; or -1. Source: pidfd_open(2). */
static inline int ks_process_descriptor(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

/* Kills a process that has this descriptor, and no other that got its number since.
   Source: pidfd_send_signal(2). */
static inline int ks_kill(int process) { return (int)syscall(SYS_pidfd_send_signal, process, SIGKILL, 0, 0); }

/* Lets a program that is started have no descriptor from this one on. Declared here, because it needs _GNU_SOURCE. */
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);

static inline int ks_spawn_without(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

static inline int ks_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

static inline int ks_forbid_dumping(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/* Closes every descriptor from this one on. Source: close_range(2). */
static inline int ks_close_from(unsigned first) { return (int)syscall(SYS_close_range, first, ~0U, 0); }

/* Makes the bytes zero, even where nobody looks at them again. Source: explicit_bzero(3). */
static inline void ks_wipe(void *bytes, size_t count) { explicit_bzero(bytes, count); }
