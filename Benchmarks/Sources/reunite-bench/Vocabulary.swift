/// Words and phrases that the text generator draws from. All names are invented from syllables.
enum Vocabulary {
    /// Common English words, the commonest first.
    static let common = words(
        """
        the to and a of is was in that for with he she her his they has at on not be will it this had from by are an
        we have but been who said as their about him them would or if there when were which also what can more one
        after all up do next now some out could before no so then very may home school time day week today visit
        support worker family mother child children told asked says feels wants needs seen came went back still over
        two three first last new little good well both each into than how because since until while between again
        around where during without should might must every other another same only even just most much many few
        """)

    /// Words of the work, less common than the ones above.
    static let trade = words(
        """
        carer father brother sister aunt uncle grandmother grandfather cousin neighbour teacher nurse doctor tenant
        landlord solicitor officer manager council housing benefit claim appeal letter phone call message email
        appointment meeting review plan agreement consent referral assessment report record document certificate
        passport permit address postcode flat house hostel shelter kitchen bedroom heating damp rent arrears debt
        budget voucher food bank clothes shoes uniform lunch breakfast dinner milk medicine tablets inhaler glasses
        hospital clinic surgery ward dentist therapy counselling sleep nightmares anxious calm upset tearful angry
        quiet cheerful tired hungry healthy unwell injured bruise fall accident bus train car lift fare journey
        station market library park playground football drawing reading homework attendance lesson exam college
        training job interview shift wage contract volunteer mentor group session course english reading numbers
        court hearing order custody prison probation release remand sentence visitor booking search tracing contact
        reunion separated missing found relative village town border crossing camp arrival flight interview statement
        evidence photograph identity name birth age date signature copy original translation interpreter language
        arabic french somali ukrainian dari pashto spanish tigrinya urgent routine delayed cancelled postponed
        confirmed agreed refused declined accepted completed pending waiting closed opened reopened transferred safe
        unsafe risk concern disclosure harm neglect threat violence police alarm lock key window door stairs garden
        morning afternoon evening night weekend monday tuesday wednesday thursday friday saturday sunday january
        february march april may june july august september october november december monthly weekly daily regular
        second third half several enough extra spare small large warm cold clean broken repaired replaced ordered
        delivered collected posted received written spoken heard noted checked updated arranged booked offered
        explained discussed suggested encouraged reminded chased emailed rang texted answered replied missed left
        stayed moved travelled returned arrived attended joined started finished stopped continued improved settled
        coping struggling managing hoping worried pleased grateful reluctant willing able likely probably perhaps
        clearly recently currently previously already together alone nearby upstairs downstairs outside inside
        """)

    static let syllables = words("ka mo bel nor ti sha lo du ren va sel man ade bri oka wal dir hem tu fen ris que yor")
    static let places = words(
        "Ashford Brack Calder Denby Elmstow Farrow Garth Holme Ingle Kelby Larch Marl Norley Oxen")
    static let placeKinds = ["school", "clinic", "library", "bus station", "community centre", "market", "hostel"]
    static let caseStates = ["open", "open", "active", "active", "on_hold", "closed", "transferred"]
    static let risks = ["low", "medium", "medium", "high", "critical"]
    static let languages = words("en ar fr so uk prs ps es ti")
    static let services = [
        "medical", "counselling", "education", "housing", "legal", "cash help", "family tracing", "food", "documents",
    ]
    static let agencies = [
        "Harbour House", "Open Door", "Bridge Trust", "Lantern Project", "Meadow Aid", "The Council",
    ]
    static let referralStates = words("requested accepted active completed declined missed")
    static let noteKinds = words("phone home_visit office tracing supervision general")
    static let needStates = words("open open met partly_met")
    static let outcomes = ["completed", "not at home", "rearranged", "partial", "refused"]
    static let closingReasons = ["reunited", "aged out", "moved", "no contact"]

    /// Whole sentences that workers write again and again; `#` is a number, `@` a name, `~` a place.
    static let phrases = [
        "Visited at home on the #th; @ was in and well.",
        "@ says the child last saw relatives near ~.",
        "Rang twice, no answer, will try again in # days.",
        "Referral to ~ chased by email.",
        "No new concerns seen at this visit.",
        "Attendance # days out of 20 this month, teacher is @.",
        "Next visit agreed for the #th with @.",
        "Possible match in ~: @, aged about #.",
        "Consent explained and confirmed by @.",
        "Still waiting for papers from ~.",
    ]

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
