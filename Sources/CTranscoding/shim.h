#pragma once
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>

/* Macros that Swift does not import. */
static const int64_t KS_NO_TIME = AV_NOPTS_VALUE;
static const int KS_SIZE_IS_ASKED = AVSEEK_SIZE;
static const int KS_END = AVERROR_EOF;
static const int KS_AGAIN = AVERROR(EAGAIN);
static const int KS_TOO_LARGE = AVERROR(EFBIG);
static const int KS_DENIED = AVERROR(EACCES);

/* A packet with nothing but bytes, which stay the caller's. */
static inline AVPacket *ks_packet_of(const uint8_t *bytes, int count) {
    AVPacket *packet = av_packet_alloc();
    if (packet && av_new_packet(packet, count) < 0) av_packet_free(&packet);
    if (packet) memcpy(packet->data, bytes, count);
    return packet;
}
