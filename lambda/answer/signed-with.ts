import type { SecretReference } from '../config/channel.ts';
import type { AnswerPorts } from './answer-ports.ts';

/**
 * Whether a request is signed with one of these secrets, each of which may have been rotated since it was read. One that cannot
 * be read does not hinder the others.
 * @throws what the reading threw, if no other secret fits
 */
export async function isSignedWithOne(
  { secret }: Pick<AnswerPorts, 'secret'>,
  references: readonly SecretReference[],
  isSigned: (secret: string) => boolean,
): Promise<boolean> {
  const unread: unknown[] = [];
  const fits = async (reference: SecretReference) => {
    const value = await secret(reference);
    if (isSigned(value)) return true;
    const again = await secret(reference, value);
    return again !== value && isSigned(again);
  };
  for (const reference of references) {
    if (await fits(reference).catch((error) => void unread.push(error))) return true;
  }
  if (unread.length > 0) throw unread[0];
  return false;
}
