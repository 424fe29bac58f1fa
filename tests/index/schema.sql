CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);

CREATE TABLE addresses ( -- What the crawler remembers of every page, feed and sitemap it asked for.
  url text primary key, -- address asked for
  etag text, -- entity tag for the next conditional request
  last_modified text, -- date for the next conditional request
  status integer, -- last HTTP status
  fetched_at text not null -- last request
) without rowid;

CREATE TABLE articles ( -- One document of one outlet (schema.org NewsArticle), as last captured.
  seq integer primary key, -- number of the row, kept through VACUUM because the word index points at it
  id text not null unique, -- 16 hexadecimal digits of the canonical address
  url text not null, -- canonical address
  source text not null references sources(id), -- outlet
  language text not null, -- language code
  title text not null, -- headline
  lead text, -- first paragraph, where the outlet marks it
  text text not null, -- lead and body, NFC, one newline between paragraphs
  byline text, -- author line as printed
  section text, -- section of the outlet
  tags text not null, -- JSON list of the outlet's tags
  captions text not null, -- JSON list of picture captions, whose figures are not the article's
  published_at text, -- time of publication, ISO 8601 in Vietnamese time (UTC+7)
  published_source text, -- where that time was read
  modified_at text, -- time of the last change that the outlet admits
  translation_of text, -- address of the article that this one translates, where the page says so
  original_url text, -- address that an aggregator's copy names as its source
  snapshot text not null references snapshots(id) deferrable initially deferred, -- the current snapshot
  first_fetched_at text not null, -- first capture
  fetched_at text not null -- last capture
);

CREATE VIRTUAL TABLE articles_exact using fts5(title, text, content='articles', content_rowid='seq', tokenize='unicode61 remove_diacritics 0', detail=none);

CREATE VIRTUAL TABLE articles_words using fts5(title, text, content="articles", content_rowid="seq", tokenize='unicode61 remove_diacritics 2');

CREATE TABLE changes ( -- Feed of changes; who has read up to a cursor asks for what follows it.
  cursor integer primary key autoincrement, -- grows for ever
  record text not null, -- table that changed
  id text not null, -- row that changed
  action text not null, -- insert, update, delete
  reason text, -- why updated or deleted
  at text not null -- capture or build that brought the change
);

CREATE TABLE check_statements ( -- Statements that a check computes with.
  check_id text not null references checks(id) on delete cascade, -- the check
  position integer not null, -- order in the computation; 0 is the statement in question
  statement text not null references statements(id), -- the statement
  primary key (check_id, position)
) without rowid;

CREATE TABLE checks ( -- Arithmetic over the statements of one article, and what came of it.
  id text primary key, -- 16 hexadecimal digits of article, kind and statements
  article text not null references articles(id), -- the article
  kind text not null, -- share, sum_of_parts, part_exceeds_total, growth, plan_ratio, currency …
  verdict text not null, -- consistent, truncated, rounds_to, off_by_power_of_ten, inconsistent, cannot_tell
  printed text not null, -- number as printed, in the unit of the statement
  computed text not null, -- number as computed
  explanation_vi text not null, -- sentence in Vietnamese
  explanation_en text not null, -- sentence in English
  statement text not null references statements(id), -- statement in question
  published_at text -- of the article
);

CREATE TABLE commitments ( -- Acts of policy that were decided, planned or proposed, and aims without a number.
  seq integer primary key, -- number of the row
  id text not null unique, -- 16 hexadecimal digits of article, quoted words and surroundings
  article text not null references articles(id), -- where it stands
  snapshot text not null references snapshots(id), -- the latest version of the article that says it
  first_snapshot text not null references snapshots(id), -- the first version that says it
  position integer not null, -- place in the reading order of the article
  actor text, -- who is to act
  action text, -- what is to be done
  deadline text, -- period by which
  deadline_first text, -- first day of that period
  deadline_last text, -- last day of that period
  instrument text, -- legal or policy document
  object text, -- what it is about, as printed
  beneficiary text, -- group of people that it is for, as printed
  status text not null, -- proposed, planned, approved, in_progress, done, delayed
  place text, -- place as named
  place_id text, -- its version in the catalogue, where certain
  thread text, -- first commitment of the same act, set by the ledger
  doubts text not null, -- JSON list
  quote_start integer not null, -- offset of the clause in the text of `snapshot`
  quote_end integer not null, -- end of the clause
  exact text not null, -- the clause
  prefix text not null, -- up to 32 characters before it
  suffix text not null, -- up to 32 characters after it
  context text not null, -- the sentence it stands in
  context_start integer not null, -- offset of that sentence in the text
  rules text not null, -- JSON list of the table rows that took part
  extractor text not null, -- version of the extractor
  published_at text, -- of the article
  source text not null, -- of the article
  language text not null, -- of the article
  withdrawn text, -- why it no longer stands
  successor text -- commitment that took its place
);

