/** Answers `smtp-quorum doctor`: whether this function can read the secrets of its channels. */
import { isService, receiverSecrets, type SecretReference } from '../config/channel.ts';
import type { Config } from '../config/config.ts';
import { type Carrier, carrierOf } from './deliver-named-channels.ts';

export interface SecretDiagnosis {
  readonly secrets: readonly {
    /** Its name, or that of an environment variable. */
    readonly secret: string;
    /** The name of the error; null if it can be read, and has a text. */
    readonly error: string | null;
  }[];
}

export async function diagnoseSecrets(
  { notify }: Pick<Config, 'notify'>,
  carrier: Carrier,
  secret: (reference: SecretReference) => Promise<string>,
): Promise<SecretDiagnosis> {
  const own = notify.filter((channel) => carrierOf({ kind: isService(channel) ? 'service' : 'webhook' }) === carrier);
  const named = new Map(own.flatMap(receiverSecrets).map((reference) => [placeOf(reference), reference]));
  const secrets = await Promise.all(
    [...named].map(async ([name, reference]) => ({ secret: name, error: await errorOf(secret(reference)) })),
  );
  return { secrets };
}

function placeOf(reference: SecretReference): string {
  return 'secret' in reference ? reference.secret : reference.env;
}

async function errorOf(read: Promise<string>): Promise<string | null> {
  try {
    return (await read).trim() === '' ? 'it is empty' : null;
  } catch (error) {
    return error instanceof Error ? error.name : 'no reason';
  }
}
