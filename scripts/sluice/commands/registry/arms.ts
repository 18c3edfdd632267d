import type { Control } from '@/lib/control/control';
import { refuseArchived } from '@/lib/control/splits/refuse-split';
import { type Invocation, UsageError, writtenBy } from '../../command';
import { armOf, objectOption } from '../../texts/arm-text';
import { tableLines } from '../../texts/table-lines';

type SplitNamed = (call: Invocation, slug: string) => Promise<Control>;

/** The arms of a split: part of `sluice splits`. */
export function armVerbs(splitNamed: SplitNamed) {
  return {
    async arms(call: Invocation): Promise<void> {
      const { facts } = await splitNamed(call, slugOf(call));
      const registry = await (await call.controls()).registry.read();
      const arms = registry.splits.find(({ key }) => key === facts.split)?.arms ?? [];
      const rows = arms.map(({ name, provider, model, params }) => [name, provider, model, JSON.stringify(params)]);
      call.answer({ split: slugOf(call), arms }, tableLines(['arm', 'provider', 'model', 'params'], rows));
    },
    async arm(call: Invocation): Promise<void> {
      const arm = { ...armOf(wanted(call)), params: objectOption(call.values, 'params') ?? {} };
      const control = await splitNamed(call, slugOf(call));
      const controls = await call.controls();
      await refuseArchived(controls, control);
      await call.confirm(`Put the arm ${arm.name} of ${slugOf(call)} at ${arm.provider}?`);
      const version = await controls.registry.putArm(control.facts.split, arm, writtenBy(call));
      call.answer({ ...arm, registry_version: version }, [`splits: ${slugOf(call)} has the arm ${arm.name} now.`]);
    },
    async 'remove-arm'(call: Invocation): Promise<void> {
      const { facts } = await splitNamed(call, slugOf(call));
      const { registry } = await call.controls();
      const name = wanted(call);
      await call.confirm(`Remove the arm ${name} of ${slugOf(call)}?`);
      const version = await registry.removeArm(facts.split, name, writtenBy(call));
      call.answer({ removed: name, registry_version: version }, [`splits: ${name} of ${slugOf(call)} is removed.`]);
    },
  };
}

function slugOf({ positionals: [, slug] }: Invocation): string {
  if (slug === undefined) throw new UsageError('Name the split by its slug: sluice splits.');
  return slug;
}

function wanted({ positionals: [verb, , name] }: Invocation): string {
  if (name === undefined)
    throw new UsageError(`Usage: sluice splits ${verb} SLUG ${verb === 'arm' ? 'NAME=PROVIDER[:MODEL]' : 'NAME'}`);
  return name;
}
