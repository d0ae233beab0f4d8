import type { SecretReference } from '../channel.ts';
import type { CheckedAnswers } from '../schema/answers/answers.ts';
import { type AnswerListener, parseListener } from '../schema/answers/listener.ts';

/** Where a monitor is told that somebody handles an incident, with all defaults. */
export interface AnswerSettings {
  /** Where it is reached from outside, without a slash at the end. */
  readonly url?: string;
  /** On one machine: an address and port, or the path of a socket. */
  readonly listen: AnswerListener;
  /** The key that signs links in mail. Without it there are none. */
  readonly linkKey?: SecretReference;
  /** Milliseconds that a link is valid. */
  readonly linkLifetime: number;
}

export function answerSettings(checked: CheckedAnswers): AnswerSettings | undefined {
  if (checked === undefined) return undefined;
  const { url, listen, linkKey, linkLifetime } = checked;
  return {
    ...(url === undefined ? {} : { url: url.replace(/\/+$/, '') }),
    listen: parseListener(listen) ?? { host: '127.0.0.1', port: 8025 },
    ...(linkKey === undefined ? {} : { linkKey: referenceOf(linkKey) }),
    linkLifetime,
  };
}

function referenceOf({ secret, env }: { secret?: string | undefined; env?: string | undefined }): SecretReference {
  return secret === undefined ? { env: env ?? '' } : { secret };
}
