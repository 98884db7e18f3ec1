/// The texts of the engine's tables and of the Re-Unite network's migrations, as the files beside this one hold
/// them. A binary carries them; nothing is read from disk.
public enum Schemas {
    /// The tables in which a network declares its own: on replicas and hubs.
    public static var manifest: String { text(PackageResources.manifest_sql) }
    /// The engine's tables in a replica.
    public static var replica: String { text(PackageResources.replica_sql) }
    /// The engine's tables at a hub.
    public static var hub: String { text(PackageResources.hub_sql) }

    /// What has changed of the engine's tables in a replica since ``replica``, in the order in which it runs.
    public static var replicaSteps: [String] {
        [text(PackageResources.replica_001_kept_cells_sql), text(PackageResources.replica_002_taken_sql)]
    }
    /// The same of ``hub``.
    public static var hubSteps: [String] {
        [
            text(PackageResources.hub_001_newer_batches_sql), text(PackageResources.hub_002_keys_and_lives_sql),
            text(PackageResources.hub_003_operators_sql),
            text(PackageResources.hub_004_hub_keys_sql), text(PackageResources.hub_005_first_words_sql),
            text(PackageResources.hub_006_taken_sql), text(PackageResources.hub_007_held_again_sql),
        ]
    }

    /// The Re-Unite network's migrations, in the order in which they run.
    public static var network: [(name: String, sql: String)] {
        [
            ("001_network", text(PackageResources._01_network_sql)),
            ("002_case", text(PackageResources._02_case_sql)),
            ("003_referral", text(PackageResources._03_referral_sql)),
            ("004_disclosure", text(PackageResources._04_disclosure_sql)),
            ("005_support", text(PackageResources._05_support_sql)),
            ("006_homes", text(PackageResources._06_homes_sql)),
            ("007_identity", text(PackageResources._07_identity_sql)),
            ("008_referral_life", text(PackageResources._08_referral_life_sql)),
            ("009_caseload", text(PackageResources._09_caseload_sql)),
            ("010_proposals", text(PackageResources._10_proposals_sql)),
            ("012_attention", text(PackageResources._12_attention_sql)),
            ("013_duties", text(PackageResources._13_duties_sql)),
            ("014_visits", text(PackageResources._14_visits_sql)),
            ("015_own_notes", text(PackageResources._15_own_notes_sql)),
            ("016_areas", text(PackageResources._16_areas_sql)),
            ("017_measured_against", text(PackageResources._17_measured_against_sql)),
            ("018_partner_work", text(PackageResources._18_partner_work_sql)),
            ("019_homes_and_services", text(PackageResources._19_homes_and_services_sql)),
            ("020_people", text(PackageResources._20_people_sql)),
            ("021_sentence", text(PackageResources._21_sentence_sql)),
            ("022_children", text(PackageResources._22_children_sql)),
            ("023_plan", text(PackageResources._23_plan_sql)),
            ("024_outcomes", text(PackageResources._24_outcomes_sql)),
            ("025_doubts", text(PackageResources._25_doubts_sql)),
            ("026_worked_out", text(PackageResources._26_worked_out_sql)),
            ("027_given_out", text(PackageResources._27_given_out_sql)),
            ("028_desk", text(PackageResources._28_desk_sql)),
            ("029_review_homes", text(PackageResources._29_review_homes_sql)),
            ("030_questions_and_headings", text(PackageResources._30_questions_and_headings_sql)),
            ("031_more_doubts", text(PackageResources._31_more_doubts_sql)),
            ("032_decided_and_bounded", text(PackageResources._32_decided_and_bounded_sql)),
            ("033_who_counts", text(PackageResources._33_who_counts_sql)),
            ("034_typed_with_care", text(PackageResources._34_typed_with_care_sql)),
            ("036_where_and_how_far", text(PackageResources._36_where_and_how_far_sql)),
        ]
    }

    /// The network's reference rows, which a new hub puts in and sends to every replica.
    public static var reference: String {
        text(PackageResources.reference_sql) + text(PackageResources.reference_programme_sql)
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
