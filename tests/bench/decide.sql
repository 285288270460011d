-- The peer's tables and its one stored function. It does for an E4.1 decision what the ledger does: command id, open
-- application, four eyes, field, threshold, provincial round and exclusion, invoice uniqueness, rate, enterprise cap,
-- budget line, then event, award, balances and outcome. It writes no trace and no hash tree, and it is right for one
-- client only, because it takes no row locks before it writes: all three in the peer's favour.

CREATE TABLE enterprise (code text PRIMARY KEY, industry text, used bigint NOT NULL DEFAULT 0)
    WITH (fillfactor = 50);
CREATE TABLE project (
    code text PRIMARY KEY, enterprise text NOT NULL, treasury text NOT NULL, total bigint NOT NULL,
    valid_from date NOT NULL, valid_to date NOT NULL);
CREATE TABLE round (
    programme text, number text, opens date NOT NULL, closes date NOT NULL, PRIMARY KEY (programme, number));
CREATE TABLE external_award (
    award text PRIMARY KEY, subject text NOT NULL, level text NOT NULL, programme text NOT NULL,
    status text NOT NULL);
CREATE INDEX external_award_subject ON external_award (subject);
CREATE TABLE application (
    number text PRIMARY KEY, enterprise text NOT NULL, project text NOT NULL, measure text NOT NULL,
    applied_on date NOT NULL, invoice text NOT NULL, submitted_by text NOT NULL,
    status text NOT NULL DEFAULT 'submitted', award bigint) WITH (fillfactor = 80);
CREATE TABLE invoice (key text PRIMARY KEY, dated date NOT NULL, net bigint NOT NULL, award bigint)
    WITH (fillfactor = 80);
CREATE TABLE budget_line (
    line text PRIMARY KEY, treasury text NOT NULL, year int NOT NULL, measure text NOT NULL,
    available bigint NOT NULL, reserved bigint NOT NULL DEFAULT 0, UNIQUE (treasury, year, measure))
    WITH (fillfactor = 10);
CREATE TABLE event (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, command uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(), actor text NOT NULL, kind text NOT NULL,
    application text NOT NULL, enterprise text NOT NULL, project text NOT NULL, line text, amount bigint,
    base bigint, used_before bigint, reason text);
CREATE TABLE command (id uuid PRIMARY KEY, hash bytea NOT NULL, sequence bigint NOT NULL, outcome text NOT NULL);

CREATE FUNCTION decide(p_id uuid, p_hash bytea, p_application text, p_actor text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    c command; a application; e enterprise; p project; i invoice; l budget_line;
    due bigint; reason text; place bigint;
BEGIN
    SELECT * INTO c FROM command WHERE id = p_id;
    IF FOUND THEN
        IF c.hash <> p_hash THEN RAISE EXCEPTION 'another command was recorded under this id'; END IF;
        RETURN c.outcome;
    END IF;
    SELECT * INTO a FROM application WHERE number = p_application;
    IF NOT FOUND OR a.status <> 'submitted' THEN RAISE EXCEPTION 'application % is not open', p_application; END IF;
    IF a.submitted_by = p_actor THEN RAISE EXCEPTION 'the submitter does not decide'; END IF;
    SELECT * INTO STRICT e FROM enterprise WHERE code = a.enterprise;
    SELECT * INTO STRICT p FROM project WHERE code = a.project;
    SELECT * INTO STRICT i FROM invoice WHERE key = a.invoice;
    IF i.dated NOT BETWEEN '2024-06-11' AND '2027-06-11' THEN
        reason := 'not-in-force';
    ELSIF e.industry IS NULL OR e.industry NOT IN ('optoelectronics', 'sensors', 'semiconductors', 'batteries',
            'electronic-materials', 'software', 'artificial-intelligence') THEN
        reason := 'field';
    ELSIF p.total < 5000000000 THEN
        reason := 'total';
    ELSIF EXISTS (SELECT FROM round r WHERE r.programme = 'special-fund'
                AND r.opens <= p.valid_to AND p.valid_from <= r.closes)
            AND NOT EXISTS (SELECT FROM external_award x WHERE x.subject = 'project:' || a.project
                AND x.level = 'province' AND x.programme = 'special-fund') THEN
        reason := 'provincial-first';
    ELSIF EXISTS (SELECT FROM external_award x WHERE x.subject = 'project:' || a.project
                AND x.level = 'province' AND x.programme = 'special-fund' AND x.status = 'granted') THEN
        reason := 'excluded-by-overlap';
    ELSIF i.award IS NOT NULL THEN
        reason := 'evidence-used';
    ELSIF i.dated NOT BETWEEN p.valid_from AND p.valid_to OR i.net * 5 / 100 = 0 THEN
        reason := 'nothing-due';
    ELSIF 1000000000 <= e.used THEN
        reason := 'cap-exhausted';
    END IF;
    IF reason IS NULL THEN
        due := least(i.net * 5 / 100, 1000000000 - e.used);
        SELECT * INTO STRICT l FROM budget_line
            WHERE treasury = p.treasury AND year = 2024 AND measure = a.measure;
        IF l.available < due THEN RAISE EXCEPTION 'the budget line is short'; END IF;
        INSERT INTO event (command, actor, kind, application, enterprise, project, line, amount, base, used_before)
            VALUES (p_id, p_actor, 'award.proposed', a.number, a.enterprise, a.project, l.line, due, i.net, e.used)
            RETURNING sequence INTO place;
        UPDATE application SET status = 'decided', award = place WHERE number = a.number;
        UPDATE invoice SET award = place WHERE key = a.invoice;
        UPDATE enterprise SET used = used + due WHERE code = a.enterprise;
        UPDATE budget_line SET available = available - due, reserved = reserved + due WHERE line = l.line;
    ELSE
        INSERT INTO event (command, actor, kind, application, enterprise, project, base, used_before, reason)
            VALUES (p_id, p_actor, 'application.rejected', a.number, a.enterprise, a.project, i.net, e.used, reason)
            RETURNING sequence INTO place;
        UPDATE application SET status = 'rejected' WHERE number = a.number;
    END IF;
    INSERT INTO command (id, hash, sequence, outcome) VALUES (p_id, p_hash, place, coalesce(reason, 'award'));
    RETURN coalesce(reason, 'award');
END $$;