CREATE TABLE copies ( -- Agency copy: articles with nearly the same text count as one source.
  article text primary key references articles(id), -- the copy
  story text not null references articles(id), -- the earliest article with this text
  similarity real not null -- shared share of word sequences, 0 to 1
);

CREATE TABLE coverage ( -- What the crawler met, counted by site, day, kind and reason.
  site text not null, -- site card
  day text not null, -- day of the crawl, Vietnamese time
  kind text not null, -- listed, fetched, unchanged, parsed, skipped, blocked, failed, gone, layout
  reason text not null, -- why skipped, blocked, failed …, else empty
  count integer not null, -- how many addresses
  url text, -- the last of them
  detail text, -- line for a person about the last of them
  primary key (site, day, kind, reason)
) without rowid;

CREATE TABLE differences ( -- Figures that differ between original and translation.
  article text not null references translations(article) on delete cascade, -- the translation
  position integer not null, -- reading order
  verdict text not null, -- altered, missing, added, malformed
  statement text references statements(id), -- figure in the translation
  original_statement text references statements(id), -- figure in the original
  primary key (article, position)
) without rowid;

CREATE TABLE edits ( -- Figures that changed between two captures of one article.
  id text primary key, -- 16 hexadecimal digits of the two captures and the place in them
  article text not null references articles(id), -- the article
  before_snapshot text not null references snapshots(id), -- capture before
  after_snapshot text not null references snapshots(id), -- capture after
  change text not null, -- changed, removed, added
  before_statement text references statements(id), -- figure before, where it is a statement
  after_statement text references statements(id), -- figure after, where it is a statement
  before_printed text, -- its words before
  after_printed text, -- its words after
  before_context text, -- the sentence before
  after_context text, -- the sentence after
  at text not null -- when the later capture was made
);

CREATE TABLE fingerprints ( -- What the relatives of an article are found by: its copies, originals and translations.
  article text primary key references articles(id), -- the article
  snapshot text not null references snapshots(id), -- the version that was fingerprinted
  day integer not null, -- day of publication, else of the first capture, counted from year 1
  slug text, -- last part of the address, where it is long enough to tell an article
  hashes text not null -- JSON list of the smallest hashes of the text's word sequences
);

CREATE TABLE frontier ( -- Addresses that a feed, sitemap or section listed and that no crawl has seen through yet.
  seq integer primary key, -- order in which they were listed
  url text not null unique, -- address to ask for
  site text not null, -- site card
  listed_at text not null, -- when it was listed
  published_at text, -- publication as the list, or an earlier reading, told it
  published_source text, -- which of them
  tries integer not null -- how many crawls have asked for it in vain
);

CREATE TABLE histories ( -- Where a commitment stands that several articles report: status and deadline, each with its evidence.
  thread text primary key, -- its first commitment
  status text not null, -- proposed, planned, approved, in_progress, done, delayed
  evidence text not null, -- commitment that says so
  deadline text, -- period by which, as said last
  deadline_last text, -- last day of that period
  dated_by text, -- commitment that says so
  mentions integer not null -- how many commitments are one act
) without rowid;

CREATE TABLE indicators ( -- What is measured, from the catalogue.
  id text primary key, -- name in addresses: gdp_growth …
  vi text not null, -- name in Vietnamese
  en text not null, -- name in English
  sv text not null, -- name in Swedish
  unit text, -- unit or units it is published in
  topic text, -- macro, prices, labour …
  publisher text, -- who publishes it
  frequency text, -- D, W, M, Q, H, Y
  type text -- growth, level, ratio, share, rank
);

