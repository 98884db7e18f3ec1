import Hummingbird
import NIOCore

/// A request, with the address of this machine that it came to.
struct DeskContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let local: SocketAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        local = source.channel.localAddress
    }

    /// Whether the request names the address that it came to. A page elsewhere that made its own name lead here (DNS
    /// rebinding) names another.
    func isNamed(by authority: String?) -> Bool {
        guard let authority, let local, let port = local.port, let address = local.ipAddress else { return false }
        var names = [address.contains(":") ? "[\(address)]" : address]
        if ListenAddress.isLoopback(address) { names.append("localhost") }
        let given = authority.lowercased()
        return names.contains { given == "\($0):\(port)" || (port == 80 && given == $0) }
    }

    /// Cookies are not kept apart by port, so each desk names its own.
    var cookieName: String { "reunite_\(local?.port ?? 0)" }
}
