import ReUniteSync
import Synchronization
import Testing

@testable import ReUniteHub

@Suite("Whose turn it is")
struct FairQueueTests {
    private func id(_ number: UInt64) -> Identifier { Identifier(high: 7, low: number) }

    @Test("One busy partner does not keep the others waiting: partners take turns, and devices within a partner")
    func turns() {
        var queue = FairQueue<String>(limits: .init(perDevice: 100))
        for number in 0..<50 {
            queue.add("busy \(number)", of: id(1), partner: id(100))
        }
        queue.add("colleague", of: id(2), partner: id(100))
        queue.add("other", of: id(3), partner: id(101))
        queue.add("third", of: id(4), partner: id(102))
        var order: [String] = []
        while let job = queue.next() { order.append(job) }
        #expect(Array(order.prefix(5)) == ["busy 0", "other", "third", "colleague", "busy 1"])
        #expect(order.count == 53 && queue.count == 0)
        #expect(order.filter { $0.hasPrefix("busy") } == (0..<50).map { "busy \($0)" })
    }

    @Test("What waits is bounded: for a device, for a partner, for strangers together, and in all")
    func bounds() {
        var queue = FairQueue<Int>(limits: .init(jobs: 6, perDevice: 2, perPartner: 3, strangers: 2))
        queue.add(1, of: id(1), partner: id(100))
        queue.add(2, of: id(1), partner: id(100))
        #expect(!queue.hasRoom(for: id(1), of: id(100)))
        #expect(queue.hasRoom(for: id(2), of: id(100)))
        queue.add(3, of: id(2), partner: id(100))
        #expect(!queue.hasRoom(for: id(3), of: id(100)))
        for number in 4...5 { queue.add(number, of: id(UInt64(number)), partner: .zero) }
        #expect(!queue.hasRoom(for: id(6), of: .zero))
        #expect(queue.hasRoom(for: id(6), of: id(101)))
        queue.add(6, of: id(6), partner: id(101))
        #expect(!queue.hasRoom(for: id(9), of: id(109)))
        _ = queue.next()
        #expect(queue.hasRoom(for: id(9), of: id(109)))
    }

    @Test("Memory for bodies is bounded, for a device and for strangers too, and comes back however the work ends")
    func memory() async throws {
        let budget = MemoryBudget(limits: .init(total: 100, perDevice: 60, strangers: 10))
        try await budget.holding(50, for: id(1)) {
            await #expect(throws: HubWorker.Busy.self) { try await budget.holding(11, for: id(1)) {} }
            await #expect(throws: HubWorker.Busy.self) { try await budget.holding(11, for: .zero) {} }
            try await budget.holding(10, for: .zero) {
                await #expect(throws: HubWorker.Busy.self) { try await budget.holding(1, for: .zero) {} }
                await #expect(throws: HubWorker.Busy.self) { try await budget.holding(41, for: id(2)) {} }
                try await budget.holding(40, for: id(2)) {}
            }
            await #expect(throws: CancellationError.self) {
                try await budget.holding(10, for: id(1)) { throw CancellationError() }
            }
            #expect(budget.taken == 50)
        }
        #expect(budget.taken == 0)
    }

    @Test("Work that finds no room is refused at once, with the time to come again, and what waits is done")
    func busy() async throws {
        let worker = HubWorker(limits: .init(jobs: 3))
        let gate = DispatchGate()
        let partner = id(100)
        let first = Task {
            try await worker.run(for: .init(partner: partner, device: id(1))) {
                gate.wait()
                return 1
            }
        }
        await gate.arrived()
        let waiting = (2...4).map { number in
            Task { try await worker.run(for: .init(partner: partner, device: id(UInt64(number)))) { number } }
        }
        while worker.waitingCount < 3 { await Task.yield() }
        await #expect(throws: HubWorker.Busy.self) {
            try await worker.run(for: .init(partner: id(101), device: id(50))) { 50 }
        }
        gate.open()
        #expect(try await first.value == 1)
        for (number, task) in zip(2..., waiting) { #expect(try await task.value == number) }
    }
}

/// Holds a thread until it is opened, and tells when one is held.
private final class DispatchGate: Sendable {
    private let state = Mutex<(isOpen: Bool, isHeld: Bool)>((false, false))

    func wait() {
        state.withLock { $0.isHeld = true }
        while !state.withLock({ $0.isOpen }) {}
    }

    func arrived() async {
        while !state.withLock({ $0.isHeld }) { await Task.yield() }
    }

    func open() {
        state.withLock { $0.isOpen = true }
    }
}
