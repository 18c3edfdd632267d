import { type Command, verbOf } from '../../command';
import { check } from './check';
import { list } from './list';
import { tail } from './tail';

const verbs: Readonly<Record<string, Command['run']>> = { list, check, tail };

export const relay: Command = {
  summary: 'whole vendor APIs under a prefix: list, check the way there and the key, follow what is created',
  usage: 'relay [list] | check [SPLIT|PROVIDER] | tail [--split SLUG] [--follow] [--last N] [--file FILE]',
  notes: [
    'list counts the last hour. check goes the way of a request: address, DNS, TCP, TLS, key, clock; nothing that costs is asked.',
    'Exit codes of check: 0 nothing failed, 1 something did; what is only warned of does not count.',
    'tail reads the log of the web process on this machine; --file - reads standard input, such as of journalctl -fu sluice-web.',
  ],
  options: {
    split: { type: 'string' },
    follow: { type: 'boolean', short: 'f' },
    last: { type: 'string' },
    file: { type: 'string' },
  },
  positionals: [0, 2],
  async run(call) {
    const verb = verbOf(verbs, call, relay.usage, 'list');
    return verb(call);
  },
};
