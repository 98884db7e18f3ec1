import NIOCore

/// Closes a connection whose bytes are no request, without an answer: one could not say what every answer of these pages
/// says, because no request stands behind it.
final class UnreadableRequests: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
