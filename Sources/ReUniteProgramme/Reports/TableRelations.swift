/// What the published tables have to do with each other: written down here once, in words in docs/outcomes.md, and from
/// these words again in Tests/Figures/attack.py. Whoever adds a measure names it in each of the three.
enum TableRelations {
    typealias Column = PublishedTables.Column

    /// A column of a table that tells of people so many quarters before its day; of a part of them only.
    struct Place {
        let table: String
        let column: Column
        var quarters = 0
        var isPart = false

        init(_ table: String, _ column: Column, before quarters: Int = 0, isPart: Bool = false) {
            self.table = table
            self.column = column
            self.quarters = quarters
            self.isPart = isPart
        }
    }

    /// Whoever is in `part` on a day is in `whole` so many quarters later, and after that; `isSame`: nobody else is then.
    struct Relation {
        let part: (table: String, column: Column)
        let whole: (table: String, column: Column)
        var quarters = 0
        var isSame = false
    }

    /// The same people in several tables. Nearly the same stand here too: those who moved on, and those of whom it is asked
    /// whether they planned to; women who were released, and releases.
    static let people: [[Place]] = [
        // Released.
        [
            Place("housed-on-release", .all), Place("settled-3-months", .all, before: 1),
            Place("reoffending", .all, before: 6), Place("recall", .all, before: 4, isPart: true),
            Place("days-to-home", .yes, isPart: true),
        ],
        // Moved in.
        [
            Place("sustained-6", .all, before: 2), Place("sustained-12", .all, before: 4),
            Place("days-to-home", .yes),
        ],
        // Moved on.
        [Place("ete", .all), Place("businesses", .all), Place("planned-move-on", .all)],
        // Sent to another area.
        [Place("across-areas", .yes), Place("cross-area", .all)],
        // Accepted there.
        [Place("cross-area", .yes), Place("days-to-accept", .yes)],
    ]

    /// Some of others.
    private static let parts: [Relation] = [
        Relation(part: ("businesses", .yes), whole: ("ete", .yes)),
        Relation(part: ("declined", .yes), whole: ("cross-area", .no)),
        Relation(part: ("declined", .yes), whole: ("cross-area", .all)),
        // Kept for twelve months is kept for six, and lost after six is lost after twelve.
        Relation(part: ("sustained-12", .yes), whole: ("sustained-6", .yes), quarters: -2),
        Relation(part: ("sustained-6", .no), whole: ("sustained-12", .no), quarters: 2),
        // Children that came back, nearly always as planned.
        Relation(part: ("reunited", .yes), whole: ("days-apart", .yes)),
        Relation(part: ("days-apart", .yes), whole: ("reunited", .all)),
        // Whoever was released, moved in or moved on had been taken on.
        Relation(part: ("housed-on-release", .all), whole: ("engaged", .all)),
        Relation(part: ("sustained-6", .all), whole: ("engaged", .all), quarters: -2),
        Relation(part: ("days-to-home", .yes), whole: ("engaged", .all)),
        Relation(part: ("ete", .all), whole: ("engaged", .all)),
        Relation(part: ("planned-move-on", .all), whole: ("engaged", .all)),
    ]

    /// What hardly ever becomes less from one quarter to the next; `of` is whoever is known.
    static let growing: [String: [Column]] = [
        "engaged": [.all], "reoffending": [.yes, .no, .of, .all], "recall": [.yes, .no, .of, .all],
        "housed-on-release": [.yes, .no, .of, .all], "settled-3-months": [.yes, .no, .of, .all],
        "reunited": [.yes, .all], "sustained-6": [.yes, .no, .of, .all], "sustained-12": [.yes, .no, .of, .all],
        "ete": [.yes, .no, .of, .all], "businesses": [.yes, .no, .of, .all],
        "planned-move-on": [.yes, .no, .of, .all], "across-areas": [.yes, .no, .of, .all], "cross-area": [.yes, .all],
        "days-to-home": [.yes], "days-apart": [.yes], "days-to-accept": [.yes], "declined": [.yes],
    ]

    /// All of it, one by one.
    static let all: [Relation] =
        growing.sorted { $0.key < $1.key }.flatMap { table, columns in
            columns.map { Relation(part: (table, $0), whole: (table, $0), quarters: 1) }
        }
        + people.flatMap { places in
            places.flatMap { part in
                places.filter { !$0.isPart && ($0.table != part.table || $0.column != part.column) }.map { whole in
                    Relation(
                        part: (part.table, part.column), whole: (whole.table, whole.column),
                        quarters: whole.quarters - part.quarters, isSame: !part.isPart)
                }
            }
        } + parts
}
