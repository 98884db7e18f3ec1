import Crypto
import HTTPTypes
import Hummingbird
import Synchronization

/// A form that was taken is not taken again: pressed twice, or sent again by a browser, it leads where it led before.
///
/// Each form has an id of its own, made with its page. The same page shown again by "Back" has the same id: with other
/// words in it, it is another form. What is known of it ends with the program, as the session does.
struct FormsOnce: RouterMiddleware {
    typealias Context = PageContext

    /// What is said where a form led before.
    static let before = "This form was taken before, with the same words. Nothing was written twice."

    private struct Known {
        /// Stands for the form's id, where it was sent, and all that it said.
        let form: SHA256.Digest
        /// Where it led; nil while it is under way.
        var location: String?
    }

    /// Whoever waits for the same form looks so often how far it is.
    private static let beat: Duration = .milliseconds(20)
    /// So many taken forms are known; whoever sends an older one again writes it again.
    private static let most = 500

    private final class Forms: Sendable {
        /// The oldest first.
        let known = Mutex<[Known]>([])
    }

    private let forms = Forms()
    private let notices: PageNotices
    private let doors: Set<String>

    /// - Parameter doors: pages that ask who somebody is, or that show what was not taken. A form of one is taken as
    ///   often as it is sent; one that led there was not taken.
    init(notices: PageNotices, doors: Set<String> = []) {
        self.notices = notices
        self.doors = doors
    }

    func handle(
        _ request: Request, context: PageContext, next: (Request, PageContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .post, !doors.contains(request.uri.path), !context.form[PageFrame.formField].isEmpty
        else { return try await next(request, context) }
        let form = FormsOnce.digest(context.form, sentTo: request.uri.path)
        while let known = begin(form) {
            if let location = known.location {
                notices.leave(FormsOnce.before, for: context.formToken)
                return .seeOther(location)
            }
            try await Task.sleep(for: FormsOnce.beat)
        }
        do {
            let response = try await next(request, context)
            let location = response.status == .seeOther ? response.headers[.location] : nil
            end(form, location.flatMap { doors.contains($0) ? nil : $0 })
            return response
        } catch {
            end(form, nil)
            throw error
        }
    }

    /// What is known of the form; nil where nothing is, and from now on it is under way.
    private func begin(_ form: SHA256.Digest) -> Known? {
        forms.known.withLock { known in
            if let there = known.first(where: { $0.form == form }) { return there }
            if known.count >= FormsOnce.most, let oldest = known.firstIndex(where: { $0.location != nil }) {
                known.remove(at: oldest)
            }
            known.append(Known(form: form))
            return nil
        }
    }

    /// - Parameter location: nil for a form that was not taken.
    private func end(_ form: SHA256.Digest, _ location: String?) {
        forms.known.withLock { known in
            guard let place = known.firstIndex(where: { $0.form == form }) else { return }
            if let location { known[place].location = location } else { known.remove(at: place) }
        }
    }

    private static func digest(_ form: FormBody, sentTo path: String) -> SHA256.Digest {
        var hash = SHA256()
        for text in [path] + form.fields.flatMap({ [$0.name, $0.value] }) {
            hash.update(data: Array("\(text.utf8.count) \(text)".utf8))
        }
        return hash.finalize()
    }
}
