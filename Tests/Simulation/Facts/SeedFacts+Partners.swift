extension SeedFact {
    static let aboutPartners: [SeedFact] = [
        SeedFact(
            "20,000 pounds to set up, and what of them is spent",
            office: """
                INSERT INTO funding_grant(id, partner_id, funder, purpose, amount_pence)
                VALUES({setUp}, {surrey}, 'A trust', 'SET_UP', 2000000);
                INSERT INTO funding_spend(id, partner_id, grant_id, spent_on, amount_pence)
                VALUES({typo}, {surrey}, {setUp}, '2026-02-01', 500000);
                INSERT INTO funding_spend(partner_id, grant_id, spent_on, amount_pence, corrects_id)
                VALUES({surrey}, {setUp}, '2026-02-01', 50000, {typo});
                """,
            ask: "SELECT amount_pence || ' ' || left_pence FROM funding_left WHERE grant_id = {setUp}",
            is: "2000000 1950000"),
        SeedFact(
            "The lottery's grant is named by its funder",
            office: """
                INSERT INTO funding_grant(id, partner_id, funder, purpose, amount_pence)
                VALUES({lottery}, {surrey}, 'Big Lottery Fund', 'REVENUE', 10000000);
                """,
            ask: "SELECT funder FROM funding_grant WHERE id = {lottery}", is: "Big Lottery Fund"),
        SeedFact(
            "The network asks for a stocktake, and a partner answers offline",
            hub: """
                INSERT INTO stocktake_question(id, as_at, section, sort, question)
                VALUES({question}, '2026-03-31', 'USER_INVOLVEMENT', 10, 'How are the voices of children heard?');
                """,
            then: [
                """
                INSERT INTO stocktake_return(id, partner_id, as_at, question_id, answer)
                VALUES({answer}, {surrey}, '2026-03-31', {question}, 'A children''s worker asks them');
                UPDATE stocktake_return SET state = 'SENT' WHERE id = {answer};
                """
            ],
            ask: """
                SELECT r.state || ': ' || r.answer FROM stocktake_return r
                JOIN stocktake_question q ON q.id = r.question_id AND q.as_at = r.as_at
                """, is: "SENT: A children's worker asks them"),
        SeedFact(
            "A contract that opened a prison ended: the in-reach there has lapsed",
            hub: "INSERT INTO inreach_coverage(partner_id, prison, state) VALUES({surrey}, 'SDI', 'ACTIVE');",
            office: """
                INSERT INTO contract_period(partner_id, type, funder, inreach_right, prison, from_on, to_on)
                VALUES({surrey}, 'TR_CRC', 'A rehabilitation company', 1, 'SDI', '2024-03-01', '2026-01-31');
                """,
            ask: "SELECT prison || ' ' || ended_on FROM inreach_lapsed", is: "SDI 2026-01-31"),
        SeedFact(
            "Mental health takes the twelve women in specialist housing at once, and no thirteenth",
            office: """
                INSERT INTO service_agreement(id, partner_id, kind, quota, quota_basis, from_on)
                VALUES({fastTrack}, {surrey}, 'MENTAL_HEALTH_FAST_TRACK', 12, 'RESIDENTS', '2026-01-01');
                INSERT INTO service_place(id, partner_id, agreement_id, number)
                VALUES({twelfth}, {surrey}, {fastTrack}, 12);
                INSERT INTO service_place_use(id, case_id, place_id, from_on)
                VALUES({given}, {case}, {twelfth}, '2026-03-01');
                """,
            laptopThen: [
                """
                INSERT INTO service_place_use(id, case_id, place_id, from_on)
                VALUES({thirteenth}, {neighbour}, {twelfth}, '2026-03-02');
                """
            ],
            ask: """
                SELECT a.quota || ' ' || g.status || ' ' || t.status FROM service_agreement a
                JOIN service_place p ON p.agreement_id = a.id JOIN service_place_use g ON g.place_id = p.id
                JOIN service_place_use t ON t.place_id = p.id
                WHERE a.id = {fastTrack} AND g.id = {given} AND t.id = {thirteenth}
                """, is: "12 GIVEN REFUSED"),
        SeedFact(
            "Solicitors give advice at a drop-in: heads are counted, and two tablets add up",
            office: """
                INSERT INTO service_agreement(id, partner_id, kind, from_on)
                VALUES({legal}, {surrey}, 'LEGAL_DROP_IN', '2026-01-01');
                INSERT INTO drop_in_session(id, partner_id, kind, held_on, agreement_id, attendees)
                VALUES({dropIn}, {surrey}, 'LEGAL_DROP_IN', '2026-03-01', {legal}, 7);
                """,
            laptopThen: ["UPDATE drop_in_session SET attendees = attendees + 5 WHERE id = {dropIn};"],
            ask: "SELECT kind || ' ' || attendees FROM drop_in_session WHERE agreement_id = {legal}",
            is: "LEGAL_DROP_IN 12"),
        SeedFact(
            "A worker's checks have dates, and a clearance has its prison",
            office: """
                INSERT INTO staff_user(id, partner_id, display_name) VALUES({worker}, {surrey}, 'Sam');
                INSERT INTO staff_check(partner_id, staff_id, kind, prison, done_on, expires_on)
                VALUES({surrey}, {worker}, 'PRISON_VETTING', 'BZI', '2025-05-01', '2030-04-30');
                """,
            ask: "SELECT prison || ' ' || expires_on FROM staff_check WHERE staff_id = {worker}", is: "BZI 2030-04-30"),
    ]

    static let aboutHomes: [SeedFact] = [
        SeedFact(
            "A housing association promised ten homes: two are there, one of them is out of use",
            hub: """
                INSERT INTO housing_provider(id, name, kind, area)
                VALUES({association}, 'A housing association', 'HOUSING_ASSOCIATION', 'SRY');
                """,
            office: """
                INSERT INTO housing_agreement(id, partner_id, provider_id, units_promised, tenancy_type, from_on)
                VALUES({tenHomes}, {surrey}, {association}, 10, 'AST', '2025-01-01');
                INSERT INTO property(id, partner_id, name, agreement_id)
                VALUES({terrace}, {surrey}, 'Terrace', {tenHomes});
                INSERT INTO unit(id, partner_id, property_id, ref, bedrooms) VALUES
                  ({first}, {surrey}, {terrace}, 'No 1', 2), ({second}, {surrey}, {terrace}, 'No 2', 3);
                INSERT INTO void_period(partner_id, unit_id, from_on, to_on, reason)
                VALUES({surrey}, {second}, '2026-02-20', '2026-03-10', 'DAMAGE_REPAIRS');
                """,
            ask: "SELECT promised || ' ' || live || ' ' || void FROM agreement_homes WHERE agreement_id = {tenHomes}",
            is: "10 2 1"),
        SeedFact(
            "A hostel of six was bought with capital money",
            office: """
                INSERT INTO funding_grant(id, partner_id, funder, purpose, amount_pence)
                VALUES({capital}, {surrey}, 'A city', 'CAPITAL', 25000000);
                INSERT INTO property(id, partner_id, name, type, shared, capital_grant_id)
                VALUES({hostel}, {surrey}, 'Hostel', 'HOSTEL', 1, {capital});
                INSERT INTO unit(partner_id, property_id, ref)
                SELECT {surrey}, {hostel}, 'Room ' || value FROM
                  (SELECT 1 AS value UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6);
                """,
            ask: """
                SELECT p.type || ' ' || g.purpose || ' ' || count(*) FROM property p
                JOIN funding_grant g ON g.id = p.capital_grant_id JOIN unit u ON u.property_id = p.id GROUP BY p.id
                """, is: "HOSTEL CAPITAL 6"),
        SeedFact(
            "One family has a home to itself: whoever else asks for those nights is told no",
            office: """
                INSERT INTO occupancy(id, case_id, unit_id, arrive_on, depart_on)
                VALUES({moveIn}, {resident}, {first}, '2026-03-02', '2027-03-02');
                """,
            laptopThen: [
                """
                INSERT INTO occupancy(id, case_id, unit_id, arrive_on, depart_on)
                VALUES({tooLate}, {neighbour}, {first}, '2026-05-01', '2026-06-01');
                """
            ],
            ask: """
                SELECT a.status || ' ' || b.status FROM occupancy a JOIN occupancy b ON b.unit_id = a.unit_id
                WHERE a.id = {moveIn} AND b.id = {tooLate}
                """, is: "CONFIRMED REFUSED"),
        SeedFact(
            "What became of a booking is told event by event",
            then: [
                """
                INSERT INTO occupancy_event(case_id, occupancy_id, kind, on_date, previous_depart_on, new_depart_on)
                VALUES({resident}, {moveIn}, 'EXTEND', '2026-03-02', '2027-03-02', '2027-06-02');
                """
            ],
            ask: "SELECT kind || ' ' || new_depart_on FROM occupancy_event WHERE occupancy_id = {moveIn}",
            is: "EXTEND 2027-06-02"),
    ]
}
