#pragma once
#include <webp/encode.h>

/* Writes pixels, 3 or 4 bytes for each, and nothing else: libvips writes metadata of its own, even where it is told to
   strip all. On this thread alone. The bytes written, to be given to WebPFree; 0 if that failed. */
static inline size_t ks_webp(const uint8_t *pixels, int width, int height, int bands, int quality, int effort,
                             int lossless, uint8_t **bytes) {
    WebPConfig config;
    WebPPicture picture;
    if (!WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, (float)quality) || !WebPPictureInit(&picture)) return 0;
    config.method = effort;
    config.lossless = lossless;
    config.thread_level = 0;
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    picture.use_argb = lossless;
    picture.width = width;
    picture.height = height;
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    int imported = bands == 4 ? WebPPictureImportRGBA(&picture, pixels, width * 4)
                              : WebPPictureImportRGB(&picture, pixels, width * 3);
    int encoded = imported && WebPEncode(&config, &picture);
    WebPPictureFree(&picture);
    if (!encoded) WebPMemoryWriterClear(&writer);
    *bytes = writer.mem;
    return encoded ? writer.size : 0;
}
