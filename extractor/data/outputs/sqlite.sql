-- Indexes and views of the SQLite output; its tables are made from tables.toml.
-- The views add up only figures that are countable, only within one unit, and never percentages. A range counts with
-- its lower end, "more than 240" as 240. Two releases may tell the same event: the views do not know.

CREATE INDEX releases_by_force ON releases (force, published);
CREATE INDEX releases_by_day ON releases (published);
CREATE INDEX counts_by_category ON counts (category, action, unit);
CREATE INDEX items_by_category ON items (category, action);
CREATE INDEX organisations_by_name ON organisations (name);
CREATE INDEX operations_by_name ON operations (name);
CREATE INDEX mentions_by_text ON mentions (text);
CREATE INDEX people_by_outcome ON people (role, outcome);

-- What the figures come to, by force, month, category, action and unit. `total` is the sum of those that are countable,
-- `largest` the greatest of them, `figures` their number, `releases` the releases they stand in. `part_total` and `parts` are the figures stated as a
-- part of another one: they are in the total of that one already, so never add the two.
CREATE VIEW figures AS
SELECT r.force, substr(r.published, 1, 7) AS month, c.category, c.action, c.unit,
       round(sum(c.value * c.countable), 3) AS total,
       max(c.value * c.countable) AS largest,
       sum(c.countable) AS figures,
       count(DISTINCT CASE WHEN c.countable THEN c.release END) AS releases,
       round(sum(c.value * (1 - c.countable)), 3) AS part_total,
       sum(1 - c.countable) AS parts
FROM counts AS c JOIN releases AS r ON r.id = c.release
WHERE c.same_as IS NULL AND c.unit <> 'percent'
GROUP BY r.force, month, c.category, c.action, c.unit
ORDER BY r.force, month, c.category, c.action, c.unit;

-- How things came to police, side by side: what was handed in is not what was seized. Cash by currency, drugs also by
-- mass or volume; `not_stated` is what the clause tells no action for, `other` is any other action (stolen, stopped …).
CREATE VIEW routes AS
SELECT c.category, c.unit,
       round(sum(CASE WHEN c.action = 'surrendered' THEN c.value ELSE 0.0 END), 3) AS surrendered,
       round(sum(CASE WHEN c.action = 'seized' THEN c.value ELSE 0.0 END), 3) AS seized,
       round(sum(CASE WHEN c.action = 'found' THEN c.value ELSE 0.0 END), 3) AS found,
       round(sum(CASE WHEN c.action = 'recovered' THEN c.value ELSE 0.0 END), 3) AS recovered,
       round(sum(CASE WHEN c.action NOT IN ('surrendered', 'seized', 'found', 'recovered') THEN c.value ELSE 0.0 END), 3) AS other,
       round(sum(CASE WHEN c.action IS NULL THEN c.value ELSE 0.0 END), 3) AS not_stated,
       count(*) AS figures,
       count(DISTINCT c.release) AS releases
FROM counts AS c
WHERE c.countable AND c.unit NOT IN ('person', 'activity', 'place', 'percent')
  AND c.category NOT IN ('money', 'place') AND c.category NOT LIKE 'activity.%' AND c.category NOT LIKE 'person.%'
GROUP BY c.category, c.unit
ORDER BY c.category, c.unit;

-- What was seized, recovered, found or handed in, counted or not: how often it is mentioned, and in how many releases.
CREATE VIEW things AS
SELECT category, action, count(*) AS mentions, count(count) AS with_figure, count(DISTINCT release) AS releases
FROM items
GROUP BY category, action
ORDER BY category, action;

-- Who said what: every quotation with its speaker and their body.
CREATE VIEW sayings AS
SELECT q.release, r.published, r.force, q.id AS quote, q.kind, q.text, s.name, s.rank, s.role, o.name AS organisation
FROM quotes AS q JOIN releases AS r ON r.id = q.release
LEFT JOIN speakers AS s ON s.release = q.release AND s.id = q.speaker
LEFT JOIN organisations AS o ON o.release = s.release AND o.id = s.organisation
ORDER BY r.published, q.release, q.start;

-- The releases by day of publication, with what is in them.
CREATE VIEW timeline AS
SELECT r.published, r.force, r.id AS release, r.title, r.counts, r.items, r.quotes, r.warnings,
       (SELECT group_concat(name, '; ') FROM (SELECT name FROM operations WHERE release = r.id ORDER BY name))
           AS operations,
       r.url
FROM releases AS r
ORDER BY r.published, r.id;