CREATE TABLE notices ( -- What a later crawl learnt of an article: it vanished, or its outlet corrected it.
  article text not null, -- the article, which may be captured only later
  kind text not null, -- gone (404, 410) or corrected
  by text not null, -- address that says so: the correction, or for gone the article's own
  at text not null, -- when it was first noticed
  ended_at text, -- when a crawl found the page there again, null while it has not
  primary key (article, kind, by)
) without rowid;

CREATE TABLE observations ( -- Values of series as first published, each with all the statements that repeat it (ALFRED).
  id text primary key, -- 16 hexadecimal digits of series, kind, period and value
  series text not null references series(id), -- the series
  kind text not null, -- statistic, target, forecast, rule
  period text not null, -- reference period
  period_first text not null, -- its first day
  period_last text not null, -- its last day
  value text not null, -- exact decimal in the unit of the series, downward changes negative
  value_high text, -- upper end of a range
  number real not null, -- `value` for charts
  number_high real, -- `value_high` for charts
  qualifier text, -- about, over, under, at_least, at_most
  stage text, -- estimate, preliminary, final, where the press says so
  vintage integer not null, -- 1 for the first value of the period, then 2 …
  status text not null, -- current, superseded or conflict
  first_published text not null, -- when the value was first printed
  last_published text not null, -- when it was last printed
  statement text not null references statements(id), -- the statement that printed it first
  receipts integer not null, -- how many statements print it
  sources integer not null, -- how many independent outlets, agency copies counted once
  slot integer not null -- number made of series, kind and period (placements)
);

CREATE TABLE placements ( -- Which series, kind and period a statement speaks of, whether it counts there or is held.
  seq integer primary key, -- row of the statement
  slot integer not null -- number made of series, kind and period
);

CREATE TABLE places ( -- Places in their versions: a redrawn province is another row with the same unit.
  id text primary key, -- unit and version: hai_phong@34
  unit text not null, -- the place through all its versions: hai_phong
  vi text not null, -- name in Vietnamese
  en text not null, -- name in English
  sv text not null, -- name in Swedish
  code text, -- official code, which means something only together with the version
  kind text, -- country, region, city, province, special_zone …
  region text, -- macro region
  version text, -- 63 or 34 for the two lists of provinces
  valid_from text, -- first day of the version
  valid_to text, -- last day of the version
  within text, -- place that this one is a part of
  successor text, -- place that it became a part of
  parents text not null -- JSON list of the places that this one was formed from
);

CREATE TABLE series ( -- Comparable statements: one indicator, place version, unit, measure, base, span and breakdown.
  id text primary key, -- 16 hexadecimal digits of its parts
  indicator text not null references indicators(id), -- what is measured
  place text not null references places(id), -- where
  unit text not null, -- canonical unit
  measure text not null, -- level, change, growth, share, ratio, rank
  base text, -- what changes compare with
  span text not null, -- period or cumulative: a nine-month total never joins quarters
  breakdown text -- group that it is about
);

CREATE TABLE sketches ( -- The hashes of `fingerprints`, to look articles up by.
  hash integer not null, -- one of the smallest hashes of word sequences
  day integer not null, -- day of the article
  article text not null references articles(id), -- the article
  primary key (hash, day, article)
) without rowid;

CREATE TABLE snapshots ( -- Captured versions of articles (WARC); a changed text is a new row.
  id text primary key, -- 16 hexadecimal digits of article and text
  article text not null references articles(id), -- the article
  fetched_at text not null, -- when this text was first captured
  last_seen_at text not null, -- when it was last captured
  status integer not null, -- HTTP status
  body_sha256 text not null, -- SHA-256 of the first captured body
  text_sha256 text not null, -- SHA-256 of the text
  etag text, -- entity tag that the server gave
  last_modified text, -- Last-Modified that the server gave
  warc_file text, -- WARC file that holds the capture
  warc_offset integer, -- offset of its record
  title text not null, -- headline in this version
  text text not null, -- text of this version
  extractor text, -- version of the extractor that has read it, null while none has
  ignored text -- JSON object: reason → how many numbers of the text became no statement
);

