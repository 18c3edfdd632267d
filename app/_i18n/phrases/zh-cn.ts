import access from './access.json';
import alerts from './alerts.json';
import calls from './calls.json';
import channels from './channels.json';
import http from './http.json';
import models from './models.json';
import policy from './policy.json';
import registry from './registry.json';
import rules from './rules.json';
import sources from './sources.json';
import store from './store.json';
import weights from './weights.json';

export const phrases = {
  ...access,
  ...alerts,
  ...calls,
  ...channels,
  ...http,
  ...models,
  ...policy,
  ...registry,
  ...rules,
  ...sources,
  ...store,
  ...weights,
};
