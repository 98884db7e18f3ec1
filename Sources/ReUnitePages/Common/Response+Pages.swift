import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    init(html: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    /// A page made of a template. Where something was wrong with its form, its title says so first.
    init(_ page: Templates.Page, _ view: some FramedView, status: HTTPResponse.Status = .ok) throws {
        var view = view
        if status != .ok { view.frame.title = "Problem: \(view.frame.title)" }
        self.init(html: try Templates.render(page, view), status: status)
    }

    /// What answers a form that was taken: the browser goes on to a page, and reloading it sends nothing again.
    ///
    /// - Parameter path: of these pages, with ids only.
    static func seeOther(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }

    /// The stylesheet, which tells nothing of anybody.
    static var style: Response {
        Response(
            status: .ok, headers: [.contentType: "text/css; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: Templates.style)))
    }
}
