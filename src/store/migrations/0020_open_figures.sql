-- Months whose figures are published as open data: once, and never changed. From the entry open_figures.published, whose seq is `id`
-- and which names `digest`, the SHA-256 over the rows (respond/open_figures/publisher.hpp). `month` is year * 12 + month - 1.
CREATE TABLE open_month (
  month BIGINT PRIMARY KEY,
  id BIGINT NOT NULL,
  published_at BIGINT NOT NULL,
  row_count BIGINT NOT NULL,
  reports BIGINT NOT NULL,  -- in all of its rows together
  cases BIGINT NOT NULL,
  digest TEXT NOT NULL
);

-- The published rows of a month in their order. `cohort` is catalogue::Cohort, `outcome` respond::open_figures::Outcome; area and outcome 0,
-- item_group and item empty: all others.
CREATE TABLE open_figure (
  month BIGINT NOT NULL,
  position BIGINT NOT NULL,
  cohort BIGINT NOT NULL,
  area BIGINT NOT NULL,
  item_group TEXT NOT NULL,
  item TEXT NOT NULL,
  outcome BIGINT NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (month, position)
);
