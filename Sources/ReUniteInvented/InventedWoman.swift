import ReUniteReplica
import ReUniteSync

/// Who she is on record, with what is missing there or wrong.
struct InventedWoman: Sendable {
    let caseID: Identifier
    let personID: Identifier
    let firstName: String
    let lastName: String
    /// Nil where nobody has asked.
    let born: InventedDay?
    let birthYear: Int
    let healthNumber: String
    let policeNumber: String
    let prisonNumber: String

    init(_ chance: inout Chance, until last: InventedDay) {
        caseID = chance.identifier()
        personID = chance.identifier()
        firstName = chance.pick(InventedNames.women)
        lastName = InventedNames.family(&chance)
        let day = last - chance.between(21 * 365...47 * 365)
        born = chance.happens(97) ? day : nil
        birthYear = Int(day.text.prefix(4)) ?? 1990
        healthNumber = InventedNames.healthNumber(&chance)
        // One in twenty-five was mistyped: its check letter does not fit.
        let number = InventedNames.policeNumber(born: birthYear, &chance)
        policeNumber = chance.happens(4) ? number.dropLast() + (number.last == "Z" ? "Y" : "Z") : number
        prisonNumber = InventedNames.prisonNumber(&chance)
    }

    /// The same woman, as somebody else took her down.
    init(again other: InventedWoman, _ chance: inout Chance) {
        caseID = chance.identifier()
        personID = chance.identifier()
        firstName = other.firstName
        lastName = other.lastName
        born = other.born
        birthYear = other.birthYear
        healthNumber = other.healthNumber
        policeNumber = other.policeNumber
        prisonNumber = other.prisonNumber
    }
}
