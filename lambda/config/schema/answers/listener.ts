/** Where answers are taken on one machine. */
export type AnswerListener = { readonly host: string; readonly port: number } | { readonly socket: string };

/** `127.0.0.1:8025`, `[::1]:8025`, `/run/smtp-quorum/answers.sock`; null if it is neither. */
export function parseListener(written: string): AnswerListener | null {
  // The path of a Unix socket has 107 octets at most on Linux.
  if (/^\/[^\0]{1,106}$/.test(written)) return { socket: written };
  const [, host, port] = /^(\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(written) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return null;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Whether only this machine reaches it. */
export function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/i.test(host);
}
