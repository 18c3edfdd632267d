-- A fresh database starts at D1: nine requests in ten at FAL, one at Runware. What is there stays.
insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
values ('GEN_PROVIDER_WEIGHTS', false, '{"fal":0.9,"runware":0.1}', 'Provider weights: 90% FAL, 10% Runware (D1)', now(), now())
on conflict (flag_key) do nothing;
