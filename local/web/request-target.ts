/** What a request asks for: the host and the file. A proxy sends both in one, `http://localhost/metrics` (RFC 9112, 3.2.2). */

import type { IncomingMessage } from 'node:http';

type Asked = Pick<IncomingMessage, 'url' | 'headers'>;

/** Null if the request names none. */
export function hostOf({ url = '', headers: { host = '' } }: Asked): string | null {
  return hostIn(absolute(url)?.authority ?? host);
}

/** Of a host with or without a port: a name in lower case without the dot at its end, or an address in its short form. Null if it is none. */
export function hostIn(authority: string): string | null {
  // A URL takes more than HTTP does, such as a user before the host.
  if (!/^[A-Za-z0-9._:[\]-]+$/.test(authority) || !URL.canParse(`http://${authority}`)) return null;
  return new URL(`http://${authority}`).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Of the file, from the first page, which is that of an empty path. No file has a name of one that is no path, such as `*`. */
export function pathOf({ url = '' }: Asked): string {
  const [path = ''] = (absolute(url)?.path ?? url).split(/[?#]/);
  if (path === '/' || path === '') return 'index.html';
  if (!path.startsWith('/')) return path;
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return path.slice(1);
  }
}

function absolute(url: string): { readonly authority: string; readonly path: string } | null {
  const [, authority, path = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  return authority === undefined ? null : { authority, path };
}
