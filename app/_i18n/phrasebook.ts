/**
 * Sentences that reach the dashboard without a code of their own, from a guard of the database, a rule of the policy or
 * a body's reader: their English is their code. `{value}` stands for what is copied, `<fault>` for
 * what is read as well.
 */
export type Phrases = Readonly<Record<string, string>>;

/** A sentence in the reader's language; null where the book does not have it. */
export type ReadSentence = (sentence: string) => string | null;

interface Phrase {
  readonly pattern: RegExp;
  readonly said: string;
  /** How many of its letters are its own. */
  readonly words: number;
}

const part = /\{(\w+)\}|<(\w+)>/g;
const stop = /\.$/;
/** Of what one phrase knows less, only the whole counts. */
const fewest = 8;
/** A page that stays open hears new times and figures all day. */
const mostKnown = 500;
/** What never has a space nor ends with a semicolon, so that no such place takes the rest of a sentence. */
const oneWord = /^\{(?:place|name|arm|split|provider|slug|stage|dialect|row|type|id|n|ms|seconds|status|code)\}$/;

export function phrasebook(phrases: Phrases): ReadSentence {
  // The one that says most of a sentence counts, not the one that leaves all of it to its parts.
  const book = Object.entries(phrases)
    .map(([english, said]) => phraseOf(english, said))
    .sort((a, b) => b.words - a.words);
  const known = new Map<string, string | null>();

  const readPart = (text: string): string | null => {
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    // As one sentence or as two: by which less of it stays English.
    const [said = null] = [byPhrase(text, true), bySentences(text, '. ', '。'), bySentences(text, '; ', '；')]
      .filter((way) => way !== null)
      .sort((a, b) => unread(a) - unread(b));
    known.set(text, said);
    return said;
  };

  /** `whole`: only where every part that is to be read can be. */
  function byPhrase(text: string, whole: boolean): string | null {
    for (const { pattern, said, words } of book) {
      if (!whole && words < fewest) continue;
      const parts = pattern.exec(text);
      const filled = parts && fill(said, parts.groups ?? {}, whole);
      if (filled) return filled;
    }
    return null;
  }

  function fill(said: string, parts: Readonly<Record<string, string>>, whole: boolean): string | null {
    let isWhole = true;
    const filled = said.replace(part, (_, copied?: string, read?: string) => {
      const text = parts[copied ?? read ?? ''] ?? '';
      if (copied !== undefined) return text;
      const inside = readPart(text.replace(stop, ''));
      isWhole &&= inside !== null;
      return inside ?? text;
    });
    return isWhole || !whole ? filled : null;
  }

  /** Two sentences, or two faults in one: read where both can be. */
  function bySentences(text: string, mark: string, said: string): string | null {
    for (let at = text.indexOf(mark); at > 0; at = text.indexOf(mark, at + 1)) {
      const [first, rest] = [readPart(text.slice(0, at)), readPart(text.slice(at + mark.length))];
      if (first !== null && rest !== null) return `${first}${said}${rest}`;
    }
    return null;
  }

  return (sentence) => {
    // Between sentences: one that is long leans on what is known of its parts.
    if (known.size > mostKnown) known.clear();
    const text = sentence.replace(stop, '');
    const said = readPart(text) ?? byPhrase(text, false);
    if (said === null) return null;
    return stop.test(sentence) && !/[。！？]$/.test(said) ? `${said}。` : said;
  };
}

const unread = (said: string): number => said.replace(/[^a-z]/g, '').length;

function phraseOf(english: string, said: string): Phrase {
  const [first = ''] = english;
  const words = english
    .split(/(\{\w+\}|<\w+>)/)
    .map((piece) => {
      if (!/^[{<]\w+[}>]$/.test(piece)) return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return `(?<${piece.slice(1, -1)}>${oneWord.test(piece) ? '\\S*[^\\s;]' : '[\\s\\S]+?'})`;
    })
    .join('');
  // A sentence may begin with it, or another may lead to it.
  const begins = /[a-z]/i.test(first) ? `[${first.toLowerCase()}${first.toUpperCase()}]${words.slice(1)}` : words;
  return { pattern: new RegExp(`^${begins}$`), said, words: english.replace(part, '').length };
}
