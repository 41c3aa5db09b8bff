#pragma once
#include <seccomp.h>

/* Macros that Swift does not import. */
static const uint32_t KS_ACT_KILL_PROCESS = SCMP_ACT_KILL_PROCESS;
static const uint32_t KS_ACT_ALLOW = SCMP_ACT_ALLOW;
