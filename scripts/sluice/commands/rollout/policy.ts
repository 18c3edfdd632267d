import { readFile } from 'node:fs/promises';
import { readPolicyView } from '@/lib/control/rollout/read-policy-view';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { Refusal } from '@/lib/kernel/refusal';
import { type Command, reasonOption, UsageError } from '../../command';
import { readPolicyFile } from '../../policy-file';

export const policy: Command = {
  summary: 'show the policy that judges, check a file, or save one',
  writes: 'at once',
  ofSplit: true,
  usage: 'policy [show | check FILE | save FILE] [--reason TEXT] [--confirm]',
  notes: ['--confirm saves a policy although it would be crossed now, or would have acted in the last hour.'],
  options: { reason: { type: 'string' }, confirm: { type: 'boolean' } },
  positionals: [0, 2],
  async run(call) {
    const [verb = 'show', file] = call.positionals;
    if (verb === 'check' && file !== undefined) {
      await readPolicyFile(file);
      call.answer({ valid: true }, [`${file} is valid.`]);
      return undefined;
    }
    const control = await call.control(verb === 'save' ? 'writing' : 'reading');
    const view = await readPolicyView(control);
    if (verb === 'show' && file === undefined) {
      const fault = view.fault === null ? [] : [`The stored policy is not in use: ${view.fault}`];
      call.answer(view, [
        `version ${view.version} (${view.source})`,
        ...fault,
        ...JSON.stringify(view.policy, null, 2).split('\n'),
      ]);
      return undefined;
    }
    if (verb !== 'save' || file === undefined)
      throw new UsageError('Usage: sluice policy [show | check FILE | save FILE]');
    await readPolicyFile(file);
    await call.confirm(`Save ${file} as the policy? It judges from then on, the whole hold included.`);
    const request = {
      policy: JSON.parse(await readFile(file, 'utf8')),
      expectedVersion: view.version,
      reason: reasonOption(call.values),
      confirm: call.values.confirm === true,
      actor: call.actor,
    };
    const written = await savePolicy(control, request).catch(async (error: unknown) => {
      // --yes was given before it was known what the policy would do.
      const isAsked = error instanceof Refusal && error.code === 'confirmation-needed' && call.values.yes !== true;
      if (!isAsked) throw error;
      await call.confirm(`${error.message.replace(/ Confirm to save it\.$/, '')} Save it all the same?`);
      return savePolicy(control, { ...request, confirm: true });
    });
    call.answer(written, [`policy: saved as version ${written.version}.`]);
    return undefined;
  },
};
