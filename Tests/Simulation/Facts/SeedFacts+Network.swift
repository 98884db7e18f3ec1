extension SeedFact {
    static let aboutTheNetwork: [SeedFact] = [
        SeedFact(
            "Partners are women's centres, homelessness charities, housing associations and others", .network,
            ask: """
                SELECT group_concat(code) FROM
                  (SELECT code FROM code_value WHERE list = 'partner.org_type' ORDER BY sort)
                """,
            is: "WOMENS_CENTRE,HOMELESS_CHARITY,HOUSING_ASSOCIATION,PROBATION_PROVIDER,CHILDRENS_CHARITY"),
        SeedFact(
            "A women's centre in Leeds, West Yorkshire, is a partner whose kind is told", .network,
            hub: """
                INSERT INTO partner(id, code, name, org_type, area)
                VALUES({leeds}, 'LDS', 'A centre in Leeds', 'WOMENS_CENTRE', 'WYK');
                """,
            ask: """
                SELECT v.label || ', ' || l.name FROM partner p
                JOIN code_value v ON v.list = 'partner.org_type' AND v.code = p.org_type
                JOIN local_authority l ON l.area = p.area AND l.name = 'Leeds' WHERE p.id = {leeds}
                """, is: "Women's centre, Leeds"),
        SeedFact(
            "Seven areas were live at one date, ten at another, eight at a third, and no number is stored", .network,
            hub: """
                INSERT INTO area_membership(area, status, from_on, to_on) VALUES
                  ('SLN', 'LIVE', '2011-01-01', NULL), ('BHM', 'LIVE', '2011-01-01', NULL),
                  ('GLS', 'LIVE', '2011-01-01', NULL), ('GMR', 'LIVE', '2011-01-01', NULL),
                  ('SYK', 'LIVE', '2011-01-01', NULL), ('WYK', 'LIVE', '2011-01-01', '2014-12-31'),
                  ('HUM', 'LIVE', '2011-01-01', '2014-12-31'), ('WYK', 'PAUSED', '2015-01-01', NULL),
                  ('DBY', 'PILOT', '2012-01-01', '2012-12-31'), ('DBY', 'LIVE', '2013-01-01', NULL),
                  ('SRY', 'LIVE', '2013-01-01', NULL), ('XXA', 'LIVE', '2013-01-01', NULL);
                """,
            ask: """
                SELECT group_concat(n) FROM (
                  SELECT count(DISTINCT area) AS n FROM (SELECT '2012-06-01' AS day UNION ALL SELECT '2013-06-01'
                    UNION ALL SELECT '2015-06-01') d
                  LEFT JOIN area_live a ON a.from_on <= d.day AND coalesce(a.to_on, d.day) >= d.day
                  GROUP BY d.day ORDER BY d.day)
                """, is: "7,10,8"),
        SeedFact(
            "A replication officer in Leeds, for two days a week, is the key point of contact",
            office: """
                INSERT INTO staff_user(id, partner_id, display_name, role, working_days, based_in)
                VALUES({officer}, {surrey}, 'Robin', 'NETWORK_OFFICER', 3, 'Leeds');
                """,
            ask: "SELECT role || ' ' || working_days || ' ' || based_in FROM staff_user WHERE id = {officer}",
            is: "NETWORK_OFFICER 3 Leeds"),
        SeedFact(
            "Talks with the National Offender Management Service and umbrella bodies are kept",
            hub: """
                INSERT INTO external_body(id, name, kind)
                VALUES({noms}, 'National Offender Management Service', 'GOVERNMENT');
                """,
            office: """
                INSERT INTO liaison_log(partner_id, body_id, about)
                VALUES({surrey}, {noms}, 'In-reach after the tender');
                """,
            ask: "SELECT b.name FROM liaison_log l JOIN external_body b ON b.id = l.body_id",
            is: "National Offender Management Service"),
        SeedFact(
            "Community sentences and women long after a sentence are cohorts that are not open yet", .network,
            ask: """
                SELECT group_concat(code || ' ' || active) FROM
                  (SELECT code, active FROM code_value WHERE list = 'case_file.cohort' ORDER BY sort)
                """, is: "PRISON_LEAVER 1,COMMUNITY_SENTENCE 0,POST_SENTENCE_UNSTABLE 0"),
        SeedFact(
            "The annual conference is an event, and who came is a number of heads",
            hub: """
                INSERT INTO network_event(id, kind, name, held_on)
                VALUES({conference}, 'CONFERENCE', 'Annual conference', '2025-10-09');
                """,
            office: """
                INSERT INTO event_attendance(partner_id, event_id, staff, women) VALUES({surrey}, {conference}, 4, 3);
                """,
            ask: """
                SELECT e.kind || ' ' || (a.staff + a.women) FROM event_attendance a
                JOIN network_event e ON e.id = a.event_id WHERE e.id = {conference}
                """, is: "CONFERENCE 7"),
        SeedFact(
            "The network helps its partners to raise funds: a training, and a grant that it helped to win",
            hub: """
                INSERT INTO network_event(id, kind, name, held_on)
                VALUES({bids}, 'TRAINING', 'How to ask a trust for money', '2025-11-13');
                """,
            office: """
                INSERT INTO event_attendance(partner_id, event_id, staff) VALUES({surrey}, {bids}, 2);
                INSERT INTO funding_grant(id, partner_id, funder, purpose, amount_pence, network_helped)
                VALUES({helped}, {surrey}, 'A foundation', 'REVENUE', 3000000, 1);
                """,
            ask: """
                SELECT e.name || ' ' || a.staff || ', ' || g.amount_pence || ' ' || g.network_helped
                FROM network_event e JOIN event_attendance a ON a.event_id = e.id
                JOIN funding_grant g ON g.id = {helped} WHERE e.id = {bids}
                """, is: "How to ask a trust for money 2, 3000000 1"),
        SeedFact(
            "An award is an event that names its partner", .network,
            hub: """
                INSERT INTO network_event(kind, name, held_on, to_partner_id)
                VALUES('AWARD', 'Housing award', '2025-06-01', {surrey});
                """,
            ask: """
                SELECT p.code FROM network_event e JOIN partner p ON p.id = e.to_partner_id WHERE e.kind = 'AWARD'
                """, is: "SRY"),
        SeedFact(
            "89 per cent engaged, 5 per cent offended again, 65 per cent in meaningful activity: quoted with a source",
            .network,
            ask: """
                SELECT group_concat(value) FROM (SELECT value FROM benchmark
                  WHERE code GLOB 'REUNITE_*' AND length(source) > 0 ORDER BY code)
                """, is: "89,65,5"),
        SeedFact(
            "51 per cent of women are convicted again within twelve months, as a source says", .network,
            ask: "SELECT value || ' ' || unit FROM benchmark WHERE code = 'WOMEN_12M' AND band IS NULL",
            is: "51 PERCENT"),
        SeedFact(
            "62 per cent after sentences of less than twelve months, joined by the band of the sentence", .network,
            ask: "SELECT value || ' ' || unit FROM benchmark WHERE band = 'LT12M'", is: "62 PERCENT"),
        SeedFact(
            "Each pound brings back 5.83 pounds, and 8.09 over ten years: stored with the study, never worked out",
            .network,
            ask: """
                SELECT group_concat(horizon_years || ':' || ratio_pence) FROM
                  (SELECT * FROM sroi_run WHERE study = 'SOUTH_LONDON' ORDER BY horizon_years)
                """, is: "1:583,10:809"),
        SeedFact(
            "The categories of the social return are named", .network,
            ask: """
                SELECT group_concat(category) FROM
                  (SELECT category FROM sroi_line WHERE study = 'SOUTH_LONDON' ORDER BY category)
                """,
            is: "CHILDRENS_SOCIAL_CARE,EMERGENCY_HOUSING,HEALTH,REOFFENDING,UNEMPLOYMENT"),
        SeedFact(
            "Twelve children for nine months cost 133,474 pounds: 1,235.87 for each child-month", .network,
            ask: """
                SELECT units || ' ' || proxy_pence || ' ' || (total_pence / units) FROM sroi_line
                WHERE study = 'RENSHAW_2011'
                """, is: "108 123587 123587"),
        SeedFact(
            "In two tiers the district owes the homelessness duty and the county runs children's services", .network,
            ask: """
                SELECT d.tier || ' ' || c.tier || ' ' || c.gss FROM local_authority d
                JOIN local_authority c ON c.gss = d.parent_gss WHERE d.gss = 'E07000081'
                """, is: "DISTRICT COUNTY E10000013"),
        SeedFact(
            "There are twelve women's prisons, three of them in Surrey, and none there is open", .network,
            ask: """
                SELECT count(*) || ' ' || sum(code IN ('SDI', 'BZI', 'DWI')) || ' ' ||
                  sum(is_open AND code IN ('SDI', 'BZI', 'DWI')) FROM prison
                """, is: "12 3 0"),
        SeedFact(
            "Working days know the bank holidays, those of 2028 too", .network,
            ask: """
                SELECT sum(on_date LIKE '2026-%') || ' ' || sum(on_date LIKE '2027-%') || ' ' ||
                  sum(on_date LIKE '2028-%') FROM bank_holiday
                """, is: "8 8 8"),
        SeedFact(
            "In-reach goes to Eastwood Park, Drake Hall and Peterborough, and Foston Hall is planned", .network,
            hub: """
                INSERT INTO inreach_coverage(partner_id, prison, state) VALUES
                  ({surrey}, 'EWI', 'ACTIVE'), ({surrey}, 'DHI', 'ACTIVE'), ({surrey}, 'PFI', 'ACTIVE'),
                  ({surrey}, 'FHI', 'PLANNED');
                """,
            ask: """
                SELECT group_concat(prison || ' ' || state) FROM (SELECT prison, state FROM inreach_coverage
                  WHERE prison IN ('EWI', 'DHI', 'PFI', 'FHI') ORDER BY prison)
                """, is: "DHI ACTIVE,EWI ACTIVE,FHI PLANNED,PFI ACTIVE"),
    ]
}
