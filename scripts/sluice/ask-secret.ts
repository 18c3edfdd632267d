import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Declined, UsageError } from './command';

const mostCharacters = 65_536;

/** A secret as a person types it, without its echo, or as a program sends it: never as an argument, which others see. */
export async function askSecret(prompt: string): Promise<string> {
  return process.stdin.isTTY ? typed(prompt) : sent();
}

async function sent(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > mostCharacters) throw new UsageError('Nothing was written: what came on stdin is no secret.');
  }
  return text;
}

function typed(prompt: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  process.stderr.write(prompt);
  return new Promise((resolve, reject) => {
    asking.once('line', (line) => {
      resolve(line);
      asking.close();
    });
    asking.once('SIGINT', () => asking.close());
    asking.once('close', () => {
      process.stderr.write('\n');
      reject(new Declined('Nothing was written.'));
    });
  });
}
