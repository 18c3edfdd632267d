-- Channels that people can tell apart, and that take only what they are for; test calls at a provider; and comparisons
-- that are kept as long as the log they stand beside.

alter table sluice.alert_channels
  add column name text check (name = btrim(name) and char_length(name) between 1 and 64),
  -- Which alerts go there; null: every one.
  add column alerts text[] check (cardinality(alerts) between 1 and 64);
create unique index alert_channels_name on sluice.alert_channels (lower(name));

-- Only the host of an address is said, because the rest may hold a secret.
create or replace function sluice.channel_words(c sluice.alert_channels) returns text language sql immutable set search_path = '' as $$
  select format('channel %s%s, %s to %s%s%s', c.id, coalesce(' "' || c.name || '"', ''), c.kind,
    coalesce(substring(c.url from '^[a-z]+://(?:[^/?#@]*@)?([^/?#]+)'), '?'),
    coalesce(', for ' || array_to_string(c.alerts, ', '), ''), case when c.enabled then '' else ', off' end) $$;

create function sluice.channels_for(kind text) returns setof sluice.alert_channels
language sql stable security definer set search_path = '' as $$
  select c.* from sluice.alert_channels c where c.enabled and (c.alerts is null or channels_for.kind = any (c.alerts)) $$;

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
  -- The alert says more than the change that it is about, to whom it is told.
  delete from sluice.outbox o where o.journal_id = of_journal and o.alert_id is null and o.attempts = 0
    and o.channel_id in (select c.id from sluice.channels_for(of_kind) c);
  insert into sluice.outbox (alert_id, channel_id, payload)
  select raised.id, c.id, jsonb_build_object('kind', raised.kind, 'atMs', (extract(epoch from raised.at) * 1000)::bigint,
    'detail', sluice.of_split(about, raised.detail), 'split', coalesce(about, 'GEN_PROVIDER_WEIGHTS'),
    'alertId', raised.id, 'journalId', raised.journal_id, 'params', raised.params)
  from sluice.channels_for(of_kind) c;
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
  from sluice.channels_for('changed') c;
  return null;
exception when others then
  -- A message that cannot be queued must not stop a rollback.
  raise warning 'change % was not told to the alert channels: %', new.id, sqlerrm;
  return null;
end $$;

-- What became of one real request to a provider, outside of every sample: the journal is all that keeps it.
create function sluice.note_provider_test(provider text, outcome text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform sluice.note_access('provider_test', null, format('test call at %s: %s', left(provider, 64), left(outcome, 500)));
end $$;

-- Comparisons go with the events beside them, their votes with them; the journal keeps that they were made.
create function sluice.prune_comparisons(keep interval) returns integer language plpgsql security definer set search_path = '' as $$
declare
  n integer;
begin
  if keep < interval '1 day' then
    raise exception using errcode = '22023', message = format('keep is %s; at least one day of comparisons is kept', keep);
  end if;
  delete from sluice.comparisons c where c.at < now() - keep;
  get diagnostics n = row_count;
  return n;
end $$;
create index comparisons_at on sluice.comparisons (at);

update sluice.role_grants
set web = 'select, insert (kind, url, secret, name, alerts, created_by), update (name, alerts), delete',
  cli = 'select, insert (kind, url, secret, url_from, secret_from, name, alerts, created_by),
    update (url_from, secret_from, name, alerts), delete'
where relation = 'sluice.alert_channels';
insert into sluice.role_calls (name, web, watchdog, cli) values
  ('note_provider_test', true, false, true), ('channels_for', false, false, false),
  ('prune_comparisons', false, false, true);

do $$
declare
  made record;
  grantee text;
begin
  for made in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace
      and p.proname = any ('{channels_for,note_provider_test,prune_comparisons}'::text[])
  loop
    execute format('revoke all on function %s from public', made.function);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made.function, grantee);
    end loop;
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
