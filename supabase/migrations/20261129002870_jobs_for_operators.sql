-- What operators see of jobs.

-- A split's jobs by when they were made, page by page. It takes the place of the index on those that are open, so that a
-- look writes no index more than before: whoever counts them asks by due_at, which is null where a job has ended.
create index jobs_of_split on sluice.jobs (split, created_at desc, id desc);
drop index sluice.jobs_open;

-- News that providers sent of their jobs: written by every web process every few seconds, so that it outlives them.
create table sluice.job_webhooks (
  provider text primary key check (char_length(provider) <= 64),
  taken bigint not null default 0,
  refused bigint not null default 0,
  -- Since one was taken.
  refused_in_a_row bigint not null default 0,
  taken_at timestamptz,
  refused_at timestamptz,
  why text check (char_length(why) <= 500)
);
alter table sluice.job_webhooks enable row level security;
insert into sluice.role_grants (relation, web, watchdog, cli) values
  ('sluice.job_webhooks', 'select, insert, update', 'select', 'select');

do $$
declare
  grantee text;
begin
  for grantee in select r.rolname from pg_catalog.pg_roles r where r.rolname in ('anon', 'authenticated') loop
    execute format('revoke all on sluice.job_webhooks from %I', grantee);
  end loop;
end $$;

select sluice.grant_roles(on_adopted => false);
