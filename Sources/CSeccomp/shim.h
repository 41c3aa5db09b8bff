#pragma once
#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>

/* Macros that Swift does not import. */
static const uint32_t KS_ACT_KILL_PROCESS = SCMP_ACT_KILL_PROCESS;
static const uint32_t KS_ACT_ALLOW = SCMP_ACT_ALLOW;
/* CLONE_VM, CLONE_SIGHAND and CLONE_THREAD: what every thread has, and no process. */
static const uint64_t KS_CLONE_THREAD = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
/* Every flag of open(2) by which more is done than to read; O_TMPFILE without O_DIRECTORY, which lists. */
static const uint64_t KS_OPEN_TO_CHANGE = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | 020000000 /* O_TMPFILE */;

static inline uint32_t ks_act_error(uint16_t error) { return SCMP_ACT_ERRNO(error); }
