-- One prompt at two arms of a split, for people to look at: outside of every sample. Of what was made only who made it,
-- how long it took and what it cost is kept, of the prompt its digest.

create table sluice.comparisons (
  id bigint primary key generated always as identity,
  split text not null references sluice.splits (key) on delete cascade,
  at timestamptz not null default now(),
  by text not null default sluice.actor(),
  model text not null,
  -- sha256, as hex.
  prompt_hash text not null check (prompt_hash ~ '^[0-9a-f]{64}$'),
  -- Which side was whose is told after a vote.
  blind boolean not null,
  -- {"left": {"arm", "provider", "model", "request_id", "ok", "latency_ms", "cost_usd", "error_kind"}, "right": …}
  sides jsonb not null,
  cost_usd numeric
);
create index comparisons_of_split on sluice.comparisons (split, id desc);
alter table sluice.comparisons enable row level security;

create table sluice.comparison_votes (
  comparison bigint not null references sluice.comparisons (id) on delete cascade,
  by text not null default sluice.actor(),
  at timestamptz not null default now(),
  choice text not null check (choice in ('left', 'right', 'neither')),
  -- Whom it was for; null: neither.
  arm text,
  reason text check (char_length(reason) <= 500),
  primary key (comparison, by)
);
alter table sluice.comparison_votes enable row level security;

-- These two are SECURITY DEFINER, as the other writers of the journal and of the log are.
create function sluice.keep_comparison(said jsonb) returns bigint language plpgsql security definer set search_path = '' as $$
declare
  kept sluice.comparisons;
begin
  insert into sluice.comparisons (split, model, prompt_hash, blind, sides, cost_usd)
  values (said ->> 'split', said ->> 'model', said ->> 'prompt_hash', (said ->> 'blind')::boolean, said -> 'sides',
    (said ->> 'cost_usd')::numeric)
  returning * into kept;
  perform sluice.note_access('compare', null, format('comparison %s in %s: %s at %s and %s, %s, prompt sha256 %s', kept.id,
    kept.split, kept.model, least(kept.sides #>> '{left,arm}', kept.sides #>> '{right,arm}'),
    greatest(kept.sides #>> '{left,arm}', kept.sides #>> '{right,arm}'),
    coalesce('$' || trim_scale(kept.cost_usd), 'cost unknown'), kept.prompt_hash));
  return kept.id;
end $$;

-- False where this person has voted before. The vote is an event too, which no line and no bucket reads.
create function sluice.vote_comparison(of_comparison bigint, of_choice text, why text) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  about sluice.comparisons;
  chosen text;
begin
  select * into about from sluice.comparisons c where c.id = of_comparison;
  chosen := about.sides -> of_choice ->> 'arm';
  insert into sluice.comparison_votes (comparison, choice, arm, reason) values (of_comparison, of_choice, chosen, why)
  on conflict do nothing;
  if not found then return false; end if;
  insert into public.analytics_logs (event_type, event_data, created_at) values ('comparison_vote', jsonb_strip_nulls(
    jsonb_build_object('comparison', of_comparison, 'split', about.split, 'choice', of_choice, 'arm', chosen,
      'between', jsonb_build_array(about.sides #> '{left,arm}', about.sides #> '{right,arm}'), 'blind', about.blind,
      'model', about.model, 'reason', why, 'by', sluice.actor())), clock_timestamp());
  return true;
end $$;

-- How long the log keeps where the images of a split lie: hours; 0 is not at all, null as SLUICE_EVENT_IMAGE_HOURS says.
alter table sluice.splits add column image_hours integer;

alter function sluice.split_fault(sluice.splits) rename to split_fault_before_images;
create function sluice.split_fault(s sluice.splits) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(sluice.split_fault_before_images(s), case
    when s.image_hours is null then null
    when s.kind <> 'image' then
      format('image_hours says how long the log keeps where images lie, and its kind is %s; leave it out', s.kind)
    when s.image_hours not between 0 and 8760 then
      sluice.place_fault('image_hours', to_jsonb(s.image_hours), 'must be a whole number of hours from 0 to 8760') end) $$;

alter function sluice.registry() rename to registry_before_images;
create function sluice.registry() returns jsonb language sql stable security definer set search_path = '' as $$
  select r.all_of_it || jsonb_build_object('splits', (
    select coalesce(jsonb_agg(e.value || case when s.image_hours is null then '{}'
        else jsonb_build_object('imageHours', s.image_hours) end order by e.ordinality), '[]')
    from jsonb_array_elements(r.all_of_it -> 'splits') with ordinality e
    left join sluice.splits s on s.key = e.value ->> 'key'))
  from (select sluice.registry_before_images() as all_of_it) r $$;

insert into sluice.role_grants (relation, web, watchdog, cli) values
  ('sluice.comparisons', 'select', null, 'select'), ('sluice.comparison_votes', 'select', null, 'select');
insert into sluice.role_calls (name, web, watchdog, cli) values
  ('keep_comparison', true, false, false), ('vote_comparison', true, false, false);

do $$
declare
  made record;
  grantee text;
begin
  for made in
    select p.oid::regprocedure as function from pg_catalog.pg_proc p
    where p.pronamespace = 'sluice'::regnamespace
      and p.proname = any ('{keep_comparison,vote_comparison,split_fault,registry}'::text[])
  loop
    execute format('revoke all on function %s from public', made.function);
    -- The default privileges of a Supabase project hand out what is made.
    for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
      execute format('revoke all on function %s from %I', made.function, grantee);
    end loop;
  end loop;
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on sluice.comparisons, sluice.comparison_votes from %I', grantee);
  end loop;
end $$;
select sluice.grant_roles(on_adopted => false);
