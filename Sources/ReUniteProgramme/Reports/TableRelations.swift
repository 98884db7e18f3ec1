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

        /// Whether both say the same.
        func says(_ other: Relation) -> Bool {
            part == other.part && whole == other.whole && quarters == other.quarters && isSame == other.isSame
        }
    }

    /// What is so of any rows that are counted at one time, by what the measures ask for.
    static let always: [Relation] =
        [
            // A release may become one when she is recalled from it, so the day is the same; of one woman there are several.
            Relation(part: ("settled-3-months", .all), whole: ("housed-on-release", .all)),
            Relation(part: ("reoffending", .all), whole: ("housed-on-release", .all)),
            Relation(part: ("recall", .all), whole: ("housed-on-release", .all)),
            Relation(part: ("days-to-home", .yes), whole: ("housed-on-release", .all)),
            Relation(part: ("recall", .all), whole: ("reoffending", .all), quarters: 2),
            Relation(part: ("days-to-home", .yes), whole: ("sustained-6", .all), quarters: 2),
            Relation(part: ("days-to-home", .yes), whole: ("sustained-12", .all), quarters: 4),
            Relation(part: ("sustained-6", .all), whole: ("sustained-12", .all), quarters: 2, isSame: true),
            Relation(part: ("sustained-12", .all), whole: ("sustained-6", .all), quarters: -2, isSame: true),
            Relation(part: ("ete", .all), whole: ("businesses", .all), isSame: true),
            Relation(part: ("ete", .all), whole: ("planned-move-on", .all)),
            Relation(part: ("businesses", .yes), whole: ("ete", .yes)),
            Relation(part: ("across-areas", .yes), whole: ("cross-area", .all), isSame: true),
            Relation(part: ("days-to-accept", .yes), whole: ("cross-area", .yes)),
            Relation(part: ("declined", .yes), whole: ("cross-area", .all)),
        ]
        + grows { table, column in !(mayShrink[table] ?? []).contains(column) }

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
        Relation(part: ("declined", .yes), whole: ("cross-area", .no)),
        // Kept for twelve months is kept for six, and lost after six is lost after twelve.
        Relation(part: ("sustained-12", .yes), whole: ("sustained-6", .yes), quarters: -2),
        Relation(part: ("sustained-6", .no), whole: ("sustained-12", .no), quarters: 2),
        // Children that came back, nearly always as planned.
        Relation(part: ("reunited", .yes), whole: ("days-apart", .yes)),
        Relation(part: ("days-apart", .yes), whole: ("reunited", .all)),
        // Whoever was released, moved in or moved on had been taken on.
        Relation(part: ("housed-on-release", .all), whole: ("engaged", .all)),
        Relation(part: ("reoffending", .all), whole: ("engaged", .all), quarters: -6),
        Relation(part: ("recall", .all), whole: ("engaged", .all), quarters: -4),
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

    /// Of these it is hardly ever untrue: several answers were given, and a no became a yes; a child was taken away again;
    /// somebody died; a check turned out to belong to a later release.
    private static let mayShrink: [String: [Column]] = [
        "engaged": [.all], "reunited": [.yes], "settled-3-months": [.yes, .no, .of], "housed-on-release": [.no],
        "reoffending": [.no], "recall": [.no], "sustained-6": [.no], "sustained-12": [.no], "ete": [.no],
        "businesses": [.no], "planned-move-on": [.no],
    ]

    private static func grows(where isMeant: (String, Column) -> Bool) -> [Relation] {
        growing.sorted { $0.key < $1.key }.flatMap { table, columns in
            columns.filter { isMeant(table, $0) }.map { Relation(part: (table, $0), whole: (table, $0), quarters: 1) }
        }
    }

    /// What is hardly ever untrue.
    private static let mostly: [Relation] =
        grows { table, column in (mayShrink[table] ?? []).contains(column) }
        + people.flatMap { places in
            places.flatMap { part in
                places.filter { !$0.isPart && ($0.table != part.table || $0.column != part.column) }.map { whole in
                    Relation(
                        part: (part.table, part.column), whole: (whole.table, whole.column),
                        quarters: whole.quarters - part.quarters, isSame: !part.isPart)
                }
            }
        } + parts

    /// All of it, one by one. What is always so comes first: where not all of it can be true, that stays.
    static let all: [Relation] =
        always + mostly.filter { relation in !always.contains { $0.says(relation) } }
}
