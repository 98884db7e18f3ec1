import Hummingbird
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// The network at a glance: who has what, what goes where, and what happened night by night. Nothing of any woman.
extension Console {
    /// How many nights the charts show.
    static let nights = 28

    func addNetwork(_ router: Router<PageContext>) {
        get(router, "/board") { visit in
            let hub = visit.hub
            try visit.saw("devices")
            return try Response(
                .board,
                BoardView(
                    try hub.partners(), try hub.devices(), try hub.purges(), schema: try hub.status().schema,
                    leaseDays: try hub.leaseDays(), now: hub.now, frame("Devices", visit, here: "/board")))
        }
        get(router, "/referrals") { visit in
            try visit.saw("referrals")
            let flow = try visit.hub.read("Counting referrals") { try ReferralFlow(in: $0) }
            return try Response(
                .referralFlow, ReferralsView(flow, frame("Referrals", visit, here: "/referrals")))
        }
        get(router, "/nights") { visit in
            try visit.saw("nights")
            return try Response(
                .nights,
                NightsView(
                    try visit.hub.nights(last: Console.nights), frame("Nights", visit, here: "/nights")))
        }
    }
}
