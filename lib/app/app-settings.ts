import { type App, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Egress } from '../network/egress-setting.ts';
import type { SmtpQuorumProps } from '../smtp-quorum.ts';

/** What the app takes from CDK's context: of `cdk.json`, or `-c key=value`. */
export type AppSettings = Pick<
  SmtpQuorumProps,
  | 'egress'
  | 'operators'
  | 'smsSpend'
  | 'removalPolicy'
  | 'logRetention'
  | 'secretKeys'
  | 'secretPrefix'
  | 'formerBuses'
  | 'x86'
>;

type Reader<Value> = (written: unknown) => Value | null;

interface Setting<Value> {
  /** Null where the value is none of its kind. */
  readonly read: Reader<Value>;
  /** What to write instead. */
  readonly kind: string;
}

const settings: { readonly [Key in keyof AppSettings]-?: Setting<NonNullable<AppSettings[Key]>> } = {
  // Each way is looked at together with the config: `hindrances`.
  egress: { read: (written) => mapping(written), kind: 'a way out by vantage: { "eu-west-1": "vpc" }' },
  operators: { read: (written) => texts(written, /^\S+@\S+$/), kind: 'e-mail addresses' },
  smsSpend: { read: (written) => positive(written), kind: 'dollars, such as 0.8' },
  removalPolicy: {
    read: (written) => ({ retain: RemovalPolicy.RETAIN, destroy: RemovalPolicy.DESTROY })[String(written)] ?? null,
    kind: 'retain or destroy',
  },
  logRetention: {
    read: (written) => days.find((one) => one === Number(written)) ?? null,
    kind: 'a number of days that CloudWatch knows, such as 30, 90 or 365',
  },
  secretKeys: { read: (written) => texts(written, /^arn:\S+:kms:\S+:key\/\S+$/), kind: 'ARNs of KMS keys' },
  secretPrefix: {
    read: (written) => (typeof written === 'string' && /^[A-Za-z0-9/_+=.@-]+$/.test(written) ? written : null),
    kind: 'the beginning of names of secrets, such as smtp/',
  },
  formerBuses: {
    read: (written) => (written === 'keep' || written === 'drop' ? written : null),
    kind: 'keep or drop',
  },
  x86: { read: (written) => texts(written, /^[a-z]{2,}(?:-[a-z]+)+-\d$/), kind: 'regions, such as us-east-1' },
};

const days = Object.values(RetentionDays).filter((value): value is RetentionDays => typeof value === 'number');

export type SettingsResult =
  | { readonly ok: true; readonly settings: AppSettings }
  | { readonly ok: false; readonly fault: string };

/** Reads all of them; those that are not written are left to the constructs' defaults. */
export function readSettings(app: App): SettingsResult {
  const read: Record<string, unknown> = {};
  for (const [key, { read: reader, kind }] of Object.entries<Setting<unknown>>(settings)) {
    const written = app.node.tryGetContext(key);
    if (written === undefined) continue;
    const value = reader(parsed(written));
    if (value === null) return { ok: false, fault: `context ${key}: write ${kind}` };
    read[key] = value;
  }
  return { ok: true, settings: read as AppSettings };
}

/** `-c` hands over text: `-c egress='{"eu-west-1":"vpc"}'`. */
function parsed(written: unknown): unknown {
  if (typeof written !== 'string' || !/^\s*[[{]/.test(written)) return written;
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}

function mapping(written: unknown): Readonly<Record<string, Egress>> | null {
  const isMapping = typeof written === 'object' && written !== null && !Array.isArray(written);
  return isMapping ? (written as Readonly<Record<string, Egress>>) : null;
}

/** A list, or one of them, or several with commas between, as `-c` has them. */
function texts(written: unknown, pattern: RegExp): readonly string[] | null {
  const list: readonly unknown[] = Array.isArray(written) ? written : String(written).split(',');
  const trimmed = list.map((text) => String(text).trim());
  return trimmed.every((text) => pattern.test(text)) ? trimmed : null;
}

function positive(written: unknown): number | null {
  const number = Number(written);
  return written !== '' && Number.isFinite(number) && number > 0 ? number : null;
}
