import Testing

@testable import ReUnitePages

@Suite("What a browser sends of a form is read as it was typed, or not at all")
struct FormBodyTests {
    @Test("Names and values come back, with every sign, several of one name in order")
    func read() throws {
        let form = try #require(
            FormBody(urlEncoded: Array("a=1&b=%C3%A9+%2B%26%3D&c=+x%0D%0Ay+&a=2&d&e=".utf8)))
        #expect(form["a"] == "1" && form.all("a") == ["1", "2"])
        #expect(form["b"] == "é +&=")
        #expect(form["c"] == "x\ny")
        #expect(form["d"] == "" && form.has("d") && form["none"] == "" && !form.has("none"))
        #expect(FormBody(urlEncoded: [])?.fields == [])
    }

    @Test("Of a set of boxes one, some or none are ticked, and each is what comes of it")
    func boxes() throws {
        let form = try #require(FormBody(urlEncoded: Array("one=&one=a&two=&two=a&two=+b&none=&text=+x%0D%0Ay".utf8)))
        #expect(Desk.typed(form) == ["one": "a", "two": "a,b", "none": "", "text": "x\ny"])
    }

    @Test(
        "What is no form, no UTF-8 or holds a NUL is not read", arguments: ["a=%", "a=%4", "a=%zz", "a=%FF", "a=%00"])
    func refused(text: String) {
        #expect(FormBody(urlEncoded: Array(text.utf8)) == nil)
    }

    @Test("Whatever byte of a form is changed and wherever it is cut, it is another form or none")
    func everyByte() throws {
        let whole = Array("name=Ruth+Ada&text=%C3%A9%0D%0Atwo&box=a&box=b&empty=".utf8)
        for place in whole.indices {
            for flip in [1, 4, 0x10, 0x40, 0x80, 0xFF] as [UInt8] {
                var changed = whole
                changed[place] ^= flip
                guard let form = FormBody(urlEncoded: changed) else { continue }
                #expect(form.fields.allSatisfy { !$0.name.contains("\0") && !$0.value.contains("\0") })
                _ = (form["name"], form["text"], form.all("box"), Desk.typed(form))
            }
            _ = FormBody(urlEncoded: whole[..<place])
            _ = FormBody(urlEncoded: whole[..<place] + [0x25] + whole[place...])
        }
    }
}
