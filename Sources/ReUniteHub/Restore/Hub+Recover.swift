import ReUniteReplica
import ReUniteSync

extension Hub {
    /// Answers one `POST /v1/recover`: takes note of what a replica knows of the life that was lost.
    package func recover(_ signed: SignedRequest) throws -> Admission {
        try answer(signed, RecoveryReport.init(decoding:)) { report, device in
            let shown = report.known.checkpoint
            guard chain.signed(shown), shown.checkpoint.device == device.id,
                shown.checkpoint.hub == id
            else { throw Hub.notAdmitted("it does not show a checkpoint of this hub's") }
            if report.epoch == epoch {
                try store.note(
                    recalled: report.known, from: device.id, atMilliseconds: time.wallMilliseconds, fresh: randomness)
            }
            return RecoveryAnswer(epoch: epoch).encoded()
        }
    }
}
