import { parse } from 'yaml';
import type { Policy, Quorum } from '../../lambda/consensus/judgement/policy.ts';
import { quorumProblem } from '../../lambda/consensus/quorum/decide-verdict.ts';
import { UsageError } from './usage-error.ts';

/** Options that change the policy for a replay. */
export interface PolicyOptions {
  readonly quorum?: string;
  readonly confirm?: string;
  readonly recover?: string;
  readonly minimumVoters?: string;
  readonly freshness?: string;
  readonly patience?: string;
}

/** @throws UsageError */
export function changedPolicy(policy: Policy, options: PolicyOptions): Policy {
  const { quorum, ...numbers } = options;
  const changed = Object.entries(numbers).map(([name, text]) => [name, numberOf(name, text)]);
  return {
    ...policy,
    ...Object.fromEntries(changed),
    ...(quorum === undefined ? {} : { quorum: quorumOf(quorum, policy.vantages.length) }),
  };
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const whole = name !== 'freshness';
  if (number >= 1 && (!whole || Number.isInteger(number))) return number;
  throw new UsageError(`${option}: '${text}' is not a ${whole ? 'whole ' : ''}number of 1 or more`);
}

function quorumOf(text: string, vantages: number): Quorum {
  const quorum = readQuorum(text);
  if (quorum === null) {
    throw new UsageError(`--quorum: '${text}' is not a quorum; use majority, 2 or '{ down: 2, of: 3 }'`);
  }
  const found = quorumProblem(quorum, vantages);
  if (found !== null) throw new UsageError(`--quorum: ${found}`);
  return quorum;
}

/** Parses the syntax of the config file. */
function readQuorum(text: string): Quorum | null {
  const value: unknown = parseYaml(text);
  if (value === 'majority' || isCount(value)) return value;
  if (typeof value !== 'object' || value === null || Object.keys(value).sort().join() !== 'down,of') return null;
  const { down, of } = value as Record<string, unknown>;
  return isCount(down) && isCount(of) ? { down, of } : null;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}
