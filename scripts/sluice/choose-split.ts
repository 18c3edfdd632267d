import { createInterface } from 'node:readline/promises';
import type { ChartedControl } from '@/lib/charts/series-store';
import type { Controls } from '@/lib/control/splits/controls';
import { refuseArchived } from '@/lib/control/splits/refuse-split';
import { excerpt } from '@/lib/kernel/excerpt';
import { Declined, UsageError } from './command';

interface Choice {
  readonly verb: string;
  /** --split. */
  readonly slug: string | null;
  readonly act: 'reading' | 'writing' | 'rolling back';
  /** A person sits there and may be asked. */
  readonly mayAsk: boolean;
}

const mostNamed = 30;

/** The split that is meant: while there are several, a command writes only to one that was named. */
export async function chooseSplit(controls: Controls<ChartedControl>, choice: Choice): Promise<ChartedControl> {
  const { verb, slug, act, mayAsk } = choice;
  if (slug !== null) return named(controls, slug, act);
  const slugs = await controls.registry.slugs().catch((error: unknown) => noRegistry(error, act));
  if (slugs.length <= 1) return controls.first;
  if (act === 'reading') {
    const { facts } = controls.first;
    process.stderr.write(
      `sluice ${verb}: of ${slugs.length} splits this is ${slugs[0] ?? facts.slug}; others by --split SLUG\n`,
    );
    return controls.first;
  }
  if (mayAsk) return named(controls, await ask(slugs), act);
  throw new UsageError(
    `Nothing was written: there are ${slugs.length} splits. Say which with --split: ${listed(slugs)}.`,
  );
}

/** Where an update is not migrated yet there is one split, and it can be rolled back. */
function noRegistry(error: unknown, act: Choice['act']): readonly string[] {
  const { code } = error as { code?: unknown };
  if (act === 'rolling back' && (code === '42P01' || code === '3F000')) return [];
  throw error;
}

async function named(controls: Controls<ChartedControl>, slug: string, act: Choice['act']): Promise<ChartedControl> {
  const control = await controls.bySlug(slug);
  if (control === null) {
    const slugs = await controls.registry.slugs();
    throw new UsageError(`--split is "${excerpt(slug)}"; there is no such split. There are: ${listed(slugs)}.`);
  }
  // What is archived is at rest; going back there once more does no harm.
  if (act === 'writing') await refuseArchived(controls, control);
  return control;
}

async function ask(slugs: readonly string[]): Promise<string> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const said = (await asking.question(`Which split (${listed(slugs)})? `)).trim();
  asking.close();
  if (said === '') throw new Declined('Nothing was written.');
  return said;
}

function listed(slugs: readonly string[]): string {
  const more = slugs.length > mostNamed ? ` and ${slugs.length - mostNamed} more` : '';
  return `${slugs.slice(0, mostNamed).join(', ')}${more}`;
}
