/** Help as a terminal of that width shows it: broken between words, and what goes on stands below where it began. */
export function fitted(help: string, width: number): string {
  return help
    .split('\n')
    .map((line) => (line.length <= width ? line : broken(line, width)))
    .join('\n');
}

function broken(line: string, width: number): string {
  // What is explained, where something is, with the gap behind it.
  const [lead = ''] = /^ *(?:\S+ {2,})?/.exec(line) ?? [];
  const indent = ' '.repeat(lead.length < width / 2 ? lead.length || 2 : 2);
  const [first = '', ...words] = line.slice(lead.length).split(' ');
  const lines = [lead + first];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines.join('\n');
}
