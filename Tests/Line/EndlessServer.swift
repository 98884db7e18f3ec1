import Foundation

/// A server that answers 200 to whatever comes, with a body that never ends.
package final class EndlessServer: Sendable {
    package let url: String
    private let listener: Int32

    package init() throws {
        listener = Socket.make()
        url = "http://127.0.0.1:\(try Socket.listen(listener))"
        Thread.detachNewThread { [listener] in
            let client = Socket.accept(listener)
            var buffer = [UInt8](repeating: 0, count: 4_096)
            if client >= 0, Socket.read(client, &buffer, until: nil) > 0 {
                let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n"
                _ = Socket.write(client, Array(head.utf8)[...])
                while Socket.write(client, buffer[...]) {}
            }
            Socket.close(client)
            Socket.close(listener)
        }
    }
}
