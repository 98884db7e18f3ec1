import ReUniteSync

extension Hub {
    /// Answers one `POST /v1/history`: what was written of a row, by whom and when, as far as the device may know it. It
    /// takes the request's ticket, and each answer that tells of a row is in the disclosure ledger and on the audit log.
    ///
    /// What the device does not hold is answered as what does not exist (`docs/disclosure.md`, "The past of a record").
    public func history(_ signed: SignedRequest) throws -> Admission {
        try answerOnce(signed, HistoryQuestion.init(decoding:)) { heard, ticket, now in
            let body: HistoryAnswer.Body =
                switch heard {
                case .suspended: .suspended
                case .otherEpoch(let epoch): .epochChanged(epoch)
                case .question(let question, let device):
                    if let page = try store.past(question, for: device, atMilliseconds: now) {
                        .entries(page.entries, before: page.before)
                    } else {
                        .unknown
                    }
                }
            return HistoryAnswer(hubMilliseconds: now, ticket: ticket, body: body).encoded()
        }
    }
}