CREATE TABLE sources ( -- Outlets of the press.
  id text primary key, -- name of the site card, like a host name
  name text not null -- name for readers
);

CREATE TABLE sqlite_sequence(name,seq);

CREATE TABLE state ( -- Facts about the database itself, and answers that would take long to count.
  name text primary key, -- built_at; cursor, the last change that the kept answers know; counts, indicators
  value text not null -- its value
) without rowid;

CREATE TABLE statements ( -- Published figures, each with its receipt.
  seq integer primary key, -- number of the row, kept through VACUUM because the word index points at it
  id text not null unique, -- 16 hexadecimal digits of article, quoted words and surroundings: the permalink
  article text not null references articles(id), -- where it stands
  snapshot text not null references snapshots(id), -- the latest version of the article that says it
  first_snapshot text not null references snapshots(id), -- the first version that says it
  position integer not null, -- place in the reading order of the article
  kind text not null, -- statistic, target, forecast, commitment, rule
  measure text not null, -- level, change, growth, share, ratio, rank
  direction text, -- up, down, flat
  base text, -- what a change compares with: yoy, previous_period, plan, baseline or a period
  value text, -- exact decimal in `unit`; null where malformed, vague or ambiguous
  value_high text, -- upper end of a range
  number real, -- `value` for sorting and charts
  number_high real, -- `value_high` for sorting and charts
  unit text, -- unit of the value
  canonical real, -- value in the canonical unit of its dimension, for search by quantity
  canonical_high real, -- upper end in the canonical unit
  canonical_unit text, -- canonical unit
  qualifier text, -- about, over, under, at_least, at_most
  sign integer not null, -- sign as printed: -1, 0 for none, 1
  decimals integer not null, -- printed decimals before scale words
  scale text not null, -- factor of the scale words
  readings text not null, -- JSON list of candidate values of an ambiguous number
  reason text, -- doubt about the number, or why it has no value
  role text, -- plan or paired: the number belongs to another one
  indicator text, -- what is measured, as printed
  indicator_id text, -- its row in the catalogue, where certain
  place text, -- place as named
  place_id text, -- its version in the catalogue, where certain
  period text, -- reference period: 2025, 2025-Q3, 2025-01/2025-09 …
  period_first text, -- its first day
  period_last text, -- its last day
  breakdown text, -- group that the figure is about
  instrument text, -- legal or policy document
  deadline text, -- period by which a target is to hold
  speaker text, -- person or office that says so
  part_of text references statements(id) deferrable initially deferred, -- total that this is a part or share of
  confidence real not null, -- 0 to 1
  doubts text not null, -- JSON list of what lowers it
  quote_start integer not null, -- offset of the quote in the text of `snapshot`, in code points
  quote_end integer not null, -- end of the quote
  exact text not null, -- the quoted words
  prefix text not null, -- up to 32 characters before them
  suffix text not null, -- up to 32 characters after them
  context text not null, -- the sentence they stand in
  context_start integer not null, -- offset of that sentence in the text
  names text not null, -- names of indicator and place in all languages, for the word index
  rules text not null, -- JSON list of the table rows that took part
  extractor text not null, -- version of the extractor
  published_at text, -- of the article, repeated for the indexes
  source text not null, -- of the article, repeated for the indexes
  language text not null, -- of the article, repeated for the indexes
  withdrawn text, -- why it no longer stands: edited or reread; null while it does
  successor text, -- statement that took its place
  held text, -- why it is in no series, null where it is in one or no ledger was built yet
  observation text -- observation that it states
);

CREATE VIRTUAL TABLE statements_exact using fts5(context, indicator, place, speaker, names, content='statements', content_rowid='seq', tokenize='unicode61 remove_diacritics 0', detail=none);

CREATE VIRTUAL TABLE statements_words using fts5(context, indicator, place, speaker, names, content="statements", content_rowid="seq", tokenize='unicode61 remove_diacritics 2');

CREATE TABLE story_reports ( -- Articles by the event that they report; a story has the id of its first report.
  article text primary key references articles(id), -- the report
  story text not null, -- first report of the event
  day integer not null -- day of publication, else of the first capture, counted from year 1
);

