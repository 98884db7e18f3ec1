import Hummingbird
import ReUniteHub

extension Console {
    func addSigning(_ router: Router<PageContext>) {
        router.get("/sign-in") { _, context in
            if session.person() != nil { return Response.seeOther("/") }
            return try signInPage(context, name: "", problem: nil)
        }
        router.post("/sign-in") { request, context in
            let name = context.form["name"]
            guard session.mayTry else {
                return try signInPage(
                    context, name: name, problem: "Too many wrong codes. Wait a minute, then sign in with yours")
            }
            let hub = try open()
            guard let person = try hub.signIn(operator: name, code: context.form["code"]) else {
                session.noteWrongCode()
                try hub.noteRefusedSignIn()
                return try signInPage(
                    context, name: name, problem: "That name and code do not belong together, or it was ended")
            }
            guard let path = session.signIn(person) else { return Response.seeOther("/") }
            // Their own token: it may be another than that of the form that signed them in.
            let token = request.cookies[context.cookieName].map { session.formToken($0.value) } ?? ""
            notices.leave("What you had typed is here still. Read it through and send it again.", for: token)
            return Response.seeOther(path)
        }
        get(router, "/sign-out") { visit in
            try Response(.signOut, SignOutView(frame: frame("Sign out", visit, here: "/sign-out")))
        }
        router.post("/sign-out") { _, _ in
            if let person = session.person() { try open().noteSignOut(of: person) }
            session.signOut()
            return Response.seeOther("/sign-in")
        }
    }

    private func signInPage(_ context: PageContext, name: String, problem: String?) throws -> Response {
        var frame = PageFrame(title: "Sign in")
        frame.service = "ReUnite Sync hub"
        frame.formToken = context.formToken
        let view = SignInView(frame: frame, name: name, problems: problem.map { [$0] } ?? [])
        return try Response(.signIn, view, status: problem == nil ? .ok : .forbidden)
    }
}

struct SignInView: FramedView {
    var frame: PageFrame
    let name: String
    /// At most one.
    let problems: [String]
}

struct SignOutView: FramedView {
    var frame: PageFrame
}
