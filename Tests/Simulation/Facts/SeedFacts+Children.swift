extension SeedFact {
    static let aboutChildren: [SeedFact] = [
        SeedFact(
            "A child lives with the grandmother, informally",
            office: """
                INSERT INTO child_care_episode(case_id, child_id, from_on, legal_status, placement_type)
                VALUES({case}, {child}, '2025-06-01', 'NONE', 'INFORMAL_KINSHIP');
                """,
            ask: "SELECT legal_status || ' ' || placement_type FROM child_care_episode WHERE child_id = {child}",
            is: "NONE INFORMAL_KINSHIP"),
        SeedFact(
            "A child in local authority care is left in limbo while there is no home: 28 days so far",
            office: """
                INSERT INTO child(id, case_id, first_name, date_of_birth)
                VALUES({inCare}, {neighbour}, 'Remy', '2019-04-04');
                INSERT INTO child_care_episode(case_id, child_id, from_on, legal_status, placement_type, la_gss)
                VALUES({neighbour}, {inCare}, '2026-02-01', 'V2', 'U4', 'E10000030');
                """,
            ask: "SELECT days FROM child_in_limbo WHERE child_id = {inCare}", is: "28"),
        SeedFact(
            "No house, no children; no children, no priority need: the catch is there to be counted",
            office: """
                INSERT INTO duty_to_refer(case_id, la_gss, submitted_on, status, outcome_reason, priority_need_basis)
                VALUES({neighbour}, 'E07000217', '2026-02-10', 'NOT_ACCEPTED', 'PRIORITY_NEED', 'NONE');
                """,
            ask: "SELECT status || ' ' || outcome_reason FROM catch_22 WHERE case_id = {neighbour}",
            is: "NOT_ACCEPTED PRIORITY_NEED"),
        SeedFact(
            "From the supervised creche to a night at hers, step by step: it all takes time",
            office: """
                INSERT INTO contact_plan(id, case_id, child_id, first_source, second_source)
                VALUES({plan}, {case}, {child}, 'CARER', 'CHILDRENS_SERVICES');
                INSERT INTO contact_session(case_id, child_id, kind, prison, attended)
                VALUES({case}, {child}, 'CRECHE_SUPERVISED', 'EWI', 'YES');
                """,
            then: [
                "UPDATE contact_plan SET stage = 'SUPERVISED_COMMUNITY' WHERE id = {plan};",
                "UPDATE contact_plan SET stage = 'UNSUPERVISED' WHERE id = {plan};",
                "UPDATE contact_plan SET stage = 'OVERNIGHT' WHERE id = {plan};",
            ],
            ask: """
                SELECT s.kind || ' to ' || p.stage FROM contact_plan p JOIN contact_session s ON s.child_id = p.child_id
                WHERE p.id = {plan}
                """, is: "CRECHE_SUPERVISED to OVERNIGHT"),
        SeedFact(
            "The family has a children's worker of its own",
            office: "INSERT INTO case_assignment(case_id, role, name) VALUES({case}, 'CHILDRENS_WORKER', 'Kim');",
            ask: "SELECT name FROM case_worker WHERE case_id = {case} AND role = 'CHILDRENS_WORKER'", is: "Kim"),
        SeedFact(
            "The children's own voices are heard",
            laptop: """
                INSERT INTO child_voice_entry(case_id, child_id, words, heard_by, about)
                VALUES({case}, {child}, 'I want to see the ducks with mum', 'Children''s worker', 'WISHES');
                """,
            ask: "SELECT words FROM child_voice_entry", is: "I want to see the ducks with mum"),
        SeedFact(
            "A safeguarding concern goes forward and is never hidden again",
            laptop: """
                INSERT INTO safeguarding_concern(id, case_id, subject_id, what)
                VALUES({concern}, {case}, {child}, 'Came without a coat for the third time');
                """,
            then: ["UPDATE safeguarding_concern SET state = 'MANAGER_REVIEWED' WHERE id = {concern};"],
            ask: "SELECT state FROM safeguarding_concern WHERE id = {concern}", is: "MANAGER_REVIEWED"),
    ]

    static let aboutOutcomes: [SeedFact] = [
        SeedFact(
            "One woman offended again and was recalled: two events, one woman",
            office: """
                INSERT INTO outcome_event(case_id, kind, occurred_on, disposal, source)
                VALUES({third}, 'REOFFENCE', '2026-01-10', 'CONVICTION', 'PNC');
                INSERT INTO outcome_event(case_id, kind, occurred_on, source)
                VALUES({third}, 'RECALL', '2026-01-12', 'PROBATION');
                """,
            ask: """
                SELECT nullif(count(DISTINCT case_id) || ' ' || count(*), '0 0') FROM outcome_event
                WHERE kind IN ('REOFFENCE', 'RECALL')
                """, is: "1 2"),
        SeedFact(
            "A family counts as engaged by contacts that took place",
            laptop: "INSERT INTO engagement_event(case_id, kind, with_whom) VALUES({case}, 'ATTENDED', 'FAMILY');",
            ask: "SELECT kind FROM engagement_event", is: "ATTENDED"),
        SeedFact(
            "At move-on she runs a business of her own, which is work",
            office: """
                INSERT INTO move_on(case_id, moved_on, category, planned, ete_status, tenancy_type, tenancy_start)
                VALUES({resident}, '2026-02-28', 'A01D', 1, 'SELF_EMPLOYED', 'ASSURED', '2026-02-28');
                """,
            ask: "SELECT category || ' ' || planned || ' ' || ete_status FROM move_on", is: "A01D 1 SELF_EMPLOYED"),
        SeedFact(
            "Six months on she has the same home or a better one, without a night in between",
            office: """
                INSERT INTO tenancy_check(case_id, counted_from, at_months, type, sustained, gap_days, source)
                VALUES({resident}, 'MOVE_IN', 6, 'A01D', 1, 0, 'LANDLORD');
                """,
            ask: "SELECT at_months || ' ' || sustained || ' ' || gap_days FROM tenancy_check", is: "6 1 0"),
        SeedFact(
            "How it goes, in her own judgement, on a scale of the network's own",
            laptop: "INSERT INTO progress_reading(case_id, domain, value) VALUES({case}, 'HOPE', 7);",
            ask: "SELECT scale_code || ' ' || value FROM progress_reading", is: "REUNITE_10 7"),
    ]
}
