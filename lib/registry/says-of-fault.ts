import { says } from '@/lib/kernel/refusal';

/** `provider acme was not changed: base_url is …` */
const refused = /^(?<noun>[a-z ]+?) (?<name>\S.*?) was not (?<done>added|changed|removed): (?<fault>.+)$/s;

/** How the functions of the database word what is wrong with a place: the sentence stays theirs, its parts are known. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/^(?<place>\S+) is empty; it must say something$/, 'fault-empty'],
  [/^(?<place>\S+) is (?<n>\d+) (?:characters|bytes) long; at most (?<most>\d+) are allowed$/, 'fault-long'],
  [/^(?<place>\S+) has (?<n>\d+) entries; at most (?<most>\d+) are allowed$/, 'fault-many'],
  [/^(?<place>\S+) names one of its entries twice$/, 'fault-twice'],
  [/^(?<place>\S+) has the unknown key "(?<value>.*)"; check its spelling$/, 'fault-key'],
  [/^(?<place>\S+) holds credentials; /, 'fault-credentials'],
  [/^(?<place>\S+) is "(?<value>.*)", which is not registered; registered are (?<known>.*)$/, 'fault-unregistered'],
  [/^(?<place>\S+) is missing; it (?<rule>must .+)$/, 'fault-missing'],
  [/^(?<place>\S+) is (?<value>.+); it (?<rule>must .+)$/, 'fault-rule'],
];

/** What a guard's sentence says; nothing where it is worded in a way of its own. */
export function saysOfFault(sentence: string): Partial<ReturnType<typeof says>> {
  const head = refused.exec(sentence)?.groups;
  if (head === undefined) return {};
  const { noun = '', name = '', done = '', fault = '' } = head;
  for (const [shape, key] of shapes) {
    const parts = shape.exec(fault)?.groups;
    if (parts) return says(key, { noun, name, done, ...parts });
  }
  return {};
}