CREATE TABLE summaries ( -- Sentences chosen from an article's text, kept as offsets: nothing in a summary is written by a program.
  article text primary key references articles(id), -- the article
  snapshot text not null references snapshots(id), -- the version that they were chosen from
  sentences text not null, -- JSON list of [start, end, [ids of the statements that the sentence carries]], in text order
  method text not null, -- learned, or lead where the language is unknown
  language text not null, -- language whose words told the sentences
  reason text, -- why there is none, or only the lead: empty, no_sentences, unknown_language
  maker text not null -- version of the summariser, id of its model, version of the extractor
);

CREATE TABLE threaded ( -- Under which subject and time a commitment stands in its thread.
  seq integer primary key, -- row of the commitment
  subject text not null, -- named thing, else actor, else numbered document, folded
  published_at text -- of the article
);

CREATE TABLE translations ( -- Pairs of article and translation, with their figures compared as value multisets.
  article text primary key references articles(id), -- the translation
  original text not null references articles(id), -- what it translates
  joined_by text not null, -- page_link, slug or figures
  verdict text not null -- same, altered, missing, added
);

CREATE TABLE unbuilt ( -- Articles that something was written about since the ledger was last built.
  article text primary key -- the article
) without rowid;

CREATE TABLE units ( -- Units of measurement, from the catalogue.
  id text primary key, -- name in statements: percent, VND, person, ha …
  dimension text, -- money, mass, share …
  canonical text not null, -- unit in which values of this dimension are compared
  factor text not null, -- exact decimal: one of this unit in the canonical one
  names text not null -- JSON object: language → name
);

CREATE TABLE vectors ( -- The meaning of an article as a unit vector; vectors of two encoders are never compared.
  article text primary key references articles(id), -- the article
  snapshot text not null references snapshots(id), -- the version that was encoded
  encoder text not null, -- id of the encoder: name, dimension, digest of its weights
  vector blob not null -- little-endian 16-bit floats
);

CREATE TABLE words_reached ( -- How far the word indexes have come.
  name text primary key, -- table whose rows they hold
  seq integer not null -- last row that they hold
) without rowid;

CREATE INDEX articles_language on articles(language, published_at);

CREATE INDEX articles_languages on articles(source, language);

CREATE INDEX articles_published on articles(published_at);

CREATE INDEX articles_snapshot on articles(snapshot);

CREATE INDEX articles_source on articles(source, published_at);

CREATE INDEX articles_translation_of on articles(translation_of) where translation_of is not null;

CREATE INDEX articles_url on articles(url);

CREATE INDEX changes_id on changes(id);

CREATE INDEX check_statements_statement on check_statements(statement);

CREATE INDEX checks_article on checks(article);

CREATE INDEX checks_statement on checks(statement);

CREATE INDEX checks_verdict on checks(verdict, published_at);

CREATE INDEX commitments_actor on commitments(actor);

CREATE INDEX commitments_article on commitments(article, position);

CREATE INDEX commitments_deadline on commitments(deadline_last);

CREATE INDEX commitments_instrument on commitments(instrument) where instrument is not null;

CREATE INDEX commitments_place on commitments(place_id);

CREATE INDEX commitments_published on commitments(published_at);

CREATE INDEX commitments_status on commitments(status, deadline_last);

CREATE INDEX commitments_thread on commitments(thread, published_at) where thread is not null;

CREATE INDEX copies_story on copies(story);

CREATE INDEX edits_article on edits(article);

CREATE INDEX edits_at on edits(at);

CREATE INDEX fingerprints_slug on fingerprints(slug) where slug is not null;

CREATE INDEX frontier_site on frontier(site, seq);

CREATE INDEX histories_deadline on histories(deadline_last);

CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");

CREATE INDEX observations_conflict on observations(series, kind, period, last_published) where status = 'conflict';

CREATE INDEX observations_due on observations(kind, period_last);

CREATE INDEX observations_latest on observations(series, kind, period_last, first_published) where status = 'current';

CREATE INDEX observations_revised on observations(first_published) where kind = 'statistic' and vintage > 1;

CREATE INDEX observations_series on observations(series, kind, period_first, vintage);

CREATE INDEX observations_slot on observations(slot);

CREATE INDEX observations_statement on observations(statement);

