import { type DestinationStream, type Logger, pino } from 'pino';
import { onceInProcess } from '@/lib/kernel/once-in-process';
import { outliveOutput } from './output';

export type Log = Logger;

/** What waits for an output that cannot be written. */
const mostUnwritten = 256 * 1024;

const hidden = ['authorization', 'cookie', 'set-cookie', 'apikey', 'token', 'secret', 'password', 'x-api-key'];
const paths = hidden.flatMap((name) => {
  const quoted = `["${name}"]`;
  return [quoted, `*${quoted}`, `*.headers${quoted}`, `headers${quoted}`];
});

/** Passwords inside URLs and keys inside headers that found their way into a sentence. */
function scrub(text: string): string {
  return text
    .replace(/(\b[a-z][a-z+.-]*:\/\/[^\s:/@]*:)[^\s@]+@/gi, '$1****@')
    .replace(/\b(Bearer|Key|Basic)\s+[\w.:~+/=-]{6,}/g, '$1 ****');
}

export function createLog(level: string, bindings: Record<string, unknown>, destination?: DestinationStream): Log {
  if (destination) return logTo(level, bindings, destination);
  outliveOutput();
  const output = pino.destination({ fd: 1, sync: true, maxLength: mostUnwritten });
  const log = logTo(level, bindings, output);
  sayWhatIsLost(output, (sentence) => log.warn(sentence));
  return log;
}

/** A log that cannot be written, as on a full disk, ends nothing: some of it waits, the rest is counted. */
function sayWhatIsLost(output: ReturnType<typeof pino.destination>, say: (sentence: string) => void): void {
  let lost = 0;
  output.on('error', () => undefined);
  output.on('drop', (lines: string) => {
    if (lost === 0) {
      output.once('drain', () => {
        const sentence = `${lost} lines of this log could not be written and are lost; it is written again`;
        lost = 0;
        say(sentence);
      });
    }
    lost += lines.split('\n').length - 1;
  });
}

function logTo(level: string, bindings: Record<string, unknown>, destination: DestinationStream): Log {
  return pino(
    {
      level,
      base: bindings,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: '****' },
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => describeError(error), error: (error: unknown) => describeError(error) },
      hooks: {
        logMethod(inputs, method) {
          const clean = inputs.map((input) => (typeof input === 'string' ? scrub(input) : input));
          method.apply(this, clean as Parameters<typeof method>);
        },
      },
    },
    destination,
  );
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? scrub(error) : error;
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: scrub(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error.stack ? { stack: scrub(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** The log of this process, one for every copy of this module. */
export function processLog(level: string, bindings: Record<string, unknown> = {}): Log {
  return onceInProcess('log', () => createLog(level, bindings));
}
