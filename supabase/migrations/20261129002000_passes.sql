-- One pass of the watchdog decides a slot for every split. What it says of each that needs saying is a row of sluice.ticks;
-- a split at rest has none of its own: the last pass that did not fail it has judged it.
create table sluice.passes (
  slot timestamptz primary key,
  at timestamptz not null,
  by text not null,
  interval_seconds integer not null,
  duration_ms double precision not null,
  splits integer not null,
  judged integer not null,
  acted integer not null,
  failed integer not null
);
alter table sluice.passes enable row level security;

-- Which split an alert is about; null: the installation.
alter table sluice.alerts add column split text;
update sluice.alerts set split = 'GEN_PROVIDER_WEIGHTS'
where kind in ('breach_begun', 'held_not_acted', 'early_warning', 'missed_hold', 'blind', 'policy_invalid',
  'weights_invalid', 'weights_missing', 'rolled_back');

-- What a process routes by beside the first split: {"VIDEO_WEIGHTS": {"version": 3, "weights": {…}, "assigned": {…}}}.
alter table sluice.instances add column splits jsonb not null default '{}';

-- A sentence for people who may not know which split it is about: named where there are several.
create function sluice.of_split(split text, sentence text) returns text
language sql stable security definer set search_path = '' as $$
  select case when (select count(*) from sluice.splits s where s.archived_at is null) > 1
    then coalesce((select s.slug || ': ' from sluice.splits s where s.key = split), '') || sentence
    else sentence end $$;

-- Queues an alert's notifications in the transaction that raised it: both are there or neither. The split it is about
-- comes among its parameters.
create or replace function sluice.raise_alert(of_kind text, of_key text, of_detail text, of_params jsonb, blocks boolean,
  of_journal bigint, out id bigint, out is_new boolean)
language plpgsql volatile security definer set search_path = '' as $$
declare
  raised sluice.alerts;
  about text := of_params ->> 'split';
begin
  insert into sluice.alerts (kind, key, detail, params, blocks_advance, journal_id, at, split)
  values (of_kind, of_key, of_detail, coalesce(of_params - 'split', '{}'), blocks, of_journal, clock_timestamp(), about)
  on conflict (kind, key) where resolved_at is null do nothing
  returning * into raised;
  is_new := found;
  if not is_new then
    select a.id into id from sluice.alerts a where a.kind = of_kind and a.key = of_key and a.resolved_at is null;
    return;
  end if;
  id := raised.id;
  -- The alert says more than the change that it is about.
  delete from sluice.outbox o where o.journal_id = of_journal and o.alert_id is null and o.attempts = 0;
  insert into sluice.outbox (alert_id, channel_id, payload)
  select raised.id, c.id, jsonb_build_object('kind', raised.kind, 'atMs', (extract(epoch from raised.at) * 1000)::bigint,
    'detail', sluice.of_split(about, raised.detail), 'split', coalesce(about, 'GEN_PROVIDER_WEIGHTS'),
    'alertId', raised.id, 'journalId', raised.journal_id, 'params', raised.params)
  from sluice.alert_channels c
  where c.enabled;
end $$;

-- "D1 (fal 90 %, runware 10 %)" of a split whose arms need be no providers.
create function sluice.weights_words(split text, stage text, weights text) returns text
language plpgsql stable set search_path = '' as $$
declare
  shares text;
begin
  if split = 'GEN_PROVIDER_WEIGHTS' or weights is null then
    return sluice.weights_words(stage, weights);
  end if;
  select string_agg(format('%s %s %%', s.key, trim_scale(round(s.value::numeric * 100, 6))), ', ' order by s.key)
  into shares from jsonb_each_text(weights::jsonb) s;
  return format('%s (%s)', coalesce(stage, 'weights'), shares);
exception when others then
  return 'weights that cannot be used (' || left(weights, 64) || ')';
end $$;