CREATE INDEX observations_status on observations(status, last_published);

CREATE INDEX placements_slot on placements(slot);

CREATE INDEX places_unit on places(unit);

CREATE INDEX series_indicator on series(indicator, measure, place);

CREATE INDEX series_place on series(place);

CREATE INDEX snapshots_article on snapshots(article, fetched_at);

CREATE INDEX snapshots_extractor on snapshots(extractor);

CREATE INDEX snapshots_seen on snapshots(last_seen_at);

CREATE INDEX statements_article on statements(article, position);

CREATE INDEX statements_future on statements(published_at) where held = 'future_dated';

CREATE INDEX statements_held on statements(indicator_id, held) where held is not null;

CREATE INDEX statements_indicator on statements(indicator_id, place_id, published_at);

CREATE INDEX statements_instrument on statements(instrument) where instrument is not null;

CREATE INDEX statements_kind on statements(kind, published_at);

CREATE INDEX statements_number on statements(number);

CREATE INDEX statements_observation on statements(observation) where observation is not null;

CREATE INDEX statements_part on statements(part_of) where part_of is not null;

CREATE INDEX statements_period on statements(period_first, period_last);

CREATE INDEX statements_place on statements(place_id, published_at);

CREATE INDEX statements_published on statements(published_at);

CREATE INDEX statements_quantity on statements(canonical_unit, canonical);

CREATE INDEX statements_source on statements(source, published_at);

CREATE INDEX statements_standing on statements(indicator_id) where withdrawn is null;

CREATE INDEX story_reports_day on story_reports(day);

CREATE INDEX story_reports_story on story_reports(story);

CREATE INDEX threaded_subject on threaded(subject, published_at);

CREATE INDEX translations_original on translations(original);

CREATE INDEX translations_verdict on translations(verdict);

CREATE TRIGGER articles_words_delete after delete on articles when old.seq <= (select seq from words_reached where name = 'articles') begin
        insert into articles_words(articles_words, rowid, title, text) values ('delete', old.seq, replace(replace(replace(old.title, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(old.text, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'));
        insert into articles_exact(articles_exact, rowid, title, text) values ('delete', old.seq, old.title, old.text); end;

CREATE TRIGGER articles_words_update after update of title, text on articles when old.seq <= (select seq from words_reached where name = 'articles') begin
        insert into articles_words(articles_words, rowid, title, text) values ('delete', old.seq, replace(replace(replace(old.title, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(old.text, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'));
        insert into articles_exact(articles_exact, rowid, title, text) values ('delete', old.seq, old.title, old.text);
        insert into articles_words(rowid, title, text) values (new.seq, replace(replace(replace(new.title, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(new.text, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'));
        insert into articles_exact(rowid, title, text) values (new.seq, new.title, new.text); end;

CREATE TRIGGER statements_words_delete after delete on statements when old.seq <= (select seq from words_reached where name = 'statements') begin
        insert into statements_words(statements_words, rowid, context, indicator, place, speaker, names) values ('delete', old.seq, replace(replace(replace(old.context, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(old.indicator, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(old.place, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(old.speaker, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(old.names, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'));
        insert into statements_exact(statements_exact, rowid, context, indicator, place, speaker, names) values ('delete', old.seq, old.context, old.indicator, old.place, old.speaker, old.names); end;

CREATE TRIGGER statements_words_update after update of context, indicator, place, speaker, names on statements when old.seq <= (select seq from words_reached where name = 'statements') begin
        insert into statements_words(statements_words, rowid, context, indicator, place, speaker, names) values ('delete', old.seq, replace(replace(replace(old.context, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(old.indicator, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(old.place, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(old.speaker, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(old.names, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'));
        insert into statements_exact(statements_exact, rowid, context, indicator, place, speaker, names) values ('delete', old.seq, old.context, old.indicator, old.place, old.speaker, old.names);
        insert into statements_words(rowid, context, indicator, place, speaker, names) values (new.seq, replace(replace(replace(new.context, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(new.indicator, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(new.place, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(new.speaker, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), replace(replace(replace(new.names, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'));
        insert into statements_exact(rowid, context, indicator, place, speaker, names) values (new.seq, new.context, new.indicator, new.place, new.speaker, new.names); end;
