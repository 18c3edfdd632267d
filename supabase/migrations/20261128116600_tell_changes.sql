-- Whoever moves the weights or the rollout's state, by whatever door: the alert channels hear of it, from the row of the
-- journal and in its transaction. What an alert already tells of that row is not told twice.
alter table sluice.outbox add column journal_id bigint;
create unique index outbox_journal on sluice.outbox (journal_id, channel_id) where alert_id is null;

create or replace function sluice.raise_alert(of_kind text, of_key text, of_detail text, of_params jsonb, blocks boolean,
  of_journal bigint, out id bigint, out is_new boolean)
language plpgsql volatile security definer set search_path = '' as $$
declare
  raised sluice.alerts;
begin
  insert into sluice.alerts (kind, key, detail, params, blocks_advance, journal_id, at)
  values (of_kind, of_key, of_detail, coalesce(of_params, '{}'), blocks, of_journal, clock_timestamp())
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
    'detail', raised.detail, 'split', 'GEN_PROVIDER_WEIGHTS', 'alertId', raised.id,
    'journalId', raised.journal_id, 'params', raised.params)
  from sluice.alert_channels c
  where c.enabled;
end $$;

-- "D1 (fal 90 %, runware 10 %)"; what cannot be read is shown as it is.
create function sluice.weights_words(stage text, weights text) returns text
language plpgsql stable set search_path = '' as $$
declare
  shares text;
begin
  if weights is null then
    return 'no row';
  elsif sluice.weights_fault(weights) is not null then
    return 'weights that cannot be used (' || left(weights, 64) || ')';
  end if;
  select string_agg(format('%s %s %%', s.key, trim_scale(round(s.value::numeric * 100, 6))), ', ' order by s.key)
  into shares from jsonb_each_text(weights::jsonb) s;
  return format('%s (%s)', coalesce(stage, 'weights'), shares);
end $$;

create function sluice.change_words(e sluice.journal) returns text language sql stable set search_path = '' as $$
  select format(case e.verb
      when 'pause' then '%1$s paused the rollout at %2$s.'
      when 'resume' then '%1$s resumed the rollout at %2$s.'
      when 'rearm' then '%1$s re-armed the rollout: from %2$s to %3$s.'
      when 'rollback' then '%1$s rolled back from %2$s to %3$s.'
      when 'advance' then '%1$s advanced from %2$s to %3$s.'
      when 'override' then '%1$s moved on although a gate was closed: from %2$s to %3$s.'
      else '%1$s changed the weights from %2$s to %3$s.' end,
    e.actor, sluice.weights_words(e.stage_from, e.was), sluice.weights_words(e.stage_to, e.becomes))
    || coalesce(' Reason: ' || e.reason, ' No reason was given.') $$;

-- A write that leaves everything as it is, such as one of the description, is no news.
create function sluice.is_change(e sluice.journal) returns boolean language plpgsql stable set search_path = '' as $$
begin
  if e.verb in ('pause', 'resume', 'rearm') or e.stage_from is distinct from e.stage_to then
    return true;
  elsif sluice.weights_fault(e.was) is not null or sluice.weights_fault(e.becomes) is not null then
    return e.was is distinct from e.becomes;
  end if;
  return not sluice.same_weights(e.was::jsonb, e.becomes::jsonb);
end $$;

create function sluice.tell_change() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  params jsonb;
begin
  if new.flag_key <> 'GEN_PROVIDER_WEIGHTS' or new.verb = 'adopt' or not sluice.is_change(new) then
    return null;
  end if;
  params := jsonb_build_object('actor', new.actor, 'verb', new.verb, 'from', new.was, 'to', new.becomes,
    'stage_from', new.stage_from, 'stage_to', new.stage_to, 'reason', new.reason, 'version', new.version);
  if new.verb = 'delete' then
    perform sluice.raise_alert('weights_missing', 'weights',
      format('%s deleted the weights row, which said %s. Instances go on by what they last knew; roll back, or write valid weights.',
        new.actor, sluice.weights_words(new.stage_from, new.was)),
      params || '{"key": "weights"}', false, new.id);
    return null;
  end if;
  insert into sluice.outbox (channel_id, journal_id, payload)
  select c.id, new.id, jsonb_build_object('kind', 'changed', 'atMs', (extract(epoch from new.at) * 1000)::bigint,
    'detail', sluice.change_words(new), 'split', new.flag_key, 'alertId', null, 'journalId', new.id, 'params', params)
  from sluice.alert_channels c
  where c.enabled;
  return null;
exception when others then
  -- A message that cannot be queued must not stop a rollback.
  raise warning 'change % was not told to the alert channels: %', new.id, sqlerrm;
  return null;
end $$;

create trigger tell_change after insert on sluice.journal for each row execute function sluice.tell_change();
alter table sluice.journal enable always trigger tell_change;

do $$
declare
  grantee text;
begin
  for grantee in
    select 'public' union all
    select quote_ident(r.rolname) from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated')
  loop
    execute format('revoke all on function sluice.weights_words(text, text), sluice.change_words(sluice.journal),
      sluice.is_change(sluice.journal), sluice.tell_change() from %s', grantee);
  end loop;
end $$;
