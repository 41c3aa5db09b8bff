#pragma once
#include <vips/vips.h>

/* libvips takes options as variadic arguments, which Swift does not import; GObject's casts are macros.
   Where a function answers an image or a source, it is the caller's to be released, or null. */

static inline GLogWriterOutput ks_vips_say_nothing(GLogLevelFlags level, const GLogField *fields, gsize count,
                                                   gpointer data) {
    (void)level, (void)fields, (void)count, (void)data;
    return G_LOG_WRITER_HANDLED;
}

/* Starts the library, and has nothing said in any log by it or by others that use GLib: no cache of results, for each process makes few; no loader but those for what people send.
   0, or -1. */
static inline int ks_vips_start(const char *name) {
    g_log_set_writer_func(ks_vips_say_nothing, NULL, NULL);
    if (vips_init(name)) return -1;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    static const char *const wanted[] = { "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadNsgif",
                                          "VipsForeignLoadWebp", "VipsForeignLoadTiff", "VipsForeignLoadHeif",
                                          "VipsForeignLoadJxl",  "VipsForeignLoadJp2k", "VipsForeignLoadSvg" };
    for (size_t index = 0; index < sizeof wanted / sizeof *wanted; index++)
        vips_operation_block_set(wanted[index], FALSE);
    return 0;
}

typedef gint64 (*ks_vips_read)(VipsSourceCustom *source, void *target, gint64 count, void *reader);
typedef gint64 (*ks_vips_seek)(VipsSourceCustom *source, gint64 offset, int whence, void *reader);

/* A source that is read through these two; the reader has to outlive it. */
static inline VipsSource *ks_vips_source(ks_vips_read read, ks_vips_seek seek, void *reader) {
    VipsSourceCustom *source = vips_source_custom_new();
    g_signal_connect(source, "read", G_CALLBACK(read), reader);
    g_signal_connect(source, "seek", G_CALLBACK(seek), reader);
    return VIPS_SOURCE(source);
}

static inline void ks_vips_release(void *object) { g_object_unref(object); }

/* A picture, loaded no larger than is needed for this many pixels on its longer side; not turned yet. */
static inline VipsImage *ks_vips_load(VipsSource *source, int side) {
    VipsImage *image = NULL;
    if (vips_thumbnail_source(source, &image, side, "height", side, "size", VIPS_SIZE_DOWN, "no_rotate", TRUE, NULL))
        return NULL;
    return image;
}

/* The same for formats of which less cannot be loaded. */
static inline VipsImage *ks_vips_load_whole(VipsSource *source, int side) {
    VipsImage *image = NULL;
    VipsImage *whole = vips_image_new_from_source(source, "", "access", VIPS_ACCESS_SEQUENTIAL, NULL);
    if (!whole) return NULL;
    if (vips_thumbnail_image(whole, &image, side, "height", side, "size", VIPS_SIZE_DOWN, "no_rotate", TRUE, NULL))
        image = NULL;
    g_object_unref(whole);
    return image;
}

/* The image that a HEIC file carries for lists. */
static inline VipsImage *ks_vips_load_embedded(VipsSource *source) {
    VipsImage *image = NULL;
    return vips_heifload_source(source, &image, "thumbnail", TRUE, NULL) ? NULL : image;
}

/* 8 bits for each of red, green, blue and perhaps alpha, in sRGB, from whatever profile the picture carries. A picture
   without one is taken for sRGB: through the profile of sRGB its white would not stay white. */
static inline VipsImage *ks_vips_plain(VipsImage *image) {
    VipsImage *coloured = NULL, *plain = NULL, *cut = NULL;
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0
        || vips_icc_transform(image, &coloured, "srgb", "embedded", TRUE, "depth", 8, NULL)) {
        vips_error_clear();
        if (vips_colourspace(image, &coloured, VIPS_INTERPRETATION_sRGB, NULL)) return NULL;
    }
    if (!vips_extract_band(coloured, &cut, 0, "n", VIPS_MIN(coloured->Bands, 4), NULL)) {
        vips_cast(cut, &plain, VIPS_FORMAT_UCHAR, NULL);
        g_object_unref(cut);
    }
    g_object_unref(coloured);
    return plain;
}

/* The pixels, row by row, without a thread: a server that forks must have none. 0, or -1. */
static inline int ks_vips_copy_pixels(VipsImage *image, unsigned char *target) {
    VipsRegion *region = vips_region_new(image);
    size_t row = VIPS_IMAGE_SIZEOF_LINE(image);
    int result = 0;
    for (int top = 0; top < image->Ysize && result == 0; top += 16) {
        VipsRect part = { 0, top, image->Xsize, VIPS_MIN(16, image->Ysize - top) };
        result = vips_region_prepare(region, &part);
        for (int y = top; y < top + part.height && result == 0; y++)
            memcpy(target + row * y, VIPS_REGION_ADDR(region, 0, y), row);
    }
    g_object_unref(region);
    return result;
}

/* An image of pixels in sRGB, which have to outlive it. */
static inline VipsImage *ks_vips_image(const void *pixels, size_t count, int width, int height, int bands) {
    VipsImage *image = vips_image_new_from_memory(pixels, count, width, height, bands, VIPS_FORMAT_UCHAR);
    if (image) image->Type = VIPS_INTERPRETATION_sRGB;
    return image;
}

/* Turned as EXIF's orientation, 2 to 8, says; to be used on pixels in memory. */
static inline VipsImage *ks_vips_turn(VipsImage *image, int orientation) {
    static const VipsAngle angles[] = { VIPS_ANGLE_D0, VIPS_ANGLE_D180, VIPS_ANGLE_D180, VIPS_ANGLE_D90,
                                        VIPS_ANGLE_D90, VIPS_ANGLE_D270, VIPS_ANGLE_D270 };
    VipsImage *turned = NULL, *result = NULL;
    if (orientation < 2 || orientation > 8 || vips_rot(image, &turned, angles[orientation - 2], NULL)) return NULL;
    /* 2, 4, 5 and 7 are mirror images. */
    int is_mirrored = orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7;
    if (!is_mirrored) return turned;
    vips_flip(turned, &result, VIPS_DIRECTION_HORIZONTAL, NULL);
    g_object_unref(turned);
    return result;
}

static inline VipsImage *ks_vips_shrink(VipsImage *image, int side) {
    VipsImage *smaller = NULL;
    if (vips_thumbnail_image(image, &smaller, side, "height", side, "size", VIPS_SIZE_DOWN, "no_rotate", TRUE, NULL))
        return NULL;
    return smaller;
}

/* An image on white, if it has any transparency. */
static inline VipsImage *ks_vips_flatten(VipsImage *image) {
    if (image->Bands < 4) return (VipsImage *)g_object_ref(image);
    double white[] = { 255, 255, 255 };
    VipsArrayDouble *background = vips_array_double_new(white, 3);
    VipsImage *flat = NULL;
    vips_flatten(image, &flat, "background", background, NULL);
    vips_area_unref(VIPS_AREA(background));
    return flat;
}

/* 0, or -1; the bytes are to be given to g_free. */
static inline int ks_vips_jpeg(VipsImage *image, int quality, void **bytes, size_t *count) {
    return vips_jpegsave_buffer(image, bytes, count, "Q", quality, "optimize_coding", TRUE, "strip", TRUE, NULL);
}
