create table outbox (
  id bigint generated always as identity (cache 1),
  event_id uuid not null,
  type text not null,
  topic text not null,
  key text not null,
  headers text not null,
  value bytea not null,
  recorded_at timestamptz not null default now(),
  constraint pk_outbox primary key (id)
) partition by range (id);
create table outbox_1 partition of outbox for values from (1) to (5000001);
create table outbox_5000001 partition of outbox for values from (5000001) to (10000001);
create table outbox_10000001 partition of outbox for values from (10000001) to (15000001);
create table outbox_cursor (
  one bool not null default true,
  epoch bigint not null default 0,
  generation int not null default 1,
  top bigint not null default 0,
  gap_lo bigint[] not null default '{}',
  gap_hi bigint[] not null default '{}',
  marks jsonb not null default '{}',
  constraint pk_outbox_cursor primary key (one),
  constraint ck_outbox_cursor_one check (one)
) with (fillfactor = 50);
insert into outbox_cursor default values;
create table inbox (
  event_id uuid not null,
  digest bigint not null,
  received_at timestamptz not null default now(),
  constraint pk_inbox primary key (event_id)
);
create index ix_inbox_received_at on inbox (received_at);
create table inbox_floor (
  one bool not null default true,
  floor timestamptz not null,
  constraint pk_inbox_floor primary key (one),
  constraint ck_inbox_floor_one check (one)
);
insert into inbox_floor (floor) values ('1970-01-01 00:00:00+00');
create table blocked_keys (
  topic text not null,
  key bytea not null,
  constraint pk_blocked_keys primary key (topic, key)
);
create table dead_letters (
  id bigint generated always as identity (cache 1),
  event_id uuid not null,
  topic text not null,
  partition int not null,
  "offset" bigint not null,
  key bytea,
  headers jsonb not null,
  value bytea,
  state text not null,
  error text,
  attempts int not null default 0,
  next_try_at timestamptz,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  settled_by text,
  reason text,
  constraint pk_dead_letters primary key (id),
  constraint uq_dead_letters_event_id unique (event_id),
  constraint ck_dead_letters_state check (state in ('dead', 'parked', 'replayed', 'discarded'))
);
create index ix_dead_letters_topic_key_id on dead_letters (topic, key, id)
  where state in ('dead', 'parked');
create index ix_dead_letters_next_try_at on dead_letters (next_try_at)
  where state = 'dead' and next_try_at is not null;
create table idempotency_keys (
  subject text not null,
  key text not null,
  fingerprint text not null,
  status int not null,
  headers jsonb not null,
  body bytea not null,
  created_at timestamptz not null default now(),
  constraint pk_idempotency_keys primary key (subject, key)
);
create index ix_idempotency_keys_created_at on idempotency_keys (created_at);
