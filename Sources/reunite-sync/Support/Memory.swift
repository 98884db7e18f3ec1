#if canImport(Glibc)
    import Glibc
#endif

/// How this process asks the system for memory.
enum Memory {
    /// Makes all threads share one heap. Each of a server's threads would keep one of its own otherwise, as large as the
    /// largest delivery that it ever made (`docs/benchmarks.md`, "Memory of a first delivery").
    static func shareOneHeap() {
        #if canImport(Glibc)
            // Swift's view of the C library leaves `malloc.h` out.
            guard let symbol = dlsym(nil, "mallopt") else { return }
            let mallopt = unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)
            let arenaMax: CInt = -8
            _ = mallopt(arenaMax, 1)
        #endif
    }
}
