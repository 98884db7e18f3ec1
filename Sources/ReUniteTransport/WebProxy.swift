import Foundation

/// The proxy that the environment names for an address, as curl reads it.
struct WebProxy: Hashable {
    struct User: Hashable {
        var name: String
        var password: String
    }

    var host: String
    var port: Int
    var user: User?

    /// Nil where no proxy is to be used.
    ///
    /// `https_proxy` or `HTTPS_PROXY` counts for `https`, and `http_proxy` for `http` (in lower case only: the other
    /// form can be set by whoever sends a header to a CGI program). `no_proxy` names the hosts, and with a leading dot
    /// the domains, that are reached without; this machine always is.
    init?(scheme: String, host target: String, environment: [String: String]) {
        let names = scheme == "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        guard let text = names.lazy.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }),
            !WebProxy.isDirect(target, environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""),
            let url = URL(string: text.contains("://") ? text : "http://" + text), let host = url.host
        else { return nil }
        self.host = host
        port = url.port ?? (url.scheme == "https" ? 443 : 80)
        if let name = url.user { user = User(name: name, password: url.password ?? "") }
    }

    private static func isDirect(_ host: String, _ list: String) -> Bool {
        if ["localhost", "::1", "[::1]"].contains(host) || host.hasPrefix("127.") { return true }
        return list.split(separator: ",").contains { entry in
            let entry = entry.trimmingCharacters(in: .whitespaces).lowercased()
            let name = entry.hasPrefix(".") ? String(entry.dropFirst()) : entry
            return entry == "*" || host.lowercased() == name || host.lowercased().hasSuffix("." + name)
        }
    }
}
