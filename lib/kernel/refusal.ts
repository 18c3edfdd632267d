export type RefusalCode =
  | 'stale-version'
  | 'gate-closed'
  | 'step-order'
  | 'rolled-back'
  | 'not-rolled-back'
  | 'already-paused'
  | 'not-paused'
  | 'weights-invalid'
  | 'policy-invalid'
  | 'confirmation-needed'
  | 'reason-missing'
  | 'not-allowed'
  | 'no-such-alert'
  | 'no-such-entry'
  | 'no-such-incident'
  | 'no-such-split'
  | 'unknown-split'
  | 'split-exists'
  | 'split-archived'
  | 'no-such-arm'
  | 'no-such-dialect'
  | 'no-such-model'
  | 'registry-invalid'
  | 'still-needed'
  | 'span-too-large'
  | 'split-contended'
  | 'channel-invalid'
  | 'no-such-channel'
  | 'operator-invalid'
  | 'operator-exists'
  | 'no-such-operator'
  | 'no-such-invite'
  | 'password-invalid'
  | 'password-wrong'
  | 'passwords-busy'
  | 'key-invalid'
  | 'secret-key-missing'
  | 'no-such-provider'
  | 'no-such-key'
  | 'caller-invalid'
  | 'caller-exists'
  | 'no-such-caller'
  | 'no-such-session'
  | 'sign-in-refused'
  | 'mfa-needed'
  | 'no-directory'
  | 'directory-away';

/** An expected refusal by a verb. Each edge translates the code once: HTTP to a status, the CLI to an exit code. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    detail: string,
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.name = 'Refusal';
  }
}

/** What a sentence says, for readers of another language: a key of the messages, and what it is about. */
interface Says {
  readonly key: string;
  readonly [about: string]: string | number;
}

/** Beside the sentence itself, as a member of a refusal. */
export const says = (key: string, about: Readonly<Record<string, string | number>> = {}) => ({
  says: { ...about, key } satisfies Says,
});
