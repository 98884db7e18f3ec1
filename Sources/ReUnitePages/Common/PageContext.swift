import Hummingbird
import NIOCore

/// A request, with the address of this machine that it came to, and what the guard has read of it.
struct PageContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let local: SocketAddress?
    /// What was sent with a POST, once the guard has found that it came from a form of these pages; else empty.
    var form = FormBody()
    /// What every form of an answer carries in its hidden field.
    var formToken = ""

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

    /// Cookies are not kept apart by port, so each server names its own.
    var cookieName: String { "reunite_\(local?.port ?? 0)" }
}
