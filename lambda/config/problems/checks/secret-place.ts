/** Rules for the place of a secret: `{ secret: NAME }` or `{ env: NAME }`. Nothing here repeats a value: it may be a secret. */
import type { ConfigPath } from '../../schema/config-path.ts';
import type { ConfigFault } from '../problem.ts';
import { atValue, exactlyOne, record, type Written } from '../rule-building-blocks.ts';

/** What services give, and what `openssl rand` makes. A value in the wrong place may be of any of them. */
const SECRETS: readonly RegExp[] = [
  /^https?:/i,
  // Slack: also the tokens of an app that rotates them.
  /^xox[a-z][.-]|^xapp-/,
  // Telegram, ntfy.
  /^\d{5,}:[\w-]{20,}$/,
  /^tk_[A-Za-z0-9]{20,}$/,
  // A signing secret of Slack, a key in hex.
  /^[0-9a-f]{32,}$/i,
  // PagerDuty, Jira Service Management.
  /^[A-Za-z0-9]{32}$/,
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  // Base64 of 32 octets and more. A name with slashes may be as long, but hardly has both cases and digits.
  /^[A-Za-z0-9+]{42,}={0,2}$/,
  /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/]{42,}={0,2}$/,
];

/** Whether a text is a secret rather than the name of one. */
function isSecret(text: string): boolean {
  return SECRETS.some((pattern) => pattern.test(text));
}

export function secretPlaceFaults(written: unknown, path: ConfigPath, local: boolean): readonly ConfigFault[] {
  const place = record(written);
  if (place === null) return [];
  const clear = ['secret', 'env'].filter((key) => isText(place[key]) && isSecret(place[key]));
  if (clear.length > 0)
    return clear.map((key) =>
      atValue(
        [...path, key],
        'is a secret, not the name of one',
        'store it under a name, and write the name: this file never contains a secret',
      ),
    );
  return [
    ...exactlyOne(place, ['secret', 'env'], path),
    ...(local ? onlyOnAws(place, path) : onlyOnOneMachine(place, path)),
  ];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** The functions on AWS have no environment of the owner. */
function onlyOnOneMachine(place: Written, path: ConfigPath): readonly ConfigFault[] {
  if (place.env === undefined || place.secret !== undefined) return [];
  return [
    atValue(
      [...path, 'env'],
      'works on one machine only',
      'use `{ secret: NAME }`, of AWS Secrets Manager in the home region',
    ),
  ];
}

/** One machine has no account of AWS. Of what is no name at all, the schema says so. */
function onlyOnAws(place: Written, path: ConfigPath): readonly ConfigFault[] {
  if (!isText(place.secret) || /\s/.test(place.secret) || place.env !== undefined) return [];
  return [atValue([...path, 'secret'], 'works on AWS only', 'use `{ env: VARIABLE }`, a variable of the environment')];
}
