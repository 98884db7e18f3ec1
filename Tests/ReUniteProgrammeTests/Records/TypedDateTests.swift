import Testing

@testable import ReUniteProgramme

@Suite("Dates as people write them")
struct TypedDateTests {
    @Test(
        "All these are the third of April 1991, or say so",
        arguments: [
            "1991-04-03", "3/4/1991", "03/04/91", "3.4.1991", "03-04-1991", "3 April 1991", "3rd Apr 91", "3-Apr-91",
            "April 3, 1991", "Wed 3 April 1991", "Weds 3. Apr. 1991", "1991/04/03", "1991-04-03 00:00:00", "33331",
            "1991-04-03T00:00:00", "03/04/1991 00:00",
        ])
    func read(text: String) throws {
        #expect(try TypedDate(text, order: .dayFirst, latest: 2026).day == "1991-04-03")
    }

    @Test("The month may come first where the whole file has it so")
    func monthFirst() throws {
        #expect(try TypedDate("04/03/1991", order: .monthFirst, latest: 2026).day == "1991-04-03")
        #expect(try TypedDate("04/03/1991", order: .monthFirst, latest: 2026).isEitherWay)
        #expect(try TypedDate("04/04/1991", order: .dayFirst, latest: 2026).isEitherWay == false)
    }

    @Test("Two digits of a year are the latest year that may be meant")
    func years() throws {
        #expect(try TypedDate("1/2/26", order: .dayFirst, latest: 2026).day == "2026-02-01")
        #expect(try TypedDate("1/2/27", order: .dayFirst, latest: 2026).day == "1927-02-01")
        #expect(try TypedDate("1/2/27", order: .dayFirst, latest: 2046).day == "2027-02-01")
    }

    @Test(
        "What is no day is refused with the reason",
        arguments: [
            ("30/02/1990", "no such day"), ("29/02/1991", "no such day"), ("13/13/1990", "there is no such day"),
            ("03/25/1988", "there is no month 25"), ("1987", "not a whole date"), ("05/1987", "not a whole date"),
            ("unknown", "not a date"), ("3 Foo 1991", "not a date"), ("1/2/0199", "year cannot be right"),
            ("", "not a date"), ("12345678", "not a date"), ("-", "not a date"), ("1/2/3/4", "not a date"),
            ("3 Aprium 1991", "not a date"), ("Marble 3 1991", "not a date"), ("3 Junk 1991", "not a date"),
            ("Monkey 3 April 1991", "not a date"), ("--1991-04-03--", "not a date"), ("3//4/1991", "not a date"),
            ("1991-04-03 99:99", "a time in it"), ("3/4/1991 14:05", "a time in it"),
            ("1991-04-03T14:05:00", "a time in it"), ("5/6 1991 - 11:59", "a time in it"),
        ])
    func refused(text: String, why: String) {
        let wrong = #expect(throws: TypedDate.Wrong.self) { try TypedDate(text, order: .dayFirst, latest: 2026) }
        #expect(wrong?.why.contains(why) == true, "\(wrong?.why ?? "")")
    }
}
