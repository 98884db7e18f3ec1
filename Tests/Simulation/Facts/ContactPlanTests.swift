import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Situation 14 of the catalogue of conflicts.
@Suite("Contact with a child, when two workers were apart")
struct ContactPlanTests {
    /// A plan without supervision that two sources agreed to, and a worker's concern.
    private struct Plan {
        let world: World
        let rows: CaseRows
        let id: Identifier
        let concern: Identifier

        init(seed: UInt64, sources: (String, String?) = ("CARER", "CHILDRENS_SERVICES"), stage: String) throws {
            world = try World(seed: seed)
            rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
            id = world.newID()
            concern = world.newID()
            let arguments: StatementArguments = [
                id.sqlBlob, rows.id.sqlBlob, rows.child.sqlBlob, stage, sources.0, sources.1,
            ]
            try world.surreyOffice.edit {
                try $0.execute(
                    sql: """
                        INSERT INTO contact_plan(id, case_id, child_id, stage, first_source, second_source)
                        VALUES(?, ?, ?, ?, ?, ?)
                        """, arguments: arguments)
            }
            try world.settle()
        }

        func session(_ id: Identifier, on device: Device, concern: String? = nil, clears: Identifier? = nil) throws {
            let arguments: StatementArguments = [
                id.sqlBlob, rows.id.sqlBlob, rows.child.sqlBlob, concern, clears?.sqlBlob,
            ]
            try device.edit {
                try $0.execute(
                    sql: """
                        INSERT INTO contact_session(id, case_id, child_id, kind, concern, clears_id)
                        VALUES(?, ?, ?, 'CRECHE_SUPERVISED', ?, ?)
                        """, arguments: arguments)
            }
        }

        func expect(_ column: String, is value: String?, sourceLocation: SourceLocation = #_sourceLocation) throws {
            for device in [world.surreyOffice, world.surreyLaptop] {
                #expect(
                    try device.text(column, of: "contact_plan", id) == value, "\(device.name)",
                    sourceLocation: sourceLocation)
            }
        }
    }

    @Test("14: a concern that came first keeps the night from being agreed, and the step waits for a person")
    func concernFirst() throws {
        let plan = try Plan(seed: 611, stage: "UNSUPERVISED")
        try plan.world.surreyOffice.set("stage", of: "contact_plan", plan.id, to: "OVERNIGHT")
        try plan.session(plan.concern, on: plan.world.surreyLaptop, concern: "He cried all the way")
        try plan.world.sync(plan.world.surreyLaptop)
        try plan.world.settle()
        try plan.expect("stage", is: "UNSUPERVISED")
        #expect(try plan.world.reader.quarantined() == ["transition"])
        try plan.expect("flag", is: "CONCERN")
    }

    @Test("14: a concern that comes after the step flags the plan for a person, until a manager has looked into it")
    func concernAfterwards() throws {
        let plan = try Plan(seed: 612, stage: "UNSUPERVISED")
        try plan.world.surreyOffice.set("stage", of: "contact_plan", plan.id, to: "OVERNIGHT")
        try plan.session(plan.concern, on: plan.world.surreyLaptop, concern: "He cried all the way")
        try plan.world.sync(plan.world.surreyOffice)
        try plan.world.settle()
        try plan.expect("stage", is: "OVERNIGHT")
        try plan.expect("flag", is: "CONCERN")
        try plan.session(plan.world.newID(), on: plan.world.surreyOffice, clears: plan.concern)
        try plan.world.settle()
        try plan.expect("flag", is: nil)
        #expect(try plan.world.reader.quarantined().isEmpty)
    }

    @Test("Without supervision it takes two who agree; one alone who says so twice is one")
    func twoSources() throws {
        let plan = try Plan(seed: 613, sources: ("CARER", "CARER"), stage: "SUPERVISED_COMMUNITY")
        try plan.world.surreyOffice.set("stage", of: "contact_plan", plan.id, to: "UNSUPERVISED")
        try plan.world.settle()
        try plan.expect("stage", is: "SUPERVISED_COMMUNITY")
        #expect(try plan.world.reader.quarantined() == ["transition"])
        try plan.world.surreyOffice.set("second_source", of: "contact_plan", plan.id, to: "COURT")
        try plan.world.surreyOffice.set("stage", of: "contact_plan", plan.id, to: "UNSUPERVISED")
        try plan.world.settle()
        try plan.expect("stage", is: "UNSUPERVISED")
    }

    @Test("A plan may step back, however far it had come")
    func back() throws {
        let plan = try Plan(seed: 614, stage: "PHASED_RETURN")
        try plan.world.surreyLaptop.set("stage", of: "contact_plan", plan.id, to: "SUPERVISED_CRECHE")
        try plan.world.settle()
        try plan.expect("stage", is: "SUPERVISED_CRECHE")
        #expect(try plan.world.reader.openConflicts().isEmpty)
    }
}
