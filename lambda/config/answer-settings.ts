import type { SecretReference } from './channel.ts';
import type { CheckedAnswers } from './schema/answers.ts';

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

export type AnswerListener = { readonly host: string; readonly port: number } | { readonly socket: string };

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

/** Whether only this machine reaches it. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/i.test(host);
}

function referenceOf({ secret, env }: { secret?: string | undefined; env?: string | undefined }): SecretReference {
  return secret === undefined ? { env: env ?? '' } : { secret };
}

/** `127.0.0.1:8025`, `[::1]:8025`, `/run/smtp-quorum/answers.sock`; null if it is neither. */
export function parseListener(written: string): AnswerListener | null {
  // The path of a Unix socket has 107 octets at most on Linux.
  if (/^\/[^\0]{1,106}$/.test(written)) return { socket: written };
  const [, host, port] = /^(\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(written) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return null;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
