#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/log.h>

/* Macros that Swift does not import. */
static const int64_t KS_NOPTS = AV_NOPTS_VALUE;
static const int KS_SEEK_SIZE = AVSEEK_SIZE;
static const int KS_ERROR_EOF = AVERROR_EOF;
static const int KS_ERROR_IO = AVERROR(EIO);

/* Where an indexed packet ends in the file, or -1; its size is a bit field. */
static inline int64_t ks_index_end(AVStream *stream, int index) {
    const AVIndexEntry *entry = avformat_index_get_entry(stream, index);
    return entry ? entry->pos + entry->size : -1;
}
