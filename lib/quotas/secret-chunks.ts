import type { Config } from '../../lambda/config/config.ts';
import { arnLength, listed } from './fleet.ts';

/** Characters of a role's inline policies that secrets may take; the rest is for other statements. */
const INLINE = 5_000;

/** Characters of a managed policy that are there for ARNs: IAM takes 6,144 with the policy around them. */
const MANAGED = 5_900;

/** Secrets by the policies that let a probe read them. */
export interface SecretChunks {
  readonly inline: readonly string[];
  readonly managed: readonly (readonly string[])[];
}

/** A few secrets are in the inline policy of the role; more than it takes are in managed policies, and none is inline. */
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

/** Characters of their ARNs in a list, as `secretArn` has them. */
export function secretsSize(secrets: readonly string[], home: string): number {
  return listed(
    secrets.map((secret) =>
      secret.startsWith('arn:') ? secret.length : arnLength(home, 'secretsmanager', `secret:${secret}-??????`),
    ),
  );
}

/** What stands in policies: names and ARNs, each once, and in place of all that begin with the prefix one name with `*`. */
function secretsToName({ targets }: Config, prefix: string | undefined): readonly string[] {
  const secrets = targets.flatMap(({ auth }) => (auth && 'secret' in auth.password ? [auth.password.secret] : []));
  const distinct = [...new Set(secrets)];
  if (prefix === undefined) return distinct;
  const others = distinct.filter((secret) => !secret.startsWith(prefix));
  return others.length === distinct.length ? distinct : [`${prefix}*`, ...others];
}
