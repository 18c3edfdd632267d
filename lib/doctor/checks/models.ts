import { type Check, ok, problem } from './finding';

/** When no provider has the usual model, every request that names no model fails. */
export const models: Check = async ({ providers, usualModel }) => {
  const how = 'looked for the model of a request that names none';
  const without = providers
    .filter(({ models: made }) => made !== null && !made.includes(usualModel))
    .map(({ name }) => name);
  if (without.length === 0) return [ok('models', `every provider that ships has ${usualModel}`, how)];
  const what = `${without.join(' and ')} cannot make ${usualModel}, which a request gets that names no model`;
  return [
    problem(
      'models',
      what,
      how,
      `run \`sluice models set ${without[0]} ${usualModel} NAME\`, or name a model in each request`,
    ),
  ];
};
