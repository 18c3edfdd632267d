import { Refusal, says } from '@/lib/kernel/refusal';
import { type Identity, operatorNamed } from './identity';
import { hashPassword, isPassword, passwordFault } from './passwords';
import { type Identities, refusePasswords } from './sign-in';
import { tokens } from './tokens';

interface WantedPassword {
  /** The one that they have. */
  readonly password: string;
  readonly wanted: string;
  /** The session that asks, and goes on. */
  readonly kept: string | null;
}

type Known = Pick<Identities, 'operators' | 'requireMfa'>;

/** Whether this person signs in by a password of ours. */
export async function hasPassword({ operators, requireMfa }: Known, who: Identity): Promise<boolean> {
  return !requireMfa && (await operators.withPassword(operatorNamed(who))) !== null;
}

/** Another password for who knows the one they have; how many sessions elsewhere ended with it. */
export async function changeOwnPassword(
  { operators, requireMfa }: Known,
  who: Identity,
  { password, wanted, kept }: WantedPassword,
): Promise<number> {
  refusePasswords(requireMfa);
  const fault = passwordFault(wanted);
  if (fault !== null) throw new Refusal('password-invalid', `Nothing was changed: ${fault.sentence}.`, fault.members);
  const name = operatorNamed(who);
  const known = await operators.withPassword(name);
  if (known === null) {
    const detail = `Nothing was changed: ${who.name} has no password here, and comes in another way.`;
    throw new Refusal('not-allowed', detail, says('no-password', { name: who.name }));
  }
  if (!(await isPassword(password, known.passwordHash))) throw wrongPassword();
  if (password === wanted) {
    throw new Refusal(
      'password-invalid',
      'Nothing was changed: the new password is the one you have.',
      says('password-same'),
    );
  }
  const becomes = await hashPassword(wanted);
  const ended = await operators.changePassword({
    ...{ name, was: known.passwordHash, becomes },
    kept: kept === null ? null : tokens.digest(kept),
  });
  if (ended === null) throw wrongPassword();
  return ended;
}

const wrongPassword = () =>
  new Refusal('password-wrong', 'Nothing was changed: the present password is another one.', says('password-wrong'));
