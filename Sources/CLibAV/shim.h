#pragma once
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/log.h>

/* Macros that Swift does not import. */
static const int64_t KS_NOPTS = AV_NOPTS_VALUE;
static const int KS_SEEK_SIZE = AVSEEK_SIZE;
static const int KS_ERROR_EOF = AVERROR_EOF;
static const int KS_ERROR_IO = AVERROR(EIO);
