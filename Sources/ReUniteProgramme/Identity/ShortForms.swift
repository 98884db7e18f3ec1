/// Common English short forms of first names. One may belong to several names; every name is a form of itself.
enum ShortForms {
    private static let groups: [[String]] = [
        ["abigail", "abbie", "abby", "gail"], ["alexandra", "alex", "lexi", "sandra", "sasha"],
        ["alison", "allison", "ali"], ["amanda", "mandy"], ["amelia", "millie", "milly"],
        ["andrea", "andie"], ["angela", "angie", "ange"], ["ann", "anne", "anna", "annie"],
        ["barbara", "barb", "babs"], ["bernadette", "bernie"], ["beverley", "beverly", "bev"],
        ["caroline", "carolyn", "carrie", "caz"],
        [
            "catherine", "katherine", "kathryn", "katharine", "kate", "katie",
            "katy", "kath", "kathy", "cath", "cathy", "kay", "kitty",
        ],
        ["charles", "charlie", "charley", "chas"], ["charlotte", "charlie", "charley", "lottie", "lotte"],
        ["christina", "christine", "chris", "chrissie", "tina", "chrissy"], ["claire", "clare", "clair"],
        ["deborah", "debra", "debbie", "debby", "deb"], ["denise", "dee"], ["diana", "diane", "di"],
        ["dorothy", "dot", "dotty", "dolly"], ["edward", "ed", "eddie", "ted", "teddy"],
        ["eleanor", "ellie", "nell", "elle", "nora"],
        [
            "elizabeth", "elisabeth", "liz", "lizzie", "lizzy", "beth", "betty", "betsy", "eliza", "lisa", "libby",
            "elsie",
        ],
        ["emily", "em", "millie", "milly"], ["emma", "em"], ["frances", "fran", "frankie"],
        ["gabrielle", "gabby", "gabi"], ["georgina", "georgia", "georgie"], ["geraldine", "gerry"],
        ["gillian", "gill", "jill"], ["gwendoline", "gwen"], ["harriet", "hattie"], ["helen", "helena", "nell"],
        ["isabel", "isabelle", "isabella", "izzy", "bella", "issy"], ["jacqueline", "jackie", "jacky", "jacqui"],
        ["jack", "john", "johnny"], ["james", "jim", "jimmy", "jamie"], ["jane", "janie", "janey"],
        ["janet", "jan"], ["janice", "jan"], ["jennifer", "jen", "jenny", "jennie"], ["jessica", "jess", "jessie"],
        ["joanna", "joanne", "jo"], ["josephine", "jo", "josie"], ["joseph", "joe", "joey"],
        ["judith", "judy", "jude"], ["julia", "julie", "jules"], ["karen", "kaz"], ["kimberley", "kimberly", "kim"],
        ["leanne", "lee"], ["louise", "lou"], ["lucinda", "cindy", "lucy"], ["lynda", "linda", "lyn", "lynn"],
        ["madeleine", "maddie", "maddy"], ["margaret", "maggie", "meg", "peggy", "marge", "margie", "rita", "greta"],
        ["mary", "marie", "maria", "molly", "polly"], ["matthew", "matt"], ["matilda", "tilly"],
        ["melanie", "mel"], ["melissa", "mel", "lissa"], ["michael", "mike", "mick", "mickey"],
        ["michelle", "shelley", "chelle"], ["naomi", "nay"], ["natalie", "nat"], ["natasha", "tasha", "nat"],
        ["nicola", "nicole", "nicky", "nikki", "nicki"], ["oliver", "ollie"], ["olivia", "liv", "livvy"],
        ["pamela", "pam"], ["patricia", "pat", "patsy", "trish", "tricia"], ["pauline", "paula"],
        ["penelope", "penny"], ["philippa", "pippa", "pip"], ["rachel", "rachael", "rach"],
        ["rebecca", "becky", "becca", "bex"], ["robert", "rob", "bob", "bobby"], ["roberta", "bobbie"],
        ["rosemary", "rose", "rosie"], ["samantha", "sam", "sammy"], ["sarah", "sara", "sally"],
        ["sharon", "shaz"], ["sophia", "sophie", "sofia"], ["stephanie", "steph"],
        ["susan", "suzanne", "susanna", "sue", "susie", "suzie", "suzy"], ["sylvia", "sylvie"],
        ["tamara", "tammy"], ["teresa", "theresa", "tess", "terri", "tracy"], ["thomas", "tom", "tommy"],
        ["tracey", "tracy", "trace"], ["valerie", "val"], ["vanessa", "nessa"], ["veronica", "ronnie"],
        ["victoria", "vicky", "vicki", "vikki", "tori"], ["virginia", "ginny"], ["vivienne", "vivian", "viv"],
        ["william", "will", "bill", "billy", "liam"], ["wendy", "wend"], ["yvonne", "vonnie"], ["zoe", "zoey"],
    ]

    private static let roots: [String: [String]] = {
        var roots: [String: [String]] = [:]
        for group in groups {
            for form in group { roots[form, default: []].append(group[0]) }
        }
        return roots
    }()

    /// The full names that a first name may be a form of; itself where the table has none.
    static func roots(of name: String) -> [String] { roots[name] ?? [name] }
}
