/** Answers `smtp-quorum doctor`: whether this function can read its secrets. */
import type { SecretReference } from '../config/channel.ts';

/** A request of `smtp-quorum doctor`. */
export interface SecretDiagnosisRequest {
  readonly diagnose: 'secrets';
}

export interface SecretDiagnosis {
  readonly secrets: readonly {
    /** Its name, or that of an environment variable. */
    readonly secret: string;
    /** The name of the error; null if it can be read, and has a text. */
    readonly error: string | null;
  }[];
}

export async function diagnoseSecrets(
  references: readonly SecretReference[],
  secret: (reference: SecretReference) => Promise<string>,
): Promise<SecretDiagnosis> {
  const named = new Map(references.map((reference) => [placeOf(reference), reference]));
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
