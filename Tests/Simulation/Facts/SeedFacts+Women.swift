extension SeedFact {
    static let aboutWomen: [SeedFact] = [
        SeedFact(
            "A woman in prison in Surrey is to have a family home in Gloucestershire", .both,
            ask: """
                SELECT k.county || ' to ' || p.area FROM referral r JOIN partner p ON p.id = r.to_partner_id
                JOIN custody_episode e ON e.case_id = r.case_id
                JOIN (SELECT code, substr(place, -6) AS county FROM prison) k ON k.code = e.prison
                WHERE r.case_id = {lined1}
                """, is: "Surrey to GLS"),
        SeedFact(
            "Three women are lined up", .both, ask: "SELECT count(*) FROM pipeline", is: "3"),
        SeedFact(
            "She has a support worker of her own, and the next one takes her place",
            office: """
                INSERT INTO case_assignment(id, case_id, role, name) VALUES({before}, {case}, 'SUPPORT_WORKER', 'Alex');
                INSERT INTO case_assignment(case_id, role, name, replaces_id)
                VALUES({case}, 'SUPPORT_WORKER', 'Chris', {before});
                """,
            ask: "SELECT name FROM case_worker WHERE case_id = {case} AND role = 'SUPPORT_WORKER'", is: "Chris"),
        SeedFact(
            "A volunteer mentor is hers alone, and has been for about a month",
            office: """
                INSERT INTO volunteer_mentor(id, partner_id, name, areas)
                VALUES({mentor}, {surrey}, 'Jay', 'BUDGETING');
                INSERT INTO mentor_match(id, case_id, mentor_id, from_on, mentor_name)
                VALUES({match}, {case}, {mentor}, '2026-02-01', 'Jay');
                """,
            laptopThen: [
                """
                INSERT INTO mentor_match(id, case_id, mentor_id, from_on)
                VALUES({alsoAsked}, {neighbour}, {mentor}, '2026-03-01');
                """
            ],
            ask: """
                SELECT m.status || ' since ' || m.from_on || ', ' || o.status FROM mentor_match m
                JOIN mentor_match o ON o.mentor_id = m.mentor_id WHERE m.id = {match} AND o.id = {alsoAsked}
                """, is: "MATCHED since 2026-02-01, REFUSED"),
        SeedFact(
            "With her mentor she works at a goal: going out, budgeting, skills for work, confidence",
            office: """
                INSERT INTO goal(id, case_id, area, text) VALUES({goal}, {case}, 'BUDGETING', 'To be out of debt');
                """,
            then: [
                """
                INSERT INTO mentor_session(case_id, match_id, area, goal_id, minutes)
                VALUES({case}, {match}, 'BUDGETING', {goal}, 60);
                """
            ],
            ask: """
                SELECT g.text || ', ' || s.minutes || ' minutes' FROM mentor_session s JOIN goal g ON g.id = s.goal_id
                JOIN code_value c ON c.list = 'support_action.area' AND c.code = s.area
                """, is: "To be out of debt, 60 minutes"),
        SeedFact(
            "Floating support reaches three more women and their children, who live elsewhere",
            office: """
                INSERT INTO support_package(case_id, type, strand, from_on, children) VALUES
                  ({case}, 'FLOATING', 'MOTHERS_AND_CHILDREN', '2025-06-01', 2),
                  ({neighbour}, 'FLOATING', 'MOTHERS_AND_CHILDREN', '2025-07-01', 1),
                  ({third}, 'FLOATING', 'MOTHERS', '2025-08-01', 0),
                  ({resident}, 'RESIDENT', 'MOTHERS_AND_CHILDREN', '2026-03-02', 1);
                """,
            ask: """
                SELECT count(DISTINCT case_id) || ' and ' || sum(children) FROM support_package
                WHERE type = 'FLOATING' AND from_on > '2025-03-01'
                """, is: "3 and 3"),
        SeedFact(
            "Substance misuse, mental health, unemployment and debt are needs, each under its pathway",
            office: """
                INSERT INTO need(case_id, category, section) VALUES
                  ({third}, 'DRUGS_ALCOHOL', 'SUBSTANCE_MISUSE'), ({third}, 'HEALTH', 'MENTAL_HEALTH'),
                  ({third}, 'EDUCATION_SKILLS_WORK', 'UNEMPLOYMENT'), ({third}, 'FINANCE_ID', 'DEBT');
                """,
            ask: """
                SELECT group_concat(c.label) FROM (SELECT * FROM need WHERE case_id = {third} ORDER BY section) n
                JOIN code_value c ON c.list = 'need.section' AND c.code = n.section AND c.parent = n.category
                """, is: "Debt,Mental health,Drugs,Unemployment"),
        SeedFact(
            "Actions of the plan have an owner and a day",
            office: """
                INSERT INTO support_action(case_id, area, text, owner, due_on)
                VALUES({third}, 'BUDGETING', 'Ring the energy company', 'Herself', '2026-03-20');
                """,
            ask: "SELECT owner || ' by ' || due_on FROM support_action", is: "Herself by 2026-03-20"),
        SeedFact(
            "Her offender manager of London Probation Trust has something to say",
            office: """
                INSERT INTO professional_contact(case_id, role, organisation)
                VALUES({case}, 'OFFENDER_MANAGER', 'London Probation Trust');
                INSERT INTO feedback(case_id, from_role, organisation, text, may_quote)
                VALUES({case}, 'OFFENDER_MANAGER', 'London Probation Trust', 'She would not have managed alone', 1);
                """,
            ask: """
                SELECT f.text FROM feedback f JOIN professional_contact p
                  ON p.case_id = f.case_id AND p.role = f.from_role AND p.organisation = f.organisation
                """, is: "She would not have managed alone"),
        SeedFact(
            "Her story is told only because she agreed to publicity, apart from all other consent",
            office: """
                INSERT INTO consent(case_id, purpose, decision, method, recorded_for_at, entered_at)
                VALUES({case}, 'PUBLICITY', 'GIVEN', 'SIGNED_FORM', 1772366400000, 1772366400000);
                """,
            ask: "SELECT group_concat(case_id = {case}) FROM consent_in_force WHERE purpose = 'PUBLICITY'", is: "1"),
        SeedFact(
            "She serves twelve months, and the band of her sentence stands beside them",
            office: """
                INSERT INTO sentence(case_id, type, length_days, length_band, start_on)
                VALUES({case}, 'DETERMINATE', 365, '12M_4Y', '2025-06-01');
                """,
            ask: "SELECT length_days || ' ' || length_band FROM sentence", is: "365 12M_4Y"),
        SeedFact(
            "She spends a night at home with her children before release",
            laptop: """
                INSERT INTO temporary_release(case_id, kind, from_on, to_on, outcome, overnight_with_children)
                VALUES({case}, 'CRL', '2026-02-14', '2026-02-15', 'RETURNED', 1);
                """,
            ask: "SELECT kind || ' ' || overnight_with_children FROM temporary_release", is: "CRL 1"),
        SeedFact(
            "A family support worker visits her in prison, and the way there costs money",
            laptop: """
                INSERT INTO visit(id, case_id, type, prison, attended, minutes, travel_cost_pence)
                VALUES({visit}, {case}, 'IN_REACH', 'EWI', 'YES', 40, 4850);
                """,
            ask: "SELECT type || ' ' || travel_cost_pence FROM visit WHERE id = {visit}", is: "IN_REACH 4850"),
        SeedFact(
            "No women's prison is in Birmingham: the way there and back is a long one, and is on record",
            laptop: """
                INSERT INTO visit(id, case_id, type, prison, attended, minutes, travel_metres)
                VALUES({farVisit}, {case}, 'IN_REACH', 'DHI', 'YES', 60, 135000);
                """,
            ask: """
                SELECT (SELECT count(*) FROM prison WHERE place LIKE '%Birmingham%' OR postcode GLOB 'B[0-9]*')
                  || ' ' || travel_metres FROM visit WHERE id = {farVisit}
                """, is: "0 135000"),
        SeedFact(
            "How far a prison is follows from the journeys there, and what they cost is added up",
            laptop: """
                INSERT INTO visit(case_id, type, prison, attended, minutes, travel_metres, travel_cost_pence) VALUES
                  ({case}, 'IN_REACH', 'FHI', 'YES', 60, 240000, 5200),
                  ({case}, 'IN_REACH', 'FHI', 'NO', NULL, 244000, 5450), ({case}, 'IN_REACH', 'FHI', 'YES', 45, NULL, 900);
                """,
            ask: """
                SELECT journeys || ' journeys, ' || distance_km || ' km, ' || cost_pence FROM prison_distance
                WHERE prison = 'FHI' AND partner_id = {surrey}
                """, is: "3 journeys, 121 km, 11550"),
        SeedFact(
            "Before release and after it are one case, through the gate",
            then: [
                "UPDATE case_file SET phase = 'ASSESSED' WHERE id = {third};",
                "UPDATE case_file SET phase = 'PRE_RELEASE' WHERE id = {third};",
                "UPDATE case_file SET phase = 'RELEASED' WHERE id = {third};",
            ],
            ask: "SELECT phase FROM case_file WHERE id = {third}", is: "RELEASED"),
    ]
}
