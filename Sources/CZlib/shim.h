// The system's zlib; its two initialisers are macros, which Swift cannot import.
#ifndef REUNITE_CZLIB_SHIM_H
#define REUNITE_CZLIB_SHIM_H

#include <zlib.h>

/// Raw deflate (no zlib or gzip header), the given level, default strategy and memory.
static inline int reunite_deflate_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}

/// Raw inflate (no zlib or gzip header).
static inline int reunite_inflate_init(z_stream *stream) {
    return inflateInit2(stream, -15);
}

#endif
