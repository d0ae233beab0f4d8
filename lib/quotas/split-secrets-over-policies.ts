import type { Config } from '../../lambda/config/config.ts';
import { arnLength, listed } from './quota-inputs.ts';

/** Characters for secrets in a role's inline policies. The rest is for other statements. */
const INLINE = 5_000;

/** Characters for ARNs in a managed policy. IAM accepts 6,144, including the rest of the policy. */
const MANAGED = 5_900;

/** The secrets in each policy that allows a probe to read them. */
export interface SecretChunks {
  readonly inline: readonly string[];
  readonly managed: readonly (readonly string[])[];
}

/** All secrets are in the inline policy if they fit. Otherwise all are in managed policies. */
export function secretChunks(config: Config, prefix?: string): SecretChunks {
  const names = secretsToName(config, prefix);
  if (secretsSize(names, config.home) <= INLINE) return { inline: names, managed: [] };
  const managed: string[][] = [];
  let room = 0;
  for (const name of names) {
    const size = secretsSize([name], config.home);
    if (size > room) {
      managed.push([]);
      room = MANAGED;
    }
    managed.at(-1)?.push(name);
    room -= size;
  }
  return { inline: [], managed };
}

/** Length of their ARNs in a list. */
export function secretsSize(secrets: readonly string[], home: string): number {
  return listed(
    secrets.map((secret) =>
      secret.startsWith('arn:') ? secret.length : arnLength(home, 'secretsmanager', `secret:${secret}-??????`),
    ),
  );
}

/** Names and ARNs without duplicates. One name with `*` replaces those with the prefix. */
function secretsToName({ targets }: Config, prefix: string | undefined): readonly string[] {
  const secrets = targets.flatMap(({ auth }) => (auth && 'secret' in auth.password ? [auth.password.secret] : []));
  const distinct = [...new Set(secrets)];
  if (prefix === undefined) return distinct;
  const others = distinct.filter((secret) => !secret.startsWith(prefix));
  return others.length === distinct.length ? distinct : [`${prefix}*`, ...others];
}
