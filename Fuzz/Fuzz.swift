import TestMessages

/// What libFuzzer calls (https://llvm.org/docs/LibFuzzer.html): the first byte chooses the kind of message, the rest is
/// one. Whatever is thrown that is no refusal, every trap and every message that changes when it is read again stops it.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let first = bytes.first, let kind = MessageKind(rawValue: first) else { return -1 }
    do {
        _ = try kind.read(Array(bytes.dropFirst()))
    } catch {
        fatalError("\(kind): \(error)")
    }
    return 0
}
