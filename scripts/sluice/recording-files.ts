import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './command';

/** The recordings that were named: files, `-` for stdin, folders of .ndjson and .jsonl files in order of name. */
export async function recordingFiles(named: readonly string[]): Promise<{ files: string[]; isSeveral: boolean }> {
  const files: string[] = [];
  let isSeveral = named.length > 1;
  for (const name of named) {
    if (name !== '-' && (await stat(name)).isDirectory()) {
      isSeveral = true;
      const inside = (await readdir(name)).filter((each) => /\.(nd)?jsonl?$/.test(each)).sort();
      files.push(...inside.map((each) => join(name, each)));
    } else files.push(name);
  }
  if (files.length === 0) throw new UsageError(`There is no .ndjson, .jsonl or .json file in ${named.join(', ')}.`);
  return { files, isSeveral };
}

/** Each line of a file, read in large pieces: a million lines in a second or two. */
export async function linesOf(file: string, take: (line: string) => void): Promise<void> {
  const stream = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  stream.setEncoding('utf8');
  let rest = '';
  for await (const piece of stream) {
    const text = rest + String(piece);
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      take(text.slice(from, to));
      from = to + 1;
    }
    rest = text.slice(from);
  }
  if (rest !== '') take(rest);
}
