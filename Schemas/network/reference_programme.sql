-- More reference data: the codes of the programme's tables, local authorities, bank holidays, published figures. The hub
-- alone runs this file, after reference.sql; ids are made as there. Never change an id; a new row takes the next number.

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004080008000000000000001', 'local_authority.tier', 'DISTRICT', 'District', 1, 10, NULL),
  (X'00000004004080008000000000000002', 'local_authority.tier', 'COUNTY', 'County', 1, 20, NULL),
  (X'00000004004080008000000000000003', 'local_authority.tier', 'UNITARY', 'Unitary authority', 1, 30, NULL),
  (X'00000004004080008000000000000004', 'local_authority.tier', 'MET', 'Metropolitan district', 1, 40, NULL),
  (X'00000004004080008000000000000005', 'local_authority.tier', 'LONDON', 'London borough', 1, 50, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004180008000000000000001', 'external_body.kind', 'GOVERNMENT', 'Department or agency of government', 1, 10, NULL),
  (X'00000004004180008000000000000002', 'external_body.kind', 'UMBRELLA', 'Umbrella body', 1, 20, NULL),
  (X'00000004004180008000000000000003', 'external_body.kind', 'COUNCIL', 'Council', 1, 30, NULL),
  (X'00000004004180008000000000000004', 'external_body.kind', 'PRISON', 'Prison', 1, 40, NULL),
  (X'00000004004180008000000000000005', 'external_body.kind', 'PROBATION', 'Probation', 1, 50, NULL),
  (X'00000004004180008000000000000006', 'external_body.kind', 'HEALTH', 'Health service', 1, 60, NULL),
  (X'00000004004180008000000000000007', 'external_body.kind', 'LEGAL', 'Solicitors or law centre', 1, 70, NULL),
  (X'00000004004180008000000000000008', 'external_body.kind', 'POLICE', 'Police', 1, 80, NULL),
  (X'00000004004180008000000000000009', 'external_body.kind', 'FUNDER', 'Funder', 1, 90, NULL),
  (X'0000000400418000800000000000000A', 'external_body.kind', 'CHARITY', 'Charity', 1, 100, NULL),
  (X'0000000400418000800000000000000B', 'external_body.kind', 'OTHER', 'Other', 1, 110, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004280008000000000000001', 'housing_provider.kind', 'HOUSING_ASSOCIATION', 'Housing association', 1, 10, NULL),
  (X'00000004004280008000000000000002', 'housing_provider.kind', 'CHARITY', 'Charity', 1, 20, NULL),
  (X'00000004004280008000000000000003', 'housing_provider.kind', 'COUNCIL', 'Council', 1, 30, NULL),
  (X'00000004004280008000000000000004', 'housing_provider.kind', 'PRIVATE_LANDLORD', 'Private landlord', 1, 40, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004380008000000000000001', 'network_event.kind', 'CONFERENCE', 'Annual conference', 1, 10, NULL),
  (X'00000004004380008000000000000002', 'network_event.kind', 'TRAINING', 'Training', 1, 20, NULL),
  (X'00000004004380008000000000000003', 'network_event.kind', 'MEETING', 'Meeting', 1, 30, NULL),
  (X'00000004004380008000000000000004', 'network_event.kind', 'AWARD', 'Award', 1, 40, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004480008000000000000001', 'contract_period.type', 'TR_CRC', 'Community rehabilitation company (Transforming Rehabilitation)', 1, 10, NULL),
  (X'00000004004480008000000000000002', 'contract_period.type', 'CRS_WOMENS', 'Commissioned rehabilitative services, women', 1, 20, NULL),
  (X'00000004004480008000000000000003', 'contract_period.type', 'LA', 'Local authority', 1, 30, NULL),
  (X'00000004004480008000000000000004', 'contract_period.type', 'TRUST', 'Charitable trust', 1, 40, NULL),
  (X'00000004004480008000000000000005', 'contract_period.type', 'GRANT', 'Grant', 1, 50, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004580008000000000000001', 'staff_check.kind', 'DBS', 'Criminal record check', 1, 10, NULL),
  (X'00000004004580008000000000000002', 'staff_check.kind', 'PRISON_VETTING', 'Clearance of a prison', 1, 20, NULL),
  (X'00000004004580008000000000000003', 'staff_check.kind', 'KEY_TALK', 'Key talk or induction of a prison', 1, 30, NULL),
  (X'00000004004580008000000000000004', 'staff_check.kind', 'CODE_OF_CONDUCT', 'Code of conduct, signed each year', 1, 40, NULL),
  (X'00000004004580008000000000000005', 'staff_check.kind', 'SAFEGUARDING', 'Safeguarding training', 1, 50, NULL),
  (X'00000004004580008000000000000006', 'staff_check.kind', 'DATA_PROTECTION', 'Data protection training', 1, 60, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004680008000000000000001', 'funding_grant.purpose', 'SET_UP', 'To set up', 1, 10, NULL),
  (X'00000004004680008000000000000002', 'funding_grant.purpose', 'CAPITAL', 'To build or buy', 1, 20, NULL),
  (X'00000004004680008000000000000003', 'funding_grant.purpose', 'REVENUE', 'To run', 1, 30, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004780008000000000000001', 'funding_spend.category', 'STAFF', 'Staff', 1, 10, NULL),
  (X'00000004004780008000000000000002', 'funding_spend.category', 'TRAVEL', 'Travel and visits', 1, 20, NULL),
  (X'00000004004780008000000000000003', 'funding_spend.category', 'FURNISHING', 'Furnishing homes', 1, 30, NULL),
  (X'00000004004780008000000000000004', 'funding_spend.category', 'BUILDING', 'Building', 1, 40, NULL),
  (X'00000004004780008000000000000005', 'funding_spend.category', 'RENT', 'Rent and voids', 1, 50, NULL),
  (X'00000004004780008000000000000006', 'funding_spend.category', 'CHILDREN', 'For children', 1, 60, NULL),
  (X'00000004004780008000000000000007', 'funding_spend.category', 'TRAINING', 'Training', 1, 70, NULL),
  (X'00000004004780008000000000000008', 'funding_spend.category', 'OFFICE', 'Office', 1, 80, NULL),
  (X'00000004004780008000000000000009', 'funding_spend.category', 'OTHER', 'Other', 1, 90, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004880008000000000000001', 'stocktake.section', 'EARLY_INREACH', 'Early in-reach', 1, 10, NULL),
  (X'00000004004880008000000000000002', 'stocktake.section', 'THROUGH_THE_GATE', 'Through the gate', 1, 20, NULL),
  (X'00000004004880008000000000000003', 'stocktake.section', 'EARLY_REUNITING', 'Early reuniting', 1, 30, NULL),
  (X'00000004004880008000000000000004', 'stocktake.section', 'TAILORED_SUPPORT', 'Tailored support', 1, 40, NULL),
  (X'00000004004880008000000000000005', 'stocktake.section', 'FAMILY_AS_ENTITY', 'The family as an entity', 1, 50, NULL),
  (X'00000004004880008000000000000006', 'stocktake.section', 'SETTLED_HOUSING', 'Settled housing', 1, 60, NULL),
  (X'00000004004880008000000000000007', 'stocktake.section', 'USER_INVOLVEMENT', 'Women and children have a say', 1, 70, NULL),
  (X'00000004004880008000000000000008', 'stocktake.section', 'MOVE_ON', 'Move-on to independence', 1, 80, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004980008000000000000001', 'housing_agreement.tenancy_type', 'LICENCE', 'Licence', 1, 10, NULL),
  (X'00000004004980008000000000000002', 'housing_agreement.tenancy_type', 'AST', 'Assured shorthold tenancy', 1, 20, NULL),
  (X'00000004004980008000000000000003', 'housing_agreement.tenancy_type', 'ASSURED', 'Assured tenancy', 1, 30, NULL),
  (X'00000004004980008000000000000004', 'housing_agreement.tenancy_type', 'EQUITABLE', 'Equitable tenancy', 1, 40, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004A80008000000000000001', 'service_agreement.quota_basis', 'RESIDENTS', 'Women in the partner''s homes', 1, 10, NULL),
  (X'00000004004A80008000000000000002', 'service_agreement.quota_basis', 'CASELOAD', 'Women on the partner''s caseload', 1, 20, NULL),
  (X'00000004004A80008000000000000003', 'service_agreement.quota_basis', 'ANYONE', 'Anyone who is sent', 1, 30, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004B80008000000000000001', 'professional_contact.role', 'COM', 'Community offender manager', 1, 10, NULL),
  (X'00000004004B80008000000000000002', 'professional_contact.role', 'POM', 'Prison offender manager', 1, 20, NULL),
  (X'00000004004B80008000000000000003', 'professional_contact.role', 'OFFENDER_MANAGER', 'Offender manager (earlier title)', 1, 30, NULL),
  (X'00000004004B80008000000000000004', 'professional_contact.role', 'SOCIAL_WORKER', 'Social worker', 1, 40, NULL),
  (X'00000004004B80008000000000000005', 'professional_contact.role', 'FAMILY_LIAISON', 'Family liaison', 1, 50, NULL),
  (X'00000004004B80008000000000000006', 'professional_contact.role', 'CHAPLAIN', 'Chaplain', 1, 60, NULL),
  (X'00000004004B80008000000000000007', 'professional_contact.role', 'HEALTH', 'Health', 1, 70, NULL),
  (X'00000004004B80008000000000000008', 'professional_contact.role', 'MENTAL_HEALTH', 'Mental health', 1, 80, NULL),
  (X'00000004004B80008000000000000009', 'professional_contact.role', 'SOLICITOR', 'Solicitor', 1, 90, NULL),
  (X'00000004004B8000800000000000000A', 'professional_contact.role', 'HOUSING_OFFICER', 'Housing officer', 1, 100, NULL),
  (X'00000004004B8000800000000000000B', 'professional_contact.role', 'SCHOOL', 'School', 1, 110, NULL),
  (X'00000004004B8000800000000000000C', 'professional_contact.role', 'POLICE', 'Police', 1, 120, NULL),
  (X'00000004004B8000800000000000000D', 'professional_contact.role', 'FUNDER', 'Funder', 1, 130, NULL),
  (X'00000004004B8000800000000000000E', 'professional_contact.role', 'HERSELF', 'The woman herself', 1, 140, NULL),
  (X'00000004004B8000800000000000000F', 'professional_contact.role', 'CHILD', 'A child', 1, 150, NULL),
  (X'00000004004B80008000000000000010', 'professional_contact.role', 'FAMILY', 'Her family', 1, 160, NULL),
  (X'00000004004B80008000000000000011', 'professional_contact.role', 'OTHER', 'Other', 1, 170, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004C80008000000000000001', 'support_action.area', 'SOCIAL_ACTIVITY', 'Going out, meeting people', 1, 10, NULL),
  (X'00000004004C80008000000000000002', 'support_action.area', 'BUDGETING', 'Budgeting', 1, 20, NULL),
  (X'00000004004C80008000000000000003', 'support_action.area', 'WORK_SKILLS', 'Skills for work', 1, 30, NULL),
  (X'00000004004C80008000000000000004', 'support_action.area', 'CONFIDENCE', 'Confidence', 1, 40, NULL),
  (X'00000004004C80008000000000000005', 'support_action.area', 'PARENTING', 'Being a mother', 1, 50, NULL),
  (X'00000004004C80008000000000000006', 'support_action.area', 'HOME', 'Running a home', 1, 60, NULL),
  (X'00000004004C80008000000000000007', 'support_action.area', 'HEALTH', 'Health', 1, 70, NULL),
  (X'00000004004C80008000000000000008', 'support_action.area', 'LEGAL', 'Legal matters', 1, 80, NULL),
  (X'00000004004C80008000000000000009', 'support_action.area', 'OTHER', 'Other', 1, 90, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004D80008000000000000001', 'sentence.type', 'DETERMINATE', 'Determinate', 1, 10, NULL),
  (X'00000004004D80008000000000000002', 'sentence.type', 'EXTENDED', 'Extended', 1, 20, NULL),
  (X'00000004004D80008000000000000003', 'sentence.type', 'LIFE', 'Life', 1, 30, NULL),
  (X'00000004004D80008000000000000004', 'sentence.type', 'REMAND', 'On remand', 1, 40, NULL),
  (X'00000004004D80008000000000000005', 'sentence.type', 'COMMUNITY', 'Community order', 1, 50, NULL),
  (X'00000004004D80008000000000000006', 'sentence.type', 'SUSPENDED', 'Suspended', 1, 60, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004E80008000000000000001', 'sentence.length_band', 'LT12M', 'Less than twelve months', 1, 10, NULL),
  (X'00000004004E80008000000000000002', 'sentence.length_band', '12M_4Y', 'Twelve months to four years', 1, 20, NULL),
  (X'00000004004E80008000000000000003', 'sentence.length_band', 'GE4Y', 'Four years or more', 1, 30, NULL),
  (X'00000004004E80008000000000000004', 'sentence.length_band', 'LIFE', 'Life', 1, 40, NULL),
  (X'00000004004E80008000000000000005', 'sentence.length_band', 'REMAND', 'On remand', 1, 50, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004004F80008000000000000001', 'temporary_release.kind', 'RDR', 'Resettlement day release', 1, 10, NULL),
  (X'00000004004F80008000000000000002', 'temporary_release.kind', 'ROR', 'Resettlement overnight release', 1, 20, NULL),
  (X'00000004004F80008000000000000003', 'temporary_release.kind', 'CRL', 'Childcare resettlement leave', 1, 30, NULL),
  (X'00000004004F80008000000000000004', 'temporary_release.kind', 'SPL', 'Special purpose licence', 1, 40, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005080008000000000000001', 'temporary_release.outcome', 'RETURNED', 'Back in time', 1, 10, NULL),
  (X'00000004005080008000000000000002', 'temporary_release.outcome', 'LATE', 'Back late', 1, 20, NULL),
  (X'00000004005080008000000000000003', 'temporary_release.outcome', 'NOT_RETURNED', 'Did not come back', 1, 30, NULL),
  (X'00000004005080008000000000000004', 'temporary_release.outcome', 'CANCELLED', 'Did not take place', 1, 40, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005180008000000000000001', 'contact_plan.source', 'CHILDRENS_SERVICES', 'Children''s services', 1, 10, NULL),
  (X'00000004005180008000000000000002', 'contact_plan.source', 'CARER', 'Whoever has the child', 1, 20, NULL),
  (X'00000004005180008000000000000003', 'contact_plan.source', 'CHILDRENS_WORKER', 'The partner''s children''s worker', 1, 30, NULL),
  (X'00000004005180008000000000000004', 'contact_plan.source', 'PRISON_FAMILY_WORKER', 'Family worker in the prison', 1, 40, NULL),
  (X'00000004005180008000000000000005', 'contact_plan.source', 'COURT', 'Court', 1, 50, NULL),
  (X'00000004005180008000000000000006', 'contact_plan.source', 'INDEPENDENT_REVIEWER', 'Independent reviewing officer', 1, 60, NULL),
  (X'00000004005180008000000000000007', 'contact_plan.source', 'SCHOOL', 'School or nursery', 1, 70, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005280008000000000000001', 'contact_session.kind', 'PRISON_SOCIAL', 'Social visit in prison', 1, 10, NULL),
  (X'00000004005280008000000000000002', 'contact_session.kind', 'CRECHE_SUPERVISED', 'Supervised, in a creche', 1, 20, NULL),
  (X'00000004005280008000000000000003', 'contact_session.kind', 'FAMILY_DAY', 'Family day', 1, 30, NULL),
  (X'00000004005280008000000000000004', 'contact_session.kind', 'VIDEO', 'Video call', 1, 40, NULL),
  (X'00000004005280008000000000000005', 'contact_session.kind', 'COMMUNITY_SUPERVISED', 'Supervised, in the community', 1, 50, NULL),
  (X'00000004005280008000000000000006', 'contact_session.kind', 'UNSUPERVISED', 'Unsupervised', 1, 60, NULL),
  (X'00000004005280008000000000000007', 'contact_session.kind', 'OVERNIGHT', 'Overnight', 1, 70, NULL),
  (X'00000004005280008000000000000008', 'contact_session.kind', 'MBU', 'In a Mother and Baby Unit', 1, 80, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005380008000000000000001', 'child_voice_entry.about', 'WISHES', 'What it wishes', 1, 10, NULL),
  (X'00000004005380008000000000000002', 'child_voice_entry.about', 'CONTACT', 'Seeing its mother', 1, 20, NULL),
  (X'00000004005380008000000000000003', 'child_voice_entry.about', 'HOME', 'Where it lives', 1, 30, NULL),
  (X'00000004005380008000000000000004', 'child_voice_entry.about', 'SCHOOL', 'School', 1, 40, NULL),
  (X'00000004005380008000000000000005', 'child_voice_entry.about', 'WORRIES', 'What worries it', 1, 50, NULL),
  (X'00000004005380008000000000000006', 'child_voice_entry.about', 'SUPPORT', 'The support it gets', 1, 60, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005480008000000000000001', 'need.section', 'SUBSTANCE_MISUSE', 'Drugs', 1, 10, 'DRUGS_ALCOHOL'),
  (X'00000004005480008000000000000002', 'need.section', 'ALCOHOL', 'Alcohol', 1, 20, 'DRUGS_ALCOHOL'),
  (X'00000004005480008000000000000003', 'need.section', 'MENTAL_HEALTH', 'Mental health', 1, 30, 'HEALTH'),
  (X'00000004005480008000000000000004', 'need.section', 'PHYSICAL_HEALTH', 'Physical health', 1, 40, 'HEALTH'),
  (X'00000004005480008000000000000005', 'need.section', 'PREGNANCY', 'Pregnancy', 1, 50, 'HEALTH'),
  (X'00000004005480008000000000000006', 'need.section', 'UNEMPLOYMENT', 'Unemployment', 1, 60, 'EDUCATION_SKILLS_WORK'),
  (X'00000004005480008000000000000007', 'need.section', 'LEARNING', 'Learning', 1, 70, 'EDUCATION_SKILLS_WORK'),
  (X'00000004005480008000000000000008', 'need.section', 'DEBT', 'Debt', 1, 80, 'FINANCE_ID'),
  (X'00000004005480008000000000000009', 'need.section', 'BENEFITS', 'Benefits', 1, 90, 'FINANCE_ID'),
  (X'0000000400548000800000000000000A', 'need.section', 'IDENTITY_PAPERS', 'Identity papers', 1, 100, 'FINANCE_ID'),
  (X'0000000400548000800000000000000B', 'need.section', 'HOMELESSNESS', 'Homelessness', 1, 110, 'ACCOMMODATION'),
  (X'0000000400548000800000000000000C', 'need.section', 'RENT_ARREARS', 'Rent arrears', 1, 120, 'ACCOMMODATION'),
  (X'0000000400548000800000000000000D', 'need.section', 'PARENTING', 'Being a mother', 1, 130, 'CHILDREN_FAMILIES_COMMUNITY'),
  (X'0000000400548000800000000000000E', 'need.section', 'FAMILY_TIES', 'Family ties', 1, 140, 'CHILDREN_FAMILIES_COMMUNITY'),
  (X'0000000400548000800000000000000F', 'need.section', 'DOMESTIC_ABUSE', 'Domestic abuse', 1, 150, 'WOMENS_SPECIFIC'),
  (X'00000004005480008000000000000010', 'need.section', 'SEXUAL_VIOLENCE', 'Sexual violence', 1, 160, 'WOMENS_SPECIFIC'),
  (X'00000004005480008000000000000011', 'need.section', 'SEX_WORK', 'Sex work', 1, 170, 'WOMENS_SPECIFIC'),
  (X'00000004005480008000000000000012', 'need.section', 'CARE_LEAVER', 'Care leaver', 1, 180, 'WOMENS_SPECIFIC'),
  (X'00000004005480008000000000000013', 'need.section', 'FOREIGN_NATIONAL', 'Foreign national', 1, 190, 'WOMENS_SPECIFIC'),
  (X'00000004005480008000000000000014', 'need.section', 'THINKING', 'Thinking and behaviour', 1, 200, 'ATTITUDES_THINKING_BEHAVIOUR');

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005580008000000000000001', 'need.intervention', 'ACCOMMODATION', 'Accommodation', 1, 10, NULL),
  (X'00000004005580008000000000000002', 'need.intervention', 'ETE', 'Employment, training and education', 1, 20, NULL),
  (X'00000004005580008000000000000003', 'need.intervention', 'FINANCE_BENEFIT_DEBT', 'Finance, benefits and debt', 1, 30, NULL),
  (X'00000004005580008000000000000004', 'need.intervention', 'DEPENDENCY_RECOVERY', 'Dependency and recovery', 1, 40, NULL),
  (X'00000004005580008000000000000005', 'need.intervention', 'LIFESTYLE_ASSOCIATES', 'Lifestyle and associates', 1, 50, NULL),
  (X'00000004005580008000000000000006', 'need.intervention', 'FAMILY_SIGNIFICANT_OTHERS', 'Family and significant others', 1, 60, NULL),
  (X'00000004005580008000000000000007', 'need.intervention', 'EMOTIONAL_WELLBEING', 'Emotional wellbeing', 1, 70, NULL),
  (X'00000004005580008000000000000008', 'need.intervention', 'SOCIAL_INCLUSION', 'Social inclusion', 1, 80, NULL),
  (X'00000004005580008000000000000009', 'need.intervention', 'WOMENS_SPECIFIC', 'Women''s specific', 1, 90, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005680008000000000000001', 'support_package.type', 'RESIDENT', 'With a home of the programme', 1, 10, NULL),
  (X'00000004005680008000000000000002', 'support_package.type', 'FLOATING', 'Floating: wherever she lives', 1, 20, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005780008000000000000001', 'support_package.strand', 'MOTHERS', 'Mothers: alone for now', 1, 10, NULL),
  (X'00000004005780008000000000000002', 'support_package.strand', 'MOTHERS_AND_CHILDREN', 'Mothers and children', 1, 20, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005880008000000000000001', 'progress_reading.scale', 'REUNITE_10', 'One to ten, in her own judgement', 1, 10, NULL),
  (X'00000004005880008000000000000002', 'progress_reading.scale', 'EXTERNAL', 'A licensed tool, score only', 1, 20, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005980008000000000000001', 'progress_reading.domain', 'HOME', 'Home', 1, 10, NULL),
  (X'00000004005980008000000000000002', 'progress_reading.domain', 'CHILDREN', 'Children', 1, 20, NULL),
  (X'00000004005980008000000000000003', 'progress_reading.domain', 'HEALTH', 'Health', 1, 30, NULL),
  (X'00000004005980008000000000000004', 'progress_reading.domain', 'MONEY', 'Money', 1, 40, NULL),
  (X'00000004005980008000000000000005', 'progress_reading.domain', 'WORK', 'Work and learning', 1, 50, NULL),
  (X'00000004005980008000000000000006', 'progress_reading.domain', 'PEOPLE', 'People around her', 1, 60, NULL),
  (X'00000004005980008000000000000007', 'progress_reading.domain', 'SAFETY', 'Safety', 1, 70, NULL),
  (X'00000004005980008000000000000008', 'progress_reading.domain', 'OFFENDING', 'Staying out of trouble', 1, 80, NULL),
  (X'00000004005980008000000000000009', 'progress_reading.domain', 'HOPE', 'Hope', 1, 90, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005A80008000000000000001', 'duty_to_refer.outcome_reason', 'PREVENTION_AND_RELIEF_DUTY', 'Prevention or relief duty accepted', 1, 10, NULL),
  (X'00000004005A80008000000000000002', 'duty_to_refer.outcome_reason', 'PRIORITY_NEED', 'Priority need', 1, 20, NULL),
  (X'00000004005A80008000000000000003', 'duty_to_refer.outcome_reason', 'NO_LOCAL_CONNECTION', 'No local connection', 1, 30, NULL),
  (X'00000004005A80008000000000000004', 'duty_to_refer.outcome_reason', 'INTENTIONALLY_HOMELESS', 'Intentionally homeless', 1, 40, NULL),
  (X'00000004005A80008000000000000005', 'duty_to_refer.outcome_reason', 'REJECTED_OTHER', 'Rejected for another reason', 1, 50, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005B80008000000000000001', 'duty_to_refer.priority_need_basis', 'NONE', 'None found', 1, 10, NULL),
  (X'00000004005B80008000000000000002', 'duty_to_refer.priority_need_basis', 'DEPENDENT_CHILD_WITH_HER', 'A child lives with her', 1, 20, NULL),
  (X'00000004005B80008000000000000003', 'duty_to_refer.priority_need_basis', 'CHILD_EXPECTED_TO_RESIDE', 'A child might reasonably be expected to live with her', 1, 30, NULL),
  (X'00000004005B80008000000000000004', 'duty_to_refer.priority_need_basis', 'PREGNANT', 'Pregnant', 1, 40, NULL),
  (X'00000004005B80008000000000000005', 'duty_to_refer.priority_need_basis', 'VULNERABLE', 'Vulnerable', 1, 50, NULL),
  (X'00000004005B80008000000000000006', 'duty_to_refer.priority_need_basis', 'DOMESTIC_ABUSE', 'Homeless because of domestic abuse', 1, 60, NULL),
  (X'00000004005B80008000000000000007', 'duty_to_refer.priority_need_basis', 'NOT_DECIDED', 'Not decided', 1, 70, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005C80008000000000000001', 'occupancy_event.kind', 'CONFIRM', 'Confirmed', 1, 10, NULL),
  (X'00000004005C80008000000000000002', 'occupancy_event.kind', 'ARRIVE', 'Arrived', 1, 20, NULL),
  (X'00000004005C80008000000000000003', 'occupancy_event.kind', 'EXTEND', 'Extended', 1, 30, NULL),
  (X'00000004005C80008000000000000004', 'occupancy_event.kind', 'OVERSTAY', 'Stayed on', 1, 40, NULL),
  (X'00000004005C80008000000000000005', 'occupancy_event.kind', 'TURNAROUND', 'Made ready for the next family', 1, 50, NULL),
  (X'00000004005C80008000000000000006', 'occupancy_event.kind', 'NON_ARRIVE', 'Did not arrive', 1, 60, NULL),
  (X'00000004005C80008000000000000007', 'occupancy_event.kind', 'DEPART', 'Left', 1, 70, NULL),
  (X'00000004005C80008000000000000008', 'occupancy_event.kind', 'CANCEL', 'Cancelled', 1, 80, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005D80008000000000000001', 'occupancy_event.reason', 'FOUND_OTHER_HOME', 'Found another home', 1, 10, NULL),
  (X'00000004005D80008000000000000002', 'occupancy_event.reason', 'RELEASE_MOVED', 'Release moved', 1, 20, NULL),
  (X'00000004005D80008000000000000003', 'occupancy_event.reason', 'RECALLED', 'Recalled', 1, 30, NULL),
  (X'00000004005D80008000000000000004', 'occupancy_event.reason', 'HOME_OUT_OF_USE', 'Home out of use', 1, 40, NULL),
  (X'00000004005D80008000000000000005', 'occupancy_event.reason', 'CHILDREN_PLAN_CHANGED', 'The children''s plan changed', 1, 50, NULL),
  (X'00000004005D80008000000000000006', 'occupancy_event.reason', 'HER_WISH', 'Her wish', 1, 60, NULL),
  (X'00000004005D80008000000000000007', 'occupancy_event.reason', 'OTHER', 'Other', 1, 70, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005E80008000000000000001', 'move_on.category', 'A01A', 'Owner', 1, 10, NULL),
  (X'00000004005E80008000000000000002', 'move_on.category', 'A01C', 'Private rental', 1, 20, NULL),
  (X'00000004005E80008000000000000003', 'move_on.category', 'A01D', 'Social rental', 1, 30, NULL),
  (X'00000004005E80008000000000000004', 'move_on.category', 'A04', 'Supported housing', 1, 40, NULL),
  (X'00000004005E80008000000000000005', 'move_on.category', 'A07B', 'Friends or family, settled', 1, 50, NULL),
  (X'00000004005E80008000000000000006', 'move_on.category', 'A07A', 'Friends or family, transient', 1, 60, NULL),
  (X'00000004005E80008000000000000007', 'move_on.category', 'A12', 'Long-term residential healthcare', 1, 70, NULL),
  (X'00000004005E80008000000000000008', 'move_on.category', 'A02', 'Approved premises', 1, 80, NULL),
  (X'00000004005E80008000000000000009', 'move_on.category', 'CAS2', 'Bail and licence accommodation', 1, 90, NULL),
  (X'00000004005E8000800000000000000A', 'move_on.category', 'HOSPITAL', 'Hospital', 1, 100, NULL),
  (X'00000004005E8000800000000000000B', 'move_on.category', 'PRISON', 'Prison: a further sentence', 1, 110, NULL),
  (X'00000004005E8000800000000000000C', 'move_on.category', 'RECALLED', 'Recalled', 1, 120, NULL),
  (X'00000004005E8000800000000000000D', 'move_on.category', 'DECEASED', 'Died', 1, 130, NULL),
  (X'00000004005E8000800000000000000E', 'move_on.category', 'ANOTHER_PROPERTY', 'Another home of the programme', 1, 140, NULL),
  (X'00000004005E8000800000000000000F', 'move_on.category', 'PENDING', 'Not known yet', 1, 150, NULL),
  (X'00000004005E80008000000000000010', 'move_on.category', 'A03', 'Transient or short-term', 1, 65, NULL),
  (X'00000004005E80008000000000000011', 'move_on.category', 'A08A', 'Rough sleeping', 1, 81, NULL),
  (X'00000004005E80008000000000000012', 'move_on.category', 'A08C', 'Shelter, emergency hostel or campsite', 1, 82, NULL),
  (X'00000004005E80008000000000000013', 'move_on.category', 'A08', 'Squat', 1, 83, NULL),
  (X'00000004005E80008000000000000014', 'move_on.category', 'A10', 'CAS2, 13 weeks or more', 1, 91, NULL),
  (X'00000004005E80008000000000000015', 'move_on.category', 'A11', 'CAS2, under 13 weeks', 1, 92, NULL),
  (X'00000004005E80008000000000000016', 'move_on.category', 'A17', 'CAS3', 1, 93, NULL),
  (X'00000004005E80008000000000000017', 'move_on.category', 'A13', 'Home Office, section 4', 1, 94, NULL),
  (X'00000004005E80008000000000000018', 'move_on.category', 'A14', 'Home Office, section 10', 1, 95, NULL),
  (X'00000004005E80008000000000000019', 'move_on.category', 'A15', 'Immigration detention', 1, 96, NULL),
  (X'00000004005E8000800000000000001A', 'move_on.category', 'A16', 'Awaiting assessment', 1, 97, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004005F80008000000000000001', 'move_on.departure_reason', 'PLANNED', 'Planned move-on', 1, 10, NULL),
  (X'00000004005F80008000000000000002', 'move_on.departure_reason', 'HOSPITAL', 'Admitted to hospital', 1, 20, NULL),
  (X'00000004005F80008000000000000003', 'move_on.departure_reason', 'WITHDRAWN_RECALL', 'Bed withdrawn: recall or breach', 1, 30, NULL),
  (X'00000004005F80008000000000000004', 'move_on.departure_reason', 'WITHDRAWN_INCIDENT', 'Bed withdrawn: serious incident', 1, 40, NULL),
  (X'00000004005F80008000000000000005', 'move_on.departure_reason', 'WITHDRAWN_RISK', 'Bed withdrawn: further offence, behaviour or risk', 1, 50, NULL),
  (X'00000004005F80008000000000000006', 'move_on.departure_reason', 'NOT_IN_PROPERTY', 'No longer in the property', 1, 60, NULL),
  (X'00000004005F80008000000000000007', 'move_on.departure_reason', 'FURTHER_SENTENCE', 'Further custodial sentence', 1, 70, NULL),
  (X'00000004005F80008000000000000008', 'move_on.departure_reason', 'ANOTHER_PROPERTY', 'Moved to another property', 1, 80, NULL),
  (X'00000004005F80008000000000000009', 'move_on.departure_reason', 'DECEASED', 'Died', 1, 90, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004006080008000000000000001', 'move_on.ete_status', 'EDUCATION', 'Education', 1, 10, NULL),
  (X'00000004006080008000000000000002', 'move_on.ete_status', 'TRAINING', 'Training', 1, 20, NULL),
  (X'00000004006080008000000000000003', 'move_on.ete_status', 'EMPLOYED', 'Employed', 1, 30, NULL),
  (X'00000004006080008000000000000004', 'move_on.ete_status', 'SELF_EMPLOYED', 'Self-employed, a business of her own', 1, 40, NULL),
  (X'00000004006080008000000000000005', 'move_on.ete_status', 'VOLUNTEERING', 'Volunteering', 1, 50, NULL),
  (X'00000004006080008000000000000006', 'move_on.ete_status', 'NONE', 'None of these', 1, 60, NULL),
  (X'00000004006080008000000000000007', 'move_on.ete_status', 'UNKNOWN', 'Not known', 1, 70, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004006180008000000000000001', 'engagement_event.kind', 'ATTENDED', 'A contact that took place', 1, 10, NULL),
  (X'00000004006180008000000000000002', 'engagement_event.kind', 'FAILED_ATTEMPT', 'Tried in vain', 1, 20, NULL),
  (X'00000004006180008000000000000003', 'engagement_event.kind', 'WHEREABOUTS_UNKNOWN', 'Nobody knows where she is', 1, 30, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004006280008000000000000001', 'outcome_event.kind', 'REOFFENCE', 'Offence', 1, 10, NULL),
  (X'00000004006280008000000000000002', 'outcome_event.kind', 'BREACH', 'Breach of licence', 1, 20, NULL),
  (X'00000004006280008000000000000003', 'outcome_event.kind', 'RECALL', 'Recall to prison', 1, 30, NULL),
  (X'00000004006280008000000000000004', 'outcome_event.kind', 'REMAND', 'Remanded', 1, 40, NULL),
  (X'00000004006280008000000000000005', 'outcome_event.kind', 'CHILD_RETURNED', 'A child came home', 1, 50, NULL),
  (X'00000004006280008000000000000006', 'outcome_event.kind', 'CHILD_RE_REMOVED', 'A child was removed again', 1, 60, NULL),
  (X'00000004006280008000000000000007', 'outcome_event.kind', 'TENANCY_LOST', 'Home lost', 1, 70, NULL),
  (X'00000004006280008000000000000008', 'outcome_event.kind', 'DIED', 'Died', 1, 80, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004006380008000000000000001', 'outcome_event.disposal', 'CONVICTION', 'Conviction', 1, 10, NULL),
  (X'00000004006380008000000000000002', 'outcome_event.disposal', 'CAUTION', 'Caution', 1, 20, NULL),
  (X'00000004006380008000000000000003', 'outcome_event.disposal', 'NOT_PROCEEDED_WITH', 'Not proceeded with', 1, 30, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004006480008000000000000001', 'outcome_event.source', 'SELF_REPORT', 'She says so', 1, 10, NULL),
  (X'00000004006480008000000000000002', 'outcome_event.source', 'WORKER', 'A worker saw it', 1, 20, NULL),
  (X'00000004006480008000000000000003', 'outcome_event.source', 'PROBATION', 'Probation', 1, 30, NULL),
  (X'00000004006480008000000000000004', 'outcome_event.source', 'PNC', 'Police National Computer', 1, 40, NULL),
  (X'00000004006480008000000000000005', 'outcome_event.source', 'COURT', 'Court', 1, 50, NULL),
  (X'00000004006480008000000000000006', 'outcome_event.source', 'CHILDRENS_SERVICES', 'Children''s services', 1, 60, NULL),
  (X'00000004006480008000000000000007', 'outcome_event.source', 'LANDLORD', 'Landlord', 1, 70, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004006580008000000000000001', 'sroi_line.category', 'REOFFENDING', 'Reoffending', 1, 10, NULL),
  (X'00000004006580008000000000000002', 'sroi_line.category', 'EMERGENCY_HOUSING', 'Emergency housing', 1, 20, NULL),
  (X'00000004006580008000000000000003', 'sroi_line.category', 'HEALTH', 'Health', 1, 30, NULL),
  (X'00000004006580008000000000000004', 'sroi_line.category', 'UNEMPLOYMENT', 'Unemployment', 1, 40, NULL),
  (X'00000004006580008000000000000005', 'sroi_line.category', 'CHILDRENS_SOCIAL_CARE', 'Children''s social care', 1, 50, NULL);

-- Where the network works or sends women to. Sheffield and Barnsley have had newer codes since: check before use.
INSERT INTO local_authority(id, gss, name, tier, parent_gss, area) VALUES
  (X'00000032000080008000000000000001', 'E10000030', 'Surrey', 'COUNTY', NULL, 'SRY'),
  (X'00000032000080008000000000000002', 'E07000207', 'Elmbridge', 'DISTRICT', 'E10000030', 'SRY'),
  (X'00000032000080008000000000000003', 'E07000208', 'Epsom and Ewell', 'DISTRICT', 'E10000030', 'SRY'),
  (X'00000032000080008000000000000004', 'E07000209', 'Guildford', 'DISTRICT', 'E10000030', 'SRY'),
  (X'00000032000080008000000000000005', 'E07000210', 'Mole Valley', 'DISTRICT', 'E10000030', 'SRY'),
  (X'00000032000080008000000000000006', 'E07000211', 'Reigate and Banstead', 'DISTRICT', 'E10000030', 'SRY'),
  (X'00000032000080008000000000000007', 'E07000212', 'Runnymede', 'DISTRICT', 'E10000030', 'SRY'),
  (X'00000032000080008000000000000008', 'E07000213', 'Spelthorne', 'DISTRICT', 'E10000030', 'SRY'),
  (X'00000032000080008000000000000009', 'E07000214', 'Surrey Heath', 'DISTRICT', 'E10000030', 'SRY'),
  (X'0000003200008000800000000000000A', 'E07000215', 'Tandridge', 'DISTRICT', 'E10000030', 'SRY'),
  (X'0000003200008000800000000000000B', 'E07000216', 'Waverley', 'DISTRICT', 'E10000030', 'SRY'),
  (X'0000003200008000800000000000000C', 'E07000217', 'Woking', 'DISTRICT', 'E10000030', 'SRY'),
  (X'0000003200008000800000000000000D', 'E10000013', 'Gloucestershire', 'COUNTY', NULL, 'GLS'),
  (X'0000003200008000800000000000000E', 'E07000078', 'Cheltenham', 'DISTRICT', 'E10000013', 'GLS'),
  (X'0000003200008000800000000000000F', 'E07000079', 'Cotswold', 'DISTRICT', 'E10000013', 'GLS'),
  (X'00000032000080008000000000000010', 'E07000080', 'Forest of Dean', 'DISTRICT', 'E10000013', 'GLS'),
  (X'00000032000080008000000000000011', 'E07000081', 'Gloucester', 'DISTRICT', 'E10000013', 'GLS'),
  (X'00000032000080008000000000000012', 'E07000082', 'Stroud', 'DISTRICT', 'E10000013', 'GLS'),
  (X'00000032000080008000000000000013', 'E07000083', 'Tewkesbury', 'DISTRICT', 'E10000013', 'GLS'),
  (X'00000032000080008000000000000014', 'E06000025', 'South Gloucestershire', 'UNITARY', NULL, NULL),
  (X'00000032000080008000000000000015', 'E09000006', 'Bromley', 'LONDON', NULL, 'SLN'),
  (X'00000032000080008000000000000016', 'E09000008', 'Croydon', 'LONDON', NULL, 'SLN'),
  (X'00000032000080008000000000000017', 'E09000011', 'Greenwich', 'LONDON', NULL, 'SLN'),
  (X'00000032000080008000000000000018', 'E09000021', 'Kingston upon Thames', 'LONDON', NULL, 'SLN'),
  (X'00000032000080008000000000000019', 'E09000022', 'Lambeth', 'LONDON', NULL, 'SLN'),
  (X'0000003200008000800000000000001A', 'E09000023', 'Lewisham', 'LONDON', NULL, 'SLN'),
  (X'0000003200008000800000000000001B', 'E09000024', 'Merton', 'LONDON', NULL, 'SLN'),
  (X'0000003200008000800000000000001C', 'E09000027', 'Richmond upon Thames', 'LONDON', NULL, 'SLN'),
  (X'0000003200008000800000000000001D', 'E09000028', 'Southwark', 'LONDON', NULL, 'SLN'),
  (X'0000003200008000800000000000001E', 'E09000029', 'Sutton', 'LONDON', NULL, 'SLN'),
  (X'0000003200008000800000000000001F', 'E09000032', 'Wandsworth', 'LONDON', NULL, 'SLN'),
  (X'00000032000080008000000000000020', 'E08000025', 'Birmingham', 'MET', NULL, 'BHM'),
  (X'00000032000080008000000000000021', 'E08000001', 'Bolton', 'MET', NULL, 'GMR'),
  (X'00000032000080008000000000000022', 'E08000002', 'Bury', 'MET', NULL, 'GMR'),
  (X'00000032000080008000000000000023', 'E08000003', 'Manchester', 'MET', NULL, 'GMR'),
  (X'00000032000080008000000000000024', 'E08000004', 'Oldham', 'MET', NULL, 'GMR'),
  (X'00000032000080008000000000000025', 'E08000005', 'Rochdale', 'MET', NULL, 'GMR'),
  (X'00000032000080008000000000000026', 'E08000006', 'Salford', 'MET', NULL, 'GMR'),
  (X'00000032000080008000000000000027', 'E08000007', 'Stockport', 'MET', NULL, 'GMR'),
  (X'00000032000080008000000000000028', 'E08000008', 'Tameside', 'MET', NULL, 'GMR'),
  (X'00000032000080008000000000000029', 'E08000009', 'Trafford', 'MET', NULL, 'GMR'),
  (X'0000003200008000800000000000002A', 'E08000010', 'Wigan', 'MET', NULL, 'GMR'),
  (X'0000003200008000800000000000002B', 'E08000016', 'Barnsley', 'MET', NULL, 'SYK'),
  (X'0000003200008000800000000000002C', 'E08000017', 'Doncaster', 'MET', NULL, 'SYK'),
  (X'0000003200008000800000000000002D', 'E08000018', 'Rotherham', 'MET', NULL, 'SYK'),
  (X'0000003200008000800000000000002E', 'E08000019', 'Sheffield', 'MET', NULL, 'SYK'),
  (X'0000003200008000800000000000002F', 'E08000032', 'Bradford', 'MET', NULL, 'WYK'),
  (X'00000032000080008000000000000030', 'E08000033', 'Calderdale', 'MET', NULL, 'WYK'),
  (X'00000032000080008000000000000031', 'E08000034', 'Kirklees', 'MET', NULL, 'WYK'),
  (X'00000032000080008000000000000032', 'E08000035', 'Leeds', 'MET', NULL, 'WYK'),
  (X'00000032000080008000000000000033', 'E08000036', 'Wakefield', 'MET', NULL, 'WYK'),
  (X'00000032000080008000000000000034', 'E06000010', 'Kingston upon Hull', 'UNITARY', NULL, 'HUM'),
  (X'00000032000080008000000000000035', 'E06000011', 'East Riding of Yorkshire', 'UNITARY', NULL, 'HUM'),
  (X'00000032000080008000000000000036', 'E06000012', 'North East Lincolnshire', 'UNITARY', NULL, 'HUM'),
  (X'00000032000080008000000000000037', 'E06000013', 'North Lincolnshire', 'UNITARY', NULL, 'HUM'),
  (X'00000032000080008000000000000038', 'E06000015', 'Derby', 'UNITARY', NULL, 'DBY');

INSERT INTO bank_holiday(id, on_date, name) VALUES
  (X'00000035000080008000000000000001', '2026-01-01', 'New Year''s Day'),
  (X'00000035000080008000000000000002', '2026-04-03', 'Good Friday'),
  (X'00000035000080008000000000000003', '2026-04-06', 'Easter Monday'),
  (X'00000035000080008000000000000004', '2026-05-04', 'Early May bank holiday'),
  (X'00000035000080008000000000000005', '2026-05-25', 'Spring bank holiday'),
  (X'00000035000080008000000000000006', '2026-08-31', 'Summer bank holiday'),
  (X'00000035000080008000000000000007', '2026-12-25', 'Christmas Day'),
  (X'00000035000080008000000000000008', '2026-12-28', 'Boxing Day (substitute)'),
  (X'00000035000080008000000000000009', '2027-01-01', 'New Year''s Day'),
  (X'0000003500008000800000000000000A', '2027-03-26', 'Good Friday'),
  (X'0000003500008000800000000000000B', '2027-03-29', 'Easter Monday'),
  (X'0000003500008000800000000000000C', '2027-05-03', 'Early May bank holiday'),
  (X'0000003500008000800000000000000D', '2027-05-31', 'Spring bank holiday'),
  (X'0000003500008000800000000000000E', '2027-08-30', 'Summer bank holiday'),
  (X'0000003500008000800000000000000F', '2027-12-27', 'Christmas Day (substitute)'),
  (X'00000035000080008000000000000010', '2027-12-28', 'Boxing Day (substitute)'),
  (X'00000035000080008000000000000011', '2028-01-03', 'New Year''s Day (substitute)'),
  (X'00000035000080008000000000000012', '2028-04-14', 'Good Friday'),
  (X'00000035000080008000000000000013', '2028-04-17', 'Easter Monday'),
  (X'00000035000080008000000000000014', '2028-05-01', 'Early May bank holiday'),
  (X'00000035000080008000000000000015', '2028-05-29', 'Spring bank holiday'),
  (X'00000035000080008000000000000016', '2028-08-28', 'Summer bank holiday'),
  (X'00000035000080008000000000000017', '2028-12-25', 'Christmas Day'),
  (X'00000035000080008000000000000018', '2028-12-26', 'Boxing Day');

-- As quoted; who compares with them says so.
INSERT INTO benchmark(id, code, label, value, unit, band, source, period) VALUES
  (X'00000039000080008000000000000001', 'WOMEN_12M', 'Of women released from prison, so many are convicted again within twelve months', 51, 'PERCENT', NULL,
    'National figure quoted by the South London project', 'Not stated'),
  (X'00000039000080008000000000000002', 'WOMEN_LT12M_SENT', 'Of women released from sentences of less than twelve months, so many are convicted again within twelve months', 62, 'PERCENT', 'LT12M',
    'National figure quoted by the South London project', 'Not stated'),
  (X'00000039000080008000000000000003', 'REUNITE_ENGAGED', 'Of the families, so many engaged with the support', 89, 'PERCENT', NULL,
    'The network''s description of its practice model', 'Not stated'),
  (X'00000039000080008000000000000004', 'REUNITE_REOFFENDED', 'Of the women, as few as so many offended again', 5, 'PERCENT', NULL,
    'The network''s description of its practice model', 'Not stated'),
  (X'00000039000080008000000000000005', 'REUNITE_ETE', 'Of the women who moved on, so many were in meaningful activity', 65, 'PERCENT', NULL,
    'The South London project', 'Not stated');

INSERT INTO sroi_run(id, study, horizon_years, ratio_pence, source, note) VALUES
  (X'0000003A000080008000000000000001', 'RENSHAW_2011', 1, 222, 'Renshaw, evaluation of Re-Unite, 2011', 'The horizon is not stated; one year is assumed'),
  (X'0000003A000080008000000000000002', 'SOUTH_LONDON', 1, 583, 'Study of the South London project', 'Each pound brings back 5.83 pounds'),
  (X'0000003A000080008000000000000003', 'SOUTH_LONDON', 10, 809, 'Study of the South London project', 'The same study, over ten years: 8.09 pounds');

-- The categories that the studies name; what one of them is worth only where it was printed.
INSERT INTO sroi_line(id, study, category, unit, units, proxy_pence, total_pence, proxy_source) VALUES
  (X'0000003B000080008000000000000001', 'RENSHAW_2011', 'CHILDRENS_SOCIAL_CARE', 'Child-months: 12 children, 9 months each', 108, 123587, 13347400, 'Renshaw, evaluation of Re-Unite, 2011'),
  (X'0000003B000080008000000000000002', 'SOUTH_LONDON', 'REOFFENDING', 'Not stated', NULL, NULL, NULL, NULL),
  (X'0000003B000080008000000000000003', 'SOUTH_LONDON', 'EMERGENCY_HOUSING', 'Not stated', NULL, NULL, NULL, NULL),
  (X'0000003B000080008000000000000004', 'SOUTH_LONDON', 'HEALTH', 'Not stated', NULL, NULL, NULL, NULL),
  (X'0000003B000080008000000000000005', 'SOUTH_LONDON', 'UNEMPLOYMENT', 'Not stated', NULL, NULL, NULL, NULL),
  (X'0000003B000080008000000000000006', 'SOUTH_LONDON', 'CHILDRENS_SOCIAL_CARE', 'Not stated', NULL, NULL, NULL, NULL);
