-- A fresh database stands at the baseline: every request at FAL, no rollout begun. What is there stays.
insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
values ('GEN_PROVIDER_WEIGHTS', false, '{"fal":1.0,"runware":0.0}', 'Provider weights: everything at FAL (baseline)', now(), now())
on conflict (flag_key) do nothing;
