/** Rules for the place of a secret: `{ secret: NAME }` or `{ env: NAME }`. Nothing here repeats a value: it may be a secret. */
import type { ConfigPath } from '../../schema/config-path.ts';
import type { ConfigFault } from '../problem.ts';
import { atValue, exactlyOne, record, type Written } from '../rule-building-blocks.ts';

/** @param isSecret whether a text is a secret of this kind, rather than the name of one */
export function secretPlaceFaults(
  written: unknown,
  path: ConfigPath,
  local: boolean,
  isSecret: (text: string) => boolean,
): readonly ConfigFault[] {
  const place = record(written);
  if (place === null) return [];
  if (typeof place.secret === 'string' && isSecret(place.secret))
    return [
      atValue(
        [...path, 'secret'],
        'is a secret, not the name of one',
        'store it under a name, and write the name: this file never contains a secret',
      ),
    ];
  return [...exactlyOne(place, ['secret', 'env'], path), ...(local ? [] : onlyOnOneMachine(place, path))];
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

/** `http://` leads to this machine. */
export function isLoopbackUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(hostname);
}