create or replace function sluice.change_words(e sluice.journal) returns text language sql stable set search_path = '' as $$
  select format(case e.verb
      when 'pause' then '%1$s paused the rollout at %2$s.'
      when 'resume' then '%1$s resumed the rollout at %2$s.'
      when 'rearm' then '%1$s re-armed the rollout: from %2$s to %3$s.'
      when 'rollback' then '%1$s rolled back from %2$s to %3$s.'
      when 'advance' then '%1$s advanced from %2$s to %3$s.'
      when 'override' then '%1$s moved on although a gate was closed: from %2$s to %3$s.'
      else '%1$s changed the weights from %2$s to %3$s.' end,
    e.actor, sluice.weights_words(e.flag_key, e.stage_from, e.was), sluice.weights_words(e.flag_key, e.stage_to, e.becomes))
    || coalesce(' Reason: ' || e.reason, ' No reason was given.') $$;

-- A write that leaves everything as it is, such as one of the description, is no news.
create or replace function sluice.is_change(e sluice.journal) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  if e.verb in ('pause', 'resume', 'rearm') or e.stage_from is distinct from e.stage_to then
    return true;
  end if;
  return not sluice.same_weights(e.was::jsonb, e.becomes::jsonb);
exception when others then
  return e.was is distinct from e.becomes;
end $$;

create or replace function sluice.tell_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  params jsonb;
begin
  if new.verb = 'adopt' or not exists (select from sluice.splits s where s.key = new.flag_key)
    or not sluice.is_change(new) then
    return null;
  end if;
  params := jsonb_build_object('actor', new.actor, 'verb', new.verb, 'from', new.was, 'to', new.becomes,
    'stage_from', new.stage_from, 'stage_to', new.stage_to, 'reason', new.reason, 'version', new.version);
  if new.verb = 'delete' then
    perform sluice.raise_alert('weights_missing', key,
      format('%s deleted the weights row, which said %s. Instances go on by what they last knew; roll back, or write valid weights.',
        new.actor, sluice.weights_words(new.flag_key, new.stage_from, new.was)),
      params || jsonb_build_object('key', 'weights', 'split', new.flag_key), false, new.id)
    from (select case when new.flag_key = 'GEN_PROVIDER_WEIGHTS' then 'weights' else new.flag_key || ' weights' end) k (key);
    return null;
  end if;
  insert into sluice.outbox (channel_id, journal_id, payload)
  select c.id, new.id, jsonb_build_object('kind', 'changed', 'atMs', (extract(epoch from new.at) * 1000)::bigint,
    'detail', sluice.of_split(new.flag_key, sluice.change_words(new)), 'split', new.flag_key, 'alertId', null,
    'journalId', new.id, 'params', params)
  from sluice.alert_channels c
  where c.enabled;
  return null;
exception when others then
  -- A message that cannot be queued must not stop a rollback.
  raise warning 'change % was not told to the alert channels: %', new.id, sqlerrm;
  return null;
end $$;

create or replace function sluice.tidy() returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare
  total bigint := 0;
  rows bigint;
  statement text;
begin
  foreach statement in array array[
    -- The heartbeat is asked for minutes, decisions are replayed from the events.
    'delete from sluice.ticks where at < now() - interval ''3 days''',
    'delete from sluice.passes where at < now() - interval ''3 days''',
    'delete from sluice.instances where seen_at < now() - interval ''1 day''',
    'delete from sluice.idempotency where expires_at < now()',
    'delete from sluice.sessions where expires_at < now() - interval ''1 day''',
    'delete from sluice.sign_in_links where expires_at < now() - interval ''1 day''',
    'delete from sluice.outbox where delivered_at < now() - interval ''30 days'' or dead_at < now() - interval ''30 days'''
  ] loop
    execute statement;
    get diagnostics rows = row_count;
    total := total + rows;
  end loop;
  return total;
end $$;

insert into sluice.role_grants (relation, web, watchdog, cli) values
  ('sluice.passes', 'select, insert, update', 'select, insert, update', 'select');

do $$
declare
  grantee text;
begin
  revoke all on function sluice.of_split(text, text), sluice.weights_words(text, text, text) from public;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function sluice.of_split(text, text), sluice.weights_words(text, text, text) from %I', grantee);
    execute format('revoke all on sluice.passes from %I', grantee);
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
